"""How are departments laid out among one another: a funnel, and what to see in it?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.comparing import Among, Comparison, Standing, limits_at
from peeraudit.domain.statistics.comparison.funnels import LEVELS, smallest_low_outlier
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.summaries.scales import Scale, scale_to

REASONS: Final[Mapping[str, Msgid]] = {
    "UNITS_LT_5": Msgid(
        N_(
            "Departments are compared from five on whose rates may be told; with fewer, one that "
            "looks different would tell nothing."
        )
    ),
    "REVIEWER_POOL_NOT_COMMON": Msgid(
        N_(
            "The departments are not compared: their reports were not given to reviewers by chance "
            "alone, so that differences may be differences between reviewers."
        )
    ),
    "RESPONSE_LT_80": Msgid(
        N_("The departments are not compared: fewer than 80 in 100 of the reports drawn were read.")
    ),
    "NO_VARIATION": Msgid(
        N_("The departments are not compared: no first reviewer saw a discrepancy, or all did.")
    ),
    "NOT_COMPARED": Msgid(
        N_(
            "Too few reports of this department were read for it to be compared with others "
            "without giving single cases away."
        )
    ),
}
"""Why nothing is compared, in words that say so by themselves."""

FEWEST_FOR_LIKELY = next(
    part.at_least for part in GATES["S5.04"].requirements if part.fact == "departments"
)
POINTS = 40
"""Sizes at which the limits are drawn; between them they are straight."""
LOWEST_LEVEL = LEVELS["lo998"]
SIZE_STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MOST_SIZES = 6


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One department.

    Attributes:
        label: its name; empty where it is not told.
        is_own: it is the reader's.
        is_unusual: it lies outside the outer limits.
    """

    label: str
    n: int
    rate: float
    is_own: bool = False
    is_unusual: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A department whose numbers are told in the table below the funnel."""

    label: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Funnel:
    """Departments among one another.

    Attributes:
        sentences: what to see; where nothing is compared, why.
        target: the common rate; None where there is no picture.
        points: the smallest first.
        lines: by name (``lo998``, ``lo95``, ``hi95``, ``hi998``) the (size, rate) of a limit.
        rates: the axis of the rates.
        sizes: where the axis of the sizes has its marks, the last of them its end.
        rows: what the table says.
    """

    sentences: tuple[Sentence, ...]
    target: float | None = None
    points: tuple[FunnelPoint, ...] = ()
    lines: Mapping[str, tuple[tuple[int, float], ...]] | None = None
    rates: Scale | None = None
    sizes: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()


def funnel_of(among: Among) -> Funnel:
    """Return what a department reads: its own point named, those of the others not."""
    if among.own is None or among.target is None:
        return Funnel(_why(among.reasons))
    own = among.own
    points = [FunnelPoint("", n, rate) for n, rate in among.others]
    points.append(FunnelPoint("", own.n, own.rate, is_own=True, is_unusual=own.is_unusual))
    sentences = (_verdict(own), *_about(among.target, among.spread), *_likely([own]))
    return _drawn(sentences, among.target, among.spread, points, (Row("", own),))


def funnel_of_all(comparison: Comparison, names: Mapping[str, str]) -> Funnel:
    """Return what the network's lead reads: every department that may be compared, named.

    Args:
        comparison: what may be told.
        names: of the departments, by their place in it, in the order of display.
    """
    if comparison.target is None:
        return Funnel(_why(comparison.reasons))
    rows = tuple(
        Row(name, comparison.standings[place])
        for place, name in names.items()
        if place in comparison.standings
    )
    points = [
        FunnelPoint(r.label, r.standing.n, r.standing.rate, is_unusual=r.standing.is_unusual)
        for r in rows
    ]
    unusual = sum(row.standing.is_unusual for row in rows)
    beyond = sum(row.standing.is_beyond_chance for row in rows)
    told = _counted(len(rows), unusual, beyond)
    likely = _likely([row.standing for row in rows])
    sentences = (told, *_about(comparison.target, comparison.spread), *likely)
    return _drawn(sentences, comparison.target, comparison.spread, points, rows)


def _drawn(
    sentences: tuple[Sentence, ...],
    target: float,
    spread: float,
    points: Sequence[FunnelPoint],
    rows: tuple[Row, ...],
) -> Funnel:
    sizes = _sizes(max(point.n for point in points))
    smallest, end = min(point.n for point in points), sizes[-1]
    # The limits open wide where nobody is; they are drawn from where departments begin.
    first = max(1, min(smallest, end // 10))
    at = sorted({first + round((end - first) * k / (POINTS - 1)) for k in range(POINTS)})
    lines = limits_at(at, target, spread)
    highest = max([*(p.rate for p in points), lines["hi95"][0], target])
    return Funnel(
        sentences=sentences,
        target=target,
        points=tuple(sorted(points, key=lambda p: (p.n, p.rate))),
        lines={name: tuple(zip(at, line, strict=True)) for name, line in lines.items()},
        rates=scale_to(min(1.0, max(highest, lines["hi998"][len(at) // 4]))),
        sizes=sizes,
        rows=rows,
    )


def _sizes(largest: int) -> tuple[int, ...]:
    step = next((s for s in SIZE_STEPS if largest / s <= MOST_SIZES), SIZE_STEPS[-1])
    return tuple(range(0, (largest // step + 1) * step + 1, step))


def _why(reasons: Iterable[str]) -> tuple[Sentence, ...]:
    known = (REASONS.get(code) or CODES[code].meaning for code in reasons)
    return tuple(Sentence(words) for words in known)[:1]


def _rate(value: float) -> dict[str, object]:
    return {"percent": value, "decimals": 1}


def _verdict(own: Standing) -> Sentence:
    """Return what a department's point says; outside is a reason to look and no judgement."""
    low, high = own.limits
    values = {"rate": _rate(own.rate), "low": _rate(low), "high": _rate(high)}
    if not own.is_unusual:
        return Sentence(
            N_(
                "This department’s first-read rate (%(rate)s) lies within what chance alone would "
                "give a department of its size (%(low)s to %(high)s)."
            ),
            values,
        )
    if own.rate > high:
        return Sentence(
            N_(
                "This department’s first-read rate (%(rate)s) lies above what chance alone would "
                "give a department of its size (%(low)s to %(high)s): this is unusual, look into "
                "it. Its mix of cases may be one reason."
            ),
            values,
        )
    return Sentence(
        N_(
            "This department’s first-read rate (%(rate)s) lies below what chance alone would give "
            "a department of its size (%(low)s to %(high)s): this is unusual, look into it. Its "
            "mix of cases may be one reason, or reviewers who saw less."
        ),
        values,
    )


