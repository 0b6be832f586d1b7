"""Which cases does a reviewer have at hand, and may this one be read now?"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, NotFound
from peeraudit.domain.instruments import Instrument, find_instrument
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS, READABLE_CASES
from peeraudit.domain.workflow import (
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    CaseState,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import offers
from peeraudit.services.outcomes import are_scores_open

# An adjudicator's turn has a page of its own.
PRESSING = (
    Assignment.due_at,
    case((Assignment.state == AssignmentState.STARTED, 0), else_=1),
    # Random, so that the order tells nothing of where the cases come from.
    Assignment.id,
)


class AlreadySubmitted(Conflicting):
    """The review of this case is in; it stands as it is."""


class NotReadable(Conflicting):
    """The case is not with this reviewer any more, or not for now."""


class Reading(NamedTuple):
    """One case in the hands of one reviewer; rows, for services alone."""

    assignment: Assignment
    case_row: Case
    campaign: Campaign

    @property
    def instrument(self) -> Instrument:
        """The scale with which the case is scored."""
        choice = self.protocol.instrument
        return find_instrument(choice.code, choice.version)

    @property
    def protocol(self) -> Protocol:
        """The rules under which the case is read."""
        return from_json(self.campaign.protocol)


def reviewer_of(by: Actor) -> Select[UUID]:
    """Return the query for the acting person's id as a reviewer."""
    return select(Reviewer.id).where(Reviewer.account_id == by.account_id)


def waiting_for(by: Actor) -> Select[UUID]:
    """Return the query for the assignments that the acting reviewer has still to hand in."""
    return (
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            Assignment.reviewer_id.in_(reviewer_of(by)),
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            Case.state.in_(READABLE_CASES),
        )
    )


def own_reading(assignment_id: UUID, by: Actor, *, lock: bool = False) -> Reading:
    """Return what an assignment of the acting reviewer is about, where it may be read.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    by.require(Permission.SCORE_CASES)
    wanted = (
        select(Assignment, Case, Campaign)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Assignment.id == assignment_id,
            Assignment.reviewer_id.in_(reviewer_of(by)),
            Assignment.turn.in_(READING_TURNS),
            # A plan is invisible until it is published.
            Assignment.state != AssignmentState.PLANNED,
        )
    )
    if lock:
        # The case first, as everywhere: its two readers may hand in at the same moment.
        of_this = select(Assignment.case_id).where(Assignment.id == assignment_id)
        is_this = Case.id == of_this.scalar_subquery()
        db.session.execute(select(Case.id).where(is_this).with_for_update())
        wanted = wanted.with_for_update(of=Assignment)
    found = db.session.execute(wanted.execution_options(populate_existing=lock)).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such case among yours."))
    reading = Reading(*found)
    _check_readable(reading.assignment, reading.case_row)
    state, campaign_id = reading.campaign.state, reading.campaign.id
    if not (are_scores_open(campaign_id) if lock else state in SETTLING_CAMPAIGNS):
        raise NotReadable(N_("The data of this campaign are frozen: no score changes any more."))
    return reading


def begin(reading: Reading, by: Actor) -> None:
    """Begin a reading; one that was begun is left as it is.

    Whoever begins has answered: the other offers of the campaign are accepted with it.
    """
    assignment, case_row, _ = reading
    if assignment.state is AssignmentState.OFFERED:
        offers.accept(_other_offers(assignment), by)
    if assignment.state is not AssignmentState.STARTED:
        offers.move_assignment(assignment, AssignmentEvent.START, by)
        assignment.started_at = now()
    # A second reader finds the case in review, or sent on to a second review: it stays there.
    if case_row.state is CaseState.ASSIGNED:
        offers.move_case(case_row, CaseEvent.START, by)


def _other_offers(assignment: Assignment) -> Sequence[UUID]:
    return db.session.scalars(
        select(Assignment.id).where(
            Assignment.campaign_id == assignment.campaign_id,
            Assignment.reviewer_id == assignment.reviewer_id,
            Assignment.id != assignment.id,
            Assignment.state == AssignmentState.OFFERED,
            Assignment.turn.in_(READING_TURNS),
        )
    ).all()


def _check_readable(assignment: Assignment, case_row: Case) -> None:
    if assignment.state is AssignmentState.SUBMITTED:
        raise AlreadySubmitted(
            N_("You have handed in your review of this case. It is kept and stands as it is.")
        )
    if assignment.state not in OPEN_ASSIGNMENTS:
        raise NotReadable(N_("This case is no longer yours to read. Nothing more is to be done."))
    if case_row.state not in READABLE_CASES:
        raise NotReadable(
            N_(
                "This case was taken back so that its masking can be checked. "
                "It will be in your list again once that is done."
            )
        )


def count_progress(assignment: Assignment) -> tuple[int, int]:
    """Return how many cases of a campaign its reviewer has handed in, and has in all."""
    is_in = Assignment.state == AssignmentState.SUBMITTED
    counted = select(func.count().filter(is_in), func.count()).where(
        Assignment.campaign_id == assignment.campaign_id,
        Assignment.reviewer_id == assignment.reviewer_id,
        Assignment.turn.in_(READING_TURNS),
        Assignment.state.in_({*OPEN_ASSIGNMENTS, AssignmentState.SUBMITTED}),
    )
    submitted, total = db.session.execute(counted).one()
    return submitted, total
