"""How far do two identified readers agree who read all the same cases?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.agreement_formulas import (
    SMALLEST_ROOM,
    beyond_chance,
    weight_matrix,
)
from peeraudit.domain.statistics.intervals import ALPHA, artanh_interval, jackknife_se
from peeraudit.domain.statistics.results import Estimate, Json, Status, as_json, hash_inputs

METHOD = "S3.02@1"
WEIGHTS = ("identity", "linear", "quadratic")
SMALLEST_SE = 1e-12

Table = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PairAgreement:
    """Cohen's kappa of two readers and what belongs beside it.

    Attributes:
        n: items that both read.
        inputs_sha256: fingerprint of the table.
        kappas: by weights: ``identity``, ``linear``, ``quadratic``; ``details``: ``po``, ``pe``,
            ``se_fce`` (delta method).
        pabak: kappa if both margins were even, (K po - 1)/(K - 1).
        kappa_max: the largest kappa that these margins allow; None without variation.
        prevalence_index: |a - d|/n; None unless there are two categories.
        bias_index: |b - c|/n; likewise.
        bowker_chi2: test statistic of symmetry: does one of the two score higher?
        bowker_df: its degrees of freedom, the pairs of categories ever mixed up.
        bowker_p: its p-value; None where no pair was.
        reasons: why there is no kappa at all.
    """

    n: int
    inputs_sha256: str
    kappas: Mapping[str, Estimate] = field(default_factory=dict)
    pabak: float | None = None
    kappa_max: float | None = None
    prevalence_index: float | None = None
    bias_index: float | None = None
    bowker_chi2: float | None = None
    bowker_df: int = 0
    bowker_p: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """``ok``, or ``not_estimable`` where nothing was read by both."""
        return Status.NOT_ESTIMABLE if self.reasons else Status.OK

    def to_dict(self) -> dict[str, Json]:
        """Return all of it as JSON values."""
        names = ["pabak", "kappa_max", "prevalence_index", "bias_index"]
        names += ["bowker_chi2", "bowker_df", "bowker_p", "n", "reasons", "inputs_sha256"]
        found: dict[str, Json] = {name: as_json(getattr(self, name)) for name in names}
        kappas: dict[str, Json] = {name: part.to_dict() for name, part in self.kappas.items()}
        return found | {"method": METHOD, "status": self.status.value, "kappas": kappas}


def pair_agreement(table: Sequence[Sequence[int]]) -> PairAgreement:
    """Return Cohen's kappa of two identified readers, S3.02.

    Kappa is (po - pe)/(1 - pe): po the weighted share of items on the table's diagonal and near
    it, pe the same for readers who keep their own margins but score at random. Only for a fixed
    pair (a calibration round, a re-read); readers in rotation need ``agreement_suite``.

    Args:
        table: items by the first reader's category (rows) and the second's (columns); square,
            K >= 2, counts >= 0.

    Returns:
        Kappa under three kinds of weights; the interval is Student's on the artanh scale with
        the delete-one-item jackknife. One used cell only: ``NO_VARIATION``; all items on the
        diagonal: ``ALL_AGREE``, the lower limit from the exact bound of po.

    Raises:
        ValueError: the table is not square, K < 2, or a count is negative.

    Source:
        Cohen J. (1960). doi:10.1177/001316446002000104; (1968). doi:10.1037/h0026256;
        Fleiss J. L., Cohen J., Everitt B. S. (1969). doi:10.1037/h0028106; Byrt T. et al.
        (1993). doi:10.1016/0895-4356(93)90018-V
    """
    counts = np.array(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.shape[0] < 2:
        raise ValueError("a table of two readers is square, with at least two categories")
    if (counts < 0).any():
        raise ValueError("counts cannot be negative")
    n = int(counts.sum())
    inputs = hash_inputs(METHOD, table=counts.astype(int).tolist())
    if n == 0:
        return PairAgreement(n=0, inputs_sha256=inputs, reasons=("NO_MULTIPLY_RATED_ITEMS",))
    blank = Estimate(method=METHOD, inputs_sha256=inputs, n=n)
    k = counts.shape[0]
    po = float(np.trace(counts)) / n
    chi2, df = _bowker(counts)
    return PairAgreement(
        n=n,
        inputs_sha256=inputs,
        kappas={name: _kappa(counts, weight_matrix(name, k), blank) for name in WEIGHTS},
        pabak=(k * po - 1) / (k - 1),
        kappa_max=_largest(counts / n),
        prevalence_index=abs(counts[0, 0] - counts[1, 1]) / n if k == 2 else None,
        bias_index=abs(counts[0, 1] - counts[1, 0]) / n if k == 2 else None,
        bowker_chi2=chi2,
        bowker_df=df,
        bowker_p=float(special.chdtrc(df, chi2)) if df else None,
    )


def _parts(tables: Table, weights: Table) -> tuple[Table, Table]:
    """Return po and pe of many tables of shares; shape (tables,) each."""
    first, second = tables.sum(axis=2), tables.sum(axis=1)
    observed = (tables * weights).sum(axis=(1, 2))
    chance = (first[:, :, None] * second[:, None, :] * weights).sum(axis=(1, 2))
    return observed, chance


def _kappa(counts: Table, weights: Table, blank: Estimate) -> Estimate:
    n = counts.sum()
    observed, chance = (float(part[0]) for part in _parts(counts[None] / n, weights))
    if 1 - chance <= SMALLEST_ROOM:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("NO_VARIATION",))
    value = (observed - chance) / (1 - chance)
    se = _jackknife(counts, weights)
    delta = _delta_se(counts / n, weights, int(n))
    details = {"po": observed, "pe": chance, "se_fce": delta}
    known = replace(blank, value=value, se=se, details=details)
    if np.trace(counts) == n:
        low = ((ALPHA / 2) ** (1 / n) - chance) / (1 - chance)
        limits = max(-1.0, low), 1.0
        method = "clopper_pearson_substitution"
        return replace(known, ci=limits, ci_method=method, reasons=("ALL_AGREE",))
    interval = None
    if se is not None and se > SMALLEST_SE:
        interval = artanh_interval(value, se, n - 1)
    if interval is None:
        return replace(known, status=Status.UNRELIABLE, reasons=("UNSTABLE",))
    return replace(known, ci=interval, ci_method="artanh_jackknife")


def _jackknife(counts: Table, weights: Table) -> float | None:
    """Return the delete-one-item standard error: one table per used cell."""
    n = counts.sum()
    if n < 2:
        return None
    used = np.argwhere(counts > 0)
    left = np.repeat(counts[None], len(used), axis=0)
    left[np.arange(len(used)), used[:, 0], used[:, 1]] -= 1
    replicates = beyond_chance(*_parts(left / (n - 1), weights))
    return jackknife_se(replicates, counts[used[:, 0], used[:, 1]])


def _delta_se(shares: Table, weights: Table, n: int) -> float:
    """Return the standard error of Fleiss, Cohen and Everitt."""
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    observed, chance = (float(part[0]) for part in _parts(shares[None], weights))
    kappa = (observed - chance) / (1 - chance)
    # Mean weight of a category against the other reader's margin.
    of_rows = (weights * second[None, :]).sum(axis=1)
    of_columns = (weights * first[:, None]).sum(axis=0)
    spread = weights - (of_rows[:, None] + of_columns[None, :]) * (1 - kappa)
    variance = (shares * spread**2).sum() - (kappa - chance * (1 - kappa)) ** 2
    return math.sqrt(max(0.0, float(variance)) / n) / (1 - chance)


def _largest(shares: Table) -> float | None:
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    chance = float((first * second).sum())
    if 1 - chance <= SMALLEST_ROOM:
        return None
    return (float(np.minimum(first, second).sum()) - chance) / (1 - chance)


def _bowker(counts: Table) -> tuple[float, int]:
    """Return Bowker's statistic of symmetry and its degrees of freedom."""
    upper = np.triu_indices(counts.shape[0], 1)
    above, below = counts[upper], counts.T[upper]
    mixed = above + below > 0
    gaps = (above[mixed] - below[mixed]) ** 2 / (above[mixed] + below[mixed])
    return float(gaps.sum()), int(mixed.sum())
