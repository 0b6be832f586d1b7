"""Which two readings may change their readers, and what does it do to the pairs of reviewers?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from peeraudit.domain.assignment.eligibility import Bools, Ints

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Limit:
    """How many cases with one label a person may have.

    Args:
        labels: that of each case, from 0; ``NOBODY`` where none counts; shape (m,).
        most: cases of each label that each person may have in this plan; shape (p, labels).
    """

    labels: Ints
    most: Ints


@dataclass(frozen=True, slots=True)
class Terms:
    """What every exchange keeps.

    Args:
        people: how many there are.
        pairs: case times ``people`` plus person, of each pair that may be; rising, shape (n,).
        worths: what each of them is worth; a case's readings keep their worth; shape (n,).
        departments: that of each person, as a number; shape (p,).
        apart: whose readers come from different departments; shape (m,).
        limits: per department, per author.
    """

    people: int
    pairs: Ints
    worths: Ints
    departments: Ints
    apart: Bools
    limits: Sequence[Limit] = ()


@dataclass(frozen=True, slots=True)
class Seats:
    """Readings, as seats in which people sit; the seats of one case face one another.

    Args:
        cases: the case of each; shape (s,).
        fixed: whose reader never changes: those given out before the plan; shape (s,).
        mates: the other seats of the case, ``NOBODY`` where there are fewer; shape (s, most).
    """

    cases: Ints
    fixed: Bools
    mates: Ints

    @classmethod
    def of(cls, cases: Ints, fixed: Bools) -> "Seats":
        """Return the seats of readings, in their order."""
        order = np.argsort(cases, kind="stable")
        _, first, size = np.unique(cases[order], return_index=True, return_counts=True)
        widths, starts = np.repeat(size, size), np.repeat(first, size)
        places = np.arange(len(cases)) - starts
        mates = np.full((len(cases), int(size.max(initial=1)) - 1), NOBODY, dtype=np.int64)
        for step in range(1, mates.shape[1] + 1):
            has = widths > step
            mates[order[has], step - 1] = order[(starts + (places + step) % widths)[has]]
        return cls(cases, fixed, mates)

    @property
    def shared(self) -> Bools:
        """Whose case somebody else reads as well; shape (s,)."""
        found: Bools = (self.mates != NOBODY).any(axis=1)
        return found


@dataclass(slots=True)
class Table:
    """Who sits where now, with the counts that follow from it.

    Args:
        who: the person in each seat; shape (s,).
        counts: cases that each pair of people shares; shape (p, p).
        had: for each limit, cases of each label that each person has; shape (p, labels).
    """

    seats: Seats
    terms: Terms
    who: Ints
    counts: Ints = field(init=False)
    had: list[Ints] = field(init=False)

    def __post_init__(self) -> None:
        people, mates = self.terms.people, self.seats.mates
        self.counts = np.zeros((people, people), dtype=np.int64)
        seat, place = np.nonzero(mates != NOBODY)
        np.add.at(self.counts, (self.who[seat], self.who[mates[seat, place]]), 1)
        self.had = [np.zeros_like(one.most) for one in self.terms.limits]
        free = np.flatnonzero(~self.seats.fixed)
        for limit, had in zip(self.terms.limits, self.had, strict=True):
            labels = limit.labels[self.seats.cases[free]]
            np.add.at(had, (self.who[free][labels >= 0], labels[labels >= 0]), 1)

    def facing(self, seats: Ints) -> Ints:
        """Return who faces each seat, ``NOBODY`` where nobody does; shape (n, most)."""
        mates = self.seats.mates[seats]
        found: Ints = np.where(mates == NOBODY, NOBODY, self.who[mates])
        return found

    def gains(self, one: Ints, other: Ints) -> Ints:
        """Return what exchanges add to the sum of squares of pair counts and of people's pairs.

        Args:
            one: a seat of each exchange; shape (n,).
            other: the other seat of each.
        """
        leaving, coming = self.who[one], self.who[other]
        here, there = self.facing(one), self.facing(other)
        own, their = (here != NOBODY).sum(axis=1), (there != NOBODY).sum(axis=1)
        counts = self.counts
        # A pair that meets once more adds 2c + 1, one that meets once less takes 2c - 1.
        change = np.where(here == NOBODY, 0, counts[here, coming[:, None]])
        change -= np.where(here == NOBODY, 0, counts[here, leaving[:, None]])
        back = np.where(there == NOBODY, 0, counts[there, leaving[:, None]])
        back -= np.where(there == NOBODY, 0, counts[there, coming[:, None]])
        degrees, step = counts.sum(axis=1), their - own
        even = 2 * step * (degrees[leaving] - degrees[coming]) + 2 * step * step
        total: Ints = 2 * (change.sum(axis=1) + back.sum(axis=1) + own + their) + even
        return total

    def are_legal(self, one: Ints, other: Ints) -> Bools:
        """Return which exchanges break no rule and leave each case's worth; shape (n,)."""
        leaving, coming = self.who[one], self.who[other]
        cases, others = self.seats.cases[one], self.seats.cases[other]
        here, there = self.facing(one), self.facing(other)
        good = (leaving != coming) & (cases != others)
        good &= ~self.seats.fixed[one] & ~self.seats.fixed[other]
        # Who faces both seats would face the same people after as before.
        both = (here[:, :, None] == there[:, None, :]) & (here != NOBODY)[:, :, None]
        good &= ~both.any(axis=(1, 2))
        good &= ~(here == coming[:, None]).any(axis=1) & ~(there == leaving[:, None]).any(axis=1)
        homes = self.terms.departments
        for facing, comer, where in ((here, coming, cases), (there, leaving, others)):
            alike = (homes[facing] == homes[comer][:, None]) & (facing != NOBODY)
            good &= ~(alike.any(axis=1) & self.terms.apart[where])
        for limit, had in zip(self.terms.limits, self.had, strict=True):
            good &= _has_room(limit, had, coming, (others, cases))
            good &= _has_room(limit, had, leaving, (cases, others))
        found = np.flatnonzero(good)
        good[found] = self._keeps_worth(cases[found], leaving[found], coming[found])
        found = np.flatnonzero(good)
        good[found] = self._keeps_worth(others[found], coming[found], leaving[found])
        legal: Bools = good
        return legal

    def _keeps_worth(self, cases: Ints, leaving: Ints, coming: Ints) -> Bools:
        pairs, worths = self.terms.pairs, self.terms.worths
        wanted = cases * self.terms.people + coming
        place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        before = np.searchsorted(pairs, cases * self.terms.people + leaving)
        kept: Bools = (pairs[place] == wanted) & (worths[place] == worths[before])
        return kept

    def touched(self, one: Ints, other: Ints) -> Ints:
        """Return what each exchange counts on: cases, pairs, labels, people; shape (n, keys).

        Exchanges that have none of it in common can be made at once.
        """
        people = self.terms.people
        leaving, coming = self.who[one], self.who[other]
        cases, others = self.seats.cases[one], self.seats.cases[other]
        here, there = self.facing(one), self.facing(other)
        start = int(self.seats.cases.max(initial=0)) + 1
        keys = [cases, others]
        for facing in (here, there):
            for person in (leaving, coming):
                low = np.minimum(facing, person[:, None])
                high = np.maximum(facing, person[:, None])
                pair = np.where(facing == NOBODY, cases[:, None], start + low * people + high)
                keys.extend(pair.T)
        start += people * people
        uneven = (here != NOBODY).sum(axis=1) != (there != NOBODY).sum(axis=1)
        keys.extend(np.where(uneven, start + who, cases) for who in (leaving, coming))
        start += people
        for limit in self.terms.limits:
            width = limit.most.shape[1]
            keys.extend(
                np.where(label >= 0, start + who * width + label, cases)
                for who in (leaving, coming)
                for label in (limit.labels[cases], limit.labels[others])
            )
            start += people * width
        return np.stack(keys, axis=1)

    def exchange(self, one: Ints, other: Ints) -> None:
        """Make exchanges that have nothing in common."""
        leaving, coming = self.who[one], self.who[other]
        for seats, gone, come in ((one, leaving, coming), (other, coming, leaving)):
            self._recount(seats, gone, -1)
            self._recount(seats, come, 1)
        cases, others = self.seats.cases[one], self.seats.cases[other]
        for limit, had in zip(self.terms.limits, self.had, strict=True):
            for who, where, step in (
                (leaving, cases, -1),
                (coming, cases, 1),
                (leaving, others, 1),
                (coming, others, -1),
            ):
                labels = limit.labels[where]
                np.add.at(had, (who[labels >= 0], labels[labels >= 0]), step)
        self.who[one], self.who[other] = coming, leaving

    def _recount(self, seats: Ints, people: Ints, step: int) -> None:
        facing = self.facing(seats)
        row, place = np.nonzero(facing != NOBODY)
        np.add.at(self.counts, (people[row], facing[row, place]), step)
        np.add.at(self.counts, (facing[row, place], people[row]), step)


def _has_room(limit: Limit, had: Ints, who: Ints, way: tuple[Ints, Ints]) -> Bools:
    """Return whether people may exchange a case for another one, by its label; shape (n,)."""
    before, after = limit.labels[way[0]], limit.labels[way[1]]
    room: Bools = (had[who, after] < limit.most[who, after]) | (after < 0) | (before == after)
    return room
