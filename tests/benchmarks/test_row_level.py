"""G8: what is computed from counts equals what the rows say, and costs a part of it.

Each baseline goes through the readings one by one, or as one array with a line a reading, by the
formula as it stands in the specification; none uses counts, patterns or any code of the engine.
The results must be equal within the tolerances of the specification.
"""

import numpy as np
import pytest
from scipy import special, stats

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_patterns import compress_ratings
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes
from peeraudit.domain.statistics.severity.pairwise import count_wins
from peeraudit.domain.statistics.severity.panel import severity_panel
from peeraudit.domain.statistics.severity.readings import compress_readings
from tests.benchmarks.test_statistics import (
    REVIEWERS,
    D,
    K,
    best,
    ratings_of,
    readings_of,
    tell,
)

pytestmark = pytest.mark.benchmark
# Of coefficients and their errors, S3.01; of what is found by climbing, S4.01.
AGREEMENT, CLIMBED = {"rel": 1e-6, "abs": 1e-8}, {"rel": 1e-6, "abs": 1e-5}


def told(name, mine, rows):
    tell(f"{name}: {1000 * mine:.1f} ms, row by row {1000 * rows:.1f} ms, {rows / mine:.0f} x")


def coefficients_by_row(ratings):
    """Return the headline coefficients and the jackknife error of each, item by item."""
    given = np.stack([(ratings == k).sum(axis=1) for k in range(K)], axis=1).astype(float)
    given = given[given.sum(axis=1) >= 2]
    r = given.sum(axis=1)
    distance = np.abs(np.subtract.outer(np.arange(K), np.arange(K)))
    weights = 1 - distance * (distance + 1) / (K * (K - 1))
    agree = ((given * (given - 1)).sum(axis=1)) / (r * (r - 1))
    near = ((given * (given @ weights)).sum(axis=1) - r) / (r * (r - 1))
    shares = given / r[:, None]
    pairs = given[:, :, None] * given[:, None, :]
    pairs[:, np.arange(K), np.arange(K)] -= given
    pairs /= (r - 1)[:, None, None]
    high = given[:, list(D)].sum(axis=1)
    parts = [agree, near, *shares.T, *pairs.reshape(-1, K * K).T, high * (high - 1) / (r - 1), high]
    rows = np.stack(parts, axis=1)
    total = rows.sum(axis=0)

    def of(sums, n):
        pi = sums[:, 2 : 2 + K] / n
        po, near_po = sums[:, 0] / n, sums[:, 1] / n
        pe = (pi**2).sum(axis=1)
        gwet = weights.sum() / (K * (K - 1)) * (pi * (1 - pi)).sum(axis=1)
        o = sums[:, 2 + K : 2 + K + K * K].reshape(-1, K, K)
        nk = o.sum(axis=2)
        rank = np.cumsum(nk, axis=1) - nk / 2
        delta = (rank[:, :, None] - rank[:, None, :]) ** 2
        expected = (nk[:, :, None] * nk[:, None, :] * delta).sum(axis=(1, 2))
        alpha = 1 - (nk.sum(axis=1) - 1) * (o * delta).sum(axis=(1, 2)) / expected
        return {
            "identity.fleiss": (po - pe) / (1 - pe),
            "ordinal.gwet": (near_po - gwet) / (1 - gwet),
            "krippendorff.ordinal": alpha,
            "specific_agreement.positive": sums[:, -2] / sums[:, -1],
        }

    n = len(rows)
    without = of(total - rows, n - 1)
    errors = {
        name: np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
        for name, left in without.items()
    }
    return {name: (value[0], errors[name]) for name, value in of(total[None], n).items()}


def test_agreement_equals_its_items():
    ratings = ratings_of(100_000, 3, 0.2)

    def ours():
        return agreement_suite(compress_ratings(ratings, categories=K), categories=K, positive=D)

    (mine, rows), (suite, expected) = best(ours, lambda: coefficients_by_row(ratings), runs=3)
    told("agreement, 100,000 x 3", mine, rows)
    for name, (value, se) in expected.items():
        found = suite.coefficients[name]
        assert found.value == pytest.approx(value, **AGREEMENT), name
        assert found.se == pytest.approx(se, **AGREEMENT), name
    assert mine < rows


