"""Use cases: readings whose time is over, and second ones that nobody was free for."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select

from peeraudit.adapters import clock
from peeraudit.domain.offers import has_lapsed
from peeraudit.domain.workflow import (
    GONE,
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CampaignState,
    CaseState,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import offers, turns
from peeraudit.services.passing_on import held_pairs, pass_on
from peeraudit.services.stand_ins import Bench


def expire_readings() -> int:
    """Give lapsed offers to others, and try again for second reviews that nobody was free for.

    An offer lapses when nobody answers it in time, and an accepted reading when it is due and
    was never opened. What nobody else is free to take stays with its reviewer, and once it is
    due the network leads are told once: a late reading is worth more than none.

    Returns:
        How many readings found a reader.
    """
    moved = 0
    for campaign_id in _running():
        lapsed, lacking = _lapsed(campaign_id), _lacking(campaign_id)
        # Every case is held before the first reviewer is, so that nobody waits in a circle.
        turns.locked_cases(lapsed, lacking)
        if lapsed:
            moved += _expire(campaign_id, lapsed)
        if lacking:
            moved += _offer_again(campaign_id, lacking)
    return moved


def _expire(campaign_id: UUID, assignment_ids: Sequence[UUID]) -> int:
    moment, pairs = clock.now(), held_pairs(assignment_ids)
    # Somebody may have accepted one of them at this very moment.
    still = [
        (case, row)
        for case, row in pairs
        if has_lapsed(row.state, answer=row.answer_by, due=row.due_at, now=moment)
    ]
    # Who leaves an offer unanswered now is not given another one in its place.
    silent = {row.reviewer_id for _, row in still if row.due_at >= moment}
    passed = pass_on(Bench.of(campaign_id, but=silent), still, _let_lapse)
    codes = {case.id: case.code for case, _ in still}
    late = [row for row in passed.moved if row.due_at < moment]
    offers.tell_lapsed(row for row in passed.moved if row.due_at >= moment)
    for row in late:
        offers.tell_replaced(row, codes[row.case_id])
    for case, row in passed.stayed:
        if row.due_at < moment:
            offers.tell_without_reviewer(case, f"late:{row.id}")
    return len(passed.moved)


def _let_lapse(row: Assignment) -> None:
    row.ended_at = clock.now()
    offers.move_assignment(row, AssignmentEvent.EXPIRE)


def _offer_again(campaign_id: UUID, lacking: Sequence[UUID]) -> int:
    offered: list[Assignment] = []
    cases = turns.locked_cases((), lacking)
    bench = Bench.of(campaign_id)
    for case in cases:
        if case.state is CaseState.SECOND_REVIEW:
            offered += turns.offer_missing(case, bench, origin="routing")
    offers.announce(offered)
    return len(offered)


def _running() -> Sequence[UUID]:
    states = (CampaignState.RUNNING, CampaignState.ADJUDICATING)
    running = select(Campaign.id).where(Campaign.state.in_(states)).order_by(Campaign.id)
    return db.session.scalars(running).all()


def _lapsed(campaign_id: UUID) -> Sequence[UUID]:
    moment = clock.now()
    unanswered = and_(Assignment.state == AssignmentState.OFFERED, Assignment.answer_by < moment)
    return db.session.scalars(
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(turns.WAITING),
            or_(unanswered, Assignment.due_at < moment),
            Case.state.in_(turns.READING),
        )
    ).all()


def _lacking(campaign_id: UUID) -> Sequence[UUID]:
    """Return the cases at their second review that somebody still has to be found for."""
    held: dict[UUID, set[Turn]] = defaultdict(set)
    for case_id, turn in db.session.execute(
        select(Case.id, Assignment.turn)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Case.campaign_id == campaign_id,
            Case.state == CaseState.SECOND_REVIEW,
            Assignment.state.not_in(GONE),
        )
    ):
        held[case_id].add(turn)
    return sorted(case for case, taken in held.items() if not taken.issuperset(READING_TURNS))
