"""How does the severity of reviewers read in words?"""

from typing import Any, TypeAlias

from peeraudit.adapters.wording import in_words, number
from peeraudit.domain.summaries.severity_page import SeverityRow, SeverityTable

Words: TypeAlias = dict[str, Any]


def severity_in_text(table: SeverityTable) -> Words:
    """Return the reviewers as texts in the reader's language.

    Returns:
        ``text`` says what to see or why there is nothing; ``rows``; ``hidden``, how many reviewers
        have too few readings, empty where none has.
    """
    return {
        "text": " ".join(in_words(one) for one in table.sentences),
        "rows": [_row(one) for one in table.rows],
        "hidden": number(table.hidden) if table.hidden else "",
    }


def _row(row: SeverityRow) -> Words:
    low, high = row.limits or (None, None)
    return {
        "code": row.code,
        "readings": number(row.readings),
        "ratio": number(row.odds_ratio, 2),
        "interval": f"{number(low, 2)}–{number(high, 2)}",
        "verdict": in_words(row.verdict),
    }
