"""What is the rate if readers miss findings, and how well do they find them?"""

import math
from dataclasses import dataclass, replace

from scipy import special

from peeraudit.domain.statistics.intervals import Interval, Z, clopper_pearson
from peeraudit.domain.statistics.rates import count_fault
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs, undefined

CORRECTED = "S2.10@1"
ACCURACY = "S2.11@1"
# With a smaller Youden index the correction divides by next to nothing.
SMALLEST_YOUDEN = 0.2


@dataclass(frozen=True)
class Count:
    """A measured share: ``x`` of ``n``."""

    x: int
    n: int

    @property
    def rate(self) -> float:
        """The share, 0 to 1."""
        return self.x / self.n

    @property
    def shrunk(self) -> float:
        """The share with one success and one failure added."""
        return (self.x + 1) / (self.n + 2)

    @property
    def shrunk_variance(self) -> float:
        """Variance of the shrunk share."""
        return self.shrunk * (1 - self.shrunk) / (self.n + 2)


def corrected_rate(apparent: Count, sensitivity: Count, specificity: Count) -> Estimate:
    """Return the rate corrected for *measured* sensitivity and specificity, S2.10.

    Never with assumed ones, and never with ones measured on the same sample: use S2.06 there.

    Args:
        apparent: reports called discrepant, of those scored.
        sensitivity: truly discrepant ones that were called so, of those tested elsewhere.
        specificity: truly concordant ones that were called so, of those tested elsewhere.

    Returns:
        (p+Sp-1)/(Se+Sp-1), held within 0 to 1, with the interval of Lang and Reiczigel.
        ``details``: ``apparent``, ``youden``, ``adjusted_raw`` (not held), ``se_delta``. An
        apparent rate below the false-alarm rate gives 0 and the warning
        ``APPARENT_BELOW_FALSE_ALARM``. A Youden index of at most 0.2 is not estimable.

    Raises:
        ValueError: a count is negative.

    Source:
        Rogan W. J., Gladen B. (1978). doi:10.1093/oxfordjournals.aje.a112510; Lang Z.,
        Reiczigel J. (2014). doi:10.1016/j.prevetmed.2013.09.015
    """
    given = (apparent, sensitivity, specificity)
    inputs = hash_inputs(CORRECTED, counts=[[part.x, part.n] for part in given])
    fault = next((f for part in given if (f := count_fault(part.x, part.n, None))), None)
    if fault or min(part.n for part in given) == 0:
        return undefined(CORRECTED, inputs, reason=fault or "NO_SCORED_ITEMS", n=apparent.n)
    youden = sensitivity.rate + specificity.rate - 1
    details: dict[str, object] = {"apparent": apparent.rate, "youden": youden}
    if youden <= SMALLEST_YOUDEN:
        return Estimate(
            n=apparent.n,
            status=Status.NOT_ESTIMABLE,
            reasons=("YOUDEN_TOO_SMALL",),
            method=CORRECTED,
            inputs_sha256=inputs,
            details=details,
        )
    raw = (apparent.rate + specificity.rate - 1) / youden
    variance = (
        _binomial(apparent)
        + raw**2 * _binomial(sensitivity)
        + (1 - raw) ** 2 * _binomial(specificity)
    )
    se = math.sqrt(variance) / youden
    return Estimate(
        value=min(1.0, max(0.0, raw)),
        ci=_lang_reiczigel(apparent, sensitivity, specificity),
        ci_method="lang_reiczigel",
        se=se,
        n=apparent.n,
        warnings=("APPARENT_BELOW_FALSE_ALARM",) if raw < 0 else (),
        method=CORRECTED,
        inputs_sha256=inputs,
        details=details | {"adjusted_raw": raw, "se_delta": se},
    )


def _binomial(count: Count) -> float:
    return count.rate * (1 - count.rate) / count.n


def _lang_reiczigel(apparent: Count, sensitivity: Count, specificity: Count) -> Interval | None:
    """Return the interval; None where so few were tested that shrinking leaves no Youden index."""
    n = apparent.n + Z * Z
    p = (apparent.x + Z * Z / 2) / n
    youden = sensitivity.shrunk + specificity.shrunk - 1
    if youden <= 0:
        return None
    centre = (p + specificity.shrunk - 1) / youden
    of_misses, of_alarms = sensitivity.shrunk_variance, specificity.shrunk_variance
    shift = 2 * Z * Z * (centre * of_misses - (1 - centre) * of_alarms)
    spread = p * (1 - p) / n + centre**2 * of_misses + (1 - centre) ** 2 * of_alarms
    half = Z * math.sqrt(spread) / youden
    low, high = centre + shift - half, centre + shift + half
    return min(1.0, max(0.0, low)), min(1.0, max(0.0, high))


