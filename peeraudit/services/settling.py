"""Use cases: where a case goes after its reviews, and when a campaign's data may be frozen."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import (
    Basis,
    Route,
    Step,
    events_after,
    order_for_adjudicator,
)
from peeraudit.domain.adjudication import (
    route_case as find_step,
)
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.readiness import (
    SETTLING_CAMPAIGNS,
    OpenCases,
    check_freeze,
    check_settling,
    sort_open,
)
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS
from peeraudit.domain.workflow import (
    READING_TURNS,
    AssignmentState,
    CampaignEvent,
    CampaignState,
    CaseEvent,
    CaseState,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import (
    adjudicators,
    campaigns,
    outcomes,
    readings,
    report_changes,
    trail,
)
from peeraudit.services.offers import move_case
from peeraudit.services.outcomes import Decided
from peeraudit.services.turns import WAITING

_TO_ROUTE = (CaseState.REVIEWED, CaseState.SECOND_REVIEW)
# What one round of the sweep takes up; the next round goes on.
CASES_PER_SWEEP = 100


def route_case(case_id: UUID) -> None:
    """Move a case on as far as its reviews allow; any number of times comes to the same.

    Raises:
        NotFound: there is no such case.
    """
    case = outcomes.locked_case(case_id)
    if not outcomes.are_scores_open(case.campaign_id):
        return
    if case.state is CaseState.IN_REVIEW:
        readings.offer_second(case.id)
    if case.state in _TO_ROUTE:
        _route(case, campaigns.protocol_of(case.campaign_id))
    if case.state is CaseState.ADJUDICATION:
        adjudicators.offer_case(case)
    outcomes.go_on(case)


def sweep_cases() -> int:
    """Move on what nobody was free for, or told of; return how many cases were looked at.

    Cases without an adjudicator, adjudications that are late and were never opened,
    reconsiderations that nobody could take, and outcomes whose author has got an account
    since. Second readers are found by ``overdue.expire_readings``.
    """
    late = _late_adjudications()
    for late_id in late:
        _replace_late(late_id)
    lapsed = _lapsed_reconsiderations()
    for lapsed_id in lapsed:
        _let_stand(lapsed_id)
    waiting = db.session.scalars(_unattended()).all()
    for case_id in waiting:
        route_case(case_id)
    return len(late) + len(lapsed) + len(waiting)


def open_cases(campaign_id: UUID) -> OpenCases:
    """Return what the cases of a campaign still wait for; for the network lead's board."""
    rows = db.session.execute(
        select(Case.state, func.count()).where(Case.campaign_id == campaign_id).group_by(Case.state)
    )
    return sort_open(dict(rows.all()))


def count_open(campaign_id: UUID) -> int:
    """Return how many cases of a campaign are not settled yet, in cases."""
    return open_cases(campaign_id).total


def begin_settling(campaign_id: UUID, *, by: Actor) -> CampaignState:
    """End the readings of a campaign once every case has had its first one.

    Raises:
        CasesStillOpen: some are unread.
        IllegalMove: the campaign is not being read.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    campaigns.locked_row(campaign_id)
    check_settling(open_cases(campaign_id))
    return campaigns.advance_campaign(campaign_id, CampaignEvent.SETTLE, by=by)


def freeze_campaign(campaign_id: UUID, *, reason: str = "", by: Actor) -> CampaignState:
    """Freeze the data of a campaign, for good, once every case is settled.

    Args:
        campaign_id: which.
        reason: why cases that are still open are left out; they are counted as pending.
        by: the network lead.

    Raises:
        CasesStillOpen: some are open and no reason was given.
        InvalidInput: the reason is too short or too long.
        IllegalMove: the campaign is not being settled.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    # Held first: whoever settles a case just now is waited for, and nobody does so after.
    campaigns.locked_row(campaign_id)
    left = open_cases(campaign_id)
    check_freeze(left, reason=reason)
    state = campaigns.advance_campaign(campaign_id, CampaignEvent.FREEZE, by=by)
    report_changes.freeze_changes(campaign_id)
    if left.total:
        trail.record(
            "leave_out_cases",
            by,
            object_kind="campaign",
            object_id=campaign_id,
            reason=reason.strip(),
            details={"cases": left.total},
        )
    return state


