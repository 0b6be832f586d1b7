"""How severe is each reviewer on an ordered scale, where every case was read many times?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from peeraudit.domain.statistics.intervals import Z
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs
from peeraudit.domain.statistics.severity.readings import ReadingPatterns

METHOD = "S4.05@1"
# The stubs of the library leave its optimisers untyped.
minimize: Callable[..., Any] = optimize.minimize

NODES = 401
WIDTH = 8.0
# Patterns are taken in blocks, so that memory stays small.
BLOCK = 4096
DIFFERENCE = 1e-4

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Model:
    """The readings on their used categories, and the grid that stands for the cases' spread."""

    data: ReadingPatterns
    cells: Any
    used: list[int]
    grid: Floats
    log_weights: Floats

    @property
    def cuts(self) -> int:
        return len(self.used) - 1

    @property
    def widest(self) -> float:
        """The spread of the cases, in logits, from which on the grid is too coarse for a case."""
        return float(1 / (self.grid[1] - self.grid[0]))

    def unpack(self, parameters: Floats) -> tuple[Floats, Floats, float]:
        """Return thresholds, severities (the first 0) and the cases' standard deviation."""
        gaps = np.exp(parameters[1 : self.cuts])
        thresholds = parameters[0] + np.concatenate([[0.0], np.cumsum(gaps)])
        severity = np.concatenate([[0.0], parameters[self.cuts : -1]])
        return thresholds, severity, float(np.exp(parameters[-1]))


def ordinal_severity(data: ReadingPatterns, names: Sequence[str], *, nodes: int = NODES) -> Panel:
    """Return each reviewer's severity on the ordered scale, S4.05.

    logit P(score <= k) = threshold_k - (case + reviewer), cases normal around 0: a cumulative
    logit with one severity per reviewer. The integral over cases is taken on a fixed even grid
    over ±8 standard deviations, which needs no search per case.

    Args:
        data: the readings, compressed.
        names: the reviewers' keys, in the order of their numbers.
        nodes: points of the grid, 121 to 401.

    Returns:
        Per reviewer the severity in logits relative to the first reviewer (whose is 0 by
        definition), with z times its standard error. ``details`` of the panel: ``thresholds``
        per declared cut (None beyond the used categories), ``sigma_item``, ``loglik``. One used
        category, or one reviewer: ``NO_VARIATION``. Readers who agree on all or nearly all cases,
        so that the cases seem endlessly far apart: ``UNSTABLE``.

    Source:
        Linacre J. M. (1989). Many-Facet Rasch Measurement; McCullagh P. (1980). J R Stat Soc B
        42, 109-142. doi:10.1111/j.2517-6161.1980.tb01109.x
    """
    labels = data.items @ data.labels()
    used = np.flatnonzero(labels > 0).tolist()
    inputs = hash_inputs(
        METHOD,
        cells=[[int(c) for c in row] for row in (data.cells.indptr, data.cells.indices)],
        counts=[int(c) for c in data.cells.data],
        items=[int(c) for c in data.items],
        categories=data.categories,
    )
    n = int(labels.sum())
    blank = Panel(method=METHOD, inputs_sha256=inputs, n=n, status=Status.NOT_ESTIMABLE)
    if len(used) < 2 or data.reviewers < 2:
        return replace(blank, reasons=("NO_VARIATION",))
    model = _model(data, used, nodes)
    # On the way to a summit that lies at infinity, exponentials overflow.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        best, loglik = _climb(model, labels[used])
        thresholds, severity, sigma = model.unpack(best)
    if not (np.isfinite(best).all() and sigma < model.widest):
        return replace(blank, reasons=("UNSTABLE",))
    errors = _errors(model, best)
    readings = np.asarray((data.items @ data.cells).reshape(data.reviewers, -1).sum(axis=1))
    units = {
        name: _unit(inputs, float(severity[r]), errors[r], int(readings[r]))
        for r, name in enumerate(names)
    }
    return Panel(
        method=METHOD,
        inputs_sha256=inputs,
        units=units,
        n=n,
        details={
            "thresholds": _declared(thresholds, used, data.categories),
            "sigma_item": sigma,
            "loglik": loglik,
        },
    )


def _unit(inputs: str, severity: float, error: float | None, n: int) -> Estimate:
    known = error is not None and np.isfinite(error)
    half = Z * error if known and error is not None else 0.0
    return Estimate(
        method=METHOD,
        inputs_sha256=inputs,
        value=severity,
        se=error if known else None,
        ci=(severity - half, severity + half) if known else None,
        ci_method="observed_information" if known else None,
        n=n,
        details={"odds_ratio": float(np.exp(severity))},
    )


def _declared(thresholds: Floats, used: list[int], categories: int) -> list[float | None]:
    """Return a threshold per declared cut: None where all scores lie on one side of it."""
    below = [sum(k <= cut for k in used) for cut in range(categories - 1)]
    return [float(thresholds[b - 1]) if 0 < b < len(used) else None for b in below]


