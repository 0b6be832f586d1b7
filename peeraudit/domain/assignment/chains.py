"""Which fewest hand-overs give a reading to somebody, where nobody who may read it has room?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush, nsmallest
from itertools import count

from peeraudit.domain.assignment.eligibility import Kind, covering, is_competent, kind_of, ticket
from peeraudit.domain.assignment.plan import ANY, PlanCase, PlanReviewer, Speciality
from peeraudit.domain.assignment.replacement import Handover, NoReviewerFree, Reading
from peeraudit.domain.errors import N_

Field = tuple[str, str, bool]
"""Modality, region, and whether the patient was under 18."""

MOST_PAGES = 1_000
"""Pages of readings after which the search is given up: somebody waits for its answer."""

MOST_TOGETHER = 2
"""People whose fields are asked for at once; the first one alone, since that is often enough."""


@dataclass(frozen=True, slots=True)
class Page:
    """Readings of one person and field that may change hands.

    Args:
        readings: with who may not do them, cheapest first.
        is_last: no more of them follow.
    """

    readings: Sequence[Reading]
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A reading that looks for a taker, so that its giver has room for that of ``before``."""

    reading: Reading
    giver: str | None
    before: "_Step | None"
    length: int

    def holds(self, case: str) -> bool:
        """Say whether a case is on the way here: its readers must stay apart."""
        return self.reading.case.id == case or (self.before is not None and self.before.holds(case))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something stands among what is as near and has come as far.

    Whoever is asked stands behind the first pages that are there, and what the person could
    hand over takes that place: nobody else need be asked before these are opened.
    """

    turn: int
    number: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class _Ask:
    """Somebody who could take the reading of a step by handing over another."""

    giver: str
    step: _Step
    place: _Place


@dataclass(frozen=True, slots=True)
class _Open:
    """A page of readings of one field that a giver could hand over."""

    giver: str
    step: _Step
    place: _Place
    field: Field
    number: int = 0

    def following(self) -> "_Open":
        """Return the next page, which waits until all others had their turn."""
        place = replace(self.place, turn=self.place.turn + 1)
        return replace(self, place=place, number=self.number + 1)


def find_chain(
    wanted: Reading,
    reviewers: Sequence[PlanReviewer],
    *,
    loads: Mapping[str, int],
    fields: Callable[[Sequence[str]], Mapping[str, Sequence[Field]]],
    page: Callable[[str, Field, int], Page],
    seed: str,
) -> tuple[Handover, ...]:
    """Return the fewest hand-overs that give a reading to somebody: a shortest augmenting path.

    Everybody on the way gives one reading and takes one, and the last one has room: nobody's
    load passes the capacity. A case takes part once, so that its readers stay apart. What
    people read tells how far each is from somebody with room, at the least; the search goes
    to the nearest first, so that few readings must be opened. Of those who are equally near,
    one is asked only when the others' readings, as far as they are known, have led nowhere.
    Where somebody holds what the person may not read any more, since a field was taken back,
    the way may be longer than the shortest.

    Args:
        wanted: the reading that nobody does.
        reviewers: those who are available; in any order.
        loads: reviews that each holds now, in reviews; absent means none.
        fields: in which fields reviewers hold readings that may still go to somebody else;
            asked for once a reviewer, and only where it is needed or may soon be.
        page: these readings of a reviewer and field, page by page, from 0.
        seed: the campaign's seed; decides ties.

    Returns:
        The hand-overs, that of ``wanted`` first.

    Raises:
        NoReviewerFree: no chain of hand-overs gives the reading to anybody, or none was found
            in ``MOST_PAGES`` pages.

    Source:
        Ahuja R.K., Magnanti T.L., Orlin J.B. (1993). Network Flows, section 7.2 (shortest
        augmenting paths); Hart P.E., Nilsson N.J., Raphael B. (1968). IEEE Trans Syst Sci
        Cybern 4, 100-107 (search by a lower bound). doi:10.1109/TSSC.1968.300136
    """
    free = {one.id for one in reviewers if loads.get(one.id, 0) < one.capacity}
    search = _Search(reviewers, free, seed)
    start = _Step(wanted, None, None, 1)
    taker = search.taker_of(start)
    if taker is not None:
        return _path(start, taker)
    looked, together = 0, 1
    known: dict[str, Sequence[Field]] = {}
    for item in search.nearest_first():
        if isinstance(item, _Ask):
            if item.giver not in known:
                names = [item.giver, *search.next_like(item, together - 1)]
                known |= dict.fromkeys(names, ()) | dict(fields(names))
                together = min(2 * together, MOST_TOGETHER)
            search.ask(item, known[item.giver])
            continue
        looked += 1
        if looked > MOST_PAGES:
            break
        found = page(item.giver, item.field, item.number)
        if not found.is_last:
            search.push(item.following())
        ended = search.follow(item, found.readings)
        if ended is not None:
            return _path(*ended)
    raise NoReviewerFree(
        N_(
            "All who may read this case have reached their capacity, and none of them can hand "
            "another case over: raise a capacity, or wait until one has finished."
        )
    )


@dataclass(slots=True)
class _Search:
    """Where the search stands: who is to be asked, nearest to somebody with room first."""

    reviewers: Sequence[PlanReviewer]
    free: Collection[str]
    seed: str
    distance: dict[str, int] = field(init=False)
    able: dict[Kind, list[PlanReviewer]] = field(default_factory=dict)
    members: dict[Speciality, list[PlanReviewer]] = field(init=False)
    competent: dict[Field, list[str]] = field(default_factory=dict)
    near: dict[Field, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    # How long a chain through each of those who were found must be, at the least.
    found: dict[str, int] = field(default_factory=dict)
    queue: list[tuple[int, int, tuple[int, int, int], _Ask | _Open]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.members = defaultdict(list)
        for one in self.reviewers:
            for name in one.specialities:
                self.members[name].append(one)
        self.distance = _distances(self.reviewers, self.members, self.free)

    def nearest_first(self) -> Iterator[_Ask | _Open]:
        """Return what is to be looked at; of what is equally near, what has come furthest."""
        while self.queue and self.free:
            item = heappop(self.queue)[-1]
            if isinstance(item, _Ask):
                if item.giver in self.asked:
                    continue
                self.asked.add(item.giver)
            elif not self._leads_on(item):
                continue
            yield item

    def next_like(self, item: _Ask, most: int) -> list[str]:
        """Return who comes next of those as near, and come as far, as somebody who is asked."""
        bound = item.step.length + self.distance[item.giver]
        return [
            other.giver
            for *key, _, other in nsmallest(most, self.queue)
            if key == [bound, -item.step.length] and isinstance(other, _Ask)
        ]

    def ask(self, item: _Ask, fields: Sequence[Field]) -> None:
        """Note what somebody could hand over, field by field."""
        bound = item.step.length + self.distance[item.giver]
        for part, name in enumerate(fields, start=1):
            place = replace(item.place, part=part)
            if item.step.length + self._near(name) != bound:
                place = self._new_place()
            self.push(_Open(item.giver, item.step, place, name))

    def push(self, item: _Ask | _Open) -> None:
        """Put what is to be looked at where its bound tells."""
        near = self.distance[item.giver] if isinstance(item, _Ask) else self._near(item.field)
        length = item.step.length
        place = item.place
        order = (place.turn, place.number, place.part)
        heappush(self.queue, (length + near, -length, order, item))

    def _new_place(self, turn: int = 0) -> _Place:
        return _Place(turn, next(self.numbers))

    def follow(self, item: _Open, readings: Sequence[Reading]) -> tuple[_Step, str] | None:
        """Return the step with which the search ends, and who has room; else note who is asked."""
        for reading in readings:
            if item.step.holds(reading.case.id):
                continue
            onward = _Step(reading, item.giver, item.step, item.step.length + 1)
            taker = self.taker_of(onward)
            if taker is not None:
                return onward, taker
        return None

    def taker_of(self, step: _Step) -> str | None:
        """Return who has room for the reading of a step; else note who is to be asked."""
        able = self._able(step.reading)
        for one in able:
            if one in self.free:
                return one
        for one in able:
            bound = step.length + self.distance[one]
            if one not in self.asked and bound < self.found.get(one, bound + 1):
                self.found[one] = bound
                self.push(_Ask(one, step, self._new_place(turn=1)))
        return None

    def _leads_on(self, item: _Open) -> bool:
        """Say whether readings may lead to anybody who was not found on as short a way."""
        length = item.step.length + 1
        for one in self._competent(item.field):
            bound = length + self.distance[one]
            is_new = one not in self.asked and bound < self.found.get(one, bound + 1)
            if one in self.free or is_new:
                return True
        return False

    def _near(self, name: Field) -> int:
        """Return how many hand-overs a reading of a field needs at the least."""
        if name not in self.near:
            takers = (self.distance[one] for one in self._competent(name))
            self.near[name] = 1 + min(takers, default=len(self.reviewers))
        return self.near[name]

    def _competent(self, name: Field) -> list[str]:
        if name not in self.competent:
            case = PlanCase("", "", name[0], name[1], is_child=name[2])
            self.competent[name] = [one.id for one in self._readers(case)]
        return self.competent[name]

    def _readers(self, case: PlanCase) -> list[PlanReviewer]:
        """Return who reads the field of a case, in any order."""
        named = (self.members.get(one, ()) for one in covering(case.modality, case.region))
        people = {one.id: one for some in named for one in some}
        return [one for one in people.values() if is_competent(one, case)]

    def _able(self, reading: Reading) -> list[str]:
        """Return who may do a reading, in an order that the seed decides."""
        case = reading.case
        kind = kind_of(case)
        if kind not in self.able:
            self.able[kind] = [
                one for one in self._readers(case) if one.department != case.department
            ]
        able = [
            one.id
            for one in self.able[kind]
            if one.id not in reading.barred and one.department not in reading.barred_departments
        ]
        return sorted(able, key=lambda one: (ticket(self.seed, case.id, one), one))


def _distances(
    reviewers: Sequence[PlanReviewer],
    members: Mapping[Speciality, Sequence[PlanReviewer]],
    free: Collection[str],
) -> dict[str, int]:
    """Return how many hand-overs lie between each reviewer and somebody with room, at the least.

    A reading can pass from one to another only where both read its field.
    """
    # Whom nothing joins to anybody with room comes last, and yet is not left out: what the
    # person holds may have been given before a field was taken back.
    distance = {one.id: 0 if one.id in free else len(reviewers) for one in reviewers}
    reached = {name for one in reviewers if one.id in free for name in one.specialities}
    done: set[Speciality] = set()
    step = 0
    while reached:
        step += 1
        met = {name for name in members if name not in done and _overlaps(name, reached)}
        done |= met
        people = {who.id: who for name in met for who in members[name] if distance[who.id] > step}
        distance.update(dict.fromkeys(people, step))
        reached = {name for who in people.values() for name in who.specialities}
    return distance


def _overlaps(name: Speciality, others: Collection[Speciality]) -> bool:
    return any(
        (name.modality == one.modality or ANY in (name.modality, one.modality))
        and (name.region == one.region or ANY in (name.region, one.region))
        for one in others
    )


def _path(last: _Step, taker: str) -> tuple[Handover, ...]:
    handovers, step = [], last
    while step.before is not None and step.giver is not None:
        giver, before = step.giver, step.before
        handovers.append(Handover(step.reading.id, giver, taker))
        step, taker = before, giver
    handovers.append(Handover(step.reading.id, None, taker))
    return tuple(reversed(handovers))
