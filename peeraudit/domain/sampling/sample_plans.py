"""How many reports does a protocol draw from each stratum of a frame?"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.protocol import Protocol, SampleAllocation, Sampling
from peeraudit.domain.sampling.optimal_allocation import (
    SpreadStratum,
    allocate_optimally,
    spread_of,
)
from peeraudit.domain.sampling.sample_size import allocate
from peeraudit.domain.strata import Stratum, StratumField, count_weeks, split_stratum

# A share of the frame must not cost a report by its rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How a sample is shared among the strata of a frame.

    Attributes:
        sizes: reports to draw per stratum, in the order of the strata's names.
        required: a total that meets every minimum, the least one unless minimums overlap.
        is_raised: whether the minimums ask for more than the share that was wanted.
    """

    sizes: Mapping[str, int]
    required: int
    is_raised: bool = False

    @property
    def total(self) -> int:
        """Return the reports to draw in all."""
        return sum(self.sizes.values())


def strata_by_then(counts: Mapping[str, int], departments: int, protocol: Protocol) -> int:
    """Return how many strata a list will have at least once a period is over.

    Every part of a department is taken to report in every week; what else will come, a region
    or an author, nobody knows.

    Args:
        counts: N_h per stratum of today.
        departments: that take part.
        protocol: the rules.
    """
    scope, fields = protocol.scope, protocol.sampling.strata
    parts = set()
    for name in counts:
        known = split_stratum(name, fields)
        others = (value for one, value in known.values.items() if one is not StratumField.WEEK)
        parts.add((known.department, *others))
    least = departments * (len(scope.modalities) if StratumField.MODALITY in fields else 1)
    weeks = count_weeks(scope.period_start, scope.period_end)
    return max(len(parts), least) * (weeks if StratumField.WEEK in fields else 1)


