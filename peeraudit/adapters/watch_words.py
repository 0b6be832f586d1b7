"""How does the evidence of a change since a campaign that is over read in words?"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.wording import in_words, interval, month, number, percent
from peeraudit.domain.statistics.since_baseline import Usual, Watch
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.in_words import reason_of

Words: TypeAlias = dict[str, Any]


def nothing_in_text(reasons: Sequence[str], limits: Limits) -> Words:
    """Return why no evidence is told, in the reader's language."""
    why = in_words(reason_of(reasons, limits))
    text = gettext(
        "Whether reporting changed since an earlier campaign is not told: %(why)s.", why=why
    )
    return {"text": text, "rows": [], "hidden": ""}


def watch_in_text(
    baseline: str, usual: Usual, watched: Mapping[str, Watch], names: Mapping[str, str], hidden: int
) -> Words:
    """Return the evidence by department as texts in the reader's language.

    Args:
        baseline: title of the campaign that says what is usual.
        usual: what it says.
        watched: by department.
        names: of the departments, in the order of display.
        hidden: how many others were read.

    Returns:
        ``text`` says what was held against what; ``rows``; ``hidden``, empty where none is.
    """
    text = gettext(
        "What is usual is told by “%(campaign)s”: a discrepancy in %(rate)s of %(n)s first"
        " readings (95%% interval %(interval)s). Later reports are added up one by one, in the"
        " order of their months.",
        campaign=baseline,
        rate=percent(usual.overall),
        interval=interval(usual.interval, 1),
        n=number(usual.n),
    )
    rows = [_row(name, watched[place]) for place, name in names.items() if place in watched]
    return {"text": text, "rows": rows, "hidden": number(hidden) if hidden else ""}


def _row(name: str, found: Watch) -> Words:
    return {
        "name": name,
        "reports": number(found.n),
        "expected": percent(found.told_expected, 0),
        "verdict": _verdict(found),
        "is_alarm": bool(found.worse or found.better),
        "noticed": gettext("about %(n)s reports", n=number(found.told_noticed)),
    }


def _verdict(found: Watch) -> str:
    told = []
    if found.worse:
        since = month(found.worse)
        told.append(
            gettext("accumulated evidence of an increase since reports of %(month)s", month=since)
        )
    if found.better:
        since = month(found.better)
        told.append(
            gettext("accumulated evidence of a decrease since reports of %(month)s", month=since)
        )
    return gettext("; ").join(told) or gettext("no accumulated evidence of a change")
