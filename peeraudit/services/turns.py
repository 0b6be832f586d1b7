"""Use cases: the turns of a case: who holds them, who lacks, and handing one over."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.workflow import (
    GONE,
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    CaseState,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.services import campaigns, offers
from peeraudit.services.assignment_material import UNREAD
from peeraudit.services.stand_ins import Bench, make_room

# Until its reader opens it, an offer can go to somebody else; a started reading never expires.
WAITING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
READING = (CaseState.ASSIGNED, CaseState.IN_REVIEW, CaseState.SECOND_REVIEW)
BEGUN = (AssignmentState.STARTED, AssignmentState.SUBMITTED)


def hand_over(case: Case, row: Assignment, reviewer_id: UUID) -> Assignment:
    """Offer a turn that came free to somebody else, and close the old assignment."""
    offers.move_assignment(row, AssignmentEvent.REPLACE)
    # A second review asked for by routing stays one: it never speaks of agreement.
    origin = "routing" if row.origin == "routing" else "replacement"
    new = offers.Offer(case, row.turn, reviewer_id, origin, Bench.REASON, row.plan_id)
    fresh = offers.offer(new, campaigns.protocol_of(case.campaign_id).delays)
    db.session.flush()  # whoever asks next must find the turn taken
    return fresh


def offer_missing(case: Case, bench: Bench, *, origin: str) -> list[Assignment]:
    """Offer the turns of a case that nobody holds; tell the leads of those that stay free."""
    offered: list[Assignment] = []
    delays = campaigns.protocol_of(case.campaign_id).delays
    for turn in missing_turns(case):
        reviewer_id = bench.find(case, turn) or make_room(bench, case, turn, offered)
        if reviewer_id is None:
            offers.tell_without_reviewer(case, turn.value)
            continue
        new = offers.Offer(case, turn, reviewer_id, origin, Bench.REASON)
        offered.append(offers.offer(new, delays))
        db.session.flush()  # the next turn must find this one taken
        bench.note(reviewer_id)
    return offered


def match_state(case: Case) -> None:
    """Bring an unread case to the state that its readings tell."""
    if case.state not in UNREAD:
        return
    states = {row.state for row in live_readings(case) if row.turn in READING_TURNS}
    if states and case.state is CaseState.ELIGIBLE:
        offers.move_case(case, CaseEvent.ASSIGN)
    begun = not states.isdisjoint(BEGUN)
    if begun and case.state is CaseState.ASSIGNED:
        offers.move_case(case, CaseEvent.START)
    if not begun and case.state is CaseState.IN_REVIEW:
        offers.move_case(case, CaseEvent.UNASSIGN)
    if not states and case.state is CaseState.ASSIGNED:
        offers.move_case(case, CaseEvent.UNASSIGN)


def missing_turns(case: Case) -> list[Turn]:
    """Return the turns that a case wants and nobody holds."""
    taken = {row.turn for row in live_readings(case)}
    both = case.is_double_read or case.state is CaseState.SECOND_REVIEW
    wanted = READING_TURNS if both else READING_TURNS[:1]
    return [turn for turn in wanted if turn not in taken]


def live_readings(case: Case) -> Sequence[Assignment]:
    """Return the assignments of a case that are alive or submitted."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.case_id == case.id, Assignment.state.not_in(GONE))
        .order_by(Assignment.turn, Assignment.id)
    ).all()


def locked_pair(assignment_id: UUID) -> tuple[Case, Assignment]:
    """Return an assignment and its case, both held; the case first, as everywhere."""
    case_id = db.session.scalar(select(Assignment.case_id).where(Assignment.id == assignment_id))
    if case_id is None:
        raise NotFound(N_("There is no such case among yours."))
    case = locked_case(case_id)
    return case, locked_rows([assignment_id])[0]


def locked_case(case_id: UUID) -> Case:
    """Return a case, held until the end of the unit of work.

    Raises:
        NotFound: there is no such case.
    """
    case = db.session.scalar(
        select(Case).where(Case.id == case_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if case is None:
        raise NotFound(N_("There is no such case."))
    return case


def locked_cases(assignment_ids: Sequence[UUID], case_ids: Sequence[UUID]) -> Sequence[Case]:
    """Return the cases of assignments, and further ones, held, by id."""
    of_rows = select(Assignment.case_id).where(Assignment.id.in_(assignment_ids))
    return db.session.scalars(
        select(Case)
        .where(Case.id.in_(of_rows) | Case.id.in_(case_ids))
        .order_by(Case.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()


def locked_rows(assignment_ids: Sequence[UUID]) -> Sequence[Assignment]:
    """Return assignments, held, those due first first."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(assignment_ids))
        .order_by(Assignment.due_at, Assignment.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
