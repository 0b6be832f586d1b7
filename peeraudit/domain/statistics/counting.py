"""Which counts follow from the readings of a campaign?"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.statistics.campaign import EDITION, CampaignCounts
from peeraudit.domain.statistics.cells import CellCounts, ClassCounts, PartCounts, RowCounts
from peeraudit.domain.statistics.over_time import OverTime
from peeraudit.domain.statistics.panel_blinding import Guesses
from peeraudit.domain.statistics.panel_severity import ReviewerRow, rows_of
from peeraudit.domain.statistics.tallies import Kind, Reading, Tallies, tally
from peeraudit.domain.strata import DEFAULT_FIELDS, PART, StratumField, split_stratum

Kinds: TypeAlias = Mapping[Kind, int]


UNDIVIDED = "all"
"""Names the one stratum of a department that nothing divides."""

ANY_DEPARTMENT = "x"
"""Stands before the name of a stratum within a department, to read it as a whole one."""

MOST_NOT_RANDOM = 0.1
"""Share of a department's first readings that may have been given out otherwise than by chance."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a campaign is counted on.

    Attributes:
        campaign: its code.
        protocol_sha256: fingerprint of its locked rules.
        frame_sha256: fingerprint of its frame.
        scale: what it was scored with.
        routed: scores that always go on to a second reader.
        strata: reports of the frame by department and name of the stratum within it, which is the
            modality where strata are by modality alone.
        drawn: of these drawn to be read; a stratum that is absent was read as it was drawn.
        awaited: of the drawn not read yet though their time has not passed.
        guesses: whom reviewers believed to recognise, counted; None where nobody was asked.
        fields: by which departments are divided into strata.
        edition: of the rules by which its numbers are computed and told.
    """

    campaign: str
    protocol_sha256: str
    frame_sha256: str
    scale: Instrument
    routed: Collection[str]
    strata: Mapping[tuple[str, str], int]
    drawn: Mapping[tuple[str, str], int] = field(default_factory=dict)
    awaited: Mapping[tuple[str, str], int] = field(default_factory=dict)
    guesses: Guesses | None = None
    fields: Sequence[StratumField] = DEFAULT_FIELDS
    edition: int = EDITION

    @property
    def is_finer(self) -> bool:
        """Whether strata are not by modality alone."""
        return tuple(self.fields) != DEFAULT_FIELDS

    def modality_of(self, stratum: str) -> str:
        """Return the modality of a stratum; empty where it runs across modalities."""
        if not self.is_finer:
            return stratum
        if not self.fields:
            return ""
        return split_stratum(f"{ANY_DEPARTMENT}:{stratum}", self.fields).modality

    def is_routed(self, one: Kind) -> bool:
        """Return whether the protocol always sends such a first reading on."""
        return one.first in self.routed

    def is_verified(self, one: Kind) -> bool:
        """Return whether the first reading was checked in a way that chance decided, or always.

        A second reading that only the routing asked for verifies a routed case; of the others,
        only those designated by ticket before any score existed.
        """
        if one.outcome is None:
            return False
        return self.is_routed(one) or (one.is_double_read and one.second is not None)

    def is_found(self, one: Kind) -> bool:
        """Return whether the case was settled as discrepant."""
        return one.outcome is not None and self.scale.is_discrepant(one.outcome)


def name_within(stratum: str) -> str:
    """Return the name that a stratum of the frame has within its department."""
    return stratum.partition(PART)[2] or UNDIVIDED


def count(readings: Iterable[Reading], ground: Ground) -> CampaignCounts:
    """Return what was read and settled, counted from single readings.

    Args:
        readings: one for each case that was drawn at random and read, in any order.
        ground: the campaign's frame and rules.

    Returns:
        The counts, with a cell for every stratum of the frame.

    Raises:
        Conflicting: the readings were given under several blinding modes.
    """
    return count_tallies(tally(readings, ground.scale.discrepant), ground)


def count_tallies(tallies: Tallies, ground: Ground) -> CampaignCounts:
    """Return what was read and settled, counted.

    Args:
        tallies: how often a case was read in each way.
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
        blinding_mode=_one_mode(tallies.modes),
        cells=tuple(_in_order(cells_by_place(tallies, ground), ground)),
        authors=_authors(tallies),
        patterns=_patterns(tallies.kinds, ground.scale),
        is_common_pool=_is_common_pool(tallies.kinds),
        second_reads=_second_reads(tallies.kinds, ground),
        reviewers=_reviewers(tallies, ground),
        guesses=ground.guesses,
        over_time=_over_time(tallies, ground.scale) if tallies.is_dated else None,
        table=_table(tallies, ground) if ground.is_finer else (),
        edition=ground.edition,
    )


