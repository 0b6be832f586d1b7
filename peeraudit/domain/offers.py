"""Until when may a reviewer answer an offer, and when does it go to somebody else?"""

from datetime import datetime, timedelta

from peeraudit.domain.protocol import Delays
from peeraudit.domain.workflow import AssignmentState

SILENCE = timedelta(days=14)
"""How long somebody who let an offer lapse is asked to stand in for nobody else."""


def answer_by(offered_at: datetime, delays: Delays) -> datetime | None:
    """Return until when an offer waits for its answer; None where it waits until its due day."""
    if delays.answer_days is None:
        return None
    return offered_at + timedelta(days=delays.answer_days)


def has_lapsed(
    state: AssignmentState, *, answer: datetime | None, due: datetime, now: datetime
) -> bool:
    """Return whether a reading goes to somebody else because its time is over.

    Args:
        state: where the reading stands.
        answer: until when the offer waits for its answer; None where it waits until ``due``.
        due: until when the review is to be handed in.
        now: the present moment.

    Returns:
        True for an offer that nobody answered in time, and for one that was accepted and not
        opened by its due day. One that was begun never lapses: its reviewer is reminded.
    """
    if state is AssignmentState.OFFERED:
        return due < now or (answer is not None and answer < now)
    return state is AssignmentState.ACCEPTED and due < now
