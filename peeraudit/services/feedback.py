"""Use cases: an author reads the feedback on own reports, replies once, and time runs out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import check_reply, check_words
from peeraudit.domain.blinding.spans import render_segments
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.workflow import CaseEvent, CaseState
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import adjudicators, blinding, campaigns, outcomes, trail
from peeraudit.services.case_texts import Segments, SheetSection, whole_report
from peeraudit.services.offers import move_case

# What one round of the clock ends; the next round goes on.
REPLIES_PER_SWEEP = 200


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the author answered."""

    stance: str
    text: str
    asks_reconsideration: bool
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome among others, for its author alone.

    Attributes:
        accession: the examination's own number, so that the author finds the images again.
        performed_on: the day of the examination; None where the report named none.
        may_reply: the author has not replied, and the time has not run out.
        is_reconsidered: another adjudicator is looking at it, or has decided.
        is_final: nothing more will change.
    """

    id: UUID
    campaign: str
    exam: Segments
    accession: str
    performed_on: date | None
    modality: str
    region: str
    score: str
    told_at: datetime | None
    reply_due_at: datetime | None
    may_reply: bool
    is_reconsidered: bool
    is_final: bool


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """All that an author may see of an outcome: never who read, nor when.

    Attributes:
        is_open: scores may still change, so that a reconsideration can be asked for.
        waits_for_decision: a reconsideration is under way.
        was_reconsidered: another adjudicator has decided anew.
    """

    line: OutcomeLine
    sections: tuple[SheetSection, ...]
    instrument: Instrument
    error_type: str
    comment: str
    reply: ReplyView | None
    is_open: bool
    waits_for_decision: bool
    was_reconsidered: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback on a person's own reports.

    Attributes:
        to_answer: outcomes to which the author may still reply, the soonest due first.
        others: all other outcomes, newest first.
        scores: how many of them all have each score, in reports.
    """

    to_answer: tuple[OutcomeLine, ...]
    others: tuple[OutcomeLine, ...]
    scores: Mapping[str, int]


def list_outcomes(*, by: Actor) -> Feedback:
    """Return the feedback on the acting person's own reports."""
    by.require(Permission.READ_FEEDBACK)
    rows = db.session.execute(_told(by).order_by(Outcome.proposed_at.desc(), Outcome.id)).all()
    own = blinding.own_examinations(by.account_id)
    lines = [_line((row, case, title, said), own) for row, case, title, said in rows]
    waiting = [line for line in lines if line.may_reply]
    return Feedback(
        to_answer=tuple(sorted(waiting, key=lambda line: (line.reply_due_at, str(line.id)))),
        others=tuple(line for line in lines if not line.may_reply),
        scores=Counter(line.score for line in lines),
    )


def show_outcome(outcome_id: UUID, *, by: Actor) -> OutcomeView:
    """Return one outcome of an own report.

    Raises:
        NotFound: there is none, it is about somebody else's report, or is not told yet.
    """
    by.require(Permission.READ_FEEDBACK)
    row, case, title, reply = _own(outcome_id, by)
    return OutcomeView(
        line=_line((row, case, title, reply), blinding.own_examinations(by.account_id)),
        sections=whole_report(case.masked_text, case.language),
        instrument=outcomes.instrument_of(campaigns.protocol_of(case.campaign_id)),
        error_type=row.error_type,
        comment=row.comment,
        reply=_view(reply) if reply else None,
        is_open=outcomes.are_scores_open(case.campaign_id),
        waits_for_decision=reply is not None
        and reply.asks_reconsideration
        and row.final_at is None,
        was_reconsidered=row.reconsidered_at is not None,
    )


