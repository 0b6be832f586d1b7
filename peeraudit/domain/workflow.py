"""Where do a campaign, a case and an assignment stand, and what may happen next?"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from peeraudit.domain.errors import N_, IllegalMove, Msgid


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    LOCKED = "locked"
    DRAWN = "drawn"
    RUNNING = "running"
    ADJUDICATING = "adjudicating"
    FROZEN = "frozen"
    REPORTED = "reported"
    CLOSED = "closed"


class CampaignEvent(StrEnum):
    """What can happen to a campaign."""

    LOCK = "lock"
    DRAW = "draw"
    START = "start"
    SETTLE = "settle"
    FREEZE = "freeze"
    REPORT = "report"
    CLOSE = "close"


class CaseState(StrEnum):
    """Where a case stands in the audit."""

    RECEIVED = "received"
    DRAWN = "drawn"
    DEIDENTIFIED = "deidentified"
    QUARANTINED = "quarantined"
    ELIGIBLE = "eligible"
    EXCLUDED = "excluded"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    CONCORDANT = "concordant"
    SECOND_REVIEW = "second_review"
    ADJUDICATION = "adjudication"
    PROPOSED = "proposed"
    AUTHOR_NOTIFIED = "author_notified"
    REPLIED = "replied"
    REPLY_EXPIRED = "reply_expired"
    FINAL = "final"
    CLOSED = "closed"
    PURGED = "purged"


class CaseEvent(StrEnum):
    """What can happen to a case."""

    DRAW = "draw"
    DEIDENTIFY = "deidentify"
    QUARANTINE = "quarantine"
    APPROVE = "approve"
    EXCLUDE = "exclude"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    START = "start"
    SEE_IDENTIFIER = "see_identifier"
    RENEW = "renew"
    TAKE_BACK = "take_back"
    REVIEW = "review"
    CONCUR = "concur"
    ASK_SECOND = "ask_second"
    ADJUDICATE = "adjudicate"
    PROPOSE = "propose"
    NOTIFY_AUTHOR = "notify_author"
    REPLY = "reply"
    EXPIRE_REPLY = "expire_reply"
    RECONSIDER = "reconsider"
    FINALISE = "finalise"
    CLOSE = "close"
    PURGE = "purge"


class AssignmentState(StrEnum):
    """Where an assignment stands; a planned one is invisible to its reviewer."""

    PLANNED = "planned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"
    STARTED = "started"
    SUBMITTED = "submitted"


class AssignmentEvent(StrEnum):
    """What can happen to an assignment."""

    PUBLISH = "publish"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    REPLACE = "replace"
    START = "start"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"


class DeclineReason(StrEnum):
    """Why a reviewer gives an assignment back."""

    CONFLICT = "conflict"
    RECOGNISED = "recognised"
    OUT_OF_SCOPE = "out_of_scope"
    IDENTIFIER_SEEN = "identifier_seen"
    UNAVAILABLE = "unavailable"


class Turn(StrEnum):
    """Which part a reviewer plays on a case."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


State = TypeVar("State", CampaignState, CaseState, AssignmentState)
Event = TypeVar("Event", CampaignEvent, CaseEvent, AssignmentEvent)

CAMPAIGN_MOVES: Mapping[tuple[CampaignState, CampaignEvent], CampaignState] = {
    (CampaignState.DRAFT, CampaignEvent.LOCK): CampaignState.LOCKED,
    (CampaignState.LOCKED, CampaignEvent.DRAW): CampaignState.DRAWN,
    (CampaignState.DRAWN, CampaignEvent.START): CampaignState.RUNNING,
    (CampaignState.RUNNING, CampaignEvent.SETTLE): CampaignState.ADJUDICATING,
    (CampaignState.ADJUDICATING, CampaignEvent.FREEZE): CampaignState.FROZEN,
    (CampaignState.FROZEN, CampaignEvent.REPORT): CampaignState.REPORTED,
    (CampaignState.REPORTED, CampaignEvent.CLOSE): CampaignState.CLOSED,
}
"""The life of a campaign: a straight line, so that nothing after the lock can be undone."""

LEFT_OUT = (
    CaseState.QUARANTINED,
    CaseState.ELIGIBLE,
    CaseState.ASSIGNED,
    CaseState.IN_REVIEW,
    CaseState.REVIEWED,
    CaseState.CONCORDANT,
    CaseState.SECOND_REVIEW,
    CaseState.ADJUDICATION,
)
"""Where a case may stand for good when the data are frozen without it, for a reason."""

READING_TURNS = (Turn.FIRST, Turn.SECOND)
"""The turns in which a case is read; the third settles it."""

