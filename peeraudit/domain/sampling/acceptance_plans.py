"""How many reports decide whether a rate is below a limit: pass, or investigate?"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.errors import N_
from peeraudit.domain.sampling.sample_size import check_frame_size
from peeraudit.domain.statistics.refusals import NotComputable

ROUNDING = 1e-9
CURVE_POINTS = 21
# A plan for more reports than that is a mistake in the question.
MOST = 100_000


@dataclass(frozen=True)
class ZeroPlan:
    """How many reports without a finding speak for a rate below a limit, S1.04.

    Attributes:
        rule_of_three: 3/p0, a mnemonic.
        n_binomial: reports for an endless frame.
        marked: D, discrepant reports of the frame at the limit; None for an endless one.
        n: reports of the frame; None for an endless one.
        risk: probability that so many show no finding though the rate is at the limit.
    """

    rule_of_three: float
    n_binomial: int
    marked: int | None
    n: int | None
    risk: float


def zero_plan(limit: float, *, confidence: float = 0.95, frame_size: int | None) -> ZeroPlan:
    """Return how many reports must show no finding for a rate below ``limit``, S1.04.

    ln(1-C)/ln(1-p0) rounded up; in a frame of N with D = max(1, N·p0 rounded up) discrepant
    ones the smallest n for which drawing none of them has a probability of at most 1-C.

    Args:
        limit: p0, above 0 and below 1.
        confidence: C, above 0 and below 1.
        frame_size: reports in the frame, at least 1; None for an endless one.

    Returns:
        The plan.

    Raises:
        NotComputable: a value is out of its range.

    Source:
        Hanley J. A., Lippman-Hand A. (1983). JAMA 249, 1743-1745.
    """
    if not (0 < limit < 1 and 0 < confidence < 1):
        raise NotComputable(
            "OUT_OF_RANGE", N_("The limit and the confidence lie between 0 and 100 per cent.")
        )
    check_frame_size(frame_size)
    endless = max(1, math.ceil(math.log1p(-confidence) / math.log1p(-limit) - ROUNDING))
    if frame_size is None:
        return ZeroPlan(3 / limit, endless, None, None, (1 - limit) ** endless)
    marked = max(1, math.ceil(frame_size * limit - ROUNDING))
    clear = frame_size - marked

    def missed(n: int) -> float:
        if n > clear:
            return 0.0
        return math.exp(_log_choose(clear, n) - _log_choose(frame_size, n))

    # A relative hair, so that a risk of exactly 1-C is not lost to rounding.
    n = _first(1, frame_size, lambda size: missed(size) <= (1 - confidence) * (1 + ROUNDING))
    return ZeroPlan(3 / limit, endless, marked, n, missed(n))


@dataclass(frozen=True)
class Plan:
    """An acceptance plan, S1.05: draw n; pass with at most c findings, else investigate.

    Attributes:
        n: reports to draw.
        c: most findings that still pass.
        producer_risk: probability that a good department is investigated.
        consumer_risk: probability that a bad one passes.
        curve: (rate, probability to pass) at 21 rates from 0 to twice the bad one, or 1.
    """

    n: int
    c: int
    producer_risk: float
    consumer_risk: float
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Question:
    """What an acceptance plan must tell apart, and how surely.

    Attributes:
        good: a rate that should pass.
        bad: a rate that should be investigated, higher.
        alpha: highest producer's risk.
        beta: highest consumer's risk.
        frame_size: reports in the frame; None for an endless one.
    """

    good: float
    bad: float
    alpha: float
    beta: float
    frame_size: int | None

    @property
    def marked_good(self) -> int:
        """Discrepant reports of the frame at the good rate, rounded down."""
        return math.floor((self.frame_size or 0) * self.good + ROUNDING)

    @property
    def marked_bad(self) -> int:
        """Discrepant reports of the frame at the bad rate, rounded up."""
        return math.ceil((self.frame_size or 0) * self.bad - ROUNDING)

    def passes_good(self, n: int, c: int) -> float:
        """Return how probably a good department passes."""
        if self.frame_size is None:
            return float(special.bdtr(c, n, self.good))
        return passing(n, c, marked=self.marked_good, frame_size=self.frame_size)

    def passes_bad(self, n: int, c: int) -> float:
        """Return how probably a bad department passes."""
        if self.frame_size is None:
            return float(special.bdtr(c, n, self.bad))
        return passing(n, c, marked=self.marked_bad, frame_size=self.frame_size)


def acceptance_plan(question: Question) -> Plan:
    """Return the smallest plan that keeps both risks, S1.05.

    For c = 0, 1, … the smallest n at which a bad department passes with at most ``beta``; the
    first that lets a good one pass with at least 1 - ``alpha`` is taken. Over a frame both are
    hypergeometric, with N·good rounded down and N·bad rounded up.

    Args:
        question: the rates and risks.

    Returns:
        The plan; the wording of its result is "pass" or "investigate", never good or bad.

    Raises:
        NotComputable: a value is out of its range, or no plan can tell the two rates apart.

    Source:
        Robertson S. E., Valadez J. J. (2006). Soc Sci Med 63, 1648-1660.
    """
    _check(question)
    most = question.frame_size or MOST
    low = 1
    for c in range(most):
        low = max(low, c + 1)
        if question.passes_bad(most, c) > question.beta * (1 + ROUNDING):
            break
        low = _least_sample(question, c, low, most)
        producer_risk = 1 - question.passes_good(low, c)
        if producer_risk <= question.alpha * (1 + ROUNDING):
            risk = question.passes_bad(low, c)
            return Plan(low, c, producer_risk, risk, _curve(question, low, c))
    raise NotComputable(
        "INFEASIBLE",
        N_("No sample of up to %(most)d reports can tell the two rates apart so surely."),
        most=most,
    )


def _least_sample(question: Question, c: int, low: int, most: int) -> int:
    """Return the smallest sample from ``low`` at which a bad department hardly passes."""
    return _reach(low, most, lambda n: question.passes_bad(n, c) <= question.beta * (1 + ROUNDING))


def _curve(question: Question, n: int, c: int) -> tuple[tuple[float, float], ...]:
    top = min(1.0, 2 * question.bad)
    rates = [top * step / (CURVE_POINTS - 1) for step in range(CURVE_POINTS)]
    size = question.frame_size
    if size is None:
        return tuple((rate, float(special.bdtr(c, n, rate))) for rate in rates)
    return tuple(
        (rate, passing(n, c, marked=round(size * rate), frame_size=size)) for rate in rates
    )


def passing(n: int, c: int, *, marked: int, frame_size: int) -> float:
    """Return P(X <= c) for ``n`` drawn of a frame of which ``marked`` are discrepant."""
    least = max(0, n - (frame_size - marked))
    if c < least:
        return 0.0
    x = np.arange(least, min(c, n, marked) + 1, dtype=float)
    chances = np.exp(
        _log_ways(marked, x) + _log_ways(frame_size - marked, n - x) - _log_choose(frame_size, n)
    )
    return min(1.0, float(chances.sum()))


def _log_ways(total: int, part: NDArray[np.float64]) -> NDArray[np.float64]:
    below = special.gammaln(part + 1) + special.gammaln(total - part + 1)
    ways: NDArray[np.float64] = special.gammaln(total + 1.0) - below
    return ways


def _log_choose(total: int, part: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(part + 1) - math.lgamma(total - part + 1)


def _reach(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest integer of low..high for which ``holds``, found by doubling."""
    step = 1
    while low + step < high and not holds(low + step):
        step *= 2
    return _first(low, min(high, low + step), holds)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _check(question: Question) -> None:
    rates = 0 < question.good < question.bad < 1
    if not (rates and 0 < question.alpha < 1 and 0 < question.beta < 1):
        raise NotComputable(
            "OUT_OF_RANGE",
            N_(
                "An acceptance plan needs a good rate below a bad one, both between 0 and 100 per"
                " cent, and risks between 0 and 100 per cent."
            ),
        )
    check_frame_size(question.frame_size)
