"""Could reviewers tell whose report they read?"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.intervals import Z
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

BANG = "S8.01@1"
JAMES = "S8.02@1"
GUESSES = "S8.03@1"
STEP = 1e-30
# |index| below this, and its interval within the wider band, is no sign of unmasking.
SMALL_INDEX = 0.2
NARROW_BAND = 0.3
FEWEST_ANSWERS = 30

Floats = NDArray[np.float64]


def bang_index(correct: int, incorrect: int, dont_know: int) -> Estimate:
    """Return Bang's blinding index of one arm, S8.01.

    The share of correct less that of incorrect answers to a two-way question ("own department
    or another?"): 0 is blinded, 1 unmasked, -1 always guessed the other way.

    Args:
        correct: right answers.
        incorrect: wrong ones.
        dont_know: "don't know".

    Returns:
        The index ± z se; ``details``: ``no_sign_of_unmasking``. No answer: ``NO_ANSWERS``;
        fewer than 30: warning ``ANSWERS_LT_30``.

    Raises:
        ValueError: a negative count.

    Source:
        Bang H., Ni L., Davis C. E. (2004). Control Clin Trials 25, 143-156.
        doi:10.1016/j.cct.2003.10.016
    """
    if min(correct, incorrect, dont_know) < 0:
        raise ValueError("counts cannot be negative")
    n = correct + incorrect + dont_know
    inputs = hash_inputs(BANG, counts=[correct, incorrect, dont_know])
    if n == 0:
        return undefined(BANG, inputs, reason="NO_ANSWERS")
    c, w = correct / n, incorrect / n
    value = (correct - incorrect) / n
    se = math.sqrt((c * (1 - c) + w * (1 - w) + 2 * c * w) / n)
    ci = value - Z * se, value + Z * se
    quiet = abs(value) < SMALL_INDEX and max(abs(ci[0]), abs(ci[1])) <= NARROW_BAND
    return Estimate(
        method=BANG,
        inputs_sha256=inputs,
        value=value,
        se=se,
        ci=ci,
        ci_method="normal",
        n=n,
        warnings=() if n >= FEWEST_ANSWERS else ("ANSWERS_LT_30",),
        details={"no_sign_of_unmasking": quiet},
    )


def james_index(table: Sequence[Sequence[int]]) -> Estimate:
    """Return James' blinding index of all arms together, S8.02.

    1 where all say "don't know", .5 for guesses at random, 0 where all know: an upper limit
    below .5 means unmasked. It misses one arm unmasked and another guessed the other way, so
    Bang's index is the headline.

    Args:
        table: answers by guess (rows: each arm in the order of the columns, then "don't know")
            and true arm (columns); K + 1 rows, K columns.

    Returns:
        The index ± z se (delta method); ``details``: ``p_dont_know``. Nobody answered:
        ``NO_ANSWERS``; only "don't know": 1 without interval.

    Raises:
        ValueError: another shape, or a negative count.

    Source:
        James K. E. et al. (1996). Stat Med 15, 1421-1434.
    """
    counts = np.array(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] + 1 or not (counts >= 0).all():
        raise ValueError("answers come with a row per arm, one for don't know, a column per arm")
    n = float(counts.sum())
    inputs = hash_inputs(JAMES, table=counts.astype(int).tolist())
    if n == 0:
        return undefined(JAMES, inputs, reason="NO_ANSWERS")
    shares = counts / n
    unknown = float(shares[-1].sum())
    details = {"p_dont_know": unknown}
    if counts[:-1].sum() == 0:
        return Estimate(method=JAMES, inputs_sha256=inputs, value=1.0, n=int(n), details=details)
    value = float(_james(shares[None])[0].real)
    if not math.isfinite(value):
        return undefined(JAMES, inputs, reason="NO_VARIATION", n=int(n))
    steps = 1j * STEP * np.eye(shares.size).reshape(-1, *shares.shape)
    slope = _james(shares[None] + steps).imag.reshape(shares.shape) / STEP
    variance = (shares * slope**2).sum() - (shares * slope).sum() ** 2
    se = math.sqrt(max(0.0, float(variance)) / n)
    return Estimate(
        method=JAMES,
        inputs_sha256=inputs,
        value=value,
        se=se,
        ci=(value - Z * se, value + Z * se),
        ci_method="normal",
        n=int(n),
        details=details,
    )


def _james(shares: NDArray[np.float64] | NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return the index of many tables of shares; shape (tables,)."""
    guessed = shares[:, :-1]
    unknown = shares[:, -1].sum(axis=1)
    arms = shares.sum(axis=1)
    k = arms.shape[1]
    weights = (1 - np.eye(k)) / 2
    said = guessed.sum(axis=2)
    known = 1 - unknown
    observed = (weights * guessed).sum(axis=(1, 2)) / known
    free = arms - shares[:, -1]
    expected = (weights * said[:, :, None] * free[:, None, :]).sum(axis=(1, 2)) / known**2
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = (observed - expected) / expected
    index: NDArray[np.complex128] = (1 + unknown + known * kappa) / 2 + 0j
    return index


def guess_test(table: Sequence[Sequence[int]], *, dont_know: int) -> Estimate:
    """Return whether guesses of many departments or authors hit more often than by chance, S8.03.

    Args:
        table: guesses (rows) by truth (columns) of those who guessed; square.
        dont_know: those who did not.

    Returns:
        kappa of guess and truth times the share who guessed; ``details``: ``matches``,
        ``expected``, ``variance`` (exact, over all permutations), ``z``, ``p_one_sided``,
        ``kappa_guess``, ``share_dont_know``. No answer: ``NO_ANSWERS``; a permutation that
        cannot change the matches: ``NO_VARIATION``.

    Raises:
        ValueError: the table is not square, or a count is negative.

    Source:
        Mantel N., Valand R. S. (1970). Biometrics 26, 547-558. doi:10.2307/2529108
    """
    counts = np.array(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("guesses come as a square table of guess by truth")
    if (counts < 0).any() or dont_know < 0:
        raise ValueError("counts cannot be negative")
    n = float(counts.sum())
    total = int(n) + dont_know
    inputs = hash_inputs(GUESSES, table=counts.astype(int).tolist(), dont_know=dont_know)
    if n == 0:
        return undefined(GUESSES, inputs, reason="NO_ANSWERS", n=total)
    a, b = counts.sum(axis=1), counts.sum(axis=0)
    matches, expected = float(np.trace(counts)), float((a * b).sum()) / n
    variance = _matches_variance(a, b, n) if n > 1 else 0.0
    if variance <= 1e-12 or n - expected <= 1e-12:
        return undefined(GUESSES, inputs, reason="NO_VARIATION", n=total)
    z = (matches - expected) / math.sqrt(variance)
    kappa = (matches - expected) / (n - expected)
    return Estimate(
        method=GUESSES,
        inputs_sha256=inputs,
        value=kappa * n / total,
        n=total,
        details={
            "matches": int(matches),
            "expected": expected,
            "variance": variance,
            "z": z,
            "p_one_sided": float(special.ndtr(-z)),
            "kappa_guess": kappa,
            "share_dont_know": dont_know / total,
        },
    )


def _matches_variance(a: Floats, b: Floats, n: float) -> float:
    """Return the variance of the matches when truths are dealt to guesses at random."""
    product = a * b
    apart = product.sum() ** 2 - (product**2).sum()
    same = (a * (a - 1) * b * (b - 1)).sum()
    expected = product.sum() / n
    return float((apart + same) / (n * (n - 1)) + expected - expected**2)
