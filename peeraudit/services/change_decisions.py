"""Use case: deciding on a version that came after its report was drawn."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from peeraudit.adapters.clock import now
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.errors import N_, Conflicting, IllegalMove, InvalidInput
from peeraudit.domain.intake.changes import CHOICES, Decision, KeepReason
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import GONE, AssignmentEvent, AssignmentState, CaseEvent
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.scoring import ReviewDraft
from peeraudit.services import (
    blind_reads,
    blinding,
    blinding_changes,
    blinding_seen,
    offers,
    prior_reports,
    replacements,
    report_changes,
    score_drafts,
    trail,
)
from peeraudit.services.masking_orders import order_masking
from peeraudit.services.reading_desk import Reading

_SHOWN = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.STARTED})
"""States in which a reviewer may have looked at a case and has not handed a review in."""


def decide(
    change_id: UUID, choice: Decision, *, reason: KeepReason | None = None, by: Actor
) -> bool:
    """Decide which version of a drawn report is audited; return whether that changed anything.

    Said twice, the same decision is one.

    Args:
        change_id: the version that came.
        choice: one of ``CHOICES``.
        reason: why the drawn version is kept; not asked of the other choices.
        by: the department's coordinator.

    Raises:
        NotFound: there is no such change in the actor's department.
        Conflicting: it was decided otherwise meanwhile, or a later version came.
        IllegalMove: this cannot be chosen where the case stands.
        InvalidInput: the drawn version is kept without a reason.
    """
    seen = report_changes.needed_change(change_id, by=by)
    # The case first, as everywhere: whoever hands a review in just now is waited for.
    case = db.session.scalars(
        select(Case).where(Case.id == seen.case_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    change = report_changes.needed_change(change_id, by=by, lock=True)
    if change.decision is choice:
        return False
    if change.decision is not None or choice not in CHOICES:
        raise Conflicting(
            N_("This was decided otherwise meanwhile. Nothing was changed: reload the page.")
        )
    version = db.session.get_one(Report, change.version_id)
    if choice not in report_changes.choices_of(change, case, version):
        raise IllegalMove(
            N_(
                "This is no longer possible: a review of the case was handed in, or its data are "
                "frozen. Nothing was changed: reload the page to see what can be decided."
            )
        )
    why = reason.value if choice is Decision.KEPT and reason else ""
    if choice is Decision.KEPT and not why:
        raise InvalidInput(N_("Say why the drawn version is kept."))
    blinding_changes.settle(change.id, choice, why, by=by)
    details = {"state": choice, **({"why": why} if why else {})}
    trail.record("decide_change", by, object_kind="case", object_id=case.id, details=details)
    if choice is Decision.REPLACED:
        _put_in_place(case, version, by)
    elif choice is Decision.EXCLUDED:
        _take_back(case, by)
    return True


def _put_in_place(case: Case, version: Report, by: Actor) -> None:
    """Have the new version masked and checked anew; readers get the case back after that.

    Its modality, its region and its day stay as they were drawn: its stratum depends on them.
    """
    blinding_changes.put_in_place(case.id, version.id)
    case.language, case.exam = version.language, version.exam
    case.laterality, case.urgency = version.laterality, version.urgency
    case.derived = version.derived
    # Nothing of the version before is shown to anybody from now on.
    case.masked_text, case.spans, case.doubt = "", "[]", 0.0
    case.checked_at = case.checked_by = None
    prior_reports.destroy([case.id])
    blinding_seen.forget_words([case.id])
    offers.move_case(case, CaseEvent.RENEW, by)
    conflicting = {reviewer for _, reviewer in blinding.conflicting_pairs([case.id])}
    rows = _live(case)
    _withdraw(case, [row for row in rows if row.reviewer_id in conflicting])
    _tell_renewed(case, [row for row in rows if row.state in _SHOWN])
    order_masking(case.campaign_id, of=case.id, by=by.account_id, total=1)


def _take_back(case: Case, by: Actor) -> None:
    """Exclude a case whose report was cancelled; the next in the order of the tickets follows."""
    offers.move_case(case, CaseEvent.TAKE_BACK, by)
    why = ExclusionReason.NOT_A_REPORT.value
    case.excluded_reason = why
    case.checked_at, case.checked_by = now(), by.account_id
    _withdraw(case, _live(case))
    replacements.replace_case(case, why, by=by)


def _live(case: Case) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.case_id == case.id, Assignment.state.not_in(GONE))
        .order_by(Assignment.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()


def _withdraw(case: Case, rows: Sequence[Assignment]) -> None:
    """Take readings from their reviewers; what was typed of a case that one loses serves nobody."""
    for row in rows:
        was_known = row.state is not AssignmentState.PLANNED
        row.ended_at = now()
        offers.move_assignment(row, AssignmentEvent.WITHDRAW)
        db.session.execute(delete(ReviewDraft).where(ReviewDraft.assignment_id == row.id))
        if was_known:
            offers.tell_reader(row, NoticeKind.CASE_WITHDRAWN, case.code)


def _tell_renewed(case: Case, rows: Sequence[Assignment]) -> None:
    """Tell who is reading a case that its text changes, and let nobody hand the old one in.

    A case that is only offered may have been looked at, by a program above all.
    """
    campaign = db.session.get_one(Campaign, case.campaign_id)
    for row in rows:
        hidden = blind_reads.is_hidden(blind_reads.stage_of(Reading(row, case, campaign)))
        score_drafts.outdate_windows(row.id, is_hidden=hidden)
        if row.state is AssignmentState.STARTED:
            offers.tell_reader(row, NoticeKind.CASE_RENEWED, case.code)
