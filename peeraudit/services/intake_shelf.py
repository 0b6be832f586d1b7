"""Which versions are known already of the examinations that a bite of a file is about?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Uuid, func, null, select

from peeraudit.domain.intake.classification import KnownReport, core_hash, repeats_core
from peeraudit.domain.intake.reports import IncomingReport, Status
from peeraudit.extensions import db
from peeraudit.models.intake import Report
from peeraudit.services import blinding_intake


@dataclass(slots=True)
class Version:
    """One version of a report: a row, or one that this bite is about to write.

    Attributes:
        row: what is about to be written; None for a row that is there.
        arrived: what it said, where it is about to be written.
    """

    id: UUID
    report: KnownReport
    number: int
    is_current: bool
    awaits_text: bool
    row: dict[str, Any] | None = None
    arrived: IncomingReport | None = None


@dataclass(slots=True)
class Shelf:
    """The versions that are known of the examinations in a bite."""

    by_accession: dict[str, list[Version]] = field(default_factory=dict)
    by_key: dict[str, list[Version]] = field(default_factory=dict)

    def add(self, version: Version) -> None:
        """Put a version where it is found again."""
        self.by_accession.setdefault(version.report.accession, []).append(version)
        self.by_key.setdefault(version.report.report_id, []).append(version)

    def matching(self, report: KnownReport) -> list[Version]:
        """Return the versions of a report's examination, then those of its number elsewhere."""
        same_exam = self.by_accession.get(report.accession, ())
        same_key = self.by_key.get(report.report_id, ())
        if not (same_exam or same_key):
            return []
        return [*same_exam, *(v for v in same_key if v.report.accession != report.accession)]


def known_versions(department_id: UUID, reports: Sequence[KnownReport]) -> Shelf:
    """Return what is known of the examinations and report numbers of a bite."""
    shelf = Shelf()
    if not reports:
        return shelf
    # By the connection itself: the session would make of each row what nobody needs.
    connection = db.session.connection()
    found = {
        row.id: row
        for search in searches(department_id, reports)
        for row in connection.execute(search)
    }
    for row in sorted(found.values(), key=lambda row: (row.version, row.id)):
        report = KnownReport(
            row.report_key,
            row.accession,
            cast("Status", row.status),
            row.content_hash,
            row.signed_at,
        )
        shelf.add(Version(row.id, report, row.version, row.is_current, row.awaits_text))
    return shelf


def searches(
    department_id: UUID, reports: Sequence[KnownReport]
) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Return what finds the versions of a bite by examination, and by report number.

    Asked for both at once, SQLite would look through all reports of the department for each bite.
    So it would for the numbers, had it an index of the department to choose: it is given none.
    """
    rows: Select[*tuple[Any, ...]] = select(
        Report.id, Report.report_key, Report.accession, Report.status, Report.content_hash,
        Report.signed_at, Report.version, Report.is_current, Report.awaits_text,
    )  # fmt: skip
    accessions = sorted({report.accession for report in reports})
    keys = sorted({report.report_id for report in reports})
    unindexed = func.coalesce(Report.department_id, null(), type_=Uuid())
    return (
        rows.where(Report.department_id == department_id, Report.accession.in_(accessions)),
        rows.where(unindexed == department_id, Report.report_key.in_(keys)),
    )


def repeats(report: IncomingReport, new: KnownReport, versions: Sequence[Version]) -> bool:
    """Return whether a report finds and concludes what a version of its examination does.

    Stored texts are opened for the few reports that would become another version, and no others.

    Args:
        report: what arrives.
        new: what is compared of it.
        versions: those of its examination.
    """
    core = core_hash(report.text, report.language)
    if not core:
        return False
    stored = blinding_intake.cores_of([one.id for one in versions if one.arrived is None])
    old = [
        (one.report, core_hash(one.arrived.text, one.arrived.language))
        if one.arrived is not None
        else (one.report, stored.get(one.id, ""))
        for one in versions
    ]
    return repeats_core(new, core, old)
