"""In which form does a computation answer an example?"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from peeraudit.domain.statistics.results import Estimate, Status

# The values of an example, by the names that the example file uses.
Inputs: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Mapping[str, object]


NOTHING_SCORED: Mapping[str, object] = {
    "status": Status.NOT_ESTIMABLE.value,
    "reason": "NO_SCORED_ITEMS",
}
"""The answer to an example without any reading: lists of length 0."""


def limited(estimate: Estimate) -> dict[str, object]:
    """Return why a number is missing or limited, as examples of edge cases say it."""
    reason = estimate.reasons[0] if estimate.reasons else None
    return {"status": estimate.status.value, "reason": reason}
