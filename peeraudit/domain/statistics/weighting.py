"""How much does a weighted sample tell: its rate, its variance, its effective size?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part of a weighted rate.

    Attributes:
        weight: its share of the whole; the weights of all parts sum to 1.
        n: scored reports, at least 1.
        x: of these discrepant.
        fraction: share of its frame that was scored, 0 to 1; 0 where the question is about
            the process and not about this period's reports.
    """

    weight: float
    n: int
    x: int
    fraction: float = 0.0

    @property
    def rate(self) -> float:
        """The share of discrepant reports, 0 to 1."""
        return self.x / self.n

    @property
    def open_share(self) -> float:
        """W²(1-f): the share of the part's variance that sampling leaves open."""
        return self.weight * self.weight * (1 - self.fraction)


@dataclass(frozen=True)
class Moments:
    """The sums over parts from which a weighted interval is made.

    Attributes:
        p: the weighted rate.
        variance_unbiased: its unbiased variance; None where a part of one report, which is
            not all of its frame, cannot show a spread.
        n_raw: p(1-p) over its variance; ``n_cap`` where the variance is 0.
        n_cap: the same if all parts shared one rate; infinite for a census.
    """

    p: float
    variance_unbiased: float | None
    n_raw: float
    n_cap: float

    @property
    def n_eff(self) -> float:
        """The guarded effective size: rare events never claim more than one shared rate."""
        return min(self.n_raw, self.n_cap)


def moments(parts: Sequence[Part]) -> Moments:
    """Return the sums that S2.02 is made from.

    The cap on the effective size is our own rule: with rare events the estimated variance is
    too small whenever the few events fall in light strata.

    Args:
        parts: at least one, in an order that does not depend on how the data were read.

    Returns:
        Weighted rate, variance and effective sizes.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 5; Franco C. et al. (2019).
        J Surv Stat Methodol 7, 334-364. doi:10.1093/jssam/smy019
    """
    spread = [part.open_share * part.rate * (1 - part.rate) for part in parts]
    p = math.fsum(part.weight * part.rate for part in parts)
    variance = math.fsum(v / part.n for v, part in zip(spread, parts, strict=True))
    lonely = any(part.n == 1 and part.fraction < 1 for part in parts)
    unbiased = math.fsum(v / max(1, part.n - 1) for v, part in zip(spread, parts, strict=True))
    open_share = math.fsum(part.open_share / part.n for part in parts)
    n_cap = 1 / open_share if open_share > 0 else math.inf
    n_raw = p * (1 - p) / variance if variance > 0 else n_cap
    return Moments(p, None if lonely else unbiased, n_raw, n_cap)
