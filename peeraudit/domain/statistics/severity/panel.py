"""How severe is each reviewer, where cases were allotted at random?"""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from scipy import special

from peeraudit.domain.statistics.intervals import ALPHA, Interval, Z, poisson_interval
from peeraudit.domain.statistics.multiplicity import benjamini_hochberg
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs
from peeraudit.domain.statistics.severity.counts import (
    ReviewerCell,
    collect_cells,
)
from peeraudit.domain.statistics.severity.intervals import severity_limits
from peeraudit.domain.statistics.severity.random_intercept import (
    RandomInterceptFit,
    fit_random_intercept,
)

MODEL = "S4.03@1"
RATIO = "S4.04@1"
# From the lower to the upper quartile of a normal distribution, in standard deviations.
QUARTILES = 1.35
# With fewer reviewers than this the doubt about their spread is part of the interval.
FEW_REVIEWERS = 100


def severity_panel(cells: Iterable[ReviewerCell], *, allocation_random: bool) -> Panel:
    """Return each reviewer's severity with shrinkage, S4.03.

    Within a stratum a reviewer's log-odds of calling a discrepancy are those of the stratum
    plus a severity of his own, normal around 0 between reviewers.

    Args:
        cells: readings and discrepant ones per reviewer and stratum.
        allocation_random: whether cases were allotted at random within each stratum; if not,
            harder cases look like severity.

    Returns:
        Per reviewer the most probable severity in logits; ``details``: ``odds_ratio``,
        ``conditional_sd``, ``ci_conditional`` (± z of these), ``z``, ``p`` and ``q``
        (Benjamini-Hochberg over reviewers), ``flagged`` at q <= .05. The interval is the
        conditional one from 100 reviewers on; with fewer it also carries the doubt about their
        spread (our own rule, see ``severity_limits``). Panel ``details``: ``sigma`` with
        ``sigma_se``, ``quartile_odds_ratio`` exp(1.35 sigma), ``beta`` per stratum (None where
        all its readings are alike), ``loglik``. Where sigma is 0 all severities are 0, and the
        warning is ``NO_DIFFERENCE_DETECTED``. Not random: ``unreliable``,
        ``ALLOCATION_NOT_RANDOM``.

    Raises:
        ValueError: no reading, or impossible counts.

    Source:
        Breslow N. E., Clayton D. G. (1993). J Am Stat Assoc 88, 9-25.
        doi:10.1080/01621459.1993.10594284
    """
    counts = collect_cells(cells)
    inputs = hash_inputs(MODEL, cells=counts.rows(), allocation_random=allocation_random)
    fit = fit_random_intercept(counts)
    readings = counts.over_reviewers(counts.n)
    if np.isnan(fit.beta).all():
        return Panel(
            method=MODEL,
            inputs_sha256=inputs,
            n=int(counts.n.sum()),
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_VARIATION",),
        )
    tests = _tests(fit)
    limits = severity_limits(counts) if len(counts.reviewers) < FEW_REVIEWERS else None
    units = {
        name: _severity(
            Estimate(method=MODEL, inputs_sha256=inputs, n=int(readings[r])),
            (float(fit.mode[r]), float(fit.spread[r])),
            {key: part[r] for key, part in tests.items()},
            None if limits is None else (float(limits[0][r]), float(limits[1][r])),
        )
        for r, name in enumerate(counts.reviewers)
    }
    return Panel(
        method=MODEL,
        inputs_sha256=inputs,
        units=units,
        n=int(counts.n.sum()),
        status=Status.OK if allocation_random else Status.UNRELIABLE,
        reasons=() if allocation_random else ("ALLOCATION_NOT_RANDOM",),
        warnings=_warnings(fit),
        details={
            "strata": counts.strata,
            "beta": [None if math.isnan(b) else float(b) for b in fit.beta],
            "sigma": fit.sigma,
            "sigma_se": None if math.isnan(fit.sigma_se) else fit.sigma_se,
            "quartile_odds_ratio": math.exp(QUARTILES * fit.sigma),
            "loglik": fit.loglik,
        },
    )