def _over_time(tallies: Tallies, scale: Instrument) -> dict[str, OverTime]:
    """Return the reports of each department by month; nothing of one whose months are hidden."""
    places: dict[str, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for (department, *key), cases in tallies.months.items():
        author, month, score = key
        places[department][author, month, score] = cases
    return {
        department: _months(found, tallies.positions.get(department, ()), scale)
        for department, found in sorted(places.items())
    }


def _months(
    cases: Mapping[tuple[str, str, str], int], positions: Sequence[int], scale: Instrument
) -> OverTime:
    months = tuple(sorted({month for _, month, _ in cases}))
    if not all(months):
        return OverTime()
    found, rows = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for (author, month, score), n in cases.items():
        rows[author][month] += n
        found[month] += n * scale.is_discrepant(score)
    people = sorted((tuple(row[month] for month in months) for row in rows.values()), reverse=True)
    gaps = tuple(after - before - 1 for before, after in pairwise(positions))
    return OverTime(months, tuple(found[month] for month in months), tuple(people), gaps)


def _one_mode(modes: Collection[str]) -> str:
    if len(modes) > 1:
        raise Conflicting(
            N_(
                "The cases of this campaign were read under several blinding modes, which are"
                " never counted together: %(modes)s. No number was computed."
            ),
            modes=", ".join(sorted(modes)),
        )
    return next(iter(modes), "")


def _is_common_pool(kinds: Kinds) -> bool:
    """Return whether chance gave each department's cases to one pool of reviewers.

    Where a reviewer gave a case back it went to whoever was free: that happens in every campaign
    and moves no rate while it stays rare, in every single department.
    """
    others, sizes = Counter[str](), Counter[str]()
    for kind, cases in kinds.items():
        sizes[kind.department] += cases
        others[kind.department] += cases * (not kind.was_random)
    return all(others[place] <= MOST_NOT_RANDOM * size for place, size in sizes.items())


def cells_by_place(tallies: Tallies, ground: Ground) -> dict[tuple[str, str], CellCounts]:
    """Return the cell of each stratum of the frame, by department and name within it.

    Raises:
        LookupError: a case was read of a stratum that the frame does not have.
    """
    members: dict[tuple[str, str], dict[Kind, int]] = defaultdict(dict)
    for kind, cases in tallies.kinds.items():
        members[kind.place][kind] = cases
    people: dict[tuple[str, str], list[int]] = defaultdict(list)
    authors: Counter[tuple[str, str, str]] = Counter()
    for (department, modality, author, stratum), cases in tallies.authors.items():
        authors[department, stratum or modality, author] += cases
    for (department, name, _), cases in authors.items():
        people[department, name].append(cases)
    if ground.is_finer and not members.keys() <= ground.strata.keys():
        raise LookupError("a case that was read is of no stratum of the frame")
    return {
        place: replace(
            _cell(place, frame, members.get(place, {}), ground),
            # All without an author count as one.
            authors=tuple(sorted(people.get(place, ()), reverse=True)),
        )
        for place, frame in ground.strata.items()
    }


def awaited_as_of(
    then: Iterable[CellCounts], now: Mapping[tuple[str, str], CellCounts]
) -> dict[tuple[str, str], int]:
    """Return how many reports were awaited of each stratum when others were counted.

    Args:
        then: the cells of that time, which bear no names; those of like counts are alike.
        now: the same cells by their names, without what is awaited.
    """
    left: dict[CellCounts, list[int]] = defaultdict(list)
    for cell in then:
        left[replace(cell, awaited=0)].append(cell.awaited)
    return {place: left[cell].pop() for place, cell in sorted(now.items()) if left[cell]}


def _in_order(cells: Mapping[tuple[str, str], CellCounts], ground: Ground) -> Iterable[CellCounts]:
    """Return the cells in an order that tells nothing of the names of finer strata."""
    if not ground.is_finer:
        return (cell for _, cell in sorted(cells.items()))
    return sorted(cells.values(), key=CellCounts.rank)


def _table(tallies: Tallies, ground: Ground) -> tuple[RowCounts, ...]:
    """Return what was counted in each department and modality, whatever the strata are."""
    kinds: dict[tuple[str, str], dict[Kind, int]] = defaultdict(dict)
    people: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for kind, cases in tallies.kinds.items():
        kinds[kind.department, kind.modality][kind] = cases
    for (department, modality, author, _), cases in tallies.authors.items():
        people[department, modality][author] += cases
    framed = {(place, ground.modality_of(name)) for place, name in ground.strata}
    return tuple(
        RowCounts(
            *row, *_row(kinds[row], ground), tuple(sorted(people[row].values(), reverse=True))
        )
        for row in sorted(kinds.keys() | {row for row in framed if row[1]})
    )


def _row(kinds: Kinds, ground: Ground) -> tuple[int, int, int]:
    """Return how many were scored, called discrepant and settled as discrepant."""
    return (
        sum(kinds.values()),
        _sum(kinds, lambda one: ground.scale.is_discrepant(one.first)),
        _sum(kinds, ground.is_found),
    )


def _cell(place: tuple[str, str], frame: int, kinds: Kinds, ground: Ground) -> CellCounts:
    scored, discrepant, confirmed = _row(kinds, ground)
    modality = ground.modality_of(place[1])
    return CellCounts(
        department=place[0],
        modality=modality,
        frame=frame,
        scored=scored,
        discrepant=discrepant,
        confirmed=confirmed,
        unsettled=_sum(kinds, _is_unsettled),
        classes=_classes(kinds, ground),
        drawn=ground.drawn.get(place),
        awaited=ground.awaited.get(place, 0),
        parts=() if modality else _parts(kinds, ground),
    )


def _parts(kinds: Kinds, ground: Ground) -> tuple[PartCounts, ...]:
    by_modality: dict[str, dict[Kind, int]] = defaultdict(dict)
    for kind, cases in kinds.items():
        by_modality[kind.modality][kind] = cases
    return tuple(
        PartCounts(code, *_row(part, ground), _sum(part, _is_unsettled))
        for code, part in sorted(by_modality.items())
    )


def _is_unsettled(one: Kind) -> bool:
    return one.outcome is None


def _classes(kinds: Kinds, ground: Ground) -> tuple[ClassCounts, ...]:
    by_score: dict[str, dict[Kind, int]] = defaultdict(dict)
    for kind, cases in kinds.items():
        by_score[kind.first][kind] = cases
    found = []
    for score in ground.scale.codes:
        if score in by_score:
            members = by_score[score]
            verified = {one: n for one, n in members.items() if ground.is_verified(one)}
            counts = sum(members.values()), sum(verified.values()), _sum(verified, ground.is_found)
            concordant = not ground.scale.is_discrepant(score)
            found.append(ClassCounts(score, score in ground.routed, concordant, *counts))
    return tuple(found)


def _sum(kinds: Kinds, holds: Callable[[Kind], bool]) -> int:
    return sum(cases for kind, cases in kinds.items() if holds(kind))


def _authors(tallies: Tallies) -> dict[str, tuple[int, ...]]:
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for (department, _, author, _), cases in tallies.authors.items():
        people[department][author] += cases
    return {
        department: tuple(sorted(found.values(), reverse=True))
        for department, found in sorted(people.items())
    }


def _patterns(kinds: Kinds, scale: Instrument) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return how often each pair of scores was given to the designated cases."""
    found: Counter[tuple[int, ...]] = Counter()
    for kind, cases in kinds.items():
        if kind.is_double_read and kind.second is not None:
            given = Counter((kind.first, kind.second))
            found[tuple(given[code] for code in scale.codes)] += cases
    return tuple(sorted(found.items()))


def _second_reads(kinds: Kinds, ground: Ground) -> tuple[tuple[int, ...], ...]:
    """Return the second readings that chance or the protocol called for; others leave no trace."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, cases in kinds.items():
        if kind.second is not None and (kind.is_double_read or ground.is_routed(kind)):
            found[kind.first, kind.second] += cases
    codes = ground.scale.codes
    return tuple(tuple(found[a, b] for b in codes) for a in codes) if found else ()


def _reviewers(tallies: Tallies, ground: Ground) -> tuple[ReviewerRow, ...]:
    """Return what each first reader called; who chose a case, or was chosen for it, is left out."""
    calls: Counter[tuple[str, str, bool]] = Counter()
    for (reader, modality, score), cases in tallies.readers.items():
        calls[reader, modality, ground.scale.is_discrepant(score)] += cases
    return rows_of(calls)
