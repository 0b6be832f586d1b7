"""How far do readers agree when it was the first score that called for a second reading?"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.agreement_formulas import (
    Numbers,
    beyond_chance,
    disagreement_ratio,
    expected_agreement,
    gwet_expected,
    ratio,
    weight_matrix,
)
from peeraudit.domain.statistics.intervals import Interval, Z
from peeraudit.domain.statistics.results import Estimate, Json, Status, as_json, hash_inputs

METHOD = "S3.04@1"
STEP = 1e-30
# Second readings of concordant first reads from which on the interval holds what it promises.
FULL_CONCORDANT = 60
# A standard error this small is the rounding of one that is 0.
SMALLEST_SE = 1e-12

Form = Callable[[Numbers], Numbers]


@dataclass(frozen=True, kw_only=True)
class TwoPhaseAgreement:
    """Agreement weighted back to all first reads.

    Attributes:
        n: first reads.
        n_double: of these, read a second time.
        n_concordant_double: of these, with a first score outside the discrepant set.
        inputs_sha256: fingerprint of the counts.
        coefficients: by name: ``pct``, ``positive``, ``negative``, ``scott_identity``,
            ``scott_linear``, ``gwet_identity``, ``gwet_ordinal``, ``alpha_nominal``,
            ``alpha_ordinal``.
        weights_first: first reads that one second reading stands for, per first score; None
            where there is none.
        naive_pct: the unweighted agreement of the doubly read cases, wrong by design.
        naive_scott: the same for Scott's pi.
        reasons: why there is no coefficient.
    """

    n: int
    n_double: int
    n_concordant_double: int
    inputs_sha256: str
    coefficients: Mapping[str, Estimate] = field(default_factory=dict)
    weights_first: tuple[float | None, ...] = ()
    naive_pct: float | None = None
    naive_scott: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """``ok``, or ``not_estimable`` where a class of first scores was never read again."""
        return Status.NOT_ESTIMABLE if self.reasons else Status.OK

    @property
    def may_be_shown(self) -> bool:
        """Whether enough concordant first reads were read again (S3.04, "Show")."""
        return not self.reasons and self.n_concordant_double >= FULL_CONCORDANT

    def to_dict(self) -> dict[str, Json]:
        """Return all of it as JSON values."""
        names = ["n", "n_double", "n_concordant_double", "inputs_sha256", "weights_first"]
        names += ["naive_pct", "naive_scott", "reasons", "may_be_shown"]
        found: dict[str, Json] = {name: as_json(getattr(self, name)) for name in names}
        parts: dict[str, Json] = {name: e.to_dict() for name, e in self.coefficients.items()}
        return found | {"method": METHOD, "status": self.status.value, "coefficients": parts}


def two_phase_agreement(
    first: Sequence[int], table: Sequence[Sequence[int]], *, positive: Collection[int]
) -> TwoPhaseAgreement:
    """Return the agreement that two readings of every case would have shown, S3.04.

    Each class of first scores is represented by those of its cases that were read again: the
    share of the class times the second scores within it, made symmetric because readers were
    assigned at random. Alpha is in its large-sample form.

    Args:
        first: first reads by score, all of them; length K.
        table: doubly read cases by first score (rows) and second score (columns); K by K.
        positive: the discrepant categories, from 0.

    Returns:
        The coefficients with delta-method standard errors and normal intervals on the logit
        (shares) or artanh scale. A class with first reads and no second reading:
        ``CLASS_WITHOUT_SECOND_READ``.

    Raises:
        ValueError: the shapes differ, a count is negative, or more second readings than first
            reads in a class.

    Source:
        Särndal C.-E., Swensson B., Wretman J. (1992). Model Assisted Survey Sampling, ch. 9;
        coefficients as in S3.01.
    """
    n_first, second = np.array(first, dtype=float), np.array(table, dtype=float)
    _check(n_first, second)
    again = second.sum(axis=1)
    concordant = [k for k in range(len(n_first)) if k not in positive]
    found = TwoPhaseAgreement(
        n=int(n_first.sum()),
        n_double=int(again.sum()),
        n_concordant_double=int(again[concordant].sum()),
        inputs_sha256=hash_inputs(
            METHOD,
            first=[int(n) for n in n_first],
            table=second.astype(int).tolist(),
            positive=sorted(positive),
        ),
    )
    if found.n_double == 0:
        return replace(found, reasons=("NO_MULTIPLY_RATED_ITEMS",))
    if ((n_first > 0) & (again == 0)).any():
        return replace(found, reasons=("CLASS_WITHOUT_SECOND_READ",))
    phases = _Phases(n_first, second, found)
    forms = _forms(len(n_first), sorted(positive))
    naive = (second + second.T)[None] / (2 * found.n_double)
    return replace(
        found,
        coefficients={name: phases.estimate(*form) for name, form in forms.items()},
        weights_first=tuple(
            float(n / m) if m else None for n, m in zip(n_first, again, strict=True)
        ),
        naive_pct=_defined(forms["pct"][0](naive)[0]),
        naive_scott=_defined(forms["scott_identity"][0](naive)[0]),
    )


def _check(first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    if len(first) < 2 or second.shape != (len(first), len(first)):
        raise ValueError("second readings come as a square table with a row per first score")
    if (first < 0).any() or (second < 0).any():
        raise ValueError("counts cannot be negative")
    if (second.sum(axis=1) > first).any():
        place = int(np.flatnonzero(second.sum(axis=1) > first)[0])
        raise ValueError(f"row {place + 1}: more second readings than first reads of that score")


def _defined(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _forms(k: int, positive: list[int]) -> dict[str, tuple[Form, bool]]:
    """Return the coefficients as functions of the symmetric shares, and whether on the logit.

    Each takes shares of shape (sets, K, K), real or complex.
    """
    negative = [c for c in range(k) if c not in positive]

    def observed(weights: NDArray[np.float64]) -> Form:
        return lambda s: (s * weights).sum(axis=(1, 2))

    def specific(members: list[int]) -> Form:
        def form(s: Numbers) -> Numbers:
            chosen = s[:, members]
            return ratio(chosen[:, :, members].sum(axis=(1, 2)), chosen.sum(axis=(1, 2)))

        return form

    def scott(name: str) -> Form:
        weights = weight_matrix(name, k)
        pa = observed(weights)
        return lambda s: beyond_chance(pa(s), expected_agreement(s.sum(axis=2), weights))

    def gwet(name: str) -> Form:
        weights = weight_matrix(name, k)
        pa = observed(weights)
        return lambda s: beyond_chance(pa(s), gwet_expected(s.sum(axis=2), weights))

    def alpha(metric: str) -> Form:
        return lambda s: 1 - disagreement_ratio(s, s.sum(axis=2), metric)

    return {
        "pct": (observed(weight_matrix("identity", k)), True),
        "positive": (specific(positive), True),
        "negative": (specific(negative), True),
        "scott_identity": (scott("identity"), False),
        "scott_linear": (scott("linear"), False),
        "gwet_identity": (gwet("identity"), False),
        "gwet_ordinal": (gwet("ordinal"), False),
        "alpha_nominal": (alpha("nominal"), False),
        "alpha_ordinal": (alpha("ordinal"), False),
    }


class _Phases:
    """Both phases of one audit, and the delta method over them."""

    def __init__(
        self, first: NDArray[np.float64], second: NDArray[np.float64], found: TwoPhaseAgreement
    ) -> None:
        again = second.sum(axis=1)
        self.n = float(first.sum())
        # A class without first reads has no second reading either, and weighs nothing.
        self.again = np.maximum(again, 1)
        self.pi = first / self.n
        self.p = second / self.again[:, None]
        self.blank = Estimate(method=METHOD, inputs_sha256=found.inputs_sha256, n=found.n)

    def _shares(self, pi: Numbers, p: Numbers) -> Numbers:
        joint = pi[:, :, None] * p
        result: Numbers = (joint + joint.transpose(0, 2, 1)) / 2
        return result

    def estimate(self, form: Form, on_logit: bool) -> Estimate:  # noqa: FBT001 - a table's entry
        """Return a coefficient with its interval."""
        value = _defined(form(self._shares(self.pi[None], self.p[None]))[0])
        if value is None:
            return replace(self.blank, status=Status.NOT_ESTIMABLE, reasons=("NO_VARIATION",))
        se = float(np.sqrt(self._variance(form)))
        known = replace(self.blank, value=value, se=se)
        interval = _interval(value, se, on_logit=on_logit)
        if interval is None:
            return replace(known, status=Status.UNRELIABLE, reasons=("UNSTABLE",))
        return replace(known, ci=interval, ci_method="logit_delta" if on_logit else "artanh_delta")

    def _variance(self, form: Form) -> float:
        """Return the variance by derivatives to both phases' shares, taken by complex step."""
        k = len(self.pi)
        eye = np.eye(k * (k + 1))
        pi = self.pi + 1j * STEP * eye[:, :k]
        p = self.p + 1j * STEP * eye[:, k:].reshape(-1, k, k)
        slope = form(self._shares(pi, p)).imag / STEP
        g, h = slope[:k], slope[k:].reshape(k, k)
        # Centred first: the difference of two sums of squares would leave noise where no slope
        # varies, and its root is no small number.
        first = (self.pi * (g - (self.pi * g).sum()) ** 2).sum()
        within = (self.p * (h - (self.p * h).sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
        return float(first / self.n + (within / self.again).sum())


def _interval(value: float, se: float, *, on_logit: bool) -> Interval | None:
    """Return the normal interval on the scale of the coefficient; None at its ends."""
    if se <= SMALLEST_SE or not (0 < value < 1 if on_logit else -1 < value < 1):
        return None
    if on_logit:
        centre, half = special.logit(value), Z * se / (value * (1 - value))
        return float(special.expit(centre - half)), float(special.expit(centre + half))
    centre, half = np.arctanh(value), Z * se / (1 - value * value)
    return float(np.tanh(centre - half)), float(np.tanh(centre + half))
