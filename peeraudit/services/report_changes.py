"""Use cases: versions that come after their report was drawn, and who is to decide on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import OPEN_CAMPAIGNS
from peeraudit.domain.errors import N_, NotAllowed, NotFound
from peeraudit.domain.intake.changes import (
    ChangeFacts,
    Decision,
    KeepReason,
    Stretch,
    choices_for,
    compare,
)
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.scoring import Review
from peeraudit.services import blinding, blinding_changes, notifications, trail
from peeraudit.services.blinding_changes import Change
from peeraudit.services.blinding_records import portions

PAGE: Final = "/deidentification/changes/"
# Nothing is audited of these cases any more: no version of their reports matters.
_OUT = (CaseState.EXCLUDED, CaseState.PURGED)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A changed report in a list; for the department's own coordinator.

    Attributes:
        status: what the new version is: ``corrected``, ``addendum``, ``cancelled``…
        came_at: when it came.
        decision: what became of it; None while it waits.
    """

    id: UUID
    case_code: str
    campaign_title: str
    exam: str
    status: str
    came_at: datetime
    decision: Decision | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a report as it was received, with what the other has not marked."""

    number: int
    status: str
    came_at: datetime
    signed_at: datetime | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Both versions side by side, and what may be decided.

    Attributes:
        language: of the new version.
        choices: what may be decided now; nothing once it is decided.
        reason: why the drawn version was kept; None where it was not.
    """

    id: UUID
    case_id: UUID
    case_code: str
    campaign_title: str
    exam: str
    language: str
    drawn: VersionView
    arrived: VersionView
    choices: tuple[Decision, ...]
    decision: Decision | None
    reason: KeepReason | None
    decided_at: datetime | None


