from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.assignment.chains import Page, find_chain
from peeraudit.domain.assignment.eligibility import is_competent
from peeraudit.domain.assignment.plan import ANY, PlanCase, PlanReviewer, Speciality
from peeraudit.domain.assignment.replacement import NoReviewerFree, Reading

PLACES = ("A", "B", "C")
FIELDS = ("CT", "MR")


def may_read(reviewer, reading):
    return (
        reviewer.department not in {reading.case.department, *reading.barred_departments}
        and reviewer.id not in reading.barred
        and any(
            one.modality == reading.case.modality and one.region in (ANY, reading.case.region)
            for one in reviewer.specialities
        )
    )


@st.composite
def networks(draw):
    """Return reviewers, who holds what, which of it may move, and a reading that nobody does."""
    team = [
        PlanReviewer(
            f"r{i}",
            draw(st.sampled_from(PLACES)),
            frozenset(Speciality(one) for one in draw(st.sets(st.sampled_from(FIELDS)))),
            draw(st.integers(0, 2)),
        )
        for i in range(draw(st.integers(1, 4)))
    ]
    held, loads = {}, {one.id: 0 for one in team}
    for i in range(draw(st.integers(0, 5))):
        case = PlanCase(f"c{i}", draw(st.sampled_from(PLACES)), draw(st.sampled_from(FIELDS)), "")
        reading = Reading(f"a{i}", case, draw(st.frozensets(st.sampled_from(["r0", "r1"]))))
        able = [o for o in team if may_read(o, reading) and loads[o.id] < o.capacity]
        if able:
            holder = draw(st.sampled_from(able)).id
            loads[holder] += 1
            held[reading.id] = (reading, holder, draw(st.booleans()))
    wanted = Reading("new", PlanCase("n", draw(st.sampled_from(PLACES)), "CT", ""))
    return team, held, loads, wanted


def holders_after(held, handovers):
    after = {name: holder for name, (_, holder, _) in held.items()}
    return after | {one.reading: one.taker for one in handovers}


def is_allowed(team, held, wanted, after):
    people = {one.id: one for one in team}
    readings = {name: reading for name, (reading, _, _) in held.items()} | {"new": wanted}
    loads = [list(after.values()).count(one.id) <= one.capacity for one in team]
    return all(loads) and all(
        may_read(people[holder], readings[name]) for name, holder in after.items()
    )


def fewest_moves(team, held, wanted):
    """Return the fewest readings that change hands, by trying everything; None without a way."""
    names = [*held, "new"]
    best = None
    for holders in product([one.id for one in team], repeat=len(names)):
        after = dict(zip(names, holders, strict=True))
        moved = [n for n in held if after[n] != held[n][1]]
        if any(not held[n][2] for n in moved) or (best is not None and len(moved) >= best):
            continue
        if is_allowed(team, held, wanted, after):
            best = len(moved)
    return best


def large_network(seed):
    """Return the same for many people and readings, nearly all of whom have no room."""
    chance = Random(seed)  # noqa: S311 - no secret depends on it
    fields = [(chance.choice(FIELDS), f"region {i}") for i in range(chance.randint(2, 8))]
    team = [
        PlanReviewer(
            f"r{i}",
            chance.choice(PLACES),
            frozenset(Speciality(*chance.choice(fields)) for _ in range(chance.randint(1, 2))),
            0,
        )
        for i in range(chance.randint(5, 30))
    ]
    held = {}
    for i in range(chance.randint(20, 150)):
        case = PlanCase(f"c{i}", chance.choice(PLACES), *chance.choice(fields))
        reading = Reading(f"a{i}", case, frozenset(chance.sample([o.id for o in team], 2)))
        able = [one.id for one in team if may_read(one, reading)]
        if able:
            held[reading.id] = (reading, chance.choice(able), chance.random() < 0.7)
    loads = {one.id: sum(who == one.id for _, who, _ in held.values()) for one in team}
    # A few have room for one, and none of them reads what is wanted: others must make room.
    wanted = PlanCase("n", chance.choice(PLACES), *fields[0])
    roomy = {o.id for o in team if chance.random() < 0.2 and not is_competent(o, wanted)}
    team = [replace(o, capacity=loads[o.id] + (o.id in roomy)) for o in team]
    return team, held, loads, Reading("new", wanted)


