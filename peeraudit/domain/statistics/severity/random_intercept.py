"""By which likelihood is a reviewer's severity told from the difficulty of his cases?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from peeraudit.domain.statistics.severity.counts import ReviewerCounts

# The stubs of the library leave its optimisers untyped.
minimize: Callable[..., Any] = optimize.minimize

NODES = 25
# A spread between reviewers below this, in logits, is none.
SMALLEST_SIGMA = 1e-4
MOST_STEPS = 60
LARGEST_STEP = 2.0
CONVERGED = 1e-11
DIFFERENCE = 1e-5

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RandomInterceptFit:
    """The fitted model.

    Attributes:
        beta: log-odds of a discrepancy per stratum, for a reviewer of severity 0; NaN for a
            stratum in which all readings are alike; shape (strata,).
        sigma: standard deviation of the reviewers' severities, in logits.
        sigma_se: its standard error; NaN where sigma is 0.
        loglik: log-likelihood, binomial coefficients included.
        mode: most probable severity of each reviewer, in logits; shape (reviewers,).
        spread: its standard deviation given the data; shape (reviewers,).
    """

    beta: Floats
    sigma: float
    sigma_se: float
    loglik: float
    mode: Floats
    spread: Floats


def fit_random_intercept(counts: ReviewerCounts, *, nodes: int = NODES) -> RandomInterceptFit:
    """Return the maximum-likelihood fit of x ~ Bin(n, expit(beta_h + u_r)), u_r ~ N(0, sigma²).

    The integral over each reviewer's severity is taken by adaptive Gauss-Hermite quadrature on
    counts per reviewer and stratum; the gradient is that of the integral. Strata in which all
    readings are alike tell nothing of the reviewers and are left out.

    Args:
        counts: readings and discrepant ones.
        nodes: of the quadrature, 15 to 41.

    Source:
        Pinheiro J. C., Bates D. M. (1995). J Comput Graph Stat 4, 12-35.
        doi:10.1080/10618600.1995.10474663
    """
    events, readings = counts.over_strata(counts.x), counts.over_strata(counts.n)
    varies = (events > 0) & (events < readings)
    beta = np.full(len(counts.strata), np.nan)
    if not varies.any():
        none = np.zeros(len(counts.reviewers))
        return RandomInterceptFit(beta, 0.0, np.nan, 0.0, none, none)
    likelihood = _Likelihood(counts, varies, nodes)
    start = np.append(special.logit(events[varies] / readings[varies]), 0.3)
    best = _climb(likelihood, start)
    sigma = float(abs(best[-1]))
    if sigma < SMALLEST_SIGMA:
        beta[varies] = start[:-1]
        best, sigma = np.append(start[:-1], 0.0), 0.0
    else:
        beta[varies] = best[:-1]
    loglik = -likelihood.value(best)[0] * likelihood.scale + likelihood.constant
    mode, spread = likelihood.modes(best)
    error = likelihood.sigma_error(best) if sigma else np.nan
    return RandomInterceptFit(beta, sigma, error, loglik, sigma * mode, sigma * spread)


def _climb(likelihood: "_Likelihood", start: Floats) -> Floats:
    """Return the parameters of greatest likelihood, the last of them at least 0."""
    found = minimize(
        likelihood.value, start, jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 500}
    )
    best = np.asarray(found.x, dtype=float)
    best[-1] = abs(best[-1])
    return best


class _Likelihood:
    """The marginal likelihood over cells, severities standing as u = sigma v with v ~ N(0, 1)."""

    def __init__(self, counts: ReviewerCounts, varies: NDArray[np.bool_], nodes: int) -> None:
        kept = varies[counts.stratum]
        self.n, self.x = counts.n[kept], counts.x[kept]
        self.reviewer = counts.reviewer[kept]
        self.stratum = (np.cumsum(varies) - 1)[counts.stratum[kept]]
        self.reviewers, self.strata = len(counts.reviewers), int(varies.sum())
        points, weights = np.polynomial.hermite.hermgauss(nodes)
        self.points = np.sqrt(2) * points
        self.log_weights = np.log(weights) + points**2 + 0.5 * np.log(2)
        self.scale = float(max(1.0, min(self.x.sum(), (self.n - self.x).sum())))
        choose = special.gammaln(counts.n + 1) - special.gammaln(counts.x + 1)
        self.constant = float((choose - special.gammaln(counts.n - counts.x + 1)).sum())

    def _per_reviewer(self, values: Floats) -> Floats:
        """Return sums over each reviewer's cells, for each column; shape (reviewers, columns)."""
        total = np.zeros((self.reviewers, values.shape[1]))
        np.add.at(total, self.reviewer, values)
        return total

    def modes(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Return the mode of v and its standard deviation, per reviewer; by Newton's steps."""
        beta, sigma = parameters[self.stratum], parameters[-1]
        v = np.zeros(self.reviewers)
        curvature = np.ones(self.reviewers)
        for _ in range(MOST_STEPS):
            p = special.expit(beta + sigma * v[self.reviewer])
            slope = sigma * self._sum(self.x - self.n * p) - v
            curvature = sigma**2 * self._sum(self.n * p * (1 - p)) + 1
            # A step is held short: far from the mode the curvature promises too much.
            step = np.clip(slope / curvature, -LARGEST_STEP, LARGEST_STEP)
            v = v + step
            if np.abs(step).max() < CONVERGED:
                break
        return v, 1 / np.sqrt(curvature)

    def _sum(self, values: Floats) -> Floats:
        total: Floats = np.bincount(self.reviewer, values, minlength=self.reviewers).astype(float)
        return total

    def value(self, parameters: Floats) -> tuple[float, Floats]:
        """Return minus the log-likelihood and its gradient, both divided by ``scale``."""
        sigma = parameters[-1]
        mode, spread = self.modes(parameters)
        v = mode[:, None] + spread[:, None] * self.points
        eta = parameters[self.stratum][:, None] + sigma * v[self.reviewer]
        inside = self.x[:, None] * eta - self.n[:, None] * np.logaddexp(0, eta)
        log_joint = self._per_reviewer(inside) - v**2 / 2 - 0.5 * np.log(2 * np.pi)
        weighted = log_joint + self.log_weights + np.log(spread)[:, None]
        per_reviewer = special.logsumexp(weighted, axis=1)
        chance = np.exp(weighted - per_reviewer[:, None])
        left = self.x[:, None] - self.n[:, None] * special.expit(eta)
        by_cell = chance[self.reviewer] * left
        to_beta = np.bincount(self.stratum, by_cell.sum(axis=1), minlength=self.strata)
        to_sigma = (by_cell * v[self.reviewer]).sum()
        return (
            -float(per_reviewer.sum()) / self.scale,
            -np.append(to_beta, to_sigma) / self.scale,
        )

    def sigma_error(self, parameters: Floats) -> float:
        """Return the standard error of sigma from the curvature at the maximum."""
        size = len(parameters)
        hessian = np.empty((size, size))
        for place in range(size):
            shift = DIFFERENCE * np.eye(size)[place]
            above, below = self.value(parameters + shift)[1], self.value(parameters - shift)[1]
            hessian[place] = (above - below) / (2 * DIFFERENCE)
        inverse = np.linalg.pinv((hessian + hessian.T) / 2)
        return float(np.sqrt(max(0.0, inverse[-1, -1]) / self.scale))
