"""How does a chart over time read in words, the same on the page and on paper?"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.wording import in_words, interval, month, number, percent
from peeraudit.domain.statistics.over_time import RATES
from peeraudit.domain.summaries.over_time_page import TimeMark, TimePage

Words: TypeAlias = dict[str, Any]
MOST_LABELS = 6
LABEL_POINTS, LABEL_HEIGHT = 3, 0.1
"""What the label of the line in the middle may hide: points, and a share of the height."""


def time_in_text(page: TimePage) -> Words:
    """Return a chart over time as texts in the reader's language, with places in its picture.

    Returns:
        Values that JSON knows, named as those of a funnel, which is drawn alike. Places are
        fractions of the picture from its lower left corner. Without a picture ``points`` is
        empty and ``text`` says why.
    """
    words: Words = {"text": " ".join(in_words(one) for one in page.sentences)}
    if page.scale is None:
        empty: Words = {key: [] for key in ("points", "lines", "rate_ticks", "size_ticks", "rows")}
        return words | empty | {"target": None, "caption": "", "is_rates": True}
    is_rates, high = page.kind == RATES, page.scale.end
    return words | {
        "is_rates": is_rates,
        "points": [_point(one, len(page.marks), high) for one in page.marks],
        "lines": list(_lines(page, high)),
        "target": {
            "at": _within(page.centre / high),
            "label": _centre(page),
            "anchor": _emptier_side(page, high),
        },
        "rate_ticks": [
            {"at": _within(t / high), "label": _value(page, t)} for t in page.scale.ticks
        ],
        "size_ticks": list(_labels(page.marks)),
        "rows": [_row(one) for one in page.marks],
        "caption": _caption(is_rates=is_rates),
    }


def _lines(page: TimePage, high: float) -> Iterable[Words]:
    """Yield the path of the values, solid, and the limits, dashed."""
    count = len(page.marks)
    rows = [
        (True, [one.value for one in page.marks]),
        (False, [one.limits[1] for one in page.marks]),
    ]
    if page.kind == RATES:
        rows.append((False, [one.limits[0] for one in page.marks]))
    for is_path, values in rows:
        places = [(_across(k, count), _within(v / high)) for k, v in enumerate(values, 1)]
        segments = [[x1, y1, x2, y2] for (x1, y1), (x2, y2) in pairwise(places)]
        yield {"is_outer": is_path, "segments": segments}


def _emptier_side(page: TimePage, high: float) -> str:
    """Return at which end of the line in the middle its label hides no point: start or end."""

    def room(marks: Sequence[TimeMark]) -> float:
        # The label stands above its line.
        above = page.centre + LABEL_HEIGHT * high / 2
        return min(abs(one.value - above) for one in marks)

    return "start" if room(page.marks[:LABEL_POINTS]) > room(page.marks[-LABEL_POINTS:]) else "end"


def _centre(page: TimePage) -> str:
    if page.kind == RATES:
        return gettext("all months %(rate)s", rate=percent(page.centre, 1))
    return gettext("median %(reports)s", reports=number(page.centre))


def _value(page: TimePage, value: float) -> str:
    return percent(value, 0) if page.kind == RATES else number(value)


def _caption(*, is_rates: bool) -> str:
    if is_rates:
        return gettext(
            "First-read rate by month of the report; months with too few reports are told with "
            "the next ones. Upright lines: interval of each point at %(level)s. Chance alone "
            "leaves nearly every point between the dashed lines.",
            level=percent(0.95, 0),
        )
    return gettext(
        "Concordant reports between one discrepant report and the next, in the order of their "
        "months; within a month the draw decides. Chance alone leaves nearly every point below "
        "the dashed line."
    )


def _labels(marks: tuple[TimeMark, ...]) -> Iterable[Words]:
    step = -(-len(marks) // MOST_LABELS)
    for one in marks[::step]:
        label = number(one.place) if one.months is None else month(one.months[0])
        yield {"at": _across(one.place, len(marks)), "label": label}


def _point(one: TimeMark, count: int, high: float) -> Words:
    name = _name(one)
    if one.n is None:
        told = gettext("%(reports)s concordant reports", reports=number(one.value))
    else:
        told = gettext(
            "%(rate)s (95%% interval %(interval)s) of %(n)s reports",
            rate=percent(one.value, 1),
            interval=interval(one.interval, 1),
            n=number(one.n),
        )
    return {
        "x": _across(one.place, count),
        "y": _within(one.value / high),
        "whisker": [_within(end / high) for end in one.interval or ()],
        "name": name if one.is_unusual else "",
        "text": f"{name}: {told}",
        "is_own": False,
        "is_unusual": one.is_unusual,
    }


def _name(one: TimeMark) -> str:
    if one.months is None:
        return number(one.place)
    first, last = one.months
    return month(first) if first == last else f"{month(first)} – {month(last)}"


def _row(one: TimeMark) -> Words:
    is_rate = one.n is not None
    return {
        "label": _name(one),
        "value": percent(one.value, 1) if is_rate else number(one.value),
        "interval": interval(one.interval, 1) if is_rate else "",
        "limits": interval(one.limits, 1) if is_rate else number(one.limits[1]),
        "counts": gettext("%(x)s of %(n)s", x=number(one.x), n=number(one.n)) if is_rate else "",
        "verdict": gettext("unusual") if one.is_unusual else gettext("within chance"),
    }


def _across(place: int, count: int) -> float:
    return round((place - 0.5) / count, 4)


def _within(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), 4)
