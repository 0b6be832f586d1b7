"""Is evidence piling up that a department's reporting changed since a campaign that is over?

The campaign before says what is usual; each later report adds to the evidence, in the order of the
months of the reports. What is told is whether there was an alarm and since when: the sum report by
report would tell single scores.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from peeraudit.domain.statistics.gates import closed_by
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.monitoring.cusum import DOUBLED, HALVED, risk_adjusted_cusum
from peeraudit.domain.statistics.monitoring.run_lengths import calibrate_threshold
from peeraudit.domain.statistics.panel_severity import ReviewerRow
from peeraudit.domain.statistics.results import Estimate

CUSUM = "S6.04"
NO_BASELINE, NOT_FINAL, TOO_MANY = "BASELINE_LT_200", "NOT_FINAL", "REPORTS_GT_100000"
MOST_REPORTS = 100_000
"""Each is read again whenever the page is asked for."""
FEWEST_REPORTS = 500
"""A false alarm in so many reports at most (S6.10)."""
YEARS = 2
DAYS_OF_A_YEAR = 365.25
SCALING = 100
COARSE = 10
"""Reports to which it is rounded after how many a change would be noticed."""
# A threshold holds for mixes of cases that differ by less than a fifth.
MIX_STEPS = 10
# So coarse that departments of about one size share a threshold, always towards fewer alarms.
TARGETS = (500, 700, 1000, 1400, 2000, 2800, 4000)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual, by a campaign that is over.

    Attributes:
        by_modality: share of first readings that called a discrepancy.
        overall: the same of all modalities, for one that the campaign did not have.
        n: first readings behind it, only those that chance allotted.
    """

    by_modality: Mapping[str, float]
    overall: float
    n: int

    @property
    def closed(self) -> tuple[str, ...]:
        """Why nothing may be told against it; nothing where it may."""
        if 0 < self.overall < 1:
            return closed_by(CUSUM, {"baseline_reports": self.n})
        return ("NO_VARIATION",) if self.n else closed_by(CUSUM, {"baseline_reports": 0})

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share of all: of the process, so without the frame."""
        return wilson(self.overall, self.n) if self.n else (0.0, 1.0)

    def expected(self, modality: str) -> float:
        """Return the probability that a report of a modality is called discrepant."""
        share = self.by_modality.get(modality, 0.0)
        return share if 0 < share < 1 else self.overall


@dataclass(frozen=True, slots=True)
class Later:
    """One later report, as its first reader scored it.

    Attributes:
        modality: of the examination.
        month: of the report, such as ``2026-03``.
        is_discrepant: whether a discrepancy was called.
    """

    modality: str
    month: str
    is_discrepant: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """What the evidence says of one department.

    Attributes:
        n: later reports.
        expected: probability of a discrepancy of them on average, by what is usual.
        worse: month of the report since which evidence of an increase grew up to the last alarm;
            None without an alarm.
        better: the same for a decrease.
        noticed_after: reports after which twice the odds would alarm, on average.
        worse_chart: the sum and its alarms, S6.04.
        better_chart: the same for a decrease.
    """

    n: int
    expected: float
    worse: str | None
    better: str | None
    noticed_after: float
    worse_chart: Estimate
    better_chart: Estimate

    @property
    def told_expected(self) -> float:
        """What may be told of ``expected``: so coarse that no mix of modalities follows from it."""
        return round(self.expected, 2)

    @property
    def told_noticed(self) -> int:
        """What may be told of ``noticed_after``, in reports: coarse for the same reason."""
        return max(COARSE, COARSE * round(self.noticed_after / COARSE))


def usual_of(rows: Sequence[ReviewerRow]) -> Usual:
    """Return what is usual by the first readings of a campaign that chance allotted.

    The codes of reviewers end with their campaign, so that a reviewer's severity cannot be
    carried over: the expectation is that of the pool, to which reports are given by chance.

    Args:
        rows: of its reviewers.
    """
    n, x = Counter[str](), Counter[str]()
    for row in rows:
        for modality, readings, called in row:
            n[modality] += readings
            x[modality] += called
    total = n.total()
    shares = {modality: x[modality] / n[modality] for modality in sorted(n) if n[modality]}
    return Usual(shares, x.total() / total if total else 0.0, total)


def watch(usual: Usual, reports: Sequence[Later], *, days: int) -> Watch | None:
    """Return the evidence of a change in one department, S6.04 with limits by S6.10.

    Args:
        usual: what it is held against; its gate is open.
        reports: of the department since, in the order of their months; within a month chance
            decides on the order.
        days: of the periods that they come from.

    Returns:
        The evidence; None without a report, or where no limit can be found.
    """
    if not reports or days < 1:
        return None
    expected = [usual.expected(one.modality) for one in reports]
    target = _target(len(reports), days)
    mix = _mix(expected)
    limits = {ratio: _limit(mix, target, ratio) for ratio in (DOUBLED, HALVED)}
    if None in limits.values():
        return None
    called = [int(one.is_discrepant) for one in reports]
    charts = {
        ratio: risk_adjusted_cusum(expected, called, h=limit[0], odds_ratio=ratio)
        for ratio, limit in limits.items()
        if limit is not None
    }
    return Watch(
        n=len(reports),
        expected=math.fsum(expected) / len(expected),
        worse=_since(charts[DOUBLED], reports),
        better=_since(charts[HALVED], reports),
        noticed_after=(limits[DOUBLED] or (0.0, 0.0))[1],
        worse_chart=charts[DOUBLED],
        better_chart=charts[HALVED],
    )


def _target(reports: int, days: int) -> int:
    """Return after how many reports a false alarm may come: those of two years, 500 at least."""
    wanted = max(FEWEST_REPORTS, reports * YEARS * DAYS_OF_A_YEAR / days)
    return next((one for one in TARGETS if one >= wanted), TARGETS[-1])


def _mix(expected: Sequence[float]) -> tuple[tuple[float, int], ...]:
    """Return the expected probabilities with their weights, in tenths of all reports."""
    parts = {p: round(MIX_STEPS * n / len(expected)) for p, n in Counter(expected).items()}
    kept = {p: weight for p, weight in parts.items() if weight}
    return tuple(sorted(kept.items())) or ((math.fsum(expected) / len(expected), 1),)


@lru_cache(maxsize=512)
def _limit(
    mix: tuple[tuple[float, int], ...], target: int, odds_ratio: float
) -> tuple[float, float] | None:
    """Return the threshold and the reports after which such a change is noticed on average."""
    whole = sum(weight for _, weight in mix)
    found = calibrate_threshold(
        [p for p, _ in mix],
        [weight / whole for _, weight in mix],
        target=target,
        odds_ratio=odds_ratio,
        scaling=SCALING,
    )
    changed = found.details.get("arl_changed")
    if found.value is None or not isinstance(changed, float):
        return None
    return found.value, changed


def _since(chart: Estimate, reports: Sequence[Later]) -> str | None:
    """Return the month in which the evidence for the last alarm began."""
    since = chart.details["since"]
    return reports[since[-1] - 1].month if isinstance(since, list) and since else None
