"""Has a department's reporting changed over the months of a campaign, as it may be shown?

The months are those of the reports, as far as the protocol lets them be known: when a report was
read says something of its reviewers, and nothing of its department.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peeraudit.domain.statistics.gates import closed_by
from peeraudit.domain.statistics.monitoring.charts import SMALLEST_PERIOD, g_chart, p_chart
from peeraudit.domain.statistics.monitoring.series import run_rules
from peeraudit.domain.statistics.results import Estimate, Json
from peeraudit.domain.statistics.suppression import Cell, Tier, primary_reasons

RATES, GAPS, NOTHING = "rates", "gaps", ""
"""What a chart shows: rates of periods, reports between two discrepant ones, or nothing."""
HIDDEN_DATES = "DATES_HIDDEN"
HIDDEN_CELL = "CELL_HIDDEN"
P_CHART, G_CHART = "S6.01", "S6.02"


@dataclass(frozen=True, slots=True)
class OverTime:
    """The reports of one department that were read, in the order of their months.

    Attributes:
        months: such as ``2026-03``, in order; those without a report read are left out.
        found: discrepant reports of each month, by their first reading.
        authors: for each author the reports of each month; no author is named.
        gaps: concordant reports between two discrepant ones, in order. Within a month chance
            decides on the order, by the tickets of the draw.
    """

    months: tuple[str, ...] = ()
    found: tuple[int, ...] = ()
    authors: tuple[tuple[int, ...], ...] = ()
    gaps: tuple[int, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "OverTime":
        """Return the counts that JSON holds."""
        rows = tuple(tuple(row) for row in data["authors"])
        return cls(tuple(data["months"]), tuple(data["found"]), rows, tuple(data["gaps"]))


@dataclass(frozen=True, slots=True)
class TimePoint:
    """One or more months that are told together.

    Attributes:
        first: its first month.
        last: its last one.
        n: reports read.
        x: of these discrepant.
    """

    first: str
    last: str
    n: int
    x: int


@dataclass(frozen=True, slots=True)
class TimeChart:
    """A chart over time, as a department may read its own.

    Attributes:
        kind: ``RATES`` (S6.01), ``GAPS`` (S6.02), or ``NOTHING``.
        points: of a chart of rates, in order.
        gaps: of a chart of gaps, in order.
        chart: centre and limits; None where nothing is shown.
        runs: whether the series shifted, S6.09; None where nothing is shown.
        reasons: codes why nothing is shown.
    """

    kind: str = NOTHING
    points: tuple[TimePoint, ...] = ()
    gaps: tuple[int, ...] = ()
    chart: Estimate | None = None
    runs: Estimate | None = None
    reasons: tuple[str, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """Ids and versions of the computations behind what is shown."""
        return tuple(one.method for one in (self.chart, self.runs) if one is not None)

    def to_dict(self) -> dict[str, Json]:
        """Return the chart as JSON values."""
        return {
            "kind": self.kind,
            "points": [
                {"first": one.first, "last": one.last, "n": one.n, "x": one.x}
                for one in self.points
            ],
            "gaps": list(self.gaps),
            "chart": self.chart.to_dict() if self.chart else None,
            "runs": self.runs.to_dict() if self.runs else None,
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TimeChart":
        """Return the chart that ``to_dict`` wrote."""
        return cls(
            kind=data["kind"],
            points=tuple(TimePoint(**one) for one in data["points"]),
            gaps=tuple(data["gaps"]),
            chart=Estimate.from_dict(data["chart"]) if data["chart"] else None,
            runs=Estimate.from_dict(data["runs"]) if data["runs"] else None,
            reasons=tuple(data["reasons"]),
        )


def chart_over_time(counts: OverTime, tier: Tier, *, closed: Sequence[str] = ()) -> TimeChart:
    """Return the chart of a department, as it may be told inside of it.

    Rates by month where there are twelve points that may be told; where discrepancies are too
    rare or months too few, the reports between two discrepant ones; nothing where neither has
    twelve points. Days between serious discrepancies (S6.03) are never told: whoever knows the
    department's list finds patient and author by the day.

    Args:
        counts: of the department.
        tier: the audience.
        closed: codes why nothing of it may be shown, whatever its counts.

    Returns:
        The chart; without points ``reasons`` say why.
    """
    if closed:
        return TimeChart(reasons=tuple(closed))
    if not counts.months:
        return TimeChart(reasons=(HIDDEN_DATES,))
    points = merge_months(counts, tier)
    if not closed_by(P_CHART, {"points": len(points)}):
        return rates_over_time(points)
    return gaps_over_time(counts.gaps)


def gaps_over_time(gaps: tuple[int, ...]) -> TimeChart:
    """Return the chart of the reports between two discrepant ones, S6.02.

    Args:
        gaps: concordant reports, in order.
    """
    if short := closed_by(G_CHART, {"points": len(gaps)}):
        return TimeChart(reasons=short)
    return TimeChart(kind=GAPS, gaps=gaps, chart=g_chart(gaps), runs=run_rules(gaps))


def rates_over_time(points: tuple[TimePoint, ...]) -> TimeChart:
    """Return the chart of rates, S6.01.

    Args:
        points: at least twelve, in order, each with a report.
    """
    chart = p_chart([one.x for one in points], [one.n for one in points])
    if chart.value is None:
        return TimeChart(reasons=chart.reasons)
    runs = run_rules([one.x / one.n for one in points])
    return TimeChart(kind=RATES, points=points, chart=chart, runs=runs)


def merge_months(counts: OverTime, tier: Tier) -> tuple[TimePoint, ...]:
    """Return the months, each joined to the next ones until it may be told (S10.01).

    A point needs 20 reports as well (statistics.md 0.7). What is left at the end is joined to
    the point before it. No point is hidden, so that none can be worked out from the others.

    Args:
        counts: of one department.
        tier: the audience.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(counts.months) + 1):
        if _may_be_told(counts, start, end, tier):
            found.append((start, end))
            start = end
    if start < len(counts.months) and found:
        found[-1] = (found[-1][0], len(counts.months))
        # With the months that were left over, one author may stand for too much of it.
        while found and not _may_be_told(counts, *found[-1], tier):
            last = found.pop()
            if found:
                found[-1] = (found[-1][0], last[1])
    return tuple(_point(counts, *place) for place in found)


def _point(counts: OverTime, start: int, end: int) -> TimePoint:
    n = sum(sum(row[start:end]) for row in counts.authors)
    return TimePoint(counts.months[start], counts.months[end - 1], n, sum(counts.found[start:end]))


def _may_be_told(counts: OverTime, start: int, end: int, tier: Tier) -> bool:
    point = _point(counts, start, end)
    people = tuple(sum(row[start:end]) for row in counts.authors)
    cell = Cell(point.n, point.x, people)
    return point.n >= SMALLEST_PERIOD and not primary_reasons(cell, tier)
