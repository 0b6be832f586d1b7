"""Which score is the likely true one of each item, and how well does each reviewer find it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs
from peeraudit.domain.statistics.severity.readings import ReadingPatterns

METHOD = "S4.01@1"
SMOOTH = 0.5
# A hundred times nearer than the specification asks: the same limit on every machine.
CONVERGED = 1e-12
MOST_STEPS = 10_000
# What identifies the classes: items with at least so many independent readings.
READINGS = 3
ITEMS = 30

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LatentFit:
    """The fitted latent classes.

    Attributes:
        prevalence: share of each true class; shape (K,).
        confusion: chance of each score given the true class; shape (reviewers, true K, given K).
        posterior: chance of each true class per pattern; shape (patterns, K).
        loglik: log-likelihood of the readings (without the pseudo-counts).
        steps: EM steps taken.
        converged: whether the last step changed the log-likelihood by at most 1e-12 of it.
    """

    prevalence: Floats
    confusion: Floats
    posterior: Floats
    loglik: float
    steps: int
    converged: bool

    @property
    def accuracy(self) -> Floats:
        """Chance that a reviewer gives the true score; shape (reviewers,)."""
        right = np.diagonal(self.confusion, axis1=1, axis2=2)
        result: Floats = (right * self.prevalence).sum(axis=1)
        return result

    @property
    def bias(self) -> Floats:
        """Mean distance of the given from the true score, in categories; shape (reviewers,)."""
        codes = np.arange(len(self.prevalence))
        off = self.confusion * (codes[None, :] - codes[:, None])
        result: Floats = (off.sum(axis=2) * self.prevalence).sum(axis=1)
        return result


def fit_latent_classes(
    data: ReadingPatterns, *, smooth: float = SMOOTH, most_steps: int = MOST_STEPS
) -> LatentFit:
    """Return Dawid and Skene's latent classes by EM, S4.01.

    From the class chances of every item follow the share of each class and each reviewer's
    table of given scores per true class; from these follow the class chances; and so on until
    the likelihood stands. The start is each item's own share of scores, which ties the classes
    to the scores.

    Args:
        data: the readings, compressed; several by one reviewer on an item multiply.
        smooth: pseudo-count per class and per cell of a reviewer's table; 0 is maximum
            likelihood, 0.5 is recommended.
        most_steps: EM steps at most.

    Returns:
        The fit; a step costs O(patterns), not O(readings). A class that nobody was given keeps a
        share of 0 and empty tables unless there are pseudo-counts.

    Raises:
        ValueError: there is no reading, or a pseudo-count below 0.

    Source:
        Dawid A. P., Skene A. M. (1979). Appl Stat 28, 20-28. doi:10.2307/2346806
    """
    if not (len(data.items) and smooth >= 0):
        raise ValueError("latent classes need readings, and pseudo-counts of at least 0")
    labels = data.labels()
    posterior = labels / labels.sum(axis=1, keepdims=True)
    backwards = data.cells.T.tocsr()
    loglik, before = -np.inf, np.nan
    steps = 0
    prevalence, confusion = _maximise(data, backwards, posterior, smooth)
    while steps < most_steps and not abs(loglik - before) <= CONVERGED * abs(loglik):
        before = loglik
        if steps:
            prevalence, confusion = _maximise(data, backwards, posterior, smooth)
        posterior, loglik = _expect(data, prevalence, confusion)
        steps += 1
    done = bool(abs(loglik - before) <= CONVERGED * abs(loglik))
    return LatentFit(prevalence, confusion, posterior, loglik, steps, done)


def _maximise(
    data: ReadingPatterns,
    backwards: Any,  # noqa: ANN401 - a sparse array
    posterior: Floats,
    smooth: float,
) -> tuple[Floats, Floats]:
    """Return prevalence and confusion that fit the class chances best."""
    k = data.categories
    weighted = data.items[:, None] * posterior
    prevalence = (weighted.sum(axis=0) + smooth) / (data.items.sum() + k * smooth)
    # (reviewer and score) by class, turned to reviewer by class by score.
    given = np.asarray(backwards @ weighted).reshape(data.reviewers, k, k)
    tables = given.transpose(0, 2, 1) + smooth
    rows = tables.sum(axis=2, keepdims=True)
    # A class that nobody was given has no table; it has no weight either.
    confusion = np.divide(tables, rows, out=np.zeros_like(tables), where=rows > 0)
    return prevalence, confusion


def _expect(data: ReadingPatterns, prevalence: Floats, confusion: Floats) -> tuple[Floats, float]:
    """Return the class chances of each pattern and the log-likelihood."""
    k = data.categories
    with np.errstate(divide="ignore"):
        logs = np.log(confusion).transpose(0, 2, 1).reshape(-1, k)
        joint = np.asarray(data.cells @ logs) + np.log(prevalence)
    top = joint.max(axis=1, keepdims=True)
    scaled = np.exp(joint - top)
    total = scaled.sum(axis=1, keepdims=True)
    loglik = float((data.items * (np.log(total) + top)[:, 0]).sum())
    return scaled / total, loglik


def latent_panel(data: ReadingPatterns, names: Sequence[str], *, smooth: float = SMOOTH) -> Panel:
    """Return each reviewer's bias relative to the panel, from the latent classes (S4.01).

    Args:
        data: the readings, compressed.
        names: the reviewers' keys, in the order of their numbers.
        smooth: pseudo-count, as of ``fit_latent_classes``.

    Returns:
        Per reviewer the bias, in categories, less the reviewers' mean: pseudo-counts push all
        biases upward, so only differences may be shown. ``details`` of the panel hold the class
        shares and the fit; a class in an item's posterior is "model-suggested" and never
        replaces adjudication. With fewer than 30 items of three or more readings, or a class
        that the panel mostly scores otherwise, the panel is ``unreliable``
        (``NOT_IDENTIFIABLE``): two readings per item do not identify the classes.

    Source:
        Dawid A. P., Skene A. M. (1979). Appl Stat 28, 20-28. doi:10.2307/2346806
    """
    fit = fit_latent_classes(data, smooth=smooth)
    inputs = hash_inputs(
        METHOD,
        cells=[[int(c) for c in row] for row in (data.cells.indptr, data.cells.indices)],
        counts=[int(c) for c in data.cells.data],
        items=[int(c) for c in data.items],
        categories=data.categories,
        smooth=smooth,
    )
    readings = np.asarray((data.items @ data.cells).reshape(data.reviewers, -1).sum(axis=1))
    mean = float(fit.bias.sum()) / data.reviewers
    units = {
        name: Estimate(
            method=METHOD,
            inputs_sha256=inputs,
            value=float(fit.bias[r]) - mean,
            n=int(readings[r]),
            details={
                "bias": float(fit.bias[r]),
                "accuracy": float(fit.accuracy[r]),
                "confusion": fit.confusion[r].tolist(),
            },
        )
        for r, name in enumerate(names)
    }
    identified = _identified(data, fit)
    return Panel(
        method=METHOD,
        inputs_sha256=inputs,
        units=units,
        n=int(readings.sum()),
        status=Status.OK if identified else Status.UNRELIABLE,
        reasons=() if identified else ("NOT_IDENTIFIABLE",),
        warnings=() if fit.converged else ("NOT_CONVERGED",),
        details={
            "prevalence": fit.prevalence.tolist(),
            "loglik": fit.loglik,
            "steps": fit.steps,
            "smallest_top_posterior": float(fit.posterior.max(axis=1).min()),
        },
    )


def _identified(data: ReadingPatterns, fit: LatentFit) -> bool:
    """Return whether enough items were read three times and each class keeps its score."""
    enough = float(data.items[data.readings_of >= READINGS].sum()) >= ITEMS
    given = np.asarray(data.cells.T @ (data.items[:, None] * fit.posterior))
    panel = given.reshape(data.reviewers, data.categories, data.categories).sum(axis=0).T
    used = panel.sum(axis=1) > 0
    dominant = panel.argmax(axis=1) == np.arange(data.categories)
    return bool(enough and dominant[used].all())