def _counted(departments: int, unusual: int, beyond: int) -> Sentence:
    values: dict[str, object] = {"all": {"number": departments}}
    if not unusual:
        return Sentence(
            N_(
                "All %(all)s departments that may be compared lie within what chance alone would "
                "give them."
            ),
            values,
        )
    return Sentence(
        N_(
            "Outside of what chance alone would give: %(unusual)s of %(all)s departments; still so "
            "after allowing for the number of departments: %(beyond)s. Look into them; it is no "
            "judgement."
        ),
        values | {"unusual": {"number": unusual}, "beyond": {"number": beyond}},
    )


def _likely(standings: Sequence[Standing]) -> Iterable[Sentence]:
    """Yield why likely rates are not told where they are not (statistics.md 0.7, S5.04)."""
    if any(one.likely for one in standings):
        return
    yield Sentence(
        N_(
            "Likely rates, drawn towards the common one, are told from %(departments)s "
            "departments on."
        ),
        {"departments": {"number": FEWEST_FOR_LIKELY}},
    )


def _about(target: float, spread: float) -> Iterable[Sentence]:
    if spread:
        yield Sentence(
            N_(
                "The limits are widened, since the departments differ by more than chance and more "
                "than any mix of cases that is known here explains."
            )
        )
        return
    yield Sentence(
        N_(
            "With fewer than %(n)s reports read, a department can never lie below the limits: not "
            "one discrepancy would be nothing unusual."
        ),
        {"n": {"number": smallest_low_outlier(target, LOWEST_LEVEL)}},
    )