@dataclass(frozen=True, slots=True)
class _Group:
    """Strata that have a minimum together: their places, and what is wanted of them."""

    places: tuple[int, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """The strata of a frame, in the order of their names.

    Attributes:
        held: N_h.
        spreads: S_h, for the optimal allocation alone.
        groupings: those that have a minimum together, authors before modalities.
    """

    held: tuple[int, ...]
    spreads: tuple[float, ...]
    groupings: tuple[tuple[_Group, ...], ...]


def plan_sample(counts: Mapping[str, int], sampling: Sampling) -> SamplePlan:
    """Return how many reports are drawn of each stratum.

    A share of the frame is rounded up, and raised to what the minimums ask for: no protocol
    is locked yet when the share is chosen, but the frame is not known either. A minimum per
    author or per modality raises the strata of that one alone, shared out by the same rule.

    Args:
        counts: N_h per stratum, named by ``name_stratum`` with the fields of the rules.
        sampling: the protocol's rules.

    Returns:
        The plan; where a number of reports is wanted that the frame does not hold, all of it.

    Raises:
        InvalidInput: the minimums ask for more than the number of reports that is wanted, or
            a stratum is not named as the rules say.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 5; Wright T. (2012).
        doi:10.1080/00031305.2012.733679
    """
    strata = sorted(counts)
    frame = _frame(strata, counts, sampling)
    wanted = wanted_total(sum(counts.values()), sampling)
    sizes, required = _fit(frame, wanted, sampling)
    if required > wanted and sampling.share is None:
        raise _too_few(_enough(frame, required, sampling), wanted)
    plan = dict(zip(strata, sizes, strict=True))
    return SamplePlan(plan, required, is_raised=required > wanted)


def wanted_total(frame_size: int, sampling: Sampling) -> int:
    """Return how many reports a protocol wants of a frame, before any minimum."""
    if sampling.share is None:
        return sampling.target
    return math.ceil(sampling.share * frame_size - ROUNDING)


def most_required(departments: int, modalities: int, sampling: Sampling) -> int:
    """Return what the minimums can ask for at most, whatever the frame will hold.

    Only where nothing but modality divides a department: how many strata there will be of
    anything else is known with the frame alone.
    """
    if StratumField.MODALITY not in sampling.strata:
        return departments * sampling.stratum_minimum
    return modalities * max(departments * sampling.stratum_minimum, sampling.modality_minimum)


def _fit(frame: _Frame, wanted: int, sampling: Sampling) -> tuple[list[int], int]:
    """Return the sizes for a total, raised as the minimums ask, and what they ask for."""
    least = [min(sampling.stratum_minimum, size) for size in frame.held]
    lifted = -1
    sizes = [0] * len(least)
    while lifted != sum(least):
        lifted = sum(least)
        wanted = max(wanted, lifted)
        sizes = _share_out(frame, range(len(least)), wanted, least, sampling)
        least = _lift(frame, sizes, least, sampling)
    return sizes, lifted


def _enough(frame: _Frame, required: int, sampling: Sampling) -> int:
    """Return a total with which the rules could be followed, at least ``required``.

    A larger total is shared out otherwise, and may fall short elsewhere.
    """
    while (again := _fit(frame, required, sampling)[1]) > required:
        required = again
    return required


def _frame(strata: Sequence[str], counts: Mapping[str, int], sampling: Sampling) -> _Frame:
    minimums = (
        (StratumField.AUTHOR, sampling.author_minimum),
        (StratumField.MODALITY, sampling.modality_minimum),
    )
    wanted = [(one, least) for one, least in minimums if least > 0 and one in sampling.strata]
    rates = {one.modality: one.rate for one in sampling.expected_rates}
    # A draw needs no more of a name than that it differs from the others.
    known = [split_stratum(name, sampling.strata) for name in strata] if wanted or rates else []
    spreads = [spread_of(rates.get(one.modality, 0.0)) for one in known]
    return _Frame(
        held=tuple(counts[name] for name in strata),
        spreads=tuple(spreads or [spread_of(0.0)] * len(strata)),
        groupings=tuple(_groups(known, one, minimum) for one, minimum in wanted),
    )


def _groups(known: Sequence[Stratum], by: StratumField, minimum: int) -> tuple[_Group, ...]:
    """Return the strata that share a value; those where it is not known have no minimum."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        if one.values[by]:
            found[one.values[by]].append(place)
    return tuple(_Group(tuple(found[value]), minimum) for value in sorted(found))


def _share_out(
    frame: _Frame, places: Sequence[int], n: int, least: Sequence[int], sampling: Sampling
) -> list[int]:
    """Return the sizes of the strata at some places, ``n`` in all."""
    held, low = [frame.held[h] for h in places], [least[h] for h in places]
    if n >= sum(held):
        return held
    if sampling.allocation is SampleAllocation.EQUAL:
        return _equal(held, n, low)
    if sampling.allocation is SampleAllocation.PROPORTIONAL:
        return list(allocate(held, n, minimum=low).sizes)
    found = allocate_optimally(
        [
            SpreadStratum(size, frame.spreads[h], minimum)
            for h, size, minimum in zip(places, held, low, strict=True)
        ],
        n,
    )
    # Where there are more strata than reports, one of each is out of reach.
    return list(found.sizes or allocate(held, n, minimum=low).sizes)


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
    frame: _Frame, sizes: Sequence[int], least: Sequence[int], sampling: Sampling
) -> list[int]:
    """Return the minimums, raised where an author, or else a modality, falls short of its own.

    One kind at a time: what is drawn more of an author may be what its modality lacked.
    """
    lifted = list(least)
    for groups in frame.groupings:
        for group in groups:
            wanted = min(group.minimum, sum(frame.held[h] for h in group.places))
            if sum(sizes[h] for h in group.places) >= wanted:
                continue
            shares = _share_out(frame, group.places, wanted, least, sampling)
            for h, share in zip(group.places, shares, strict=True):
                lifted[h] = max(lifted[h], share)
        if lifted != list(least):
            break
    return lifted


def _too_few(required: int, wanted: int) -> InvalidInput:
    return InvalidInput(
        N_(
            "The minimums ask for %(required)d reports, and the protocol draws %(wanted)d:"
            " raise the number of reports or lower the minimums – in a new campaign where these"
            " rules are locked."
        ),
        required=required,
        wanted=wanted,
    )