def test_wins_equal_their_pairs():
    items, who, scores = readings_of(1_000_000)

    def pair_by_pair():
        wins = np.zeros((REVIEWERS, REVIEWERS), dtype=np.int64)
        (one, other), high = who.reshape(-1, 2).T, np.isin(scores.reshape(-1, 2), list(D)).T
        np.add.at(wins, (one[high[0] & ~high[1]], other[high[0] & ~high[1]]), 1)
        np.add.at(wins, (other[high[1] & ~high[0]], one[high[1] & ~high[0]]), 1)
        return wins

    data = compress_readings(items, who, scores, categories=K)
    (mine, rows), (found, expected) = best(lambda: count_wins(data, D), pair_by_pair)
    told("discordant pairs, 1,000,000 x 2, from patterns", mine, rows)
    assert (found == expected).all()
    assert mine < rows


def test_latent_classes_equal_their_readings():
    items, who, scores = readings_of(200_000)
    steps = 8

    def reading_by_reading():
        n = items.max() + 1
        posterior = np.zeros((n, K))
        np.add.at(posterior, (items, scores), 1.0)
        posterior /= posterior.sum(axis=1, keepdims=True)
        for _ in range(steps):
            prevalence = (posterior.sum(axis=0) + 0.5) / (n + K * 0.5)
            tables = np.full((REVIEWERS, K, K), 0.5)
            for t in range(K):
                np.add.at(tables[:, t, :], (who, scores), posterior[items, t])
            logs = np.log(tables / tables.sum(axis=2, keepdims=True))
            joint = np.tile(np.log(prevalence), (n, 1))
            for t in range(K):
                joint[:, t] += np.bincount(items, logs[who, t, scores], minlength=n)
            top = joint.max(axis=1, keepdims=True)
            likely = np.exp(joint - top)
            loglik = float((np.log(likely.sum(axis=1)) + top[:, 0]).sum())
            posterior = likely / likely.sum(axis=1, keepdims=True)
        return prevalence, loglik

    def ours():
        data = compress_readings(items, who, scores, categories=K)
        return fit_latent_classes(data, smooth=0.5, most_steps=steps)

    (mine, rows), (fit, expected) = best(ours, reading_by_reading, runs=3)
    told(f"latent classes, 200,000 x 2, {steps} steps, compression included", mine, rows)
    assert fit.prevalence == pytest.approx(expected[0], **CLIMBED)
    assert fit.loglik == pytest.approx(expected[1], rel=1e-8)
    assert mine < rows


def test_severity_has_the_likelihood_of_its_readings():
    draws = np.random.Generator(np.random.PCG64(3))
    strata, size = 6, 100
    chance = special.expit(
        draws.normal(0, 0.5, REVIEWERS)[:, None] + np.linspace(-3.6, -2.0, strata)
    )
    counts = draws.binomial(size, chance)
    cells = [
        ReviewerCell(f"r{r:02d}", f"h{h}", size, int(counts[r, h]))
        for r in range(REVIEWERS)
        for h in range(strata)
    ]
    place = np.repeat(np.arange(REVIEWERS * strata), size)
    called = (np.arange(len(place)) % size) < counts.reshape(-1)[place]

    def ours():
        return severity_panel(cells, allocation_random=True)

    (mine,), (panel,) = best(ours, runs=3)
    beta, sigma = np.array(panel.details["beta"]), panel.details["sigma"]
    grid = np.linspace(-8, 8, 401)
    # The ways in which so many of a cell can be discrepant belong to counts, not to rows.
    ways = (
        special.gammaln(size + 1) - special.gammaln(counts + 1) - special.gammaln(size - counts + 1)
    ).sum()

    def at(beta, sigma):
        """Integrate, over each reviewer's severity, the likelihood of single readings."""
        each = np.stack(
            [np.where(called, 1, -1) * (beta[place % strata] + sigma * z) for z in grid]
        )
        sums = np.add.reduceat(
            special.log_expit(each), np.arange(0, len(place), size * strata), axis=1
        )
        inside = sums + (stats.norm.logpdf(grid) + np.log(grid[1] - grid[0]))[:, None]
        return float(special.logsumexp(inside, axis=0).sum() + ways)

    (rows,), (loglik,) = best(lambda: at(beta, sigma), runs=1)
    told("severity of 36,000 readings, against one likelihood", mine, rows)
    assert panel.details["loglik"] == pytest.approx(loglik, rel=1e-8)
    # It is the greatest one: no step to any side leads higher.
    for step in (0.02, -0.02):
        assert at(beta, sigma + step) < loglik
        assert at(beta + step, sigma) < loglik
    assert mine < rows