def note_versions(later: Mapping[UUID, UUID]) -> None:
    """Let the coordinator decide on versions that came after a report was drawn.

    The drawn version stays what is audited until then. Once the data are frozen it stays for good.

    Args:
        later: the version that is current now, by each version of the same report.
    """
    if not later:
        return
    drawn = dict(blinding_changes.cases_made_of(later))
    # In the order in which masking holds them, so that the two never wait in a circle.
    cases = db.session.scalars(
        select(Case)
        .where(Case.id.in_(drawn), Case.state.not_in(_OUT))
        .order_by(Case.code)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    for case in cases:
        _note(case, drawn[case.id], later[drawn[case.id]])


def note_drawn(report_ids: Collection[UUID]) -> None:
    """Let the coordinator decide on reports that changed between the list and the draw.

    Args:
        report_ids: reports that were drawn just now.
    """
    current = aliased(Report)
    later: dict[UUID, UUID] = {}
    for some in portions(report_ids):
        pairs = (
            select(Report.id, current.id)
            .join(
                current,
                and_(
                    current.department_id == Report.department_id,
                    current.accession == Report.accession,
                    current.is_current,
                ),
            )
            .where(Report.id.in_(some), Report.is_current.is_(False))
        )
        later |= dict(db.session.execute(pairs).all())
    note_versions(later)


def freeze_changes(campaign_id: UUID) -> None:
    """Let the drawn version stay for good where nobody decided before the data were frozen."""
    cases = select(Case.id).where(Case.campaign_id == campaign_id)
    for case_id in blinding_changes.settle_waiting(cases, Decision.FROZEN):
        details = {"state": Decision.FROZEN}
        trail.record("decide_change", None, object_kind="case", object_id=case_id, details=details)


def list_changes(*, by: Actor) -> list[ChangeLine]:
    """Return the changed reports of the actor's department, those that wait first."""
    changes = blinding_changes.changes_of(own_cases(by))
    versions = _reports({one.version_id for one in changes})
    cases = _cases({one.case_id for one in changes})
    return [_line(one, *cases[one.case_id], versions[one.version_id]) for one in changes]


def count_waiting(*, by: Actor) -> int:
    """Return how many changed reports wait for the actor; 0 where that is not its task."""
    if by.department_id is None or not by.may(Permission.CHECK_DEIDENTIFICATION):
        return 0
    return blinding_changes.count_waiting(own_cases(by))


def show_change(change_id: UUID, *, by: Actor) -> ChangeView:
    """Return both versions of a changed report of the actor's department.

    Raises:
        NotFound: there is no such change in the actor's department.
    """
    change = needed_change(change_id, by=by)
    case, title = _cases({change.case_id})[change.case_id]
    reports = _reports({change.drawn_id, change.version_id})
    drawn, arrived = reports[change.drawn_id], reports[change.version_id]
    texts = blinding_changes.texts_of([drawn.id, arrived.id])
    before, after = compare(texts[drawn.id], texts[arrived.id])
    return ChangeView(
        id=change.id,
        case_id=case.id,
        case_code=case.code,
        campaign_title=title,
        exam=drawn.exam,
        language=arrived.language,
        drawn=_version(drawn, before),
        arrived=_version(arrived, after),
        choices=choices_of(change, case, arrived),
        decision=change.decision,
        reason=KeepReason(change.reason) if change.reason in set(KeepReason) else None,
        decided_at=change.decided_at,
    )


def needed_change(change_id: UUID, *, by: Actor, lock: bool = False) -> Change:
    """Return a change of the actor's department; for services alone.

    Raises:
        NotFound: there is no such change in the actor's department.
    """
    change = blinding_changes.find_change(change_id, own_cases(by), lock=lock)
    if change is None:
        raise NotFound(N_("There is no such change of a report."))
    return change


def choices_of(change: Change, case: Case, version: Report) -> tuple[Decision, ...]:
    """Return what may be decided on a change; for services alone."""
    state = db.session.get_one(Campaign, case.campaign_id).state
    if change.decision is not None or state not in OPEN_CAMPAIGNS:
        return ()
    read = select(Review.id).where(Review.case_id == case.id).limit(1)
    facts = ChangeFacts(
        state=case.state,
        is_cancelled=version.status == "cancelled",
        has_text=version.has_text,
        is_read=db.session.scalar(read) is not None,
    )
    return choices_for(facts)


def own_cases(by: Actor) -> Select[UUID]:
    """Return the query of the cases whose versions the actor may see.

    Raises:
        NotAllowed: the actor is no department's own coordinator.
    """
    by.require(Permission.CHECK_DEIDENTIFICATION)
    if by.department_id is None:
        raise NotAllowed(N_("Only a department’s own coordinator sees its reports."))
    return blinding.cases_sent_by(by.department_id)


def _note(case: Case, drawn_id: UUID, version_id: UUID) -> None:
    if blinding_changes.is_recorded(case.id, version_id):
        return
    state = db.session.get_one(Campaign, case.campaign_id).state
    decision = None if state in OPEN_CAMPAIGNS else Decision.FROZEN
    change_id = blinding_changes.open_change(case.id, drawn_id, version_id, decision)
    trail.record("change_drawn_report", None, object_kind="case", object_id=case.id)
    if decision is None:
        notifications.tell_all(
            blinding.department_of(case.id),
            NoticeKind.REPORT_CHANGED,
            key=str(change_id),
            params={"code": case.code},
            path=f"{PAGE}{change_id}",
        )


def _reports(report_ids: set[UUID]) -> dict[UUID, Report]:
    rows = db.session.scalars(select(Report).where(Report.id.in_(report_ids)))
    return {row.id: row for row in rows}


def _cases(case_ids: set[UUID]) -> dict[UUID, tuple[Case, str]]:
    rows = db.session.execute(
        select(Case, Campaign.title)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(Case.id.in_(case_ids))
    )
    return {case.id: (case, title) for case, title in rows}


def _line(change: Change, case: Case, title: str, version: Report) -> ChangeLine:
    return ChangeLine(
        id=change.id,
        case_code=case.code,
        campaign_title=title,
        exam=version.exam or version.modality,
        status=version.status,
        came_at=version.received_at,
        decision=change.decision,
        decided_at=change.decided_at,
    )


def _version(report: Report, stretches: tuple[Stretch, ...]) -> VersionView:
    return VersionView(
        report.version, report.status, report.received_at, report.signed_at, stretches
    )
