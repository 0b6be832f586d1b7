"""How are the examples of reviewers' severity computed (statistics.md §4)?"""

import numpy as np

from peeraudit.domain.qualification.answers import NOTHING_SCORED, Answer, Inputs
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.dawid_skene import SMOOTH, fit_latent_classes
from peeraudit.domain.statistics.severity.facets import ordinal_severity
from peeraudit.domain.statistics.severity.pairwise import RIDGE_SD, conditional_severity
from peeraudit.domain.statistics.severity.panel import observed_to_expected, severity_panel
from peeraudit.domain.statistics.severity.readings import ReadingPatterns, compress_readings

SHOWN_POSTERIORS = 5


def _limited(panel: Panel) -> dict[str, object]:
    return {"status": panel.status.value, "reason": panel.reasons[0]}


def _readings(inputs: Inputs) -> ReadingPatterns:
    items, reviewers, scores = zip(*inputs["triples"], strict=True)
    # Items and reviewers may be named by numbers or by words.
    item, reviewer = (
        np.unique(names, return_inverse=True)[1].astype(np.int64) for names in (items, reviewers)
    )
    score = np.array(scores, dtype=np.int64) - 1
    return compress_readings(item, reviewer, score, categories=inputs["K"])


def _dawid_skene(inputs: Inputs) -> Answer:
    if not inputs["triples"]:
        return NOTHING_SCORED
    data = _readings(inputs)
    fit = fit_latent_classes(data, smooth=inputs.get("smooth", SMOOTH))
    posterior = fit.posterior[data.of_item]
    return {
        "prevalence": fit.prevalence.tolist(),
        "confusion": fit.confusion.tolist(),
        "loglik": fit.loglik,
        "posterior_argmax": (posterior.argmax(axis=1) + 1).tolist(),
        "posterior_first5": posterior[:SHOWN_POSTERIORS].tolist(),
        "min_max_posterior": float(posterior.max(axis=1).min()),
        "rater_bias": fit.bias.tolist(),
        "accuracy": fit.accuracy.tolist(),
    }


def _pairwise(inputs: Inputs) -> Answer:
    wins = inputs["wins"]
    names = [str(place) for place in range(len(wins))]
    ridge = inputs.get("ridge_sd")
    panel = conditional_severity(wins, names, ridge_sd=RIDGE_SD if ridge is None else ridge)
    return _limited(panel) if panel.reasons else panel.details


def _cells(inputs: Inputs) -> list[ReviewerCell]:
    rows = zip(inputs["reviewer"], inputs["stratum"], inputs["n"], inputs["x"], strict=True)
    return [ReviewerCell(str(r), str(h), n, x) for r, h, n, x in rows]


def _random_intercept(inputs: Inputs) -> Answer:
    cells = _cells(inputs)
    if not any(cell.n for cell in cells):
        return NOTHING_SCORED
    panel = severity_panel(cells, allocation_random=True)
    if panel.reasons:
        return _limited(panel)
    # Without any spread between reviewers each is known to lie at 0, and is shown without error.
    known = 0.0 if panel.details["sigma"] == 0 else None
    return {
        "strata": panel.details["strata"],
        "beta": panel.details["beta"],
        "sigma": panel.details["sigma"],
        "reviewers": list(panel.units),
        "severity_mode": [unit.value for unit in panel.units.values()],
        "severity_cond_sd": [
            known if unit.se is None else unit.se for unit in panel.units.values()
        ],
        "loglik": panel.details["loglik"],
    }


def _observed_to_expected(inputs: Inputs) -> Answer:
    cells = _cells(inputs)
    if not any(cell.n for cell in cells):
        return NOTHING_SCORED
    panel = observed_to_expected(cells)
    return {
        name: {**unit.details, "ratio": unit.value, "ci": unit.ci}
        for name, unit in panel.units.items()
    }


def _ordinal(inputs: Inputs) -> Answer:
    if not inputs["triples"]:
        return NOTHING_SCORED
    data = _readings(inputs)
    panel = ordinal_severity(data, [str(place) for place in range(data.reviewers)])
    if panel.reasons:
        return _limited(panel)
    return dict(panel.details) | {"rater_effect": [unit.value for unit in panel.units.values()]}


SEVERITY = {
    "S4.01": _dawid_skene,
    "S4.02": _pairwise,
    "S4.03": _random_intercept,
    "S4.04": _observed_to_expected,
    "S4.05": _ordinal,
}
