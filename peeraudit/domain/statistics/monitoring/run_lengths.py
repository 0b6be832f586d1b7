"""How long until a chart alarms, rightly or falsely?"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.monitoring.cusum import DOUBLED, log_likelihood_weights
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

BERNOULLI = "S6.05@1"
RISK_ADJUSTED = "S6.06@1"
CALIBRATION = "S6.10@1"
EWMA = "S6.08@1"
SCALING = 200
NODES = 201
# No chart with more states than this is searched for a threshold.
MOST_STATES = 4000

Floats = NDArray[np.float64]


def _from_zero(moves: Floats) -> float:
    """Return the mean number of steps until the chain leaves its states, starting in the first.

    Args:
        moves: chance to go from state (row) to state (column); rows sum to at most 1.
    """
    return float(np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves)))[0])


def bernoulli_run_length(p: float, *, m: int, hm: int) -> Estimate:
    """Return the exact run length of the textbook Bernoulli CUSUM, S6.05.

    On the lattice of 1/m the sum moves to max(0, B + m y - 1) and alarms from ``hm`` on.

    Args:
        p: true probability of a discrepancy, 0 < p < 1.
        m: 1/m is the chart's reference value; integer >= 2.
        hm: alarm threshold times m; integer >= 1.

    Returns:
        Mean reports until the alarm; ``details``: ``states``.

    Raises:
        ValueError: a parameter outside its range.

    Source:
        Reynolds M. R., Stoumbos Z. G. (1999). J Qual Technol 31, 87-108.
        doi:10.1080/00224065.1999.11979900
    """
    if not 0 < p < 1 or m < 2 or hm < 1:
        raise ValueError("a Bernoulli CUSUM needs 0 < p < 1, m >= 2 and hm >= 1")
    moves = np.zeros((hm, hm))
    for state in range(hm):
        moves[state, max(0, state - 1)] += 1 - p
        if state + m - 1 < hm:
            moves[state, state + m - 1] += p
    return Estimate(
        method=BERNOULLI,
        inputs_sha256=hash_inputs(BERNOULLI, p=p, m=m, hm=hm),
        value=_from_zero(moves),
        details={"states": hm},
    )


def _check_mix(p: Sequence[float], weights: Sequence[float], odds_ratio: float) -> None:
    if len(p) != len(weights) or not p:
        raise ValueError("each expected probability of the mix has a weight")
    if not all(0 < chance < 1 for chance in p):
        raise ValueError("an expected probability lies between 0 and 1, both excluded")
    if min(weights) < 0 or abs(math.fsum(weights) - 1) > 1e-6:
        raise ValueError("the weights of a mix are at least 0 and sum to 1")
    if not odds_ratio > 0 or odds_ratio == 1:
        raise ValueError("a CUSUM needs an odds ratio above 0 and other than 1")


def _increments(
    p: Sequence[float], weights: Sequence[float], odds_ratio: float, true_ratio: float, scaling: int
) -> list[tuple[int, float]]:
    """Return by how many lattice steps the sum moves, and with which chance.

    Each move lies between two lattice points and is split so that its mean is kept.
    """
    chances = np.array(p, dtype=float)
    down, up = log_likelihood_weights(chances, odds_ratio)
    truth = true_ratio * chances / (1 - chances + true_ratio * chances)
    mix = np.array(weights, dtype=float)
    moves: dict[int, float] = {}
    for size, chance in zip(
        np.concatenate([down, up]) * scaling,
        np.concatenate([mix * (1 - truth), mix * truth]),
        strict=True,
    ):
        below = math.floor(size)
        above = float(size) - below
        moves[below] = moves.get(below, 0.0) + float(chance) * (1 - above)
        moves[below + 1] = moves.get(below + 1, 0.0) + float(chance) * above
    return sorted(moves.items())


def _lattice_run_length(moves: Sequence[tuple[int, float]], states: int) -> float:
    chain = np.zeros((states, states))
    here = np.arange(states)
    for shift, chance in moves:
        there = np.maximum(0, here + shift)
        inside = there < states
        np.add.at(chain, (here[inside], there[inside]), chance)
    return _from_zero(chain)


def risk_adjusted_run_length(
    p: Sequence[float],
    weights: Sequence[float],
    *,
    h: float,
    odds_ratio: float = DOUBLED,
    true_ratio: float = 1.0,
    scaling: int = SCALING,
) -> Estimate:
    """Return the mean run length of the risk-adjusted CUSUM for a mix of cases, S6.06.

    A chain on the lattice of 1/scaling; a move between two points goes to either in proportion.

    Args:
        p: expected probabilities of the mix, each 0 < p < 1.
        weights: their shares, summing to 1.
        h: alarm threshold, > 0.
        odds_ratio: the change that the chart looks for.
        true_ratio: the change that is there: 1 gives the time to a false alarm.
        scaling: lattice points per unit of evidence.

    Returns:
        Mean reports until the alarm; ``details``: ``states``.

    Raises:
        ValueError: a parameter outside its range.

    Source:
        Knoth S., Wittenberg P., Gan F. F. (2019). Stat Med 38, 2206-2218.
        doi:10.1002/sim.8104; Brook D., Evans D. A. (1972). Biometrika 59, 539-549.
        doi:10.1093/biomet/59.3.539
    """
    _check_mix(p, weights, odds_ratio)
    if not h > 0 or not true_ratio > 0 or scaling < 1:
        raise ValueError("a run length needs h > 0, a true odds ratio > 0 and scaling >= 1")
    states = math.ceil(h * scaling - 1e-9)
    moves = _increments(p, weights, odds_ratio, true_ratio, scaling)
    given = {"p": list(p), "weights": list(weights), "h": h, "odds_ratio": odds_ratio}
    return Estimate(
        method=RISK_ADJUSTED,
        inputs_sha256=hash_inputs(RISK_ADJUSTED, true_ratio=true_ratio, scaling=scaling, **given),
        value=_lattice_run_length(moves, states),
        details={"states": states},
    )


def calibrate_threshold(
    p: Sequence[float],
    weights: Sequence[float],
    *,
    target: float,
    odds_ratio: float = DOUBLED,
    scaling: int = 100,
) -> Estimate:
    """Return the smallest threshold with at least ``target`` reports to a false alarm, S6.10.

    The run length grows with the threshold, so it is found by bisection on the lattice.

    Args:
        p: expected probabilities of the mix.
        weights: their shares, summing to 1.
        target: mean reports between false alarms, > 1; by default of the product one alarm per
            two years of the department's volume, at least 500 reports.
        odds_ratio: the change that the chart looks for.
        scaling: lattice points per unit of evidence.

    Returns:
        The threshold h; ``details``: ``lattice_states``, ``arl_at_h``, ``arl_changed`` (mean
        reports until the change is noticed once it is there). Beyond 4000 states: ``UNSTABLE``.

    Raises:
        ValueError: a parameter outside its range.

    Source:
        Knoth S., Wittenberg P., Gan F. F. (2019). Stat Med 38, 2206-2218.
        doi:10.1002/sim.8104
    """
    _check_mix(p, weights, odds_ratio)
    if not target > 1 or scaling < 1:
        raise ValueError("a threshold needs a target above 1 report and scaling >= 1")
    given = {"p": list(p), "weights": list(weights), "odds_ratio": odds_ratio}
    inputs = hash_inputs(CALIBRATION, target=target, scaling=scaling, **given)
    moves = _increments(p, weights, odds_ratio, 1.0, scaling)
    low, high = 0, 64
    while _lattice_run_length(moves, high) < target:
        low, high = high, 2 * high
        if high > MOST_STATES:
            return Estimate(
                method=CALIBRATION,
                inputs_sha256=inputs,
                status=Status.NOT_ESTIMABLE,
                reasons=("UNSTABLE",),
            )
    while high - low > 1:
        middle = (low + high) // 2
        if _lattice_run_length(moves, middle) >= target:
            high = middle
        else:
            low = middle
    changed = _increments(p, weights, odds_ratio, odds_ratio, scaling)
    return Estimate(
        method=CALIBRATION,
        inputs_sha256=inputs,
        value=high / scaling,
        details={
            "lattice_states": high,
            "arl_at_h": _lattice_run_length(moves, high),
            "arl_changed": _lattice_run_length(changed, high),
        },
    )


def ewma_run_length(weight: float, limit: float, *, shift: float = 0.0) -> Estimate:
    """Return the mean run length of an EWMA chart with steady limits, S6.08.

    The integral equation of the run length is solved at 201 Gauss-Legendre nodes.

    Args:
        weight: lambda, of the newest point; 0 < lambda <= 1.
        limit: L, in standard errors of the moving average; > 0.
        shift: of the mean, in standard deviations of a point.

    Returns:
        Mean points until a signal, starting from the target.

    Raises:
        ValueError: a parameter outside its range.

    Source:
        Lucas J. M., Saccucci M. S. (1990). Technometrics 32, 1-12.
        doi:10.1080/00401706.1990.10484583; Crowder S. V. (1987). Technometrics 29, 401-407.
        doi:10.1080/00401706.1987.10488267
    """
    if not 0 < weight <= 1 or not limit > 0:
        raise ValueError("an EWMA needs a weight above 0 and at most 1, and a limit above 0")
    half = limit * math.sqrt(weight / (2 - weight))
    nodes, areas = np.polynomial.legendre.leggauss(NODES)
    x, areas = half * nodes, half * areas

    def kernel(start: Floats) -> Floats:
        gap = (x[None, :] - (1 - weight) * start[:, None]) / weight - shift
        density: Floats = np.exp(-(gap**2) / 2) / math.sqrt(2 * math.pi) / weight
        return density * areas

    at_nodes = np.linalg.solve(np.eye(NODES) - kernel(x), np.ones(NODES))
    value = 1 + float((kernel(np.zeros(1))[0] * at_nodes).sum())
    inputs = hash_inputs(EWMA, weight=weight, limit=limit, shift=shift)
    return Estimate(method=EWMA, inputs_sha256=inputs, value=value)