GONE = (AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.REPLACED)
"""Where an assignment stands that its reviewer holds no longer."""

NOT_READ = (
    CaseState.DRAWN,
    CaseState.DEIDENTIFIED,
    CaseState.QUARANTINED,
    CaseState.ELIGIBLE,
    CaseState.ASSIGNED,
    CaseState.IN_REVIEW,
)
"""Where a case may stand before its first review; a later one may be in quarantine as well."""

CASE_MOVES: Mapping[tuple[CaseState, CaseEvent], CaseState] = {
    (CaseState.RECEIVED, CaseEvent.DRAW): CaseState.DRAWN,
    (CaseState.DRAWN, CaseEvent.DEIDENTIFY): CaseState.DEIDENTIFIED,
    (CaseState.DRAWN, CaseEvent.QUARANTINE): CaseState.QUARANTINED,
    (CaseState.DRAWN, CaseEvent.EXCLUDE): CaseState.EXCLUDED,
    (CaseState.DEIDENTIFIED, CaseEvent.QUARANTINE): CaseState.QUARANTINED,
    (CaseState.DEIDENTIFIED, CaseEvent.APPROVE): CaseState.ELIGIBLE,
    (CaseState.DEIDENTIFIED, CaseEvent.EXCLUDE): CaseState.EXCLUDED,
    (CaseState.QUARANTINED, CaseEvent.DEIDENTIFY): CaseState.DEIDENTIFIED,
    (CaseState.QUARANTINED, CaseEvent.APPROVE): CaseState.ELIGIBLE,
    (CaseState.QUARANTINED, CaseEvent.EXCLUDE): CaseState.EXCLUDED,
    (CaseState.ELIGIBLE, CaseEvent.QUARANTINE): CaseState.QUARANTINED,
    (CaseState.ELIGIBLE, CaseEvent.EXCLUDE): CaseState.EXCLUDED,
    (CaseState.ELIGIBLE, CaseEvent.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ELIGIBLE, CaseEvent.ASK_SECOND): CaseState.SECOND_REVIEW,
    (CaseState.ELIGIBLE, CaseEvent.ADJUDICATE): CaseState.ADJUDICATION,
    (CaseState.ASSIGNED, CaseEvent.UNASSIGN): CaseState.ELIGIBLE,
    (CaseState.ASSIGNED, CaseEvent.START): CaseState.IN_REVIEW,
    (CaseState.ASSIGNED, CaseEvent.SEE_IDENTIFIER): CaseState.QUARANTINED,
    (CaseState.IN_REVIEW, CaseEvent.UNASSIGN): CaseState.ASSIGNED,
    (CaseState.IN_REVIEW, CaseEvent.SEE_IDENTIFIER): CaseState.QUARANTINED,
    (CaseState.IN_REVIEW, CaseEvent.REVIEW): CaseState.REVIEWED,
    (CaseState.REVIEWED, CaseEvent.CONCUR): CaseState.CONCORDANT,
    (CaseState.REVIEWED, CaseEvent.ASK_SECOND): CaseState.SECOND_REVIEW,
    (CaseState.REVIEWED, CaseEvent.ADJUDICATE): CaseState.ADJUDICATION,
    (CaseState.REVIEWED, CaseEvent.PROPOSE): CaseState.PROPOSED,
    (CaseState.CONCORDANT, CaseEvent.ASK_SECOND): CaseState.SECOND_REVIEW,
    (CaseState.CONCORDANT, CaseEvent.PROPOSE): CaseState.PROPOSED,
    (CaseState.SECOND_REVIEW, CaseEvent.SEE_IDENTIFIER): CaseState.QUARANTINED,
    (CaseState.SECOND_REVIEW, CaseEvent.CONCUR): CaseState.CONCORDANT,
    (CaseState.SECOND_REVIEW, CaseEvent.ADJUDICATE): CaseState.ADJUDICATION,
    (CaseState.SECOND_REVIEW, CaseEvent.PROPOSE): CaseState.PROPOSED,
    (CaseState.ADJUDICATION, CaseEvent.SEE_IDENTIFIER): CaseState.QUARANTINED,
    (CaseState.ADJUDICATION, CaseEvent.PROPOSE): CaseState.PROPOSED,
    (CaseState.PROPOSED, CaseEvent.NOTIFY_AUTHOR): CaseState.AUTHOR_NOTIFIED,
    (CaseState.PROPOSED, CaseEvent.FINALISE): CaseState.FINAL,
    (CaseState.AUTHOR_NOTIFIED, CaseEvent.REPLY): CaseState.REPLIED,
    (CaseState.AUTHOR_NOTIFIED, CaseEvent.EXPIRE_REPLY): CaseState.REPLY_EXPIRED,
    (CaseState.REPLIED, CaseEvent.RECONSIDER): CaseState.ADJUDICATION,
    (CaseState.REPLIED, CaseEvent.FINALISE): CaseState.FINAL,
    (CaseState.REPLY_EXPIRED, CaseEvent.FINALISE): CaseState.FINAL,
    (CaseState.FINAL, CaseEvent.CLOSE): CaseState.CLOSED,
    (CaseState.CLOSED, CaseEvent.PURGE): CaseState.PURGED,
    (CaseState.EXCLUDED, CaseEvent.PURGE): CaseState.PURGED,
    **{(state, CaseEvent.CLOSE): CaseState.CLOSED for state in LEFT_OUT},
    **{(state, CaseEvent.RENEW): CaseState.DRAWN for state in NOT_READ},
    **{(state, CaseEvent.TAKE_BACK): CaseState.EXCLUDED for state in NOT_READ},
}
"""The life of a case.

The order differs from the general one (received, de-identified, eligible, drawn) in one
place: a case is made by the draw, and only the drawn reports' texts are asked for and
masked, so that no text is kept without need. ``ELIGIBLE`` therefore means "drawn, masked,
checked by the coordinator, ready to be assigned". ``RECEIVED`` is for a report that is
known before its draw.

A case whose reader saw an identifier goes back to quarantine from any reading state; when
it has been checked again it resumes where it was: ``ASSIGN`` before a first review,
``ASK_SECOND`` or ``ADJUDICATE`` after one.

``RENEW`` puts a later version of the report in the place of the drawn one: the case is masked and
checked anew, and resumes in the same way. ``TAKE_BACK`` ends a case whose report its sender
cancelled. Both are for cases that nobody has read: ``peeraudit.domain.intake.changes`` asks.

A case read twice by design stays ``IN_REVIEW`` until both reviews are in, and then is
``REVIEWED``. ``CONCORDANT`` may still be drawn by ticket for a second review.
``FINALISE`` from ``PROPOSED`` is for outcomes that need no word to the author; which ones
is decided by ``peeraudit.domain.adjudication.needs_notice``, as is "once" for
``RECONSIDER``.

A case that the freeze left out is closed with its campaign's retention: nothing else will happen
to it, and its identity must end too. One whose author is still to be told, or may still reply,
has no such way: it waits until its outcome is final.
"""

