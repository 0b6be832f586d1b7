"""Use cases: an outcome comes about, its author is told, and it becomes final."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.clock import local_day, now
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import Basis, check_final, needs_notice
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.instruments import Instrument, find_instrument
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS, ScoresFrozen
from peeraudit.domain.workflow import CampaignState, CaseEvent, CaseState
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import blinding, campaigns, notifications, trail
from peeraudit.services.offers import move_case

LIST_PATH = "/feedback/"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a case was settled with, before its author knows.

    Attributes:
        comment: what the author is told, without a word of who said it.
    """

    score: str
    basis: Basis
    error_type: str = ""
    comment: str = ""


def locked_case(case_id: UUID) -> Case:
    """Return a case's row, held until the end of the unit of work; for services alone.

    Whatever settles a case takes this lock first, so that no two acts settle it at once.

    Raises:
        NotFound: there is no such case.
    """
    found = select(Case).where(Case.id == case_id).with_for_update()
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(N_("There is no such case."))
    return row


def are_scores_open(campaign_id: UUID) -> bool:
    """Return whether scores may still come about, and keep it so until the unit of work ends."""
    # A share of the campaign's row: many cases are settled at once, but a freeze waits for them.
    state: CampaignState | None = db.session.scalar(
        select(Campaign.state).where(Campaign.id == campaign_id).with_for_update(read=True)
    )
    return state in SETTLING_CAMPAIGNS


def require_open_scores(campaign_id: UUID) -> None:
    """Refuse to let a score come about after the freeze.

    Raises:
        ScoresFrozen: the campaign's data are frozen.
    """
    if not are_scores_open(campaign_id):
        raise ScoresFrozen(N_("The data of this campaign are frozen: no score changes any more."))


def instrument_of(protocol: Protocol) -> Instrument:
    """Return the scale of a campaign."""
    return find_instrument(protocol.instrument.code, protocol.instrument.version)


def propose(case: Case, decided: Decided, *, by: Actor | None = None, reason: str = "") -> None:
    """Write the outcome of a case down, and tell its author or make it final.

    A second decision, which the author asked for, takes the place of the first; both are kept
    as reviews.
    """
    row = find_outcome(case.id)
    if row is None:
        row = Outcome(id=uuid4(), case_id=case.id, proposed_at=now())
        db.session.add(row)
    else:
        row.reconsidered_at = now()
        row.author_notified_at = row.reply_due_at = None
    row.score, row.basis = decided.score, decided.basis.value
    row.error_type, row.comment = decided.error_type, decided.comment
    db.session.flush()  # what follows looks the outcome up
    details = {"basis": row.basis, "reconsidered": row.reconsidered_at is not None}
    trail.record(
        "propose_outcome", by, object_kind="outcome", object_id=row.id, reason=reason,
        details=details,
    )  # fmt: skip
    move_case(case, CaseEvent.PROPOSE, by)
    go_on(case)


def let_stand(case: Case) -> None:
    """Keep an outcome that its author contested, since nobody else could reconsider it."""
    row = outcome_of(case.id)
    # The author was told of the outcome, and is now told that it stands.
    row.author_notified_at = row.reply_due_at = None
    db.session.flush()  # what follows looks the outcome up
    reason = "no other adjudicator within the delay"
    trail.record("let_outcome_stand", None, object_kind="outcome", object_id=row.id, reason=reason)
    move_case(case, CaseEvent.PROPOSE)
    go_on(case)


def go_on(case: Case) -> None:
    """Tell the author of a proposed outcome, or make it final where no word is needed.

    An author without an account to read with is not told: the case waits for an account, or
    for the department to hand the notice over.
    """
    if case.state is not CaseState.PROPOSED:
        return
    row = outcome_of(case.id)
    protocol = campaigns.protocol_of(case.campaign_id)
    if not (needs_notice(instrument_of(protocol), row.score) or row.reconsidered_at):
        finalise(case)
        return
    account_id = blinding.reachable_author(case.id)
    if account_id is not None:
        announce(case, account_id)


def announce(case: Case, account_id: UUID | None, by: Actor | None = None) -> None:
    """Note that a case's author knows of the outcome, and give the time to reply.

    An author who has replied before does not reply again: the second decision is final.

    Args:
        case: its row, locked, with a proposed outcome.
        account_id: the author's account, which is told; None where somebody handed it over.
        by: who handed it over; None is the system.
    """
    row = outcome_of(case.id)
    row.author_notified_at = now()
    move_case(case, CaseEvent.NOTIFY_AUTHOR, by)
    if find_reply(row.id) is not None:
        expire(case)
        return
    days = campaigns.protocol_of(case.campaign_id).delays.reply_days
    row.reply_due_at = row.author_notified_at + timedelta(days=days)
    if account_id is not None:
        notifications.tell(
            account_id,
            NoticeKind.OUTCOME_FOR_AUTHOR,
            key=str(row.id),
            params={"due": local_day(row.reply_due_at)},
            path=f"{LIST_PATH}{row.id}",
        )


def expire(case: Case) -> None:
    """End the time to reply, and make the outcome final."""
    move_case(case, CaseEvent.EXPIRE_REPLY)
    row = finalise(case)
    account_id = blinding.reachable_author(case.id)
    if account_id is not None:
        notifications.tell(
            account_id,
            NoticeKind.OUTCOME_FINAL,
            key=str(row.id),
            path=f"{LIST_PATH}{row.id}",
        )


def finalise(case: Case, by: Actor | None = None) -> Outcome:
    """Make the outcome of a case final; return its row.

    Raises:
        AuthorNotNotified: the outcome concerns its author, who was not told or may still reply.
    """
    row = outcome_of(case.id)
    due = row.reply_due_at
    check_final(
        instrument_of(campaigns.protocol_of(case.campaign_id)),
        row.score,
        notified=row.author_notified_at is not None,
        awaiting_reply=due is not None and due > now() and find_reply(row.id) is None,
    )
    row.final_at = now()
    move_case(case, CaseEvent.FINALISE, by)
    return row


def find_outcome(case_id: UUID) -> Outcome | None:
    """Return the row of a case's outcome, for services alone; None where it has none."""
    return db.session.scalar(select(Outcome).where(Outcome.case_id == case_id))


def outcome_of(case_id: UUID) -> Outcome:
    """Return the row of a case's outcome, for services alone.

    Raises:
        NotFound: the case has none.
    """
    row = find_outcome(case_id)
    if row is None:
        raise NotFound(N_("There is no such outcome."))
    return row


def find_reply(outcome_id: UUID) -> Reply | None:
    """Return the row of what the author replied, for services alone; None without a reply."""
    return db.session.scalar(select(Reply).where(Reply.outcome_id == outcome_id))
