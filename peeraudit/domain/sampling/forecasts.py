"""What will a protocol cost in reading, and how exact will its rates be?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.protocol import Protocol, SampleAllocation
from peeraudit.domain.sampling.draws import CONCORDANT_SHARE
from peeraudit.domain.sampling.feasibility import Cell, Reader, Shortage, find_shortage
from peeraudit.domain.sampling.frame_checks import thin_strata
from peeraudit.domain.sampling.frames import count_double_reads
from peeraudit.domain.sampling.sample_plans import plan_sample, wanted_total
from peeraudit.domain.sampling.sample_size import expected_interval
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.intervals import Interval, wilson
from peeraudit.domain.statistics.power import compare_two
from peeraudit.domain.strata import split_stratum

LONGEST_READING = 120
# Below this share of what is drawn, uneven shares of the strata cost something.
WORTH_TELLING = 0.9


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is assumed for the forecast, and is no part of the protocol.

    Attributes:
        rate: the discrepancy rate to expect, a proportion.
        minutes: what one reading takes, in minutes.
    """

    rate: float = 0.06
    minutes: int = 6


@dataclass(frozen=True, slots=True)
class Supply:
    """What is there to draw from and who is there to read.

    Attributes:
        frame_size: reports that are eligible today, in reports.
        departments: departments that take part.
        rooms: capacity of each reviewer who accepts cases, in cases; shape (r,).
        readers: reviewers per modality of the scope.
        strata: reports eligible today, by the names of strata; empty where not known.
        places: the same by department and modality, whatever the strata are.
        reviewers: the same people as ``rooms``, with what each may read; empty where not known.
        last_read: reports read in the last campaign, 0 without one.
    """

    frame_size: int
    departments: int
    rooms: tuple[int, ...]
    readers: Mapping[str, int]
    strata: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reviewers: tuple[Reader, ...] = ()
    last_read: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What to expect of a campaign.

    Attributes:
        frame_size: reports that are eligible today.
        cases: reports that would be drawn.
        second_reads: readings designated at random, before any score.
        routed_reads: second readings to expect from discrepant first scores.
        readings: all of these.
        reviewers: those who accept cases.
        hours: of one reviewer, if the readings are shared evenly; None without reviewers.
        room: readings that the reviewers have declared themselves ready for.
        interval: where the measured rate would lie, as proportions; None without a report.
        half_width: half of its width, a proportion.
        warnings: what would make the campaign fail.
        is_feasible: whether those who may read can hold the readings, as a bound.
        between: the smallest rate of one department that would be noticed four times in five
            beside another with the assumed one, both of average size; None where none would.
        since: the same of the whole beside the last period, or one of the same size.
    """

    frame_size: int
    cases: int
    second_reads: int
    routed_reads: int
    readings: int
    reviewers: int
    hours: float | None
    room: int
    interval: Interval | None
    half_width: float | None
    warnings: tuple[Sentence, ...]
    is_feasible: bool = True
    between: float | None = None
    since: float | None = None


def check_what_if(assumed: WhatIf) -> None:
    """Refuse assumptions that mean nothing.

    Raises:
        InvalidInput: the rate is no proportion, or the minutes are not from 1 to 120.
    """
    if not 0 <= assumed.rate <= 1:
        raise InvalidInput(N_("The assumed rate must lie between 0 and 100 per cent."))
    if not 1 <= assumed.minutes <= LONGEST_READING:
        raise InvalidInput(
            N_("A reading takes between 1 and %(longest)d minutes."), longest=LONGEST_READING
        )


def forecast(protocol: Protocol, supply: Supply, assumed: WhatIf) -> Forecast:
    """Return what a sound protocol would cost and yield.

    Args:
        protocol: the rules; where a number in them is out of range nothing can be foretold.
        supply: what is there today.
        assumed: what is assumed beside.

    Returns:
        The forecast. Routed readings suppose that a discrepancy is found as often as one
        first reading in five, the share on the safe side that the draw also uses, or as
        often as assumed where that is more.

    Raises:
        InvalidInput: an assumption or a number of the protocol is out of its range.
    """
    check_what_if(assumed)
    sizes = _sizes(protocol, supply)
    cases = sum(sizes.values()) if sizes else _cases(protocol, supply)
    second = count_double_reads(cases, protocol.double_reading)
    discrepant = max(1 - CONCORDANT_SHARE, assumed.rate)
    routed = round((cases - second) * discrepant)
    readings = cases + second + routed
    limit = protocol.assignment.max_load
    rooms = [room if limit is None else min(room, limit) for room in supply.rooms]
    interval = _interval(assumed.rate, cases, supply, sizes)
    shortage = _shortage(protocol, supply, sizes, readings)
    return Forecast(
        frame_size=supply.frame_size,
        cases=cases,
        second_reads=second,
        routed_reads=routed,
        readings=readings,
        reviewers=len(rooms),
        hours=readings * assumed.minutes / 60 / len(rooms) if rooms else None,
        room=sum(rooms),
        interval=interval,
        half_width=(interval[1] - interval[0]) / 2 if interval else None,
        warnings=(
            *_warnings(protocol, supply, readings, rooms, shortage),
            *(Sentence(one.message, one.params) for one in thin_strata(supply.strata, sizes)),
            *_cost_of_shares(protocol, supply, sizes),
        ),
        is_feasible=sum(rooms) >= readings and shortage is None,
        between=_between(assumed.rate, cases, supply.departments),
        since=_noticed(assumed.rate, cases, supply.last_read or cases),
    )


def _cases(protocol: Protocol, supply: Supply) -> int:
    target = max(wanted_total(supply.frame_size, protocol.sampling), 0)
    return min(target, supply.frame_size) if supply.frame_size else target


def _sizes(protocol: Protocol, supply: Supply) -> Mapping[str, int]:
    """Return how many reports would be drawn of each stratum; none where not known yet."""
    if not supply.strata or protocol.sampling.target < 0:
        return {}
    return plan_sample(supply.strata, protocol.sampling).sizes


def _interval(rate: float, cases: int, supply: Supply, sizes: Mapping[str, int]) -> Interval | None:
    """Return the interval to expect; unequal shares of the strata widen it (S2.02, n_cap)."""
    if cases < 1:
        return None
    open_share = _open_share(supply, sizes)
    if open_share is None:
        # Without the strata, or with some that nothing is drawn from, as one list.
        return expected_interval(rate, cases, frame_size=supply.frame_size or None)
    return wilson(rate, 1 / open_share) if open_share > 0 else (rate, rate)


def _open_share(supply: Supply, sizes: Mapping[str, int]) -> float | None:
    """Return 1/n_cap of S2.02; None where it is not known, or says nothing of some strata."""
    held = sum(supply.strata.values())
    drawn = [(supply.strata[name], size) for name, size in sizes.items() if size]
    if not drawn or sum(whole for whole, _ in drawn) < held:
        return None
    return sum((whole / held) ** 2 * (1 - size / whole) / size for whole, size in drawn)


def _cost_of_shares(protocol: Protocol, supply: Supply, sizes: Mapping[str, int]) -> list[Sentence]:
    """Return how many reports in proportion would tell the overall rate as exactly.

    Small strata that give more than their share raise the design effect, S1.07. Shares that
    follow the rates expected are no such cost, as far as these hold.
    """
    cases, open_share = sum(sizes.values()), _open_share(supply, sizes)
    if not open_share or protocol.sampling.allocation is SampleAllocation.OPTIMAL:
        return []
    as_good = round(1 / (open_share + 1 / sum(supply.strata.values())))
    if as_good > WORTH_TELLING * cases:
        return []
    message = N_(
        "Some strata give more than their share: the overall rate is told no more exactly than by"
        " %(as_good)d reports drawn in proportion, and %(cases)d are drawn."
    )
    return [Sentence(message, {"as_good": as_good, "cases": cases})]


def _shortage(
    protocol: Protocol, supply: Supply, sizes: Mapping[str, int], readings: int
) -> Shortage | None:
    if not sizes or not supply.reviewers:
        return None
    limit = protocol.assignment.max_load
    readers = [
        one if limit is None else replace(one, room=min(one.room, limit))
        for one in supply.reviewers
    ]
    return find_shortage(_cells(protocol, supply, sizes, readings), readers)


def _cells(
    protocol: Protocol, supply: Supply, sizes: Mapping[str, int], readings: int
) -> list[Cell]:
    """Return the readings to expect of each department and modality.

    Where modality is no stratum, a department's are shared out by what it holds of each.
    """
    drawn: Counter[tuple[str, str]] = Counter()
    for name, size in sizes.items():
        known = split_stratum(name, protocol.sampling.strata)
        drawn[known.department, known.modality] += size
    cases = drawn.total()
    cells = []
    for (place, modality), size in drawn.items():
        held = {code: n for (where, code), n in supply.places.items() if where == place}
        parts = {modality: 1} if modality else held
        whole = sum(parts.values())
        cells += [
            Cell(place, code, size * readings * part // (cases * whole))
            for code, part in parts.items()
            if size
        ]
    return cells


def _between(rate: float, cases: int, departments: int) -> float | None:
    if departments < 2:
        return None
    return _noticed(rate, cases / departments, cases / departments)


def _noticed(rate: float, here: float, there: float) -> float | None:
    """Return the smallest rate above ``rate`` that would be noticed four times in five, S9.03."""
    if min(here, there) <= 0:
        return None
    return compare_two((rate, here), (rate, there)).mdd_rate_above_p2


def _warnings(
    protocol: Protocol,
    supply: Supply,
    readings: int,
    rooms: Sequence[int],
    shortage: Shortage | None,
) -> list[Sentence]:
    found = []
    if supply.departments < 2:
        message = N_(
            "With a single department nobody could read its reports: let at least two take part."
        )
        found.append(Sentence(message))
    if not supply.frame_size:
        found.append(Sentence(N_("No eligible report has been received yet for this scope.")))
    elif supply.frame_size < wanted_total(supply.frame_size, protocol.sampling):
        message = N_("Only %(held)s reports are eligible today: all of them would be drawn.")
        found.append(Sentence(message, {"held": supply.frame_size}))
    if sum(rooms) < readings:
        message = N_(
            "%(readings)s readings are to be expected, and the reviewers are ready for %(room)s."
        )
        found.append(Sentence(message, {"readings": readings, "room": sum(rooms)}))
    elif shortage is not None:
        found.append(_short_words(shortage))
    for modality in protocol.scope.modalities:
        if supply.readers.get(modality, 0) < 2:
            message = N_("Fewer than two reviewers have declared %(modality)s.")
            found.append(Sentence(message, {"modality": modality}))
    return found


def _short_words(shortage: Shortage) -> Sentence:
    """Return the minimum cut in words."""
    message = N_(
        "%(cells)s ask for %(readings)s readings, and the %(reviewers)s reviewers who may read"
        " them are ready for %(room)s: %(missing)s are missing. Ask for more reviewers or room,"
        " or draw fewer."
    )
    names = [f"{cell.department} {cell.modality}" for cell in shortage.cells]
    return Sentence(
        message,
        {
            "cells": ", ".join(names),
            "readings": shortage.readings,
            "reviewers": shortage.reviewers,
            "room": shortage.room,
            "missing": shortage.missing,
        },
    )
