"""Use cases: texts that come after the draw, of the reports that were drawn."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from peeraudit.adapters import clock
from peeraudit.adapters.csv_table import MARK, csv_line
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotAllowed
from peeraudit.domain.intake.reports import IncomingReport, content_hash
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.services import blinding, blinding_intake, notifications
from peeraudit.services.masking_orders import order_masking

WANTED_PAGE = "/intake/wanted"


@dataclass(frozen=True, slots=True)
class WantedText:
    """A drawn report whose text has not come yet; for the department's own coordinator."""

    accession: str
    report_id: str
    performed_on: date
    modality: str
    exam: str
    campaign: str


def list_wanted(*, by: Actor) -> list[WantedText]:
    """Return the drawn reports of the actor's department whose text is wanted, by day."""
    by.require(Permission.UPLOAD_REPORTS)
    if by.department_id is None:
        raise NotAllowed(N_("Only a department’s own coordinator sees its reports."))
    pairs = blinding.reports_awaiting_text(by.department_id)
    titles = dict(
        db.session.execute(
            select(Campaign.id, Campaign.title).where(
                Campaign.id.in_({campaign_id for _, campaign_id in pairs})
            )
        ).all()
    )
    reports = {
        report.id: report
        for report in db.session.scalars(
            select(Report).where(Report.id.in_({report_id for report_id, _ in pairs}))
        )
    }
    found = [_wanted(reports[report_id], titles[campaign_id]) for report_id, campaign_id in pairs]
    return sorted(found, key=lambda one: (one.campaign, one.performed_on, one.accession))


def count_wanted(*, by: Actor) -> int:
    """Return how many texts are wanted of the actor's department; 0 where that is not its task."""
    if by.department_id is None or not by.may(Permission.UPLOAD_REPORTS):
        return 0
    return len(blinding.reports_awaiting_text(by.department_id))


def wanted_table(*, by: Actor) -> Iterator[str]:
    """Yield the wanted texts as the lines of a CSV table that is filled in and sent back."""
    yield MARK + csv_line(
        ["accession", "report_id", "performed", "modality", "exam_name", "report_text"]
    )
    for one in list_wanted(by=by):
        day = one.performed_on.isoformat()
        yield csv_line([one.accession, one.report_id, day, one.modality, one.exam, ""])


def tell_wanted(campaign_id: UUID) -> None:
    """Tell each department's coordinators which of its drawn reports wait for their text."""
    places = Counter(
        place.department_id
        for place in blinding.places_of_cases(campaign_id)
        if db.session.get_one(Case, place.case_id).awaits_text
    )
    for department_id, count in sorted(places.items()):
        notifications.tell_all(
            department_id,
            NoticeKind.TEXTS_WANTED,
            key=str(campaign_id),
            params={"count": count},
            path=WANTED_PAGE,
        )


def tell_wanted_again(case: Case) -> None:
    """Tell the department whose report was drawn later that its text is wanted as well."""
    notifications.tell_all(
        blinding.department_of(case.id),
        NoticeKind.TEXTS_WANTED,
        key=str(case.id),
        params={"count": 1},
        path=WANTED_PAGE,
    )


def attach(report_id: UUID, report: IncomingReport, *, department_id: UUID) -> None:
    """Give an announced report the text that was asked for; it stays the same report.

    Its modality and its day stay as they were when it was drawn: its stratum depends on them.
    """
    row = db.session.get_one(Report, report_id, with_for_update=True)
    row.has_text, row.awaits_text = bool(report.text), False
    row.content_hash, row.language = content_hash(report), report.language
    for name in ("laterality", "urgency"):
        _fill_in(row, report, name)
    row.status, row.signed_at = report.status, report.signed_at or row.signed_at
    row.received_at = clock.now()
    blinding_intake.extend_identity(report_id, report, department_id=department_id)
    cases = blinding.cases_of_reports([report_id])
    told = {"laterality": row.laterality, "urgency": row.urgency, "derived": row.derived}
    db.session.execute(
        update(Case)
        .where(Case.id.in_(cases))
        .values(awaits_text=False, language=report.language, **told)
    )


def _fill_in(row: Report, report: IncomingReport, name: str) -> None:
    """Let a text tell what its announcement did not."""
    if getattr(row, name) or not getattr(report, name):
        return
    setattr(row, name, getattr(report, name))
    named = set(row.derived.split()) - {name}
    row.derived = " ".join(sorted(named | ({name} & set(report.derived))))


def order_masking_of(upload: Upload) -> None:
    """Have the drawn cases masked whose texts an upload brought; none where it brought none."""
    brought = select(IntakeItem.id).where(
        IntakeItem.upload_id == upload.id,
        IntakeItem.status == "updated",
        IntakeItem.reason_code == "completed",
    )
    if db.session.scalar(brought.limit(1)) is None:
        return
    waiting = select(Case.campaign_id).where(
        Case.id.in_(blinding.cases_sent_by(upload.department_id)),
        Case.state == CaseState.DRAWN,
        Case.awaits_text.is_(False),
    )
    for campaign_id in sorted(set(db.session.scalars(waiting))):
        order_masking(campaign_id, of=upload.id, by=upload.uploaded_by)


def _wanted(report: Report, campaign: str) -> WantedText:
    return WantedText(
        accession=report.accession,
        report_id=report.report_key,
        performed_on=report.performed_on,
        modality=report.modality,
        exam=report.exam,
        campaign=campaign,
    )
