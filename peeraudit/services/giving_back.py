"""Use cases: what a reviewer has not begun goes to others, because of an absence or by choice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.adapters import clock
from peeraudit.domain.absences import Away, must_hand_over
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS
from peeraudit.domain.workflow import READING_TURNS, AssignmentEvent, AssignmentState, DeclineReason
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Absence, Reviewer
from peeraudit.services import campaigns, notifications, offers, trail, turns
from peeraudit.services.passing_on import Passed, held_pairs, pass_on
from peeraudit.services.presence import postpone
from peeraudit.services.stand_ins import Bench


@dataclass(frozen=True, slots=True)
class Unbegun:
    """What a reviewer has not begun in a campaign, in cases."""

    campaign_id: UUID
    campaign: str
    count: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of readings that were given back.

    Attributes:
        moved: how many others have now.
        stayed: how many nobody else is free to take; they stay with their reviewer.
    """

    moved: int
    stayed: int


def list_unbegun(*, by: Actor) -> tuple[Unbegun, ...]:
    """Return what the acting reviewer could give back, by campaign."""
    by.require(Permission.SCORE_CASES)
    rows = db.session.execute(
        select(Campaign.id, Campaign.title, func.count())
        .join(Assignment, Assignment.campaign_id == Campaign.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .where(
            Reviewer.account_id == by.account_id,
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            Case.state.in_(turns.READING),
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(turns.WAITING),
        )
        .group_by(Campaign.id, Campaign.title)
        .order_by(Campaign.title, Campaign.id)
    )
    return tuple(Unbegun(*row) for row in rows)


def give_back(campaign_id: UUID, count: int, *, by: Actor) -> GivenBack:
    """Give readings of the acting reviewer that were not begun to others.

    Those that were only offered go first, and of them those that are due last: what was
    accepted and is due soon stays where it is for as long as it can.

    Args:
        campaign_id: of which campaign.
        count: how many, in cases; all there are if there are fewer.
        by: the reviewer.

    Raises:
        InvalidInput: the count is no positive number.
        NotFound: the person is no reviewer.
    """
    by.require(Permission.SCORE_CASES)
    reviewer_id = db.session.scalar(select(Reviewer.id).where(Reviewer.account_id == by.account_id))
    if reviewer_id is None:
        raise NotFound(N_("There is no such case among yours."))
    return _give_back(campaign_id, reviewer_id, count, by)


def give_back_for(campaign_id: UUID, reviewer_id: UUID, count: int, *, by: Actor) -> GivenBack:
    """Give what a reviewer has not begun to others, as the network lead; the reviewer is told.

    Raises:
        InvalidInput: the count is no positive number.
        NotFound: there is no such reviewer.
    """
    by.require(Permission.PUBLISH_ASSIGNMENT)
    reviewer = db.session.get(Reviewer, reviewer_id)
    if reviewer is None:
        raise NotFound(N_("There is no such reviewer."))
    given = _give_back(campaign_id, reviewer_id, count, by)
    if given.moved:
        _tell(reviewer.account_id, given.moved, 0, key=f"{campaign_id}:{clock.now().isoformat()}")
    return given


def respect_absence(absence_id: UUID) -> None:
    """Let what falls due within an absence go to others, or be due later; once.

    What was begun stays with its reader. What the reader would rather hand over, or what an
    absence longer than a review may take would hold up, goes to others; what nobody else is
    free to take is due later.
    """
    row = db.session.get(Absence, absence_id)
    if row is None or row.respected_at is not None:
        return
    away, moved, postponed = Away(row.first_day, row.last_day), 0, 0
    due = {campaign_id: _due_within(campaign_id, row) for campaign_id in _running()}
    # Every case is held before the first reviewer is, so that nobody waits in a circle.
    turns.locked_cases([one for ids in due.values() for one in ids], ())
    for campaign_id, ids in due.items():
        if ids:
            moved += _hand_over(campaign_id, row, ids)
            postponed += _postpone(ids, away)
    row.respected_at = clock.now()
    if moved or postponed:
        account_id = db.session.get_one(Reviewer, row.reviewer_id).account_id
        _tell(account_id, moved, postponed, key=str(absence_id))


def _give_back(campaign_id: UUID, reviewer_id: UUID, count: int, by: Actor) -> GivenBack:
    if count < 1:
        raise InvalidInput(N_("Say how many cases are to go to others: one at least."))
    chosen = db.session.scalars(
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(turns.WAITING),
            Case.state.in_(turns.READING),
        )
        .order_by(
            Assignment.state != AssignmentState.OFFERED, Assignment.due_at.desc(), Assignment.id
        )
        .limit(count)
    ).all()
    passed = _pass_on(campaign_id, reviewer_id, chosen, by)
    return GivenBack(len(passed.moved), len(passed.stayed))


def _pass_on(campaign_id: UUID, reviewer_id: UUID, ids: Sequence[UUID], by: Actor | None) -> Passed:
    pairs = held_pairs(ids)
    # Whoever gives cases back gets none in exchange.
    return pass_on(Bench.of(campaign_id, but={reviewer_id}), pairs, _given_up_by(by))


def _given_up_by(by: Actor | None) -> Callable[[Assignment], None]:
    def give_up(row: Assignment) -> None:
        row.decline_reason, row.ended_at = DeclineReason.UNAVAILABLE.value, clock.now()
        offers.move_assignment(row, AssignmentEvent.DECLINE, by)

    return give_up


def _running() -> Sequence[UUID]:
    running = select(Campaign.id).where(Campaign.state.in_(SETTLING_CAMPAIGNS))
    return db.session.scalars(running.order_by(Campaign.id)).all()


def _due_within(campaign_id: UUID, absence: Absence) -> Sequence[UUID]:
    return db.session.scalars(
        select(Assignment.id).where(
            Assignment.campaign_id == campaign_id,
            Assignment.reviewer_id == absence.reviewer_id,
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            Assignment.due_at >= clock.beginning_of(absence.first_day),
            Assignment.due_at < clock.beginning_of(absence.last_day + timedelta(days=1)),
        )
    ).all()


def _hand_over(campaign_id: UUID, absence: Absence, ids: Sequence[UUID]) -> int:
    days = campaigns.protocol_of(campaign_id).delays.review_days
    away = Away(absence.first_day, absence.last_day)
    if not must_hand_over(away, finishes=absence.finishes, days=days):
        return 0
    readings = db.session.scalars(
        select(Assignment.id).where(Assignment.id.in_(ids), Assignment.turn.in_(READING_TURNS))
    ).all()
    return len(_pass_on(campaign_id, absence.reviewer_id, readings, None).moved)


def _postpone(ids: Sequence[UUID], away: Away) -> int:
    """Let what its reader has still to do be due after the absence; return how many that is."""
    count = 0
    for row in turns.locked_rows(ids):
        if row.state in OPEN_ASSIGNMENTS and (later := postpone(row, [away])):
            count += 1
            details = {"number": later}
            trail.record(
                "postpone_assignment",
                None,
                object_kind="assignment",
                object_id=row.id,
                details=details,
            )
    return count


def _tell(account_id: UUID, moved: int, postponed: int, *, key: str) -> None:
    notifications.tell(
        account_id,
        NoticeKind.CASES_PASSED_ON,
        key=key,
        params={"moved": moved, "postponed": postponed},
        path=offers.QUEUE_PATH,
    )
