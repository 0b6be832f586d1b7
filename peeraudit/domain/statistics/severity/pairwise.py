"""Who calls more discrepancies than whom, judged only on the cases both have read?"""

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.sparse import csgraph

from peeraudit.domain.statistics.intervals import Z
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs, undefined
from peeraudit.domain.statistics.severity.readings import ReadingPatterns

METHOD = "S4.02@1"
RIDGE_SD = 1.0
MOST_STEPS = 100
SMALLEST_STEP = 1e-12
# Discordant pairs from which on a reviewer's severity may be shown.
FULL_PAIRS = 10

Floats = NDArray[np.float64]


def count_wins(data: ReadingPatterns, positive: Collection[int]) -> NDArray[np.int64]:
    """Return on how many items one reviewer called a discrepancy and the other did not.

    Args:
        data: the readings, compressed.
        positive: the discrepant categories, from 0.

    Returns:
        Shape (reviewers, reviewers): row r, column s counts the pairs of readings of one item
        in which r's was in the set and s's was not; 0 on the diagonal.
    """
    inside = data.by_reviewer(positive)
    outside = data.by_reviewer(set(range(data.categories)) - set(positive))
    wins = np.asarray((inside.multiply(data.items[:, None]).T @ outside).todense())
    np.fill_diagonal(wins, 0)
    found: NDArray[np.int64] = np.rint(wins).astype(np.int64)
    return found


def _square(wins: Sequence[Sequence[int]] | NDArray[np.int64]) -> NDArray[np.float64]:
    table = np.array(wins, dtype=float)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not (table >= 0).all():
        raise ValueError("wins come as a square table of counts")
    np.fill_diagonal(table, 0)
    return table


def conditional_severity(
    wins: Sequence[Sequence[int]] | NDArray[np.int64],
    names: Sequence[str],
    *,
    ridge_sd: float = RIDGE_SD,
) -> Panel:
    """Return each reviewer's severity from discordant pairs alone, S4.02.

    Given that exactly one of two reviewers called a discrepancy, it was r and not s with
    probability expit(theta_r - theta_s), whatever the case: the case cancels out, so no random
    allocation is needed. The estimate is the most probable one under theta ~ N(0, ridge_sd²).

    Args:
        wins: as of ``count_wins``; shape (reviewers, reviewers), the diagonal is not read.
        names: the reviewers' keys, in the order of the rows.
        ridge_sd: prior standard deviation of a severity, in logits.

    Returns:
        Per reviewer theta in logits with mean 0, its standard error from the inverse penalised
        Hessian, and theta ± z se; ``n`` counts discordant pairs. ``details`` of a unit hold the
        maximum-likelihood values, of the panel whether they exist (``strongly_connected``). A
        reviewer without discordant pair is not estimable; none at all: ``NO_DISCORDANT_PAIRS``.

    Raises:
        ValueError: the table is not square, a count is negative, or the spread not above 0.

    Source:
        Bradley R. A., Terry M. E. (1952). Biometrika 39, 324-345. doi:10.1093/biomet/39.3-4.324;
        Zwinderman A. H. (1995). Appl Psychol Meas 19, 369-375.
    """
    table = _square(wins)
    if not ridge_sd > 0:
        raise ValueError("the prior spread of a severity is above 0")
    inputs = hash_inputs(METHOD, wins=table.astype(int).tolist(), ridge_sd=ridge_sd)
    pairs = (table + table.T).sum(axis=1)
    total = int(table.sum())
    if total == 0:
        return Panel(
            method=METHOD,
            inputs_sha256=inputs,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_DISCORDANT_PAIRS",),
        )
    theta, hessian = _maximise(table, 1 / ridge_sd**2)
    se = np.sqrt(np.diagonal(np.linalg.inv(hessian)))
    connected = csgraph.connected_components(table, connection="strong")[0] == 1
    plain = _plain(table) if connected else None
    units = {
        name: _unit(
            inputs,
            int(pairs[r]),
            float(theta[r] - theta.mean()),
            float(se[r]),
            None if plain is None else (float(plain[0][r]), float(plain[1][r])),
        )
        for r, name in enumerate(names)
    }
    return Panel(
        method=METHOD,
        inputs_sha256=inputs,
        units=units,
        n=total,
        warnings=() if connected else ("NOT_CONNECTED",),
        details={
            "strongly_connected": bool(connected),
            "map_theta": (theta - theta.mean()).tolist(),
            "map_theta_uncentred": theta.tolist(),
            "map_se": se.tolist(),
            "ml_theta": None if plain is None else plain[0].tolist(),
            "ml_se": None if plain is None else plain[1].tolist(),
        },
    )


def _unit(
    inputs: str, pairs: int, theta: float, se: float, plain: tuple[float, float] | None
) -> Estimate:
    if pairs == 0:
        return undefined(METHOD, inputs, reason="NO_DISCORDANT_PAIRS")
    return Estimate(
        method=METHOD,
        inputs_sha256=inputs,
        n=pairs,
        value=theta,
        se=se,
        ci=(theta - Z * se, theta + Z * se),
        ci_method="penalised_hessian",
        warnings=() if pairs >= FULL_PAIRS else ("FEW_DISCORDANT_PAIRS",),
        details={
            "odds_ratio": math.exp(theta),
            "ml": None if plain is None else plain[0],
            "ml_se": None if plain is None else plain[1],
        },
    )


def _maximise(wins: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Return the severities of greatest penalised likelihood and the negative Hessian there."""
    both = wins + wins.T
    r = wins.shape[0]
    theta = np.zeros(r)
    hessian = np.eye(r)
    anchor = 0.0 if penalty else 1 / r
    for _ in range(MOST_STEPS):
        p = special.expit(theta[:, None] - theta[None, :])
        slope = (wins - both * p).sum(axis=1) - penalty * theta
        spread = both * p * (1 - p)
        hessian = np.diag(spread.sum(axis=1) + penalty) - spread
        # Without penalty only differences matter; the added constant holds their mean at 0.
        step = np.linalg.solve(hessian + anchor, slope)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), SMALLEST_STEP))
        theta = theta + step
        if np.abs(step).max() < SMALLEST_STEP:
            break
    return theta, hessian


def _plain(wins: Floats) -> tuple[Floats, Floats]:
    """Return the maximum-likelihood severities with mean 0 and their standard errors."""
    theta, hessian = _maximise(wins, 0.0)
    variance = np.diagonal(np.linalg.pinv(hessian, rcond=1e-12))
    return theta - theta.mean(), np.sqrt(variance)
