"""What will a protocol cost in reading, and how exact will its rates be?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.frames import count_double_reads
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sample_plans import wanted_total
from peeraudit.domain.sample_size import expected_interval
from peeraudit.domain.sampling import CONCORDANT_SHARE
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.intervals import Interval

LONGEST_READING = 120


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
    """

    frame_size: int
    departments: int
    rooms: tuple[int, ...]
    readers: Mapping[str, int]


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
    target = max(wanted_total(supply.frame_size, protocol.sampling), 0)
    cases = min(target, supply.frame_size) if supply.frame_size else target
    second = count_double_reads(cases, protocol.double_reading)
    discrepant = max(1 - CONCORDANT_SHARE, assumed.rate)
    routed = round((cases - second) * discrepant)
    readings = cases + second + routed
    limit = protocol.assignment.max_load
    rooms = [room if limit is None else min(room, limit) for room in supply.rooms]
    interval = _interval(assumed.rate, cases, supply.frame_size)
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
        warnings=tuple(_warnings(protocol, supply, readings, rooms)),
    )


def _interval(rate: float, cases: int, frame_size: int) -> Interval | None:
    if cases < 1:
        return None
    return expected_interval(rate, cases, frame_size=frame_size or None)


def _warnings(
    protocol: Protocol, supply: Supply, readings: int, rooms: Sequence[int]
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
    for modality in protocol.scope.modalities:
        if supply.readers.get(modality, 0) < 2:
            message = N_("Fewer than two reviewers have declared %(modality)s.")
            found.append(Sentence(message, {"modality": modality}))
    return found