ASSIGNMENT_MOVES: Mapping[tuple[AssignmentState, AssignmentEvent], AssignmentState] = {
    (AssignmentState.PLANNED, AssignmentEvent.PUBLISH): AssignmentState.OFFERED,
    (AssignmentState.PLANNED, AssignmentEvent.REPLACE): AssignmentState.REPLACED,
    (AssignmentState.OFFERED, AssignmentEvent.ACCEPT): AssignmentState.ACCEPTED,
    (AssignmentState.OFFERED, AssignmentEvent.START): AssignmentState.STARTED,
    (AssignmentState.OFFERED, AssignmentEvent.DECLINE): AssignmentState.DECLINED,
    (AssignmentState.OFFERED, AssignmentEvent.EXPIRE): AssignmentState.EXPIRED,
    (AssignmentState.ACCEPTED, AssignmentEvent.START): AssignmentState.STARTED,
    (AssignmentState.ACCEPTED, AssignmentEvent.DECLINE): AssignmentState.DECLINED,
    (AssignmentState.ACCEPTED, AssignmentEvent.EXPIRE): AssignmentState.EXPIRED,
    (AssignmentState.STARTED, AssignmentEvent.DECLINE): AssignmentState.DECLINED,
    (AssignmentState.STARTED, AssignmentEvent.SUBMIT): AssignmentState.SUBMITTED,
    (AssignmentState.DECLINED, AssignmentEvent.REPLACE): AssignmentState.REPLACED,
    (AssignmentState.EXPIRED, AssignmentEvent.REPLACE): AssignmentState.REPLACED,
    **{
        (state, AssignmentEvent.WITHDRAW): AssignmentState.REPLACED
        for state in (
            AssignmentState.PLANNED,
            AssignmentState.OFFERED,
            AssignmentState.ACCEPTED,
            AssignmentState.STARTED,
        )
    },
}
"""The life of an assignment: opening an offered case accepts it; a started one never expires.

``WITHDRAW`` takes a reading from its reviewer whose case is out, or turned out to be a conflict.
"""

