"""Use cases: which earlier reports does a department hold of a case's patient?"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.extensions import db
from peeraudit.models.identities import ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.services import blinding
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding import Material

MOST_PRIORS = 5
MONTHS = 12


@dataclass(frozen=True, slots=True)
class PriorMaterial:
    """An earlier report of a case's patient, to be masked; for masking alone.

    Attributes:
        year: of its examination, in which days without a year are read.
        months_before: calendar months from its examination to the case's.
    """

    material: Material
    modality: str
    region: str
    language: str
    year: int
    months_before: int


def priors_of(case_ids: Collection[UUID]) -> dict[UUID, list[PriorMaterial]]:
    """Return the latest earlier reports of each case's patient, the latest first.

    They are those of the same department: under the number of a patient, which no other shares.
    Only examinations of an earlier day count, in their present version, and with a text.
    """
    links = records.links_of(case_ids)
    own = _reports([link.report_id for link in links.values()])
    known = records.reports_of(own)
    indexes: dict[str, list[UUID]] = defaultdict(list)
    for case_id, link in links.items():
        row = known.get(link.report_id)
        if row is None:
            continue
        for index in records.patient_indexes(records.open_known(row), link.department_id):
            indexes[index].append(case_id)
    found: dict[UUID, list[Report]] = defaultdict(list)
    for index, report in _reports_of_patients(list(indexes)):
        for case_id in indexes[index]:
            if _is_earlier(report, own[links[case_id].report_id]):
                found[case_id].append(report)
    chosen = {case_id: reports[:MOST_PRIORS] for case_id, reports in found.items()}
    materials = blinding.materials_of_reports([r.id for rows in chosen.values() for r in rows])
    return {
        case_id: [_prior(r, own[links[case_id].report_id], materials) for r in reports]
        for case_id, reports in chosen.items()
    }


def _reports(report_ids: Sequence[UUID]) -> dict[UUID, Report]:
    rows = db.session.scalars(select(Report).where(Report.id.in_(report_ids)))
    return {row.id: row for row in rows}


def _reports_of_patients(indexes: Sequence[str]) -> Sequence[tuple[str, Report]]:
    rows = db.session.execute(
        select(ReportIdentity.patient_index, Report)
        .join(Report, Report.id == ReportIdentity.report_id)
        .where(
            ReportIdentity.patient_index.in_(indexes),
            Report.is_current,
            Report.has_text,
        )
        # The id settles what a day leaves open, so that a second masking shows the same.
        .order_by(Report.performed_on.desc(), Report.id)
    )
    return [(index, report) for index, report in rows]


def _is_earlier(report: Report, own: Report) -> bool:
    return (
        report.department_id == own.department_id
        and report.accession != own.accession
        and report.performed_on < own.performed_on
    )


def _prior(report: Report, own: Report, materials: Mapping[UUID, Material]) -> PriorMaterial:
    earlier, later = report.performed_on, own.performed_on
    return PriorMaterial(
        material=materials[report.id],
        modality=report.modality,
        region=report.region,
        language=report.language,
        year=earlier.year,
        months_before=(later.year - earlier.year) * MONTHS + later.month - earlier.month,
    )
