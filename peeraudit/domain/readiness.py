"""What of a campaign is still open, and may its data be frozen meanwhile?"""

from collections.abc import Mapping
from dataclasses import dataclass

from peeraudit.domain.errors import N_, IllegalMove, InvalidInput
from peeraudit.domain.workflow import CampaignState, CaseState

REASON_MINIMUM = 10
"""Fewest characters of the reason for leaving open cases out."""

REASON_MAXIMUM = 500
"""Most characters of it."""

SETTLING_CAMPAIGNS = frozenset({CampaignState.RUNNING, CampaignState.ADJUDICATING})
"""In these states scores may still come about; after them none changes."""

UNREAD = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.DRAWN,
        CaseState.DEIDENTIFIED,
        CaseState.QUARANTINED,
        CaseState.ELIGIBLE,
        CaseState.ASSIGNED,
        CaseState.IN_REVIEW,
    }
)
"""They wait for a reading; one in review may have had its first one."""
_SECOND = frozenset({CaseState.REVIEWED, CaseState.SECOND_REVIEW})
_AUTHOR = frozenset({CaseState.AUTHOR_NOTIFIED, CaseState.REPLIED, CaseState.REPLY_EXPIRED})


class CasesStillOpen(IllegalMove):
    """Cases of the campaign wait for somebody."""


class ScoresFrozen(IllegalMove):
    """The campaign's data are frozen: no score comes about or changes any more."""


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases that are not settled yet, by what they wait for; all in cases.

    Attributes:
        unread: for their first reading, or for the masking before it.
        second_review: for their second reading.
        adjudication: for an adjudicator.
        unannounced: for their author to be told.
        reply: for their author's reply.
    """

    unread: int
    second_review: int
    adjudication: int
    unannounced: int
    reply: int

    @property
    def total(self) -> int:
        """Return how many there are, in cases."""
        return self.unread + self.second_review + self.adjudication + self.unannounced + self.reply


def sort_open(states: Mapping[CaseState, int]) -> OpenCases:
    """Return what the cases of a campaign wait for.

    Args:
        states: cases per state; final, closed, purged and excluded ones wait for nothing.
    """
    return OpenCases(
        unread=sum(states.get(state, 0) for state in UNREAD),
        second_review=sum(states.get(state, 0) for state in _SECOND),
        adjudication=states.get(CaseState.ADJUDICATION, 0),
        unannounced=states.get(CaseState.PROPOSED, 0) + states.get(CaseState.CONCORDANT, 0),
        reply=sum(states.get(state, 0) for state in _AUTHOR),
    )


def check_settling(open_cases: OpenCases) -> None:
    """Refuse to end the readings while a case lacks its first one.

    Raises:
        CasesStillOpen: some are unread.
    """
    if open_cases.unread:
        raise CasesStillOpen(
            N_(
                "Cases without their first reading: %(count)d. "
                "Wait for them, or have their departments exclude them with a reason."
            ),
            count=open_cases.unread,
        )


def check_freeze(open_cases: OpenCases, *, reason: str) -> None:
    """Refuse to freeze the data silently over cases that are not settled.

    Args:
        open_cases: what the campaign's cases wait for.
        reason: why they are left out, in the person's words; empty where nothing is to be.

    Raises:
        CasesStillOpen: some are open and no reason was given.
        InvalidInput: the reason is too short or too long.
    """
    if not open_cases.total:
        return
    length = len(reason.strip())
    if not length:
        raise CasesStillOpen(
            N_(
                "Cases that are not settled yet: %(count)d. Wait for them, or say why the data are "
                "frozen without them: they will be counted as pending."
            ),
            count=open_cases.total,
        )
    if not REASON_MINIMUM <= length <= REASON_MAXIMUM:
        raise InvalidInput(
            N_("Give the reason in %(minimum)d to %(maximum)d characters."),
            minimum=REASON_MINIMUM,
            maximum=REASON_MAXIMUM,
        )