def fewest_handed_over(team, held, loads, wanted):
    """Return how many readings change hands at the least, ring by ring; None without a way."""
    ring, met, moved = [wanted], set(), 0
    while ring:
        takers = {one.id: one for r in ring for one in team if may_read(one, r)}
        if any(loads[one.id] < one.capacity for one in takers.values()):
            return moved
        fresh = set(takers) - met
        met |= fresh
        ring = [r for r, who, may_move in held.values() if may_move and who in fresh]
        moved += 1
    return None


def chain(team, held, loads, wanted, seed="s", asked=None):
    def movable(reviewer):
        return [
            # Whoever holds a reading does not take it over.
            Reading(r.id, r.case, r.barred | {holder}, r.barred_departments)
            for r, holder, may_move in held.values()
            if holder == reviewer and may_move
        ]

    def fields(names):
        if asked is not None:
            asked.extend(names)
        return {
            name: sorted({(r.case.modality, r.case.region, False) for r in movable(name)})
            for name in names
        }

    def page(name, field, number):
        some = [r for r in movable(name) if (r.case.modality, r.case.region) == field[:2]]
        return Page(some[number : number + 1], is_last=number + 1 >= len(some))

    return find_chain(wanted, team, loads=loads, fields=fields, page=page, seed=seed)


@given(networks())
def test_it_breaks_no_rule_and_moves_as_few_as_any_way_would(network):
    team, held, loads, wanted = network
    best = fewest_moves(team, held, wanted)

    if best is None:
        with pytest.raises(NoReviewerFree):
            chain(team, held, loads, wanted)
        return
    handovers = chain(team, held, loads, wanted)

    assert len(handovers) == best + 1
    assert is_allowed(team, held, wanted, holders_after(held, handovers))
    # What was started, and whoever is not on the way, stays.
    assert all(held[one.reading][2] for one in handovers[1:])
    assert all(held[one.reading][1] == one.giver for one in handovers[1:])


@given(networks())
def test_it_is_the_same_in_whatever_order_the_reviewers_come(network):
    team, held, loads, wanted = network
    if fewest_moves(team, held, wanted) is not None:
        expected = chain(team, held, loads, wanted)
        assert chain(team[::-1], held, loads, wanted) == expected


@pytest.mark.parametrize("seed", range(400))
def test_it_is_as_short_among_many_as_a_search_through_all_of_them(seed):
    team, held, loads, wanted = large_network(seed)
    fewest = fewest_handed_over(team, held, loads, wanted)

    if fewest is None:
        with pytest.raises(NoReviewerFree):
            chain(team, held, loads, wanted)
        return
    handovers = chain(team, held, loads, wanted)

    assert len(handovers) == fewest + 1
    assert is_allowed(team, held, wanted, holders_after(held, handovers))
    assert chain(team[::-1], held, loads, wanted) == handovers


def test_nobody_is_asked_once_one_of_those_who_are_as_near_has_led_to_the_end():
    both = frozenset({Speciality("CT"), Speciality("MR")})
    team = [PlanReviewer(f"r{i:02}", "B", both, 1) for i in range(20)]
    team.append(PlanReviewer("free", "C", frozenset({Speciality("MR")}), 1))
    held = {
        f"a{i}": (Reading(f"a{i}", PlanCase(f"c{i}", "A", "MR")), f"r{i:02}", True)
        for i in range(20)
    }
    loads = {f"r{i:02}": 1 for i in range(20)}
    asked = []

    found = chain(team, held, loads, Reading("new", PlanCase("n", "A", "CT")), asked=asked)

    assert len(found) == 2
    assert asked == [found[0].taker]


def test_two_who_are_full_pass_one_on_to_a_third():
    both = frozenset({Speciality("CT"), Speciality("MR")})
    mr = frozenset({Speciality("MR")})
    team = [PlanReviewer("a", "B", both, 1), PlanReviewer("b", "C", mr, 1)]
    old = Reading("old", PlanCase("c0", "A", "MR", ""))
    held = {"old": (old, "a", True)}
    wanted = Reading("new", PlanCase("n", "A", "CT", ""))

    found = chain(team, held, {"a": 1, "b": 0}, wanted)

    assert [(one.reading, one.giver, one.taker) for one in found] == [
        ("new", None, "a"),
        ("old", "a", "b"),
    ]
