"""Which codes can a result hold, all of them in words?"""

from collections.abc import Iterable, Mapping
from typing import Final

from peeraudit.domain.methods import (
    codes_of_comparisons,
    codes_of_counts,
    codes_of_rates,
    codes_of_readings,
)
from peeraudit.domain.methods.code import Code

CODES: Final[Mapping[str, Code]] = {
    one.code: one
    for part in (codes_of_counts, codes_of_rates, codes_of_readings, codes_of_comparisons)
    for one in part.CODES
}
"""Every status, reason and warning code of the engine."""


def brief_code(reasons: Iterable[str]) -> str:
    """Return the code that is told of a missing number: the first with words inside a sentence.

    Args:
        reasons: reason codes, the weightiest first.

    Returns:
        The code; empty where none has such words.
    """
    return next((code for code in reasons if code in CODES and CODES[code].brief), "")