def _route(case: Case, protocol: Protocol) -> None:
    reviews = _reviews(case.id)
    planned = 2 if case.is_double_read or case.state is CaseState.SECOND_REVIEW else 1
    step = find_step([review.score for review in reviews], planned, protocol.routing)
    for event in events_after(step, outcomes.instrument_of(protocol)):
        if event is not CaseEvent.PROPOSE:
            move_case(case, event)
    if step.outcome is not None:
        outcomes.propose(case, _decided(case, step, reviews))
    elif step.route is Route.SECOND_REVIEW:
        db.session.flush()  # the reading is asked for where the case now stands
        readings.ask_second(case.id)


def _reviews(case_id: UUID) -> list[Review]:
    """Return the reviews of a case as last amended, one a turn, the first turn first."""
    rows = db.session.scalars(
        select(Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(
            Review.case_id == case_id,
            Review.turn.in_(READING_TURNS),
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(Review.version)
    )
    last = {review.turn: review for review in rows}
    return [last[turn] for turn in READING_TURNS if turn in last]


def _decided(case: Case, step: Step, reviews: Sequence[Review]) -> Decided:
    """Return what the reviews settle a case with; their order tells nothing of who wrote what."""
    score = step.outcome.score if step.outcome else ""
    basis = step.outcome.basis if step.outcome else Basis.SINGLE
    by_id = {str(review.id): review for review in reviews}
    order = order_for_adjudicator(
        list(by_id), seed=adjudicators.seed_of(case.campaign_id), case=case.code
    )
    comments = [by_id[one].comment for one in order if by_id[one].comment]
    types = [review.error_type for review in reviews if review.error_type]
    return Decided(score, basis, types[0] if types else "", "\n\n".join(comments))


def _late_adjudications() -> Sequence[UUID]:
    return db.session.scalars(
        select(Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Assignment.turn == Turn.ADJUDICATOR,
            Assignment.state.in_(WAITING),
            Assignment.due_at < now(),
            Campaign.state.in_(SETTLING_CAMPAIGNS),
        )
        .order_by(Assignment.due_at, Assignment.id)
        .limit(CASES_PER_SWEEP)
    ).all()


def _replace_late(case_id: UUID) -> None:
    case = outcomes.locked_case(case_id)
    row = adjudicators.find_open(case_id)
    is_late = row is not None and row.state in WAITING and row.due_at < now()
    if row is not None and is_late and case.state is CaseState.ADJUDICATION:
        adjudicators.replace_late(row, case)


def _lapsed_reconsiderations() -> list[UUID]:
    """Return the cases that no second adjudicator took within the delay of an adjudication."""
    rows = db.session.execute(
        select(Case.id, Case.campaign_id, Reply.replied_at)
        .join(Outcome, Outcome.case_id == Case.id)
        .join(Reply, Reply.outcome_id == Outcome.id)
        .where(
            Case.state == CaseState.ADJUDICATION,
            Reply.asks_reconsideration,
            Case.id.not_in(_held()),
        )
        .order_by(Reply.replied_at, Case.id)
        .limit(CASES_PER_SWEEP)
    ).all()
    return [
        case_id
        for case_id, campaign_id, replied_at in rows
        if replied_at + _adjudication_delay(campaign_id) <= now()
    ]


def _adjudication_delay(campaign_id: UUID) -> timedelta:
    return timedelta(days=campaigns.protocol_of(campaign_id).delays.adjudication_days)


def _let_stand(case_id: UUID) -> None:
    case = outcomes.locked_case(case_id)
    may_be_offered = outcomes.are_scores_open(case.campaign_id)
    if case.state is not CaseState.ADJUDICATION:
        return
    # After a freeze nobody decides anew; before it, one last search.
    if not may_be_offered or not adjudicators.offer_case(case):
        outcomes.let_stand(case)


def _held() -> Select[UUID]:
    return select(Assignment.case_id).where(
        Assignment.state.in_(OPEN_ASSIGNMENTS), Assignment.turn == Turn.ADJUDICATOR
    )


def _unattended() -> Select[UUID]:
    """Return a query of the cases that wait for somebody whom nobody has found."""
    return (
        select(Case.id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            or_(
                Case.state.in_((CaseState.REVIEWED, CaseState.PROPOSED)),
                (Case.state == CaseState.ADJUDICATION) & Case.id.not_in(_held()),
            ),
        )
        # The oldest change first would need a column; a case is looked at in a moment.
        .order_by(Case.id)
    )
