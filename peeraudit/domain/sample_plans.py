"""How many reports does a protocol draw from each stratum of a frame?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.optimal_allocation import SpreadStratum, allocate_optimally, spread_of
from peeraudit.domain.protocol import SampleAllocation, Sampling
from peeraudit.domain.sample_size import allocate

# A share of the frame must not cost a report by its rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How a sample is shared among the strata of a frame.

    Attributes:
        sizes: reports to draw per stratum, in the order of the strata's names.
        required: the least total that meets every minimum.
        is_raised: whether the minimums ask for more than the share that was wanted.
    """

    sizes: Mapping[str, int]
    required: int
    is_raised: bool = False

    @property
    def total(self) -> int:
        """Return the reports to draw in all."""
        return sum(self.sizes.values())


def plan_sample(counts: Mapping[str, int], sampling: Sampling) -> SamplePlan:
    """Return how many reports are drawn of each stratum.

    A share of the frame is rounded up, and raised to what the minimums ask for: no protocol
    is locked yet when the share is chosen, but the frame is not known either. A minimum per
    modality raises the strata of that modality alone, shared out by the same rule.

    Args:
        counts: N_h per stratum, named ``department:modality``.
        sampling: the protocol's rules.

    Returns:
        The plan; where a number of reports is wanted that the frame does not hold, all of it.

    Raises:
        InvalidInput: the minimums ask for more than the number of reports that is wanted.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 5; Wright T. (2012).
        doi:10.1080/00031305.2012.733679
    """
    strata = sorted(counts)
    least = [min(sampling.stratum_minimum, counts[name]) for name in strata]
    wanted = wanted_total(sum(counts.values()), sampling)
    is_raised, lifted = False, -1
    sizes = [0] * len(strata)
    while lifted != sum(least):
        lifted = sum(least)
        if lifted > wanted:
            if sampling.share is None:
                raise _too_few(lifted, wanted)
            wanted, is_raised = lifted, True
        sizes = _share_out(strata, counts, wanted, least, sampling)
        least = _lift(strata, counts, sizes, least, sampling)
    return SamplePlan(dict(zip(strata, sizes, strict=True)), lifted, is_raised)


def wanted_total(frame_size: int, sampling: Sampling) -> int:
    """Return how many reports a protocol wants of a frame, before any minimum."""
    if sampling.share is None:
        return sampling.target
    return math.ceil(sampling.share * frame_size - ROUNDING)


def most_required(departments: int, modalities: int, sampling: Sampling) -> int:
    """Return what the minimums can ask for at most, whatever the frame will hold."""
    return modalities * max(departments * sampling.stratum_minimum, sampling.modality_minimum)


def modality_of(stratum: str) -> str:
    """Return the modality of a stratum such as ``CHU-NORD:CT``."""
    return stratum.rpartition(":")[2]


def _share_out(
    strata: Sequence[str],
    counts: Mapping[str, int],
    n: int,
    least: Sequence[int],
    sampling: Sampling,
) -> list[int]:
    held = [counts[name] for name in strata]
    if n >= sum(held):
        return held
    if sampling.allocation is SampleAllocation.EQUAL:
        return _equal(held, n, least)
    if sampling.allocation is SampleAllocation.PROPORTIONAL:
        return list(allocate(held, n, minimum=least).sizes)
    rates = {one.modality: one.rate for one in sampling.expected_rates}
    found = allocate_optimally(
        [
            SpreadStratum(size, spread_of(rates.get(modality_of(name), 0.0)), minimum)
            for name, size, minimum in zip(strata, held, least, strict=True)
        ],
        n,
    )
    # Where there are more strata than reports, one of each is out of reach.
    return list(found.sizes or allocate(held, n, minimum=least).sizes)


def _equal(held: Sequence[int], n: int, least: Sequence[int]) -> list[int]:
    """Return as equal shares as minimums and stocks allow; what is left goes to the larger."""
    sizes = list(least)
    while sum(sizes) < n:
        open_ones = [h for h in range(len(held)) if sizes[h] < held[h]]
        lowest = min(sizes[h] for h in open_ones)
        behind = sorted((h for h in open_ones if sizes[h] == lowest), key=lambda h: (-held[h], h))
        for h in behind[: n - sum(sizes)]:
            sizes[h] += 1
    return sizes


def _lift(
    strata: Sequence[str],
    counts: Mapping[str, int],
    sizes: Sequence[int],
    least: Sequence[int],
    sampling: Sampling,
) -> list[int]:
    """Return the minimums, raised where a modality falls short of its own."""
    lifted = list(least)
    for modality in sorted({modality_of(name) for name in strata}):
        mine = [h for h, name in enumerate(strata) if modality_of(name) == modality]
        wanted = min(sampling.modality_minimum, sum(counts[strata[h]] for h in mine))
        if sum(sizes[h] for h in mine) >= wanted:
            continue
        names = [strata[h] for h in mine]
        shares = _share_out(names, counts, wanted, [least[h] for h in mine], sampling)
        for h, share in zip(mine, shares, strict=True):
            lifted[h] = max(lifted[h], share)
    return lifted


def _too_few(required: int, wanted: int) -> InvalidInput:
    return InvalidInput(
        N_(
            "The minimums ask for %(required)d reports, and the protocol draws %(wanted)d:"
            " raise the number of reports or lower the minimums."
        ),
        required=required,
        wanted=wanted,
    )
