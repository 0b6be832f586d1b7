"""How often was a case read in each way? Numbers follow from this alone, never from single cases.

A database counts millions of readings where they lie; a file of readings is counted line by
line. Both give the same tallies, so that everything after them is computed once.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """What cases have in common that are counted together.

    Attributes:
        department: the department whose report it is.
        modality: with the department the stratum it was drawn from, unless that is named.
        is_double_read: whether a ticket designated it for a second reading.
        first: the first blinded score.
        second: the second one, None where there is none.
        outcome: the settled score, None where the case is not settled.
        was_random: chance alone gave the case to its first reader, among those who could read it.
        stratum: name of its stratum within the department, where strata are not by modality alone.
    """

    department: str
    modality: str
    is_double_read: bool
    first: str
    second: str | None
    outcome: str | None
    was_random: bool
    stratum: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The department, and the name within it of the stratum that it was drawn from."""
        return self.department, self.stratum or self.modality


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one case that was drawn at random and read.

    Attributes:
        author: who wrote the report, by a name that tells nothing.
        modes: the blinding modes of its readings.
        readers: who gave the first score, and who the second one.
        month: of the report, such as ``2026-03``; empty where the protocol hides dates, None
            where it was never kept.
        position: among the department's reports in the order of their months, from 1.

    The others are those of ``Kind``.
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
    month: str | None = None
    position: int = 0
    stratum: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The department, and the name within it of the stratum that it was drawn from."""
        return self.department, self.stratum or self.modality

    @property
    def kind(self) -> Kind:
        """What it is counted as."""
        return Kind(
            self.department,
            self.modality,
            self.is_double_read,
            self.first,
            self.second,
            self.outcome,
            self.was_random,
            self.stratum,
        )


@dataclass(frozen=True, slots=True)
class Tallies:
    """The cases of a campaign that were drawn at random and read, counted.

    Attributes:
        kinds: cases of each kind.
        modes: the blinding modes of all readings.
        authors: cases by department, modality, author, and stratum where that is named.
        readers: cases by first reader, modality and first score; of those that chance allotted.
        months: cases by department, author, month and first score.
        positions: places of the discrepant cases of each department among all of them, in order.
        is_dated: months and places are known, or known to be hidden.
    """

    kinds: Mapping[Kind, int] = field(default_factory=dict)
    modes: frozenset[str] = frozenset()
    authors: Mapping[tuple[str, str, str, str], int] = field(default_factory=dict)
    readers: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    months: Mapping[tuple[str, str, str, str], int] = field(default_factory=dict)
    positions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    is_dated: bool = True


def tally(readings: Iterable[Reading], discrepant: Collection[str]) -> Tallies:
    """Return single readings counted.

    Args:
        readings: one for each case, in any order.
        discrepant: the scores that are discrepancies.
    """
    kinds, authors = Counter[Kind](), Counter[tuple[str, str, str, str]]()
    readers, months = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str, str]]()
    modes, positions = set[str](), defaultdict[str, list[int]](list)
    is_dated = True
    for one in readings:
        kinds[one.kind] += 1
        authors[one.department, one.modality, one.author, one.stratum] += 1
        modes |= one.modes
        if one.readers and one.was_random:
            readers[one.readers[0], one.modality, one.first] += 1
        is_dated = is_dated and one.month is not None
        months[one.department, one.author, one.month or "", one.first] += 1
        if one.first in discrepant:
            positions[one.department].append(one.position)
    placed = {department: tuple(sorted(found)) for department, found in positions.items()}
    dated = (months, placed) if is_dated else ({}, {})
    return Tallies(kinds, frozenset(modes), authors, readers, *dated, is_dated)
