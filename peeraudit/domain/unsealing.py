"""When may the identity behind a case be shown, to whom, and for how long?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from peeraudit.domain.errors import N_, IllegalMove, InvalidInput, NotAllowed

DECIDE_WITHIN = timedelta(hours=24)
"""How long a second person has to decide; an alert cannot wait longer, and is asked anew."""

OPEN_WITHIN = timedelta(hours=24)
"""How long a granted request waits to be opened."""

SHOWN_FOR = timedelta(minutes=15)
"""How long the identity stays on the screen of who asked, once opened."""

REASON_MINIMUM = 10
REASON_MAXIMUM = 300
"""Length of a reason, in characters: the trail keeps no longer one."""


class UnsealingState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    REFUSED = "refused"
    EXPIRED = "expired"
    GRANTED = "granted"
    SHOWN = "shown"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Marks:
    """What happened to a request so far; moments in UTC.

    Attributes:
        granted: the decision, None before there is one.
        decided_at: when it was decided.
        opened_at: when who asked opened it.
    """

    asked_at: datetime
    granted: bool | None = None
    decided_at: datetime | None = None
    opened_at: datetime | None = None


def state_of(marks: Marks, now: datetime) -> UnsealingState:
    """Return where a request stands at a moment."""
    if marks.granted is None or marks.decided_at is None:
        is_late = now >= marks.asked_at + DECIDE_WITHIN
        return UnsealingState.EXPIRED if is_late else UnsealingState.ASKED
    if not marks.granted:
        return UnsealingState.REFUSED
    if marks.opened_at is None:
        is_late = now >= marks.decided_at + OPEN_WITHIN
        return UnsealingState.EXPIRED if is_late else UnsealingState.GRANTED
    is_over = now >= marks.opened_at + SHOWN_FOR
    return UnsealingState.CLOSED if is_over else UnsealingState.SHOWN


def check_reason(reason: str) -> str:
    """Return a reason without outer spaces.

    Raises:
        InvalidInput: it says too little, or more than the trail can keep.
    """
    said = reason.strip()
    if len(said) < REASON_MINIMUM:
        raise InvalidInput(
            N_("Give a reason of at least %(minimum)d characters: the trail keeps it."),
            minimum=REASON_MINIMUM,
        )
    if len(said) > REASON_MAXIMUM:
        raise InvalidInput(
            N_("The reason may have at most %(maximum)d characters."), maximum=REASON_MAXIMUM
        )
    return said


def check_decision(state: UnsealingState, *, asked_by: UUID, by: UUID) -> None:
    """Refuse a decision that is not this person's, or comes too late.

    Raises:
        NotAllowed: the person asked; nobody grants the own request.
        IllegalMove: it was decided, or its time is over.
    """
    if asked_by == by:
        raise NotAllowed(
            N_("You asked for this identity: somebody else has to decide on the request.")
        )
    if state is UnsealingState.EXPIRED:
        raise IllegalMove(N_("The time to decide is over: the identity has to be asked for anew."))
    if state is not UnsealingState.ASKED:
        raise IllegalMove(N_("This request was decided on already."))


def check_opening(state: UnsealingState) -> None:
    """Refuse to open what was not granted, or what was open already.

    Raises:
        IllegalMove: the request does not wait to be opened.
    """
    if state is not UnsealingState.GRANTED:
        raise IllegalMove(_WHY_NOT_OPENED[state])


_WHY_NOT_OPENED = {
    UnsealingState.ASKED: N_("A second person has to grant this request first."),
    UnsealingState.REFUSED: N_("This request was refused."),
    UnsealingState.EXPIRED: N_(
        "The time of this request is over: the identity has to be asked for anew."
    ),
    UnsealingState.SHOWN: N_("The identity is open already, and is opened once only."),
    UnsealingState.CLOSED: N_(
        "The identity was shown once. If it is needed again, ask for it anew."
    ),
}
