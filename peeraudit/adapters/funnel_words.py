"""How do departments among one another read in words, the same on the page and on paper?"""

import itertools
from collections.abc import Iterable
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.wording import in_words, interval, number, percent
from peeraudit.domain.summaries.funnel_page import Funnel, FunnelPoint, Row

Words: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[float, float]
OUTER, INNER = 0.998, 0.95
"""Shares between the two pairs of limits."""


def funnel_in_text(funnel: Funnel) -> Words:
    """Return a funnel as texts in the reader's language, with the places in its picture.

    Returns:
        Values that JSON knows. Places are fractions of the picture from its lower left corner,
        from 0 to 1. Without a picture ``points`` is empty and ``text`` says why.
    """
    words: Words = {"text": " ".join(in_words(one) for one in funnel.sentences)}
    if funnel.target is None or funnel.rates is None or funnel.lines is None:
        empty: Words = {key: [] for key in ("points", "lines", "rate_ticks", "size_ticks", "rows")}
        return words | empty | {"target": None, "caption": ""}
    wide, high = funnel.sizes[-1], funnel.rates.end
    return words | {
        "points": [_point(one, wide, high) for one in funnel.points],
        "lines": [
            {"is_outer": name.endswith("998"), "segments": list(_segments(line, wide, high))}
            for name, line in funnel.lines.items()
        ],
        "target": {
            "at": _within(funnel.target / high),
            "label": gettext("all together %(rate)s", rate=percent(funnel.target, 1)),
        },
        "rate_ticks": [
            {"at": _within(t / high), "label": percent(t, 0)} for t in funnel.rates.ticks
        ],
        "size_ticks": [{"at": _within(n / wide), "label": number(n)} for n in funnel.sizes],
        "rows": [_row(one) for one in funnel.rows],
        "caption": gettext(
            "First-read rate of each department by what its sample is worth in reports†. Between "
            "the solid lines lie %(outer)s of departments that differ by chance alone, between the "
            "dashed ones %(inner)s.",
            outer=percent(OUTER, 1),
            inner=percent(INNER, 0),
        ),
    }


def _segments(line: Iterable[tuple[int, float]], wide: int, high: float) -> Iterable[list[float]]:
    """Yield a line in straight pieces: x and y of both ends."""
    places = [_place(n, rate, wide, high) for n, rate in line]
    for (x1, y1), (x2, y2) in itertools.pairwise(places):
        if min(y1, y2) < 1:
            yield [x1, y1, x2, y2]


def _place(n: int, rate: float, wide: int, high: float) -> Place:
    return _within(n / wide), _within(rate / high)


def _within(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), 4)


def _point(one: FunnelPoint, wide: int, high: float) -> Words:
    x, y = _place(one.n, one.rate, wide, high)
    name = gettext("this department") if one.is_own else one.label
    told = gettext("%(rate)s of %(n)s reports", rate=percent(one.rate, 1), n=number(one.n))
    return {
        "x": x,
        "y": y,
        "name": name if one.is_own or one.is_unusual else "",
        "text": f"{name}: {told}" if name else told,
        "is_own": one.is_own,
        "is_unusual": one.is_unusual,
    }


def _row(row: Row) -> Words:
    one = row.standing
    return {
        "label": row.label or gettext("This department"),
        "n": number(one.n),
        "rate": percent(one.rate, 1),
        "limits": interval(one.limits, 1),
        "likely": "" if one.likely is None else percent(one.likely[0], 1),
        "likely_interval": "" if one.likely is None else interval(one.likely[1:], 1),
        "verdict": gettext("unusual") if one.is_unusual else gettext("within chance"),
    }
