"""How does the blinding of a campaign read in words?"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from peeraudit.adapters.wording import in_words, number
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.blinding_page import BlindingRow, blinding_rows, together_told

Words: TypeAlias = dict[str, Any]


def blinding_in_text(indices: Mapping[str, Estimate], names: Mapping[str, str]) -> Words:
    """Return the blinding indices as texts in the reader's language.

    Returns:
        ``text`` says what the index over all departments means, or is empty; ``rows``.
    """
    told = together_told(indices)
    return {
        "text": in_words(told) if told else "",
        "rows": [_row(one) for one in blinding_rows(indices, names)],
    }


def _row(row: BlindingRow) -> Words:
    right, wrong, unsure = row.counts or (None, None, None)
    low, high = row.limits or (None, None)
    return {
        "label": in_words(row.label) if row.label else row.name,
        "right": number(right),
        "wrong": number(wrong),
        "unsure": number(unsure),
        "index": number(row.value, 2),
        "interval": "" if low is None else f"{number(low, 2)} … {number(high, 2)}",
        "verdict": in_words(row.verdict),
    }
