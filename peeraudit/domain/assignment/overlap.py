"""Who reads together with whom? The cases that two read are placed so that they compare all.

The flow leaves open which reviewers meet on the cases that more than one reads: chance alone
decided that, so that some pairs met often and others never. Readings change their readers here,
two at a time, until reviewers share cases as evenly as the rules let them. Loads, the cases read
and every rule stay as they are, and nothing enters but eligibility, the graph of pairs and chance.
"""

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peeraudit.domain.assignment.eligibility import Bools, Ints
from peeraudit.domain.assignment.exchanges import Seats, Table, Terms
from peeraudit.domain.assignment.pairing import (
    contrast_variance,
    describe_pairing,
    parts_of,
)
from peeraudit.domain.assignment.plan import Pairing, PlanPhase

WORK = 600_000
"""Exchanges that are looked at, whatever the size of the plan."""

MOST_ROUNDS = 400
PATIENCE = 24
"""Rounds without any exchange after which nothing more is to be expected."""

BITE = 100_000
"""Exchanges that are looked at before the caller may stop the search."""

EACH = 10
"""Exchanges looked at in a round for each person: more of them would be in each other's way."""

JOINS = 256
"""Exchanges that are tried, one by one, to join parts of the graph."""

SAMPLE = 200
"""Cases of other parts among which such an exchange is looked for."""

TOUCH = 1e-9

Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Placed:
    """Readings after the search.

    Args:
        who: the person in each seat; shape (s,).
        before: the graph of pairs that chance alone had made.
        after: the graph of pairs now: never in more parts, never less exact.
    """

    who: Ints
    before: Pairing
    after: Pairing


def place_overlap(
    seats: Seats, who: Ints, terms: Terms, *, groups: Sequence[Ints], possible: Bools, seed: str
) -> Generator[PlanPhase, None, Placed]:
    """Return the readings with their overlap placed; yield now and then, to be stopped there.

    Args:
        seats: the readings.
        who: the person in each; shape (s,).
        terms: what every exchange keeps.
        groups: numbers of cases that are alike, coarser and coarser; each of shape (m,).
        possible: which pairs of people may share a case, for the description; shape (p, p).
        seed: decides every tie.

    Returns:
        The same for the same input. Parts of the graph of pairs are counted first, then the
        precision of a comparison between two reviewers; what makes neither better is undone.

    Source:
        John J.A., Williams E.R. (1995). Cyclic and Computer Generated Designs, chapter 2
        (pair counts as equal as can be); Nguyen N.-K. (1994). Technometrics 36, 300-307
        (interchange of treatments between blocks).
    """
    yield PlanPhase.PLACING
    reads = np.zeros(terms.people, dtype=bool)
    reads[who] = True
    best = Table(seats, terms, who.copy())
    # Who met already may meet, whatever holds today.
    possible = possible | (best.counts > 0)
    before = after = describe_pairing(best.counts, reads, possible)
    if not (seats.shared & ~seats.fixed).any():
        return Placed(who, before, after)
    chance = _numbers(seed, len(who))
    search, joined = (
        _Search(Table(seats, terms, who.copy()), groups, chance, reads, before.fewest_parts)
        for _ in range(2)
    )
    yield from search.even_out()
    # Where evenness alone serves nothing, parts may be joined all the same.
    for tried in (search, joined):
        yield PlanPhase.PLACING
        tried.join()
        if _is_better(_worth(tried.table, reads), _worth(best, reads)):
            best = tried.table
            break
    return Placed(best.who, before, describe_pairing(best.counts, reads, possible))


def _worth(table: Table, reads: Bools) -> tuple[int, float]:
    parts = len(np.unique(parts_of(table.counts)[reads]))
    return parts, contrast_variance(table.counts, reads)


def _is_better(one: tuple[int, float], other: tuple[int, float]) -> bool:
    """Say whether a graph has fewer parts and is no less exact, or is more exact in no more."""
    if one[0] > other[0] or one[1] > other[1] * (1 + TOUCH):
        return False
    return one[0] < other[0] or one[1] < other[1] * (1 - TOUCH)