def _warnings(fit: RandomInterceptFit) -> tuple[str, ...]:
    found = (
        ("NO_DIFFERENCE_DETECTED", fit.sigma == 0),
        ("STRATUM_WITHOUT_VARIATION", bool(np.isnan(fit.beta).any())),
    )
    return tuple(code for code, holds in found if holds)


def _tests(fit: RandomInterceptFit) -> dict[str, list[float]]:
    """Return the reviewers' tests against 0; nothing where no difference was detected."""
    if fit.sigma == 0:
        return {}
    z = fit.mode / fit.spread
    p = 2 * special.ndtr(-np.abs(z))
    return {"z": z.tolist(), "p": p.tolist(), "q": benjamini_hochberg(p).tolist()}


def _severity(
    blank: Estimate,
    conditional: tuple[float, float],
    tests: dict[str, float],
    limits: Interval | None,
) -> Estimate:
    mode, spread = conditional
    apart = spread > 0
    plain = (mode - Z * spread, mode + Z * spread) if apart else None
    details: dict[str, object] = {
        "odds_ratio": math.exp(mode),
        "conditional_sd": spread if apart else None,
        "ci_conditional": plain,
        **tests,
    }
    if tests:
        details["flagged"] = tests["q"] <= ALPHA
    ci = plain if limits is None else limits
    method = "conditional_mode" if limits is None else "laplace_mixture"
    return replace(
        blank,
        value=mode,
        se=spread if apart else None,
        ci=ci,
        ci_method=method if ci else None,
        details=details,
    )


def observed_to_expected(cells: Iterable[ReviewerCell]) -> Panel:
    """Return each reviewer's discrepancies over what colleagues would have called, S4.04.

    Expected are a reviewer's readings in each stratum times the rate of all the others there.

    Args:
        cells: readings and discrepant ones per reviewer and stratum.

    Returns:
        Per reviewer the ratio O/E with the exact Poisson interval; ``details``: ``O``, ``E``.
        A stratum that one reviewer alone has read is left out of his O and E
        (``ONLY_REVIEWER_IN_STRATUM``); with E = 0 the ratio is None (``NO_EVENTS``).

    Raises:
        ValueError: no reading, or impossible counts.

    Source:
        Breslow N. E., Day N. E. (1987). Statistical Methods in Cancer Research II, ch. 2;
        Garwood F. (1936). Biometrika 28, 437-442. doi:10.1093/biomet/28.3-4.437
    """
    counts = collect_cells(cells)
    inputs = hash_inputs(RATIO, cells=counts.rows())
    others_n = counts.over_strata(counts.n)[counts.stratum] - counts.n
    others_x = counts.over_strata(counts.x)[counts.stratum] - counts.x
    shared = others_n > 0
    rate = np.divide(others_x, others_n, out=np.zeros_like(others_x), where=shared)
    expected = counts.over_reviewers(counts.n * rate)
    observed = counts.over_reviewers(np.where(shared, counts.x, 0.0))
    readings = counts.over_reviewers(np.where(shared, counts.n, 0.0))
    alone = counts.over_reviewers(np.where(shared, 0.0, 1.0)) > 0
    units = {
        name: _ratio(
            inputs, int(observed[r]), float(expected[r]), int(readings[r]), alone=bool(alone[r])
        )
        for r, name in enumerate(counts.reviewers)
    }
    return Panel(method=RATIO, inputs_sha256=inputs, units=units, n=int(counts.n.sum()))


def _ratio(inputs: str, observed: int, expected: float, n: int, *, alone: bool) -> Estimate:
    warnings = ("ONLY_REVIEWER_IN_STRATUM",) if alone else ()
    details = {"O": observed, "E": expected}
    if expected <= 0:
        return Estimate(
            method=RATIO,
            inputs_sha256=inputs,
            n=n,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_EVENTS",),
            warnings=warnings,
            details=details,
        )
    low, high = poisson_interval(observed)
    return Estimate(
        method=RATIO,
        inputs_sha256=inputs,
        value=observed / expected,
        ci=(low / expected, high / expected),
        ci_method="poisson_exact",
        n=n,
        warnings=warnings,
        details=details,
    )
