"""Does resampling whole items tell another story than the jackknife?"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.agreement import patterns_of
from peeraudit.domain.statistics.agreement_catalogue import catalogue
from peeraudit.domain.statistics.agreement_formulas import Formula, Numbers, Sums, total_of
from peeraudit.domain.statistics.intervals import ALPHA
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S3.03@1"
REPLICATES = 2000
# More undefined replicates than this make the limits speak of the luckier samples only.
LARGEST_UNDEFINED = 0.02


def seeded_generator(inputs_sha256: str) -> np.random.Generator:
    """Return the generator that belongs to a set of inputs: same inputs, same draws (§0.4)."""
    text = f"peer-audit/boot/v1\n{inputs_sha256}"
    return np.random.Generator(np.random.PCG64(int(_sha256(text)[:16], 16)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def bootstrap_agreement(
    patterns: Mapping[tuple[int, ...], int],
    *,
    categories: int,
    positive: Collection[int],
    names: Sequence[str],
    replicates: int = REPLICATES,
) -> dict[str, Estimate]:
    """Return coefficients with percentile intervals from resampled items, S3.03.

    A resample is one multinomial draw of how many items have each pattern; every coefficient is
    a function of sums over items, so a resample costs one row of a matrix product.

    Args:
        patterns: as of ``agreement_suite``; singly read items are dropped.
        categories: K >= 2.
        positive: the discrepant categories, from 0.
        names: coefficients of the suite, such as ``krippendorff.ordinal``.
        replicates: B, the number of resamples.

    Returns:
        The coefficients by name. ``ci`` holds the 2.5 % and 97.5 % quantiles (type 7), ``se``
        the standard deviation of the defined replicates; ``details``: ``replicates`` and
        ``undefined_share``. More than 2 % undefined replicates: no interval, ``UNSTABLE``.

    Raises:
        KeyError: no coefficient has that name.

    Source:
        Efron B., Tibshirani R. J. (1993). An Introduction to the Bootstrap, ch. 13.
    """
    multi = [(v, c) for v, c in sorted(patterns.items()) if c > 0 and sum(v) >= 2]
    given = {"patterns": multi, "categories": categories, "positive": sorted(positive)}
    inputs = hash_inputs(METHOD, replicates=replicates, **given)
    known = catalogue(categories, positive)
    blank = Estimate(method=METHOD, inputs_sha256=inputs)
    if not multi:
        reason = ("NO_MULTIPLY_RATED_ITEMS",)
        return dict.fromkeys(names, replace(blank, status=Status.NOT_ESTIMABLE, reasons=reason))
    data = patterns_of(multi)
    rows, n = data.rows(), int(data.items.sum())
    draws = seeded_generator(inputs).multinomial(n, data.items / n, size=replicates)
    resampled = Sums(draws @ rows, categories)
    whole = Sums(total_of(data, rows), categories)
    return {
        name: _percentiles(replace(blank, n=n), known[name].formula, whole, resampled)
        for name in names
    }


def _percentiles(blank: Estimate, formula: Formula, whole: Sums, resampled: Sums) -> Estimate:
    value = float(formula(whole)[0])
    found: Numbers = formula(resampled)
    defined: NDArray[np.float64] = np.sort(found[np.isfinite(found)])
    undefined = 1 - len(defined) / len(found)
    if not np.isfinite(value):
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("NO_VARIATION",))
    known = replace(
        blank, value=value, details={"replicates": len(found), "undefined_share": undefined}
    )
    if undefined > LARGEST_UNDEFINED:
        return replace(known, status=Status.UNRELIABLE, reasons=("UNSTABLE",))
    low, high = np.quantile(defined, [ALPHA / 2, 1 - ALPHA / 2])
    return replace(
        known,
        ci=(float(low), float(high)),
        ci_method="bootstrap_percentile",
        se=float(defined.std(ddof=1)),
    )