def reply(
    outcome_id: UUID, stance: str, text: str = "", *, asks_reconsideration: bool = False, by: Actor
) -> None:
    """Answer an outcome, once; what asks for reconsideration goes to another adjudicator.

    Without such a request the outcome is final at once.

    Args:
        outcome_id: which.
        stance: ``agree`` or ``disagree``.
        text: in the author's words.
        asks_reconsideration: another adjudicator is to look at it; once.
        by: the author.

    Raises:
        InvalidFields: something is missing or wrong; ``fields`` says what.
        NotFound: there is no such outcome among the person's own.
        AlreadyReplied: there is a reply; a second click changes nothing.
        IllegalMove: the time to reply has run out, or the data are frozen.
    """
    by.require(Permission.REPLY)
    _, case, _, _ = _own(outcome_id, by)
    case = outcomes.locked_case(case.id)
    # Read again under the case's lock: another window may have replied meanwhile.
    row, _, _, replied = _own(outcome_id, by)
    check_reply(
        replied=replied is not None,
        asks_reconsideration=asks_reconsideration,
        reconsidered=row.reconsidered_at is not None,
    )
    check_words(stance, text, asks_reconsideration=asks_reconsideration)
    if asks_reconsideration:
        outcomes.require_open_scores(case.campaign_id)
    move_case(case, CaseEvent.REPLY, by)
    db.session.add(
        Reply(
            id=uuid4(),
            outcome_id=row.id,
            stance=stance,
            text=text.strip(),
            asks_reconsideration=asks_reconsideration,
            replied_at=now(),
        )
    )
    db.session.flush()  # one reply an outcome: a rival's must be refused here
    details = {"stance": stance, "asks_reconsideration": asks_reconsideration}
    trail.record("reply", by, object_kind="outcome", object_id=row.id, details=details)
    if asks_reconsideration:
        move_case(case, CaseEvent.RECONSIDER, by)
        adjudicators.offer_case(case)
    else:
        outcomes.finalise(case, by)


def expire_replies() -> int:
    """Make final what its author had the time to answer; return how many outcomes that is.

    It takes up a limited number at a time; the next round goes on.
    """
    due = db.session.scalars(
        select(Case.id)
        .join(Outcome, Outcome.case_id == Case.id)
        .where(Case.state == CaseState.AUTHOR_NOTIFIED, Outcome.reply_due_at <= now())
        .order_by(Outcome.reply_due_at, Outcome.id)
        .limit(REPLIES_PER_SWEEP)
    ).all()
    return sum(_expire(case_id) for case_id in due)


def _expire(case_id: UUID) -> bool:
    case = outcomes.locked_case(case_id)
    # Read again under the lock: the author may have replied just now.
    if case.state is not CaseState.AUTHOR_NOTIFIED:
        return False
    outcomes.expire(case)
    return True


Found = tuple[Outcome, Case, str, Reply | None]


def _told(by: Actor) -> Select[Outcome, Case, str, Reply]:
    """Return a query of the outcomes that a person has been told of, or that are final."""
    return (
        select(Outcome, Case, Campaign.title, Reply)
        .join(Case, Case.id == Outcome.case_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .outerjoin(Reply, Reply.outcome_id == Outcome.id)
        .where(
            Case.id.in_(blinding.cases_of_author(by.account_id)),
            or_(
                Outcome.author_notified_at.is_not(None),
                Outcome.final_at.is_not(None),
                # A second decision that waits to be told hides nothing of the first.
                Reply.id.is_not(None),
            ),
        )
        .execution_options(populate_existing=True)
    )


def _own(outcome_id: UUID, by: Actor) -> Found:
    found = db.session.execute(_told(by).where(Outcome.id == outcome_id)).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such feedback among yours."))
    row, case, title, replied = found
    return row, case, title, replied


def _line(found: Found, own: Mapping[UUID, tuple[str, date | None]]) -> OutcomeLine:
    row, case, title, replied = found
    accession, performed_on = own.get(case.id, ("", None))
    return OutcomeLine(
        id=row.id,
        campaign=title,
        exam=tuple(render_segments(case.exam)),
        accession=accession,
        performed_on=performed_on,
        modality=case.modality,
        region=case.region,
        score=row.score,
        told_at=row.author_notified_at,
        reply_due_at=row.reply_due_at,
        may_reply=case.state is CaseState.AUTHOR_NOTIFIED and replied is None,
        is_reconsidered=replied is not None and replied.asks_reconsideration,
        is_final=row.final_at is not None,
    )


def _view(row: Reply) -> ReplyView:
    return ReplyView(row.stance, row.text, row.asks_reconsideration, row.replied_at)