@dataclass(slots=True)
class _Search:
    """Exchanges that make the pairs of people more even, round by round.

    Args:
        table: who sits where.
        groups: as for ``place_overlap``.
        chance: a hash-random number of each seat; shape (s,).
        reads: who reads anything.
        fewest: parts that the graph of pairs has at the least.
    """

    table: Table
    groups: Sequence[Ints]
    chance: Numbers
    reads: Bools
    fewest: int

    def even_out(self) -> Generator[PlanPhase, None, None]:
        """Make exchanges as long as they even the pairs out and the work is bounded."""
        seats = self.table.seats
        free = np.flatnonzero(~seats.fixed)
        shared, alone = free[seats.shared[free]], free[~seats.shared[free]]
        pools = [_Pool.of(some, seats.cases, g) for some in (shared, alone) for g in self.groups]
        count = min(EACH * self.table.terms.people, max(len(shared), 1))
        looked, idle = 0, 0
        for number in range(min(MOST_ROUNDS, WORK // count)):
            # In turn: two cases that both have two readers, and one of them with a single one.
            pool = pools[number % (len(pools) if len(alone) else len(self.groups))]
            one = shared[_below(self.chance[:count], 2 * number, len(shared))]
            other = pool.beside(seats.cases[one], _stir(self.chance[:count], 2 * number + 1))
            idle = 0 if self._make(one[other >= 0], other[other >= 0]) else idle + 1
            if idle >= PATIENCE:
                return
            looked += count
            if looked >= BITE:
                looked = 0
                yield PlanPhase.PLACING

    def join(self) -> None:
        """Join parts of the graph where one exchange does, the smallest parts first."""
        tries = JOINS
        while tries > 0:
            labels = parts_of(self.table.counts)
            names, sizes = np.unique(labels[self.reads], return_counts=True)
            if len(names) <= self.fewest:
                return
            for name in names[np.lexsort((names, sizes))][:-1].tolist():
                used = self._join_part(labels == name, len(names), tries)
                tries -= abs(used)
                if used > 0 or tries <= 0:
                    break
            else:
                return

    def _join_part(self, inside: Bools, parts: int, tries: int) -> int:
        """Try to join one part to any other; return the tries, below 0 where none did."""
        table, used = self.table, 0
        one, other = self._ways_out(inside)
        for place in np.flatnonzero(table.are_legal(one, other)).tolist()[:tries]:
            used += 1
            way = one[place : place + 1], other[place : place + 1]
            table.exchange(*way)
            if len(np.unique(parts_of(table.counts)[self.reads])) < parts:
                return used
            table.exchange(*way)
        return -used

    def _ways_out(self, inside: Bools) -> tuple[Ints, Ints]:
        """Return seats of people of a part, and seats of shared cases elsewhere that they may read.

        Those come first whose people have cases to spare that they share with others.
        """
        table, seats, people = self.table, self.table.seats, self.table.terms.people
        free = np.flatnonzero(~seats.fixed)
        outside = free[seats.shared[free] & ~inside[table.who[free]]]
        own = free[inside[table.who[free]]]
        cases, comers = np.divmod(table.terms.pairs, people)
        ways = np.flatnonzero(inside[comers] & np.isin(cases, seats.cases[outside]))
        if not len(ways) or not len(own):
            return own[:0], own[:0]
        ways = ways[
            np.argsort(self.chance[np.arange(len(ways)) % len(self.chance)], kind="stable")
        ][:SAMPLE]
        one, other = [], []
        for case, comer in zip(cases[ways].tolist(), comers[ways].tolist(), strict=True):
            there = outside[seats.cases[outside] == case]
            here = own[table.who[own] == comer]
            one.append(np.repeat(here, len(there)))
            other.append(np.tile(there, len(here)))
        first, second = np.concatenate(one), np.concatenate(other)
        spare = table.counts.sum(axis=1)
        order = np.lexsort(
            (self.chance[first], -spare[table.who[first]] - spare[table.who[second]])
        )
        return first[order], second[order]

    def _make(self, one: Ints, other: Ints) -> bool:
        """Make those of the exchanges that are legal, worth it and apart; say whether any was."""
        table = self.table
        gains = table.gains(one, other)
        good = np.flatnonzero(gains < 0)
        # The greatest gains come first.
        good = good[np.argsort(gains[good], kind="stable")]
        good = good[table.are_legal(one[good], other[good])]
        if not len(good):
            return False
        one, other = one[good], other[good]
        keys = table.touched(one, other)
        names, of_key = np.unique(keys, return_inverse=True)
        of_key = of_key.reshape(keys.shape)
        first = np.full(len(names), len(one))
        np.minimum.at(first, of_key.ravel(), np.repeat(np.arange(len(one)), keys.shape[1]))
        # Who comes first to all that an exchange counts on makes it; the others wait.
        chosen = (first[of_key] == np.arange(len(one))[:, None]).all(axis=1)
        table.exchange(one[chosen], other[chosen])
        return True


@dataclass(frozen=True, slots=True)
class _Pool:
    """Seats by the number that their cases have in common.

    Args:
        seats: in the order of the numbers; shape (n,).
        starts: where the seats of each number start, and one more; shape (numbers + 1,).
        labels: the number of each case; shape (m,).
    """

    seats: Ints
    starts: Ints
    labels: Ints

    @classmethod
    def of(cls, seats: Ints, cases: Ints, labels: Ints) -> "_Pool":
        """Return the pool of some seats."""
        of_seat = labels[cases[seats]]
        order = np.argsort(of_seat, kind="stable")
        ends = np.arange(int(labels.max(initial=0)) + 2)
        return cls(seats[order], np.searchsorted(of_seat[order], ends), labels)

    def beside(self, cases: Ints, chance: Numbers) -> Ints:
        """Return by chance a seat whose case has the number of each of some cases, or -1."""
        start = self.starts[self.labels[cases]]
        size = self.starts[self.labels[cases] + 1] - start
        place = start + (chance % np.maximum(size, 1).astype(np.uint64)).astype(np.int64)
        found: Ints = np.where(size > 0, self.seats[np.minimum(place, len(self.seats) - 1)], -1)
        return found


def _below(numbers: Numbers, number: int, end: int) -> Ints:
    """Return whole numbers in [0, end) by chance."""
    found: Ints = (_stir(numbers, number) % np.uint64(end)).astype(np.int64)
    return found


def _numbers(seed: str, count: int) -> Numbers:
    """Return a hash-random number of each seat, in the order of the seats; shape (n,)."""
    digest = hashlib.sha256(f"peer-audit/overlap/v1\n{seed}\n".encode()).digest()
    start = np.full(count, int.from_bytes(digest[:8]), dtype=np.uint64)
    return _mix(start + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _stir(numbers: Numbers, number: int) -> Numbers:
    """Return other numbers for another round."""
    step = np.full_like(numbers, number) * np.uint64(0xD1B54A32D192ED03)
    return _mix(numbers + step)


def _mix(numbers: Numbers) -> Numbers:
    """Return numbers that share no bit pattern with what they come from, the same everywhere.

    Source:
        Steele G.L., Lea D., Flood C.H. (2014). Fast splittable pseudorandom number generators.
        OOPSLA '14, 453-472. doi:10.1145/2660193.2660195
    """
    mixed = numbers ^ (numbers >> np.uint64(30))
    mixed = mixed * np.uint64(0xBF58476D1CE4E5B9)
    mixed = mixed ^ (mixed >> np.uint64(27))
    mixed = mixed * np.uint64(0x94D049BB133111EB)
    stirred: Numbers = mixed ^ (mixed >> np.uint64(31))
    return stirred
