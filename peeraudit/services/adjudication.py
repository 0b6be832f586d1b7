"""Use cases: an adjudicator's cases, the two reviews as A and B, and the decision."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import AlreadySettled, adjudicate, order_for_adjudicator
from peeraudit.domain.blinding.spans import render_segments
from peeraudit.domain.errors import N_, Conflicting, Msgid, NotFound
from peeraudit.domain.examinations import ExamFacts
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS
from peeraudit.domain.scoring import (
    OPEN_ASSIGNMENTS,
    ScoreSheet,
    check_sheet,
    describe_blinding,
    name_blinding,
)
from peeraudit.domain.workflow import (
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CaseState,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import Review
from peeraudit.services import (
    adjudicators,
    blind_reads,
    blinding,
    campaigns,
    outcomes,
    prior_reports,
)
from peeraudit.services.case_texts import Segments, SheetSection, facts_of_case, whole_report
from peeraudit.services.offers import move_assignment
from peeraudit.services.outcomes import Decided, instrument_of
from peeraudit.services.prior_reports import PriorView

LETTERS = ("A", "B")


class NotToSettle(Conflicting):
    """The case is not with this adjudicator any more, or not for now."""


@dataclass(frozen=True, slots=True)
class CaseToSettle:
    """A case that waits for its adjudicator; nothing in it tells where it comes from.

    Attributes:
        is_reconsideration: its author has contested an earlier outcome.
    """

    assignment_id: UUID
    code: str
    campaign: str
    modality: str
    region: str
    due_at: datetime
    is_reconsideration: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What an adjudicator has to settle, the most pressing first, and how many are settled."""

    cases: tuple[CaseToSettle, ...]
    done: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of the reviewers says; neither who, nor when, nor in which turn.

    Attributes:
        letter: A or B, in an order that a hash decides.
        error_type: a code of the scale's taxonomy; empty where there is none.
        findings: what the reviewer found before the report was shown; empty where it was from
            the first.
    """

    letter: str
    score: str
    error_type: str
    comment: str
    urgent: bool
    findings: str


@dataclass(frozen=True, slots=True)
class Contested:
    """The outcome that the author contests, and the author's words, without a name."""

    score: str
    error_type: str
    comment: str
    words: str