@dataclass(frozen=True)
class Verified:
    """The first reads of one class and how many of them were verified.

    Attributes:
        n: first reads of the class.
        m: of these verified, all or a random part.
        d: of the verified truly discrepant.
    """

    n: int
    m: int
    d: int

    @property
    def rate(self) -> float:
        """The share of the verified that is truly discrepant."""
        return self.d / self.m

    @property
    def discrepant(self) -> float:
        """Truly discrepant reports that the class is estimated to hold."""
        return self.n * self.rate


@dataclass(frozen=True)
class Accuracy:
    """How well single readers tell discrepant reports from others.

    Attributes:
        sensitivity: share of the truly discrepant that a single reader calls so. Without a
            value (``NO_MISS_SEEN``) where no miss was found among the verified: its
            ``details["at_least"]`` then says what the data still allow.
        specificity: share of the truly concordant that a single reader calls so; likewise
            with ``NO_FALSE_ALARM_SEEN``.
        prevalence: share of reports that is truly discrepant; None where undefined.
        naive_sensitivity: what the verified alone would say; wrong, for a warning only.
    """

    sensitivity: Estimate
    specificity: Estimate
    prevalence: float | None
    naive_sensitivity: float | None


def reader_accuracy(positive: Verified, negative: Verified) -> Accuracy:
    """Return sensitivity and specificity of single readers from partial verification, S2.11.

    Args:
        positive: first reads that called a discrepancy.
        negative: first reads that called none; their verified part was drawn at random.

    Returns:
        Both with intervals on the logit scale.

    Raises:
        ValueError: a count is negative.

    Source:
        Begg C. B., Greenes R. A. (1983). Biometrics 39, 207-215. doi:10.2307/2530820
    """
    given = (positive, negative)
    inputs = hash_inputs(ACCURACY, groups=[[part.n, part.m, part.d] for part in given])
    reason = _reason(positive, negative)
    n = positive.n + negative.n
    if reason:
        blank = undefined(ACCURACY, inputs, reason=reason, n=n)
        return Accuracy(blank, blank, None, None)
    blank = Estimate(n=n, method=ACCURACY, inputs_sha256=inputs)
    verified = positive.d + negative.d
    return Accuracy(
        _share(blank, positive, negative, certain="NO_MISS_SEEN"),
        _share(blank, _turned(negative), _turned(positive), certain="NO_FALSE_ALARM_SEEN"),
        (positive.discrepant + negative.discrepant) / n,
        positive.d / verified if verified else None,
    )


def _turned(part: Verified) -> Verified:
    """Return a class with the concordant ones in the place of the discrepant ones."""
    return Verified(part.n, part.m, part.m - part.d)


def _share(blank: Estimate, right: Verified, wrong: Verified, *, certain: str) -> Estimate:
    """Return what share of all targets was called rightly.

    Args:
        blank: what the estimate has in any case.
        right: the class that was called rightly where it holds a target.
        wrong: the class that was called wrongly where it holds one.
        certain: reason code where no wrongly called target was seen.
    """
    hits, misses = right.discrepant, wrong.discrepant
    if hits + misses == 0:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("NO_EVENTS",))
    if misses == 0:
        most = wrong.n * clopper_pearson(0, wrong.m)[1]
        return replace(
            blank,
            status=Status.BOUNDS_ONLY,
            reasons=(certain,),
            details={"at_least": hits / (hits + most)},
        )
    value = hits / (hits + misses)
    if hits == 0:
        return replace(blank, value=value, status=Status.UNRELIABLE, reasons=("NO_EVENTS",))
    se = math.sqrt(1 / right.n + 1 / wrong.n + _odds_variance(right) + _odds_variance(wrong))
    centre = math.log(hits / misses)
    low, high = (float(special.expit(centre + side * Z * se)) for side in (-1, 1))
    return replace(
        blank, value=value, se=se * value * (1 - value), ci=(low, high), ci_method="logit_delta"
    )


def _odds_variance(part: Verified) -> float:
    return (1 - part.rate) / (part.m * part.rate)


def _reason(positive: Verified, negative: Verified) -> str | None:
    for part in (positive, negative):
        fault = count_fault(part.d, part.m, part.n)
        if fault:
            return fault
    if positive.n + negative.n == 0:
        return "NO_SCORED_ITEMS"
    return "PHASE2_EMPTY_GROUP" if min(positive.m, negative.m) == 0 else None
