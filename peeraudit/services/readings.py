"""Use cases: what becomes of a reading: a second one, a decline, a replacement, the end of time."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from peeraudit.adapters import clock
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import (
    AssignmentEvent,
    AssignmentState,
    CampaignState,
    CaseEvent,
    CaseState,
    DeclineReason,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import ReviewDraft
from peeraudit.services import blinding, blinding_seen, campaigns, notifications, offers, trail
from peeraudit.services.assignment_material import GONE, READING_TURNS, UNREAD
from peeraudit.services.stand_ins import Bench, make_room

# Until its reader opens it, an offer can go to somebody else; a started reading never expires.
WAITING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
READING = (CaseState.ASSIGNED, CaseState.IN_REVIEW, CaseState.SECOND_REVIEW)
BEGUN = (AssignmentState.STARTED, AssignmentState.SUBMITTED)
NOTE_MAXIMUM = 300


def ask_second(case_id: UUID) -> bool:
    """Offer a case that routing sent to a second review to one more reviewer.

    Where nobody is free the network leads are told, and the offer is tried again whenever
    the clock comes round: see ``expire_readings``.

    Args:
        case_id: a case that stands at its second review.

    Returns:
        Whether the case has its second reader, now or already.

    Raises:
        NotFound: there is no such case.
    """
    case = _locked_case(case_id)
    offered = _offer_missing(case, Bench.of(case.campaign_id), origin="routing")
    offers.announce(offered)
    return not _missing_turns(case)


def offer_second(case_id: UUID) -> None:
    """Offer the second reading that the draw designated, once the first is in; else do nothing.

    One that routing asks for comes about at the same moment and with the same delay, so that
    a reader cannot tell the two apart. Who has come into a conflict since the plan gives way.

    Args:
        case_id: a case that is being read.

    Raises:
        NotFound: there is no such case.
    """
    case = _locked_case(case_id)
    rows = {row.turn: row for row in _readings(case)}
    first, second = rows.get(Turn.FIRST), rows.get(Turn.SECOND)
    if first is None or first.state is not AssignmentState.SUBMITTED:
        return
    if second is None or second.state is not AssignmentState.PLANNED:
        return
    if (case.id, second.reviewer_id) in blinding.conflicting_pairs([case.id]):
        offers.move_assignment(second, AssignmentEvent.REPLACE)
        db.session.flush()  # the turn must be free before somebody else gets it
        bench = Bench.of(case.campaign_id)
        offers.announce(_offer_missing(case, bench, origin="replacement"))
        return
    offers.release(second, campaigns.protocol_of(case.campaign_id).delays)
    offers.announce([second])


def decline(assignment_id: UUID, reason: DeclineReason, *, note: str = "", by: Actor) -> None:
    """Give a case back; it goes to somebody else, or to its department if it names somebody.

    Args:
        assignment_id: whose case.
        reason: why.
        note: the reviewer's own words, for the trail alone; of an identifier that was seen, the
            words that name somebody, which go sealed to the department and nowhere else.
        by: the reviewer.

    Raises:
        IllegalMove: the review is in, or the case is no longer this reviewer's.
        NotFound: there is no such case, or it is somebody else's.
    """
    case, row = _own(assignment_id, by)
    row.decline_reason, row.ended_at = reason.value, clock.now()
    names_somebody = reason is DeclineReason.IDENTIFIER_SEEN
    note = note.strip()[:NOTE_MAXIMUM]
    offers.move_assignment(row, AssignmentEvent.DECLINE, by, reason="" if names_somebody else note)
    # What was typed of a case that one does not read serves nobody.
    db.session.execute(delete(ReviewDraft).where(ReviewDraft.assignment_id == row.id))
    db.session.flush()  # the search for somebody else must find the turn free
    if names_somebody:
        blinding_seen.keep_words(case.id, row.id, note)
        _back_to_department(case, row, by)
    else:
        replace_reader(row.id)


def replace_reader(assignment_id: UUID) -> bool:
    """Find somebody else for a reading that was declined or has expired.

    Args:
        assignment_id: the reading that nobody does now.

    Returns:
        Whether somebody has it, now or already; if not, the network leads are told and the
        case can be planned again.

    Raises:
        NotFound: there is no such assignment.
    """
    case, row = _locked_pair(assignment_id)
    if row.state not in {AssignmentState.DECLINED, AssignmentState.EXPIRED}:
        return row.state is AssignmentState.REPLACED
    if row.turn is Turn.ADJUDICATOR:
        # Settling finds another adjudicator, once for each who gave the case back.
        enqueue(TaskName.ROUTE_CASE, case.id, key=f"replace:{row.id}")
        return True
    if case.state not in READING:
        return False
    bench = Bench.of(case.campaign_id)
    reviewer_id = bench.find(case, row.turn) or make_room(bench, case, row.turn)
    if reviewer_id is None:
        offers.tell_without_reviewer(case, str(row.id))
    else:
        offers.announce([_hand_over(case, row, reviewer_id)])
    _match_state(case)
    return reviewer_id is not None


def resume_case(case_id: UUID) -> None:
    """Let a case that was taken back go on where it stood, once its department let it pass.

    Readers who hold it still get the whole delay again; turns that nobody holds are offered
    to somebody else. A case that was never given to anybody is left to the next plan.

    Args:
        case_id: a case that is ready to be assigned.

    Raises:
        NotFound: there is no such case.
    """
    case = _locked_case(case_id)
    rows = _readings(case)
    if case.state is not CaseState.ELIGIBLE or not _had_readers(case):
        return
    live = [row for row in rows if row.turn in READING_TURNS]
    submitted = sum(row.state is AssignmentState.SUBMITTED for row in live)
    planned = 2 if case.is_double_read else 1
    if submitted == len(READING_TURNS):
        offers.move_case(case, CaseEvent.ADJUDICATE)
        enqueue(TaskName.ROUTE_CASE, case.id, key=f"resume:{clock.now().isoformat()}")
        return
    origin = "replacement"
    if submitted == planned:
        offers.move_case(case, CaseEvent.ASK_SECOND)
        origin = "routing"
    _renew(case, live)
    offers.announce(_offer_missing(case, Bench.of(case.campaign_id), origin=origin))
    _match_state(case)
    offer_second(case.id)


def expire_readings() -> int:
    """Give overdue offers to others, and try again for second reviews that nobody was free for.

    An overdue offer that nobody else is free to take stays with its reviewer, late, and the
    network leads are told once: a late reading is worth more than none.

    Returns:
        How many readings found a reader.
    """
    moved = 0
    for campaign_id in _running():
        overdue, lacking = _overdue(campaign_id), _lacking(campaign_id)
        if not overdue and not lacking:
            continue
        moved += _pass_on(campaign_id, overdue, lacking)
    return moved


def _pass_on(campaign_id: UUID, overdue: Sequence[UUID], lacking: Sequence[UUID]) -> int:
    bench = Bench.of(campaign_id)
    # Every case is held before the first reviewer is, so that nobody waits in a circle.
    cases = {case.id: case for case in _locked_cases(overdue, lacking)}
    offered = []
    for row in _locked_rows(overdue):
        case = cases[row.case_id]
        if row.state not in WAITING or case.state not in READING:
            continue
        reviewer_id = bench.find(case, row.turn)
        if reviewer_id is None:
            offers.tell_without_reviewer(case, f"late:{row.id}")
            continue
        row.ended_at = clock.now()
        offers.move_assignment(row, AssignmentEvent.EXPIRE)
        db.session.flush()  # the turn must be free before somebody else gets it
        offered.append(_hand_over(case, row, reviewer_id))
        bench.note(reviewer_id)
        offers.tell_replaced(row, case.code)
        _match_state(case)
    for case_id in lacking:
        if cases[case_id].state is CaseState.SECOND_REVIEW:
            offered += _offer_missing(cases[case_id], bench, origin="routing")
    offers.announce(offered)
    return len(offered)


def _hand_over(case: Case, row: Assignment, reviewer_id: UUID) -> Assignment:
    """Offer a turn that came free to somebody else, and close the old assignment."""
    offers.move_assignment(row, AssignmentEvent.REPLACE)
    # A second review asked for by routing stays one: it never speaks of agreement.
    origin = "routing" if row.origin == "routing" else "replacement"
    new = offers.Offer(case, row.turn, reviewer_id, origin, Bench.REASON, row.plan_id)
    fresh = offers.offer(new, campaigns.protocol_of(case.campaign_id).delays)
    db.session.flush()  # whoever asks next must find the turn taken
    return fresh


def _offer_missing(case: Case, bench: Bench, *, origin: str) -> list[Assignment]:
    """Offer the turns of a case that nobody holds; tell the leads of those that stay free."""
    offered = []
    delays = campaigns.protocol_of(case.campaign_id).delays
    for turn in _missing_turns(case):
        reviewer_id = bench.find(case, turn) or make_room(bench, case, turn)
        if reviewer_id is None:
            offers.tell_without_reviewer(case, turn.value)
            continue
        new = offers.Offer(case, turn, reviewer_id, origin, Bench.REASON)
        offered.append(offers.offer(new, delays))
        db.session.flush()  # the next turn must find this one taken
        bench.note(reviewer_id)
    return offered


def _match_state(case: Case) -> None:
    """Bring an unread case to the state that its readings tell."""
    if case.state not in UNREAD:
        return
    states = {row.state for row in _readings(case) if row.turn in READING_TURNS}
    if states and case.state is CaseState.ELIGIBLE:
        offers.move_case(case, CaseEvent.ASSIGN)
    begun = not states.isdisjoint(BEGUN)
    if begun and case.state is CaseState.ASSIGNED:
        offers.move_case(case, CaseEvent.START)
    if not begun and case.state is CaseState.IN_REVIEW:
        offers.move_case(case, CaseEvent.UNASSIGN)
    if not states and case.state is CaseState.ASSIGNED:
        offers.move_case(case, CaseEvent.UNASSIGN)


def _back_to_department(case: Case, row: Assignment, by: Actor) -> None:
    """Take a case from everybody until its department has masked what was seen."""
    offers.move_case(case, CaseEvent.SEE_IDENTIFIER, by)
    notifications.tell_all(
        blinding.department_of(case.id),
        NoticeKind.CASE_BACK_TO_COORDINATOR,
        key=str(row.id),
        params={"code": case.code},
        path=f"/deidentification/{case.id}",
    )


def _renew(case: Case, live: Sequence[Assignment]) -> None:
    """Give readers who wait for a case the whole delay again."""
    delays = campaigns.protocol_of(case.campaign_id).delays
    for row in live:
        if row.state in {AssignmentState.SUBMITTED, AssignmentState.PLANNED}:
            continue
        row.due_at = max(row.due_at, clock.now() + offers.time_to_read(row.turn, delays))
        trail.record("renew_assignment", None, object_kind="assignment", object_id=row.id)


def _missing_turns(case: Case) -> list[Turn]:
    taken = {row.turn for row in _readings(case)}
    both = case.is_double_read or case.state is CaseState.SECOND_REVIEW
    wanted = READING_TURNS if both else READING_TURNS[:1]
    return [turn for turn in wanted if turn not in taken]


def _readings(case: Case) -> Sequence[Assignment]:
    """Return the assignments of a case that are alive or submitted."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.case_id == case.id, Assignment.state.not_in(GONE))
        .order_by(Assignment.turn, Assignment.id)
    ).all()


