"""Which counts follow from the readings of a campaign?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.statistics.campaign import CampaignCounts, CellCounts, ClassCounts
from peeraudit.domain.statistics.panel_blinding import Guesses
from peeraudit.domain.statistics.panel_severity import ReviewerRow, rows_of

MOST_NOT_RANDOM = 0.1
"""Share of a department's first readings that may have been given out otherwise than by chance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one case that was drawn at random and read.

    Attributes:
        department: the department whose report it is.
        modality: with the department the stratum it was drawn from.
        author: who wrote the report, by a name that tells nothing.
        is_double_read: whether a ticket designated it for a second reading.
        first: the first blinded score.
        second: the second one, None where there is none.
        outcome: the settled score, None where the case is not settled.
        modes: the blinding modes of its readings.
        readers: who gave the first score, and who the second one.
        was_random: chance alone gave the case to its first reader, among those who could read it.
    """

    department: str
    modality: str
    author: str
    is_double_read: bool
    first: str
    second: str | None
    outcome: str | None
    modes: frozenset[str]
    readers: tuple[str, ...] = ()
    was_random: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """What a campaign is counted on.

    Attributes:
        campaign: its code.
        protocol_sha256: fingerprint of its locked rules.
        frame_sha256: fingerprint of its frame.
        scale: what it was scored with.
        routed: scores that always go on to a second reader.
        strata: reports of the frame by department and modality.
        drawn: of these drawn to be read; a stratum that is absent was read as it was drawn.
        guesses: whom reviewers believed to recognise, counted; None where nobody was asked.
    """

    campaign: str
    protocol_sha256: str
    frame_sha256: str
    scale: Instrument
    routed: Collection[str]
    strata: Mapping[tuple[str, str], int]
    drawn: Mapping[tuple[str, str], int] = field(default_factory=dict)
    guesses: Guesses | None = None

    def is_routed(self, one: Reading) -> bool:
        """Return whether the protocol always sends such a first reading on."""
        return one.first in self.routed

    def is_verified(self, one: Reading) -> bool:
        """Return whether the first reading was checked in a way that chance decided, or always.

        A second reading that only the routing asked for verifies a routed case; of the others,
        only those designated by ticket before any score existed.
        """
        if one.outcome is None:
            return False
        return self.is_routed(one) or (one.is_double_read and one.second is not None)

    def is_found(self, one: Reading) -> bool:
        """Return whether the case was settled as discrepant."""
        return one.outcome is not None and self.scale.is_discrepant(one.outcome)


def count(readings: Sequence[Reading], ground: Ground) -> CampaignCounts:
    """Return what was read and settled, counted.

    Args:
        readings: one for each case that was drawn at random and read, in any order.
        ground: the campaign's frame and rules.

    Returns:
        The counts, with a cell for every stratum of the frame.

    Raises:
        Conflicting: the readings were given under several blinding modes.
    """
    return CampaignCounts(
        campaign=ground.campaign,
        protocol_sha256=ground.protocol_sha256,
        frame_sha256=ground.frame_sha256,
        instrument=(ground.scale.code, ground.scale.version),
        blinding_mode=_one_mode(readings),
        cells=_cells(readings, ground),
        authors=_authors(readings),
        patterns=_patterns(readings, ground.scale),
        is_common_pool=_is_common_pool(readings),
        second_reads=_second_reads(readings, ground),
        reviewers=_reviewers(readings, ground),
        guesses=ground.guesses,
    )


def _one_mode(readings: Iterable[Reading]) -> str:
    modes = sorted({mode for one in readings for mode in one.modes})
    if len(modes) > 1:
        raise Conflicting(
            N_(
                "The cases of this campaign were read under several blinding modes, which are"
                " never counted together: %(modes)s. No number was computed."
            ),
            modes=", ".join(modes),
        )
    return modes[0] if modes else ""


def _is_common_pool(readings: Iterable[Reading]) -> bool:
    """Return whether chance gave each department's cases to one pool of reviewers.

    Where a reviewer gave a case back it went to whoever was free: that happens in every campaign
    and moves no rate while it stays rare, in every single department.
    """
    others, sizes = Counter[str](), Counter[str]()
    for one in readings:
        sizes[one.department] += 1
        others[one.department] += not one.was_random
    return all(others[place] <= MOST_NOT_RANDOM * size for place, size in sizes.items())


def _cells(readings: Sequence[Reading], ground: Ground) -> tuple[CellCounts, ...]:
    members: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for one in readings:
        members[one.department, one.modality].append(one)
    return tuple(
        _cell(place, frame, members.get(place, []), ground)
        for place, frame in sorted(ground.strata.items())
    )


def _cell(
    place: tuple[str, str], frame: int, members: Sequence[Reading], ground: Ground
) -> CellCounts:
    return CellCounts(
        department=place[0],
        modality=place[1],
        frame=frame,
        scored=len(members),
        discrepant=sum(ground.scale.is_discrepant(one.first) for one in members),
        confirmed=sum(map(ground.is_found, members)),
        unsettled=sum(one.outcome is None for one in members),
        classes=_classes(members, ground),
        authors=_sizes(one.author for one in members),
        drawn=ground.drawn.get(place),
    )


def _classes(members: Sequence[Reading], ground: Ground) -> tuple[ClassCounts, ...]:
    by_score: dict[str, list[Reading]] = defaultdict(list)
    for one in members:
        by_score[one.first].append(one)
    found = []
    for score in ground.scale.codes:
        if score in by_score:
            verified = [one for one in by_score[score] if ground.is_verified(one)]
            counts = len(by_score[score]), len(verified), sum(map(ground.is_found, verified))
            concordant = not ground.scale.is_discrepant(score)
            found.append(ClassCounts(score, score in ground.routed, concordant, *counts))
    return tuple(found)


def _authors(readings: Sequence[Reading]) -> dict[str, tuple[int, ...]]:
    people: dict[str, list[str]] = defaultdict(list)
    for one in readings:
        people[one.department].append(one.author)
    return {department: _sizes(found) for department, found in sorted(people.items())}


def _sizes(authors: Iterable[str]) -> tuple[int, ...]:
    """Return the reports of each author, largest first; all without an author count as one."""
    return tuple(sorted(Counter(authors).values(), reverse=True))


def _patterns(
    readings: Iterable[Reading], scale: Instrument
) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return how often each pair of scores was given to the designated cases."""
    found: Counter[tuple[int, ...]] = Counter()
    for one in readings:
        if one.is_double_read and one.second is not None:
            given = Counter((one.first, one.second))
            found[tuple(given[code] for code in scale.codes)] += 1
    return tuple(sorted(found.items()))


def _second_reads(readings: Iterable[Reading], ground: Ground) -> tuple[tuple[int, ...], ...]:
    """Return the second readings that chance or the protocol called for; others leave no trace."""
    found = Counter(
        (one.first, one.second)
        for one in readings
        if one.second is not None and (one.is_double_read or ground.is_routed(one))
    )
    codes = ground.scale.codes
    return tuple(tuple(found[a, b] for b in codes) for a in codes) if found else ()


def _reviewers(readings: Iterable[Reading], ground: Ground) -> tuple[ReviewerRow, ...]:
    """Return what each first reader called; who chose a case, or was chosen for it, is left out."""
    return rows_of(
        [
            (one.readers[0], one.modality, ground.scale.is_discrepant(one.first))
            for one in readings
            if one.readers and one.was_random
        ]
    )
