"""What does a code of a statistic mean, and what can be done about it?"""

from dataclasses import dataclass
from enum import StrEnum

from peeraudit.domain.errors import N_


class CodeKind(StrEnum):
    """Where a code stands in a result."""

    STATUS = "status"
    REASON = "reason"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One code in words.

    Attributes:
        code: as JSON and files have it.
        kind: a status, a reason why a number is missing or limited, or a warning beside one.
        meaning: what it says, a sentence.
        act: what to do about it, a sentence.
        brief: a reason inside a sentence, which may name ``reviews``, ``authors`` or ``events``,
            the minimum counts; empty for what is no reason.
    """

    code: str
    kind: CodeKind
    meaning: str
    act: str
    brief: str = ""


READ_MORE = N_("Have more reports read, or look at a longer period.")
NOTHING_TO_DO = N_("Nothing needs to be done.")
MEND_COUNTS = N_(
    "The counts come from outside and contradict one another: correct the file and compute again."
)
PROTECTED = N_(
    "Nothing can be done here: it protects people. A longer period has more reports behind each "
    "number."
)
READ_TWICE = N_("Have more cases designated for a second reading at random in the next campaign.")
WITH_CAUTION = N_("Look at it with caution; do not act on it alone.")
"""What to do, where it is the same for many codes."""