def _model(data: ReadingPatterns, used: list[int], nodes: int) -> _Model:
    kept = [r * data.categories + k for r in range(data.reviewers) for k in used]
    grid = np.linspace(-WIDTH, WIDTH, nodes)
    log_weights = -(grid**2) / 2 - 0.5 * np.log(2 * np.pi) + np.log(grid[1] - grid[0])
    log_weights[[0, -1]] -= np.log(2)
    return _Model(data, data.cells[:, kept].tocsr(), used, grid, log_weights)


def _climb(model: _Model, labels: Floats) -> tuple[Floats, float]:
    """Return the parameters of greatest likelihood, and its logarithm."""
    below = np.cumsum(labels)[:-1] / labels.sum()
    # A spread of the cases widens the thresholds; half as wide again is near enough to start.
    cuts = 1.5 * special.logit(below)
    start = np.concatenate(
        [cuts[:1], np.log(np.diff(cuts)), np.zeros(model.data.reviewers - 1), [np.log(1.5)]]
    )
    found = minimize(
        lambda at: _loss(model, at),
        start,
        jac=True,
        method="BFGS",
        options={"gtol": 1e-9, "maxiter": 1000},
    )
    best = np.asarray(found.x, dtype=float)
    return best, -_loss(model, best)[0] * float(model.data.items.sum())


def _scores(
    model: _Model, thresholds: Floats, severity: Floats, sigma: float
) -> tuple[Floats, Floats, Floats]:
    """Return log P(score) and its derivatives to the upper and the lower threshold.

    Shape (reviewers, used categories, nodes) each. P = (1 - e^(b-a)) / ((1+e^-a)(1+e^b)) with
    a, b the distances to the thresholds around the score; a is infinite for the last score, b
    for the first one.
    """
    eta = severity[:, None] + sigma * model.grid[None, :]
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
    a = edges[1:][None, :, None] - eta[:, None, :]
    b = edges[:-1][None, :, None] - eta[:, None, :]
    gap = np.exp(edges[:-1] - edges[1:])[None, :, None]
    log_p = np.log1p(-gap) - np.logaddexp(0, -a) - np.logaddexp(0, b)
    inner = gap / (1 - gap)
    return log_p, special.expit(-a) + inner, -special.expit(b) - inner


def _loss(model: _Model, parameters: Floats) -> tuple[float, Floats]:
    """Return minus the mean log-likelihood per item and its gradient."""
    thresholds, severity, sigma = model.unpack(parameters)
    log_p, upper, lower = _scores(model, thresholds, severity, sigma)
    loglik, weight = _integrate(model, log_p.reshape(-1, len(model.grid)))
    weight = weight.reshape(log_p.shape)
    by_upper, by_lower = weight * upper, weight * lower
    to_cut = by_upper.sum(axis=(0, 2))[:-1] + by_lower.sum(axis=(0, 2))[1:]
    # The severity moves both distances the other way.
    to_eta = -(by_upper + by_lower).sum(axis=1)
    to_sigma = sigma * (to_eta * model.grid).sum()
    # Each gap moves all thresholds above it.
    above = np.cumsum(to_cut[::-1])[::-1]
    gaps = np.exp(parameters[1 : model.cuts])
    gradient = np.concatenate([above[:1], above[1:] * gaps, to_eta.sum(axis=1)[1:], [to_sigma]])
    total = float(model.data.items.sum())
    return -loglik / total, -gradient / total


def _integrate(model: _Model, log_p: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood, and how often each cell stands at each node."""
    cells = model.cells
    loglik = 0.0
    weight = np.zeros_like(log_p)
    for start in range(0, len(model.data.items), BLOCK):
        block = cells[start : start + BLOCK]
        items = model.data.items[start : start + BLOCK]
        joint = np.asarray(block @ log_p) + model.log_weights
        top = joint.max(axis=1, keepdims=True)
        chance = np.exp(joint - top)
        total = chance.sum(axis=1, keepdims=True)
        loglik += float((items * (np.log(total) + top)[:, 0]).sum())
        weight += np.asarray(block.T @ (chance * (items[:, None] / total)))
    return loglik, weight


def _errors(model: _Model, best: Floats) -> list[float | None]:
    """Return the severities' standard errors from the curvature; none for the first reviewer."""
    size = len(best)
    hessian = np.empty((size, size))
    for place in range(size):
        shift = DIFFERENCE * np.eye(size)[place]
        slope = _loss(model, best + shift)[1] - _loss(model, best - shift)[1]
        hessian[place] = slope / (2 * DIFFERENCE)
    inverse = np.linalg.pinv((hessian + hessian.T) / 2) / float(model.data.items.sum())
    variance = np.diagonal(inverse)[model.cuts : -1]
    return [None, *(float(np.sqrt(v)) if v > 0 else None for v in variance)]
