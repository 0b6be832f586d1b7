"""How is a department's reporting over time laid out: a chart, and what to see in it?"""

from collections.abc import Iterable
from dataclasses import dataclass

from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.over_time import GAPS, RATES, TimeChart
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.in_words import number, phrase, reason_of
from peeraudit.domain.summaries.scales import Scale, scale_to

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class TimeMark:
    """One point of a chart.

    Attributes:
        months: first and last month behind it; None on a chart of gaps.
        place: its number from 1.
        value: a rate, or reports between two discrepant ones.
        n: reports behind a rate; None on a chart of gaps.
        x: of these discrepant.
        limits: between which chance alone would leave it; a gap has an upper one.
        interval: 95 % interval of a rate (Wilson, of the process: without the frame); None of
            a gap.
        is_unusual: it lies outside of them.
    """

    months: tuple[str, str] | None
    place: int
    value: float
    n: int | None
    x: int | None
    limits: tuple[float, float]
    is_unusual: bool
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class TimePage:
    """A chart over time with what to see in it.

    Attributes:
        sentences: what to see; where nothing is shown, why.
        kind: ``RATES`` or ``GAPS``, empty without a picture.
        marks: its points in order.
        centre: the line in the middle.
        scale: of the values.
        is_widened: limits allow for more change between neighbours than chance gives (p').
    """

    sentences: tuple[Sentence, ...]
    kind: str = ""
    marks: tuple[TimeMark, ...] = ()
    centre: float = 0.0
    scale: Scale | None = None
    is_widened: bool = False


def time_page(chart: TimeChart | None, limits: Limits) -> TimePage | None:
    """Return what a department reads of its reports over time.

    Args:
        chart: as it may be told; None where it is not theirs, or in an earlier summary.
        limits: the minimum counts of the audience.
    """
    if chart is None:
        return None
    if chart.chart is None or chart.runs is None:
        return TimePage((_why(chart, limits),))
    if chart.kind == RATES:
        return _rates(chart, chart.chart, chart.runs)
    return _gaps(chart, chart.chart, chart.runs)


def _why(chart: TimeChart, limits: Limits) -> Sentence:
    return Sentence(
        N_("No chart over time is shown: %(reason)s."),
        {"reason": phrase(reason_of(chart.reasons, limits))},
    )


def _rates(chart: TimeChart, found: Estimate, runs: Estimate) -> TimePage:
    wide = bool(found.details["use_laney"])
    low, high = _lines(found, "laney_lcl" if wide else "lcl", "laney_ucl" if wide else "ucl")
    marks = tuple(
        TimeMark(
            months=(one.first, one.last),
            place=place,
            value=one.x / one.n,
            n=one.n,
            x=one.x,
            limits=(low[place - 1], high[place - 1]),
            is_unusual=not low[place - 1] <= one.x / one.n <= high[place - 1],
            interval=wilson(one.x / one.n, one.n),
        )
        for place, one in enumerate(chart.points, 1)
    )
    centre = found.value or 0.0
    top = max([centre, *high, *(one.interval[1] for one in marks if one.interval)])
    sentences = (*_seen(marks, runs), *(_widened() if wide else ()))
    return TimePage(sentences, RATES, marks, centre, scale_to(min(1.0, top)), wide)


def _lines(found: Estimate, *names: str) -> tuple[list[float], ...]:
    rows = (found.details[name] for name in names)
    return tuple([float(one) for one in row] for row in rows if isinstance(row, list | tuple))


def _gaps(chart: TimeChart, found: Estimate, runs: Estimate) -> TimePage:
    upper = float(str(found.details["ucl_probability"]))
    marks = tuple(
        TimeMark(None, place, float(gap), None, None, (0.0, upper), gap > upper)
        for place, gap in enumerate(chart.gaps, 1)
    )
    top = max([upper, *(one.value for one in marks)])
    step = next((one for one in STEPS if top / one <= MOST_TICKS), STEPS[-1])
    ticks = tuple(float(step * k) for k in range(int(top // step) + 2))
    sentences = (*_gaps_seen(marks, found, runs), _cannot_signal())
    return TimePage(sentences, GAPS, marks, found.value or 0.0, Scale(ticks[-1], ticks))


def _seen(marks: tuple[TimeMark, ...], runs: Estimate) -> Iterable[Sentence]:
    """Yield what the rates say; outside is a reason to look and no judgement."""
    points = {"points": number(len(marks))}
    unusual = [one for one in marks if one.is_unusual]
    if unusual:
        yield Sentence(
            N_(
                "Of %(points)s points in time %(unusual)s lie outside of what chance alone would "
                "give: look into them. Another mix of cases, or other reviewers, may be one reason."
            ),
            points | {"unusual": number(len(unusual))},
        )
    if runs.details.get("signal"):
        yield Sentence(
            N_(
                "The first-read rate shifted: it stayed longer on one side of its middle, or "
                "crossed it less often, than chance alone would let it. Look for what changed."
            )
        )
    elif not unusual:
        yield Sentence(
            N_(
                "Over %(points)s points in time the first-read rate moved no more than chance "
                "alone would let it."
            ),
            points,
        )


def _gaps_seen(marks: tuple[TimeMark, ...], found: Estimate, runs: Estimate) -> Iterable[Sentence]:
    yield Sentence(
        N_(
            "Between two discrepant reports lay %(median)s concordant ones in the middle (median "
            "of %(gaps)s)."
        ),
        {"median": number(round(found.value or 0.0)), "gaps": number(len(marks))},
    )
    long = sum(one.is_unusual for one in marks)
    if long:
        yield Sentence(
            N_(
                "Stretches without a discrepancy that were longer than chance alone would give: "
                "%(long)s. Look for what went well, or whether reviewers saw less."
            ),
            {"long": number(long)},
        )
    if runs.details.get("signal"):
        yield Sentence(
            N_(
                "Discrepancies came closer together or further apart for longer than chance "
                "alone would let them. Look for what changed."
            )
        )
    elif not long:
        yield Sentence(N_("They came no more unevenly than chance alone would let them."))


def _cannot_signal() -> Sentence:
    return Sentence(
        N_(
            "Twelve points in time with enough reports are not there yet, so that no rate is "
            "drawn. A single point of this chart can never show that things got worse."
        )
    )


def _widened() -> Iterable[Sentence]:
    yield Sentence(
        N_(
            "The limits are widened, since neighbouring points differ by more than chance alone "
            "would let them."
        )
    )
