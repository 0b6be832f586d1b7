"""How do the departments' true rates scatter, judged from their counts?"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

# A prior worth more reports than this is complete pooling.
LARGEST_PRIOR = 1e7
SMALLEST_PRIOR = 1e-3
FIRST_PRIOR = 50.0
MOST_STEPS = 100
MOST_HALVINGS = 30
LARGEST_STEP = 1.5
CONVERGED = 1e-10

Floats = NDArray[np.float64]

# The stubs of the library leave it untyped. Hurwitz' zeta of 2 is the derivative of digamma.
zeta: Callable[..., Any] = special.zeta


@dataclass(frozen=True)
class Prior:
    """The departments' common distribution of rates, Beta(mean * size, (1 - mean) * size).

    Attributes:
        mean: mu.
        size: M, how many reports the prior is worth; infinite where all share one rate.
        loglik: log-likelihood without binomial coefficients.
    """

    mean: float
    size: float
    loglik: float


def fit_priors(x: Floats, n: Floats) -> list[Prior]:
    """Return the beta-binomial distribution of greatest likelihood for many sets of counts.

    Newton's method in logit(mean) and log(size), for all sets at once; a step is halved until
    the likelihood rises.

    Args:
        x: discrepant reports; shape (sets, units); in no set none or all of them.
        n: reports per unit, the same in all sets; shape (units,).

    Source:
        Griffiths D. A. (1973). Biometrics 29, 637-648. doi:10.2307/2529131
    """
    pooled = x.sum(axis=1) / n.sum()
    at = np.stack([special.logit(pooled), np.full(len(x), math.log(FIRST_PRIOR))], axis=1)
    value = _loglik(at, x, n)
    open_ = np.arange(len(x))
    for _ in range(MOST_STEPS):
        step = _step(at[open_], x[open_], n)
        moved, reached = _move(at[open_], step, value[open_], x[open_], n)
        length = np.abs(moved - at[open_]).max(axis=1)
        at[open_], value[open_] = moved, reached
        open_ = open_[length > CONVERGED]
        if not len(open_):
            break
    rest = n - x
    flat = (special.xlogy(x, pooled[:, None]) + special.xlog1py(rest, -pooled[:, None])).sum(axis=1)
    return [
        Prior(float(p), math.inf, float(f))
        if math.exp(size) >= LARGEST_PRIOR / 10 or best <= f
        else Prior(float(special.expit(mean)), math.exp(size), float(best))
        for p, f, (mean, size), best in zip(pooled, flat, at.tolist(), value.tolist(), strict=True)
    ]


def _loglik(at: Floats, x: Floats, n: Floats) -> Floats:
    mean, size = special.expit(at[:, :1]), np.exp(at[:, 1:])
    a, b = mean * size, (1 - mean) * size
    each = special.betaln(a + x, b + n - x) - special.betaln(a, b)
    total: Floats = each.sum(axis=1)
    return total


def _step(at: Floats, x: Floats, n: Floats) -> Floats:
    """Return Newton's step for each set, made to climb where the likelihood is not concave."""
    mean, size = special.expit(at[:, :1]), np.exp(at[:, 1:])
    a, b = mean * size, (1 - mean) * size
    psi = special.digamma
    common = psi(size) - psi(size + n)
    ga = (psi(a + x) - psi(a) + common).sum(axis=1)
    gb = (psi(b + n - x) - psi(b) + common).sum(axis=1)
    cross = (zeta(2, size) - zeta(2, size + n)).sum(axis=1)
    haa = (zeta(2, a + x) - zeta(2, a)).sum(axis=1) + cross
    hbb = (zeta(2, b + n - x) - zeta(2, b)).sum(axis=1) + cross
    a, b, mean, size = a[:, 0], b[:, 0], mean[:, 0], size[:, 0]
    # da/dlogit = size mean (1 - mean) = -db/dlogit; da/dlog size = a, db/dlog size = b.
    tilt = size * mean * (1 - mean)
    bend = tilt * (1 - 2 * mean)
    gradient = np.stack([(ga - gb) * tilt, ga * a + gb * b], axis=1)
    h11 = tilt**2 * (haa - 2 * cross + hbb) + bend * (ga - gb)
    h12 = tilt * (a * (haa - cross) + b * (cross - hbb)) + tilt * (ga - gb)
    h22 = a * a * haa + 2 * a * b * cross + b * b * hbb + gradient[:, 1]
    # The largest eigenvalue of the Hessian is drawn below 0.
    middle, half = (h11 + h22) / 2, np.hypot((h11 - h22) / 2, h12)
    ridge = np.maximum(0.0, middle + half + 1e-3 * np.abs(middle - half) + 1e-12)
    h11, h22 = h11 - ridge, h22 - ridge
    down = h11 * h22 - h12**2
    first = -(h22 * gradient[:, 0] - h12 * gradient[:, 1]) / down
    second = -(h11 * gradient[:, 1] - h12 * gradient[:, 0]) / down
    step: Floats = np.clip(np.stack([first, second], axis=1), -LARGEST_STEP, LARGEST_STEP)
    return step


def _move(at: Floats, step: Floats, value: Floats, x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return where the steps lead, each halved until the likelihood does not fall."""
    low, high = math.log(SMALLEST_PRIOR), math.log(LARGEST_PRIOR)
    moved, reached = at.copy(), value.copy()
    waiting = np.arange(len(at))
    for _ in range(MOST_HALVINGS):
        there = at[waiting] + step[waiting]
        there[:, 1] = np.clip(there[:, 1], low, high)
        worth = _loglik(there, x[waiting], n)
        good = worth >= value[waiting]
        moved[waiting[good]], reached[waiting[good]] = there[good], worth[good]
        waiting = waiting[~good]
        if not len(waiting):
            break
        step[waiting] /= 2
    return moved, reached
