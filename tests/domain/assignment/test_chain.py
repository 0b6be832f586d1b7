from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.assignment.chains import Page, find_chain
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, Speciality
from peeraudit.domain.assignment.replacement import NoReviewerFree, Reading

PLACES = ("A", "B", "C")
FIELDS = ("CT", "MR")


def may_read(reviewer, reading):
    return (
        reviewer.department not in {reading.case.department, *reading.barred_departments}
        and reviewer.id not in reading.barred
        and any(one.modality == reading.case.modality for one in reviewer.specialities)
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


def chain(team, held, loads, wanted, seed="s"):
    def movable(reviewer):
        return [
            # Whoever holds a reading does not take it over.
            Reading(r.id, r.case, r.barred | {holder}, r.barred_departments)
            for r, holder, may_move in held.values()
            if holder == reviewer and may_move
        ]

    def fields(names):
        return {
            name: sorted({(r.case.modality, r.case.region, False) for r in movable(name)})
            for name in names
        }

    def page(name, field, number):
        some = [r for r in movable(name) if r.case.modality == field[0]]
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
