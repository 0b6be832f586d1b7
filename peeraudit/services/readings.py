"""Use cases: what becomes of a reading: a second one, a decline, a replacement."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from peeraudit.adapters import clock
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.offers import answer_by
from peeraudit.domain.workflow import (
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    CaseState,
    DeclineReason,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import ReviewDraft
from peeraudit.services import (
    blinding,
    blinding_seen,
    campaigns,
    notifications,
    offers,
    trail,
    turns,
)
from peeraudit.services.assignment_material import is_beyond_limit
from peeraudit.services.presence import away_for
from peeraudit.services.stand_ins import Bench, make_room

NOTE_MAXIMUM = 300


def ask_second(case_id: UUID) -> bool:
    """Offer a case that routing sent to a second review to one more reviewer.

    Where nobody is free the network leads are told, and the offer is tried again whenever
    the clock comes round: see ``overdue.expire_readings``.

    Args:
        case_id: a case that stands at its second review.

    Returns:
        Whether the case has its second reader, now or already.

    Raises:
        NotFound: there is no such case.
    """
    case = turns.locked_case(case_id)
    offered = turns.offer_missing(case, Bench.of(case.campaign_id), origin="routing")
    offers.announce(offered)
    return not turns.missing_turns(case)


def offer_second(case_id: UUID) -> None:
    """Offer the second reading that the draw designated, once the first is in; else do nothing.

    One that routing asks for comes about at the same moment and with the same delay, so that
    a reader cannot tell the two apart. Who has come into a conflict since the plan, or is away
    or beyond an own limit, gives way.

    Args:
        case_id: a case that is being read.

    Raises:
        NotFound: there is no such case.
    """
    case = turns.locked_case(case_id)
    rows = {row.turn: row for row in turns.live_readings(case)}
    first, second = rows.get(Turn.FIRST), rows.get(Turn.SECOND)
    if first is None or first.state is not AssignmentState.SUBMITTED:
        return
    if second is None or second.state is not AssignmentState.PLANNED:
        return
    delays = campaigns.protocol_of(case.campaign_id).delays
    gives_way = (
        away_for(delays.second_review_days, [second.reviewer_id])
        or is_beyond_limit(case.campaign_id, second.reviewer_id)
        or (case.id, second.reviewer_id) in blinding.conflicting_pairs([case.id])
    )
    if gives_way:
        offers.move_assignment(second, AssignmentEvent.REPLACE)
        db.session.flush()  # the turn must be free before somebody else gets it
        bench = Bench.of(case.campaign_id)
        offers.announce(turns.offer_missing(case, bench, origin="replacement"))
        return
    offers.release(second, delays)
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
    case, row = turns.locked_pair(assignment_id)
    if row.state not in {AssignmentState.DECLINED, AssignmentState.EXPIRED}:
        return row.state is AssignmentState.REPLACED
    if row.turn is Turn.ADJUDICATOR:
        # Settling finds another adjudicator, once for each who gave the case back.
        enqueue(TaskName.ROUTE_CASE, case.id, key=f"replace:{row.id}")
        return True
    if case.state not in turns.READING:
        return False
    # Whoever has no time for this case has none for another in exchange.
    is_busy = row.decline_reason == DeclineReason.UNAVAILABLE
    bench = Bench.of(case.campaign_id, but={row.reviewer_id} if is_busy else ())
    offered: list[Assignment] = []
    reviewer_id = bench.find(case, row.turn) or make_room(bench, case, row.turn, offered)
    if reviewer_id is None:
        offers.tell_without_reviewer(case, str(row.id))
    else:
        offers.announce([*offered, turns.hand_over(case, row, reviewer_id)])
    turns.match_state(case)
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
    case = turns.locked_case(case_id)
    rows = turns.live_readings(case)
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
    offers.announce(turns.offer_missing(case, Bench.of(case.campaign_id), origin=origin))
    turns.match_state(case)
    offer_second(case.id)


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
        row.answer_by = answer_by(clock.now(), delays)
        trail.record("renew_assignment", None, object_kind="assignment", object_id=row.id)


def _had_readers(case: Case) -> bool:
    one = select(Assignment.id).where(Assignment.case_id == case.id).limit(1)
    return db.session.scalar(one) is not None


def _own(assignment_id: UUID, by: Actor) -> tuple[Case, Assignment]:
    case, row = turns.locked_pair(assignment_id)
    own = db.session.get_one(Reviewer, row.reviewer_id).account_id == by.account_id
    by.require(
        Permission.ADJUDICATE_CASES if row.turn is Turn.ADJUDICATOR else Permission.SCORE_CASES
    )
    if not own or row.state is AssignmentState.PLANNED:
        raise NotFound(N_("There is no such case among yours."))
    return case, row