def _had_readers(case: Case) -> bool:
    one = select(Assignment.id).where(Assignment.case_id == case.id).limit(1)
    return db.session.scalar(one) is not None


def _own(assignment_id: UUID, by: Actor) -> tuple[Case, Assignment]:
    case, row = _locked_pair(assignment_id)
    own = db.session.get_one(Reviewer, row.reviewer_id).account_id == by.account_id
    by.require(
        Permission.ADJUDICATE_CASES if row.turn is Turn.ADJUDICATOR else Permission.SCORE_CASES
    )
    if not own or row.state is AssignmentState.PLANNED:
        raise NotFound(N_("There is no such case among yours."))
    return case, row


def _locked_pair(assignment_id: UUID) -> tuple[Case, Assignment]:
    """Return an assignment and its case, both held; the case first, as everywhere."""
    case_id = db.session.scalar(select(Assignment.case_id).where(Assignment.id == assignment_id))
    if case_id is None:
        raise NotFound(N_("There is no such case among yours."))
    case = _locked_case(case_id)
    return case, _locked_rows([assignment_id])[0]


def _locked_case(case_id: UUID) -> Case:
    case = db.session.scalar(
        select(Case).where(Case.id == case_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if case is None:
        raise NotFound(N_("There is no such case."))
    return case


def _locked_cases(assignment_ids: Sequence[UUID], case_ids: Sequence[UUID]) -> Sequence[Case]:
    of_rows = select(Assignment.case_id).where(Assignment.id.in_(assignment_ids))
    return db.session.scalars(
        select(Case)
        .where(Case.id.in_(of_rows) | Case.id.in_(case_ids))
        .order_by(Case.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()


def _locked_rows(assignment_ids: Sequence[UUID]) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(assignment_ids))
        .order_by(Assignment.due_at, Assignment.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()


def _running() -> Sequence[UUID]:
    states = (CampaignState.RUNNING, CampaignState.ADJUDICATING)
    running = select(Campaign.id).where(Campaign.state.in_(states)).order_by(Campaign.id)
    return db.session.scalars(running).all()


def _overdue(campaign_id: UUID) -> Sequence[UUID]:
    return db.session.scalars(
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(WAITING),
            Assignment.due_at < clock.now(),
            Case.state.in_(READING),
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
    return sorted(case for case, turns in held.items() if not turns.issuperset(READING_TURNS))