CAMPAIGN_LABELS: Mapping[CampaignState, Msgid] = {
    CampaignState.DRAFT: Msgid(N_("Draft")),
    CampaignState.LOCKED: Msgid(N_("Protocol locked")),
    CampaignState.DRAWN: Msgid(N_("Sample drawn")),
    CampaignState.RUNNING: Msgid(N_("Reviews under way")),
    CampaignState.ADJUDICATING: Msgid(N_("Settling discrepancies")),
    CampaignState.FROZEN: Msgid(N_("Data frozen")),
    CampaignState.REPORTED: Msgid(N_("Summary published")),
    CampaignState.CLOSED: Msgid(N_("Campaign closed")),
}

CASE_LABELS: Mapping[CaseState, Msgid] = {
    CaseState.RECEIVED: Msgid(N_("Received")),
    CaseState.DRAWN: Msgid(N_("Drawn")),
    CaseState.DEIDENTIFIED: Msgid(N_("De-identified, to be checked")),
    CaseState.QUARANTINED: Msgid(N_("In quarantine")),
    CaseState.ELIGIBLE: Msgid(N_("Ready to assign")),
    CaseState.EXCLUDED: Msgid(N_("Excluded")),
    CaseState.ASSIGNED: Msgid(N_("Assigned")),
    CaseState.IN_REVIEW: Msgid(N_("In review")),
    CaseState.REVIEWED: Msgid(N_("Reviewed")),
    CaseState.CONCORDANT: Msgid(N_("Concordant")),
    CaseState.SECOND_REVIEW: Msgid(N_("Second review")),
    CaseState.ADJUDICATION: Msgid(N_("In adjudication")),
    CaseState.PROPOSED: Msgid(N_("Outcome proposed")),
    CaseState.AUTHOR_NOTIFIED: Msgid(N_("Author notified")),
    CaseState.REPLIED: Msgid(N_("Author replied")),
    CaseState.REPLY_EXPIRED: Msgid(N_("No reply in time")),
    CaseState.FINAL: Msgid(N_("Final")),
    CaseState.CLOSED: Msgid(N_("Case closed")),
    CaseState.PURGED: Msgid(N_("Identity destroyed")),
}

ASSIGNMENT_LABELS: Mapping[AssignmentState, Msgid] = {
    AssignmentState.PLANNED: Msgid(N_("Planned")),
    AssignmentState.OFFERED: Msgid(N_("Offered")),
    AssignmentState.ACCEPTED: Msgid(N_("Accepted")),
    AssignmentState.DECLINED: Msgid(N_("Declined")),
    AssignmentState.EXPIRED: Msgid(N_("Expired")),
    AssignmentState.REPLACED: Msgid(N_("Replaced")),
    AssignmentState.STARTED: Msgid(N_("Started")),
    AssignmentState.SUBMITTED: Msgid(N_("Submitted")),
}

DECLINE_LABELS: Mapping[DeclineReason, Msgid] = {
    DeclineReason.CONFLICT: Msgid(N_("I have a conflict of interest")),
    DeclineReason.RECOGNISED: Msgid(N_("I recognised the author or the patient")),
    DeclineReason.OUT_OF_SCOPE: Msgid(N_("Outside my field")),
    DeclineReason.IDENTIFIER_SEEN: Msgid(N_("An identifier is visible")),
    DeclineReason.UNAVAILABLE: Msgid(N_("I am not available")),
}


def may_advance(moves: Mapping[tuple[State, Event], State], state: State, event: Event) -> bool:
    """Return whether ``moves`` allows ``event`` in ``state``."""
    return (state, event) in moves


def advance(moves: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """Return the state that follows ``state`` when ``event`` happens.

    Args:
        moves: ``CAMPAIGN_MOVES``, ``CASE_MOVES`` or ``ASSIGNMENT_MOVES``.
        state: the present state.
        event: what happens, of the same machine as ``state``.

    Returns:
        The next state.

    Raises:
        IllegalMove: ``moves`` has no such move; the sentence says where the thing stands.
    """
    try:
        return moves[state, event]
    except KeyError:
        sentence, label = _refusal(state)
        raise IllegalMove(sentence, state=label) from None


def _refusal(state: CampaignState | CaseState | AssignmentState) -> tuple[str, Msgid]:
    if isinstance(state, CampaignState):
        return N_(
            "This campaign now stands at “%(state)s”, where this step is not possible. "
            "Nothing was changed: reload the page to see what can be done next."
        ), CAMPAIGN_LABELS[state]
    if isinstance(state, CaseState):
        return N_(
            "This case now stands at “%(state)s”, where this step is not possible. "
            "Nothing was changed: reload the page to see what can be done next."
        ), CASE_LABELS[state]
    return N_(
        "This assignment now stands at “%(state)s”, where this step is not possible. "
        "Nothing was changed: reload the page to see what can be done next."
    ), ASSIGNMENT_LABELS[state]