@dataclass(frozen=True, slots=True)
class SettlingView:
    """All that an adjudicator may see of a case.

    Attributes:
        department: who sent the report, where the protocol shows it, else empty.
        exam: the examination's name as its sender writes it, masked.
        priors: earlier reports of the patient, masked, where the protocol shows them.
        waiting: cases that wait for the adjudicator, this one among them, in cases.
        contested: what is to be reconsidered; None where the reviewers differ.
    """

    assignment_id: UUID
    code: str
    campaign: str
    modality: str
    region: str
    department: str
    exam: Segments
    month: str
    facts: ExamFacts
    language: str
    due_at: datetime
    waiting: int
    blinding: Msgid
    sections: tuple[SheetSection, ...]
    priors: tuple[PriorView, ...]
    instrument: Instrument
    opinions: tuple[Opinion, ...]
    contested: Contested | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an adjudicator decides.

    Attributes:
        error_type: a code of the scale's taxonomy; empty for a concordant score.
        comment: what the author is told.
        seconds: active reading time, in seconds.
    """

    score: str
    error_type: str = ""
    comment: str = ""
    seconds: int = 0


def list_cases(*, by: Actor) -> Desk:
    """Return the cases that wait for the acting adjudicator, and how many are settled."""
    by.require(Permission.ADJUDICATE_CASES)
    rows = db.session.execute(
        select(Assignment, Case, Campaign.title)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(Assignment.id.in_(_waiting(by)))
        # An id is random, so that the order tells nothing of where the cases come from.
        .order_by(Assignment.due_at, Assignment.id)
    ).all()
    contested = _contested_cases([case.id for _, case, _ in rows])
    done = db.session.scalar(
        select(func.count())
        .select_from(Assignment)
        .where(
            Assignment.reviewer_id.in_(_reviewer(by)),
            Assignment.turn == Turn.ADJUDICATOR,
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )
    return Desk(
        tuple(
            CaseToSettle(
                assignment_id=row.id,
                code=case.code,
                campaign=title,
                modality=case.modality,
                region=case.region,
                due_at=row.due_at,
                is_reconsideration=case.id in contested,
            )
            for row, case, title in rows
        ),
        done or 0,
    )


def find_next(*, by: Actor) -> UUID | None:
    """Return the case that the acting adjudicator settles next; None where none is left."""
    by.require(Permission.ADJUDICATE_CASES)
    return db.session.scalar(
        select(Assignment.id)
        .where(Assignment.id.in_(_waiting(by)))
        .order_by(Assignment.due_at, Assignment.id)
        .limit(1)
    )


def show_case(assignment_id: UUID, *, by: Actor) -> SettlingView:
    """Return a case as its adjudicator may see it: the masked report, and A and B.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySettled: it is settled.
        NotToSettle: the case is with nobody, or with somebody else, for now.
    """
    row, case = _own(assignment_id, by)
    _check_open(row, case)
    protocol = campaigns.protocol_of(case.campaign_id)
    waiting = select(func.count()).select_from(_waiting(by).subquery())
    return SettlingView(
        assignment_id=row.id,
        code=case.code,
        campaign=db.session.get_one(Campaign, case.campaign_id).title,
        modality=case.modality,
        region=case.region,
        department=blinding.shown_department(case.id, protocol.blinding),
        exam=tuple(render_segments(case.exam)),
        month=case.shown_date[:7],
        facts=facts_of_case(case),
        language=case.language,
        due_at=row.due_at,
        waiting=db.session.scalar(waiting) or 0,
        blinding=describe_blinding(protocol.blinding),
        sections=whole_report(case.masked_text, case.language),
        priors=prior_reports.shown_with(case.id, protocol.blinding),
        instrument=instrument_of(protocol),
        opinions=_opinions(case),
        contested=_contested(case),
    )


def check_open(assignment_id: UUID, *, by: Actor) -> None:
    """Refuse a case that may no longer be on its adjudicator's screen.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySettled: it is settled.
        NotToSettle: the case is with nobody, or with somebody else, for now.
    """
    _check_open(*_own(assignment_id, by))


def settle_case(assignment_id: UUID, decision: Decision, *, by: Actor) -> UUID:
    """Settle a case, for good; return the outcome's id.

    Raises:
        InvalidFields: something is missing or wrong; ``fields`` says what.
        NotFound: there is no such case, or it is somebody else's.
        AlreadySettled: it is settled; a second click changes nothing.
        NotToSettle: the case is with nobody, or with somebody else, for now.
        ScoresFrozen: the campaign's data are frozen.
    """
    _, case = _own(assignment_id, by)
    case = outcomes.locked_case(case.id)
    # Read again under the case's lock: another window may have settled it meanwhile.
    row = db.session.get_one(Assignment, assignment_id, populate_existing=True)
    _check_open(row, case)
    outcomes.require_open_scores(case.campaign_id)
    protocol = campaigns.protocol_of(case.campaign_id)
    instrument = instrument_of(protocol)
    comment = decision.comment.strip()
    sheet = ScoreSheet(
        decision.score or None, decision.error_type or None, comment, seconds=decision.seconds
    )
    check_sheet(sheet, instrument)
    if row.state is not AssignmentState.STARTED:
        move_assignment(row, AssignmentEvent.START, by)
        row.started_at = now()
    move_assignment(row, AssignmentEvent.SUBMIT, by)
    row.ended_at = now()
    db.session.add(_review(row, sheet, protocol))
    db.session.flush()  # a rival's decision of the same assignment must be refused here
    found = adjudicate(decision.score, instrument)
    outcomes.propose(case, Decided(found.score, found.basis, decision.error_type, comment), by=by)
    return outcomes.outcome_of(case.id).id


def _reviewer(by: Actor) -> Select[UUID]:
    return select(Reviewer.id).where(Reviewer.account_id == by.account_id)


def _waiting(by: Actor) -> Select[UUID]:
    return (
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            Assignment.reviewer_id.in_(_reviewer(by)),
            Assignment.turn == Turn.ADJUDICATOR,
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            Case.state == CaseState.ADJUDICATION,
            # After the freeze no score comes about any more.
            Campaign.state.in_(SETTLING_CAMPAIGNS),
        )
    )


def _own(assignment_id: UUID, by: Actor) -> tuple[Assignment, Case]:
    by.require(Permission.ADJUDICATE_CASES)
    row = db.session.execute(
        select(Assignment, Case)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.id == assignment_id,
            Assignment.reviewer_id.in_(_reviewer(by)),
            Assignment.turn == Turn.ADJUDICATOR,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such case among yours."))
    assignment, case = row
    return assignment, case


def _check_open(row: Assignment, case: Case) -> None:
    if row.state is AssignmentState.SUBMITTED:
        raise AlreadySettled(N_("You have settled this case. Your decision is kept as it was."))
    if row.state not in OPEN_ASSIGNMENTS:
        raise NotToSettle(N_("This case is no longer yours to settle. Nothing more is to be done."))
    if case.state is not CaseState.ADJUDICATION:
        raise NotToSettle(
            N_(
                "This case was taken back so that its masking can be checked. "
                "It will be in your list again once that is done."
            )
        )


def _opinions(case: Case) -> tuple[Opinion, ...]:
    rows = db.session.scalars(
        select(Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(
            Review.case_id == case.id,
            Review.turn.in_(READING_TURNS),
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(Review.version)
    )
    last = {review.assignment_id: review for review in rows}
    by_id = {str(review.id): review for review in last.values()}
    seed = adjudicators.seed_of(case.campaign_id)
    order = order_for_adjudicator(list(by_id), seed=seed, case=case.code)
    found = blind_reads.findings_of(last)
    return tuple(
        Opinion(
            letter=letter,
            score=one.score,
            error_type=one.error_type,
            comment=one.comment,
            urgent=one.urgent,
            findings=found.get(one.assignment_id, ""),
        )
        for letter, one in zip(LETTERS, map(by_id.__getitem__, order), strict=False)
    )


def _contested(case: Case) -> Contested | None:
    row = outcomes.find_outcome(case.id)
    reply = outcomes.find_reply(row.id) if row else None
    if row is None or reply is None:
        return None
    return Contested(row.score, row.error_type, row.comment, reply.text)


def _contested_cases(case_ids: list[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(Outcome.case_id).where(Outcome.case_id.in_(case_ids))))


def _review(row: Assignment, sheet: ScoreSheet, protocol: Protocol) -> Review:
    """Return the decision as a review: like every review it never changes."""
    return Review(
        id=uuid4(),
        assignment_id=row.id,
        case_id=row.case_id,
        reviewer_id=row.reviewer_id,
        turn=row.turn,
        instrument=instrument_of(protocol).name,
        score=sheet.score,
        error_type=sheet.error_type or "",
        comment=sheet.comment,
        blinding_mode=name_blinding(protocol.blinding),
        # Whoever has the fewest cases waiting is asked: no random allocation.
        allocation_random=False,
        seconds=sheet.seconds,
        submitted_at=now(),
    )
