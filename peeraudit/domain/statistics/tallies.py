"""How often was a case read in each way? Numbers follow from this alone, never from single cases.

A database counts millions of readings where they lie; a file of readings is counted line by
line. Both give the same tallies, so that everything after them is computed once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """What cases have in common that are counted together.

    Attributes:
        department: the department whose report it is.
        modality: with the department the stratum it was drawn from.
        is_double_read: whether a ticket designated it for a second reading.
        first: the first blinded score.
        second: the second one, None where there is none.
        outcome: the settled score, None where the case is not settled.
        was_random: chance alone gave the case to its first reader, among those who could read it.
    """

    department: str
    modality: str
    is_double_read: bool
    first: str
    second: str | None
    outcome: str | None
    was_random: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one case that was drawn at random and read.

    Attributes:
        author: who wrote the report, by a name that tells nothing.
        modes: the blinding modes of its readings.
        readers: who gave the first score, and who the second one.

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
        )


@dataclass(frozen=True, slots=True)
class Tallies:
    """The cases of a campaign that were drawn at random and read, counted.

    Attributes:
        kinds: cases of each kind.
        modes: the blinding modes of all readings.
        authors: cases by department, modality and author.
        readers: cases by first reader, modality and first score; of those that chance allotted.
    """

    kinds: Mapping[Kind, int] = field(default_factory=dict)
    modes: frozenset[str] = frozenset()
    authors: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    readers: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def tally(readings: Iterable[Reading]) -> Tallies:
    """Return single readings counted.

    Args:
        readings: one for each case, in any order.
    """
    kinds, authors = Counter[Kind](), Counter[tuple[str, str, str]]()
    readers, modes = Counter[tuple[str, str, str]](), set[str]()
    for one in readings:
        kinds[one.kind] += 1
        authors[one.department, one.modality, one.author] += 1
        modes |= one.modes
        if one.readers and one.was_random:
            readers[one.readers[0], one.modality, one.first] += 1
    return Tallies(kinds, frozenset(modes), authors, readers)
