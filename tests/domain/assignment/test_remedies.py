from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.assignment.plan import (
    PlanCase,
    PlanReviewer,
    PlanRules,
    PlanStatus,
    Speciality,
)
from peeraudit.domain.assignment.planning import plan_assignments
from peeraudit.domain.assignment.remedies import find_remedies

CT = frozenset({Speciality("CT")})
RULES = PlanRules(seed="s")


def reader(name, place, capacity):
    return PlanReviewer(name, place, CT, capacity)


def remedies(cases, reviewers, rules=RULES, conflicts=()):
    return find_remedies(cases, reviewers, conflicts=conflicts, rules=rules)


def test_the_fewest_cases_more_are_named_with_who_takes_them():
    cases = [PlanCase(f"c{n}", "x", "CT") for n in range(5)]

    [first, *_] = remedies(cases, [reader("A", "y", 2), reader("B", "z", 1)])

    assert first.units == 2
    before = {"A": 2, "B": 1}
    assert sum(most - before[name] for name, most in first.most.items()) == 2
    assert "above maximums: 2 " in str(first.reason)


def test_two_readers_of_one_department_are_another_way():
    cases = [PlanCase("c", "x", "CT", reviews=2)]
    both = [reader("A", "y", 1), reader("B", "y", 1)]

    found = {one.exempt: one for one in remedies(cases, both)}

    assert ("c",) in found
    assert found[("c",)].units == 1


def test_what_no_rule_can_mend_is_left_aside():
    cases = [PlanCase("alone", "x", "MR"), PlanCase("c1", "x", "CT"), PlanCase("c2", "x", "CT")]

    [first, *_] = remedies(cases, [reader("A", "y", 1)])

    assert dict(first.most) == {"A": 2}


def test_nothing_is_proposed_where_all_is_placed_or_nobody_reads():
    assert remedies([PlanCase("c", "x", "CT")], [reader("A", "y", 1)]) == ()
    assert remedies([PlanCase("c", "x", "MR")], [reader("A", "y", 1)]) == ()


def test_what_somebody_had_before_counts_towards_the_quota():
    cases = [PlanCase(f"c{n}", "x", "CT") for n in range(4)]
    busy = replace(reader("A", "y", 9), given={"x": 2})
    rules = replace(RULES, department_quota=3)

    [first, *_] = remedies(cases, [busy, reader("B", "z", 1)], rules)

    # One is left to A and two more to B, within the quota of both.
    assert (dict(first.most), first.units) == ({"B": 3}, 2)


def test_where_only_a_limit_per_author_stands_in_the_way_no_capacity_is_asked_for():
    cases = [PlanCase(f"c{n}", "x", "CT", author="m") for n in range(3)]
    tired = replace(reader("A", "y", 9), read={"m": 1})

    found = remedies(cases, [tired], replace(RULES, author_limit=2))

    assert [(dict(one.most), one.units) for one in found] == [({}, 2)]
    assert [len(one.reviews) for one in found] == [2]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from(["", "m", "n"])), max_size=6),
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=3
    ),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_every_remedy_keeps_the_limits_that_count_what_was_read_before(homes, staff, quota, limit):
    cases = [PlanCase(f"c{n}", place, "CT", author=who) for n, (place, who) in enumerate(homes)]
    people = [
        replace(reader(f"r{n}", "z", room), given={"x": had}, read={"m": met})
        for n, (room, had, met) in enumerate(staff)
    ]
    rules = replace(RULES, department_quota=quota, author_limit=limit)

    for one in remedies(cases, people, rules):
        raised = [replace(p, capacity=one.most.get(p.id, p.capacity)) for p in people]
        left = [case for case in cases if case.id not in one.reviews]
        assert plan_assignments(left, raised, rules=rules).status is PlanStatus.OPTIMAL


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 2)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 2)), min_size=1, max_size=4),
)
def test_raising_what_a_remedy_names_really_places_all_that_people_can_read(homes, staff):
    cases = [PlanCase(f"c{n}", place, "CT", reviews=k) for n, (place, k) in enumerate(homes)]
    people = [reader(f"r{n}", place, room) for n, (place, room) in enumerate(staff)]
    able = {c.id: [p for p in people if p.department != c.department] for c in cases}
    wanted = [replace(c, reviews=min(c.reviews, len(able[c.id]))) for c in cases if able[c.id]]
    before = plan_assignments(wanted, people, rules=RULES)

    for one in remedies(cases, people):
        if not one.most or one.exempt or one.reviews:
            continue
        raised = [replace(p, capacity=one.most.get(p.id, p.capacity)) for p in people]
        assert plan_assignments(wanted, raised, rules=RULES).status is PlanStatus.OPTIMAL
        assert one.units >= sum(missing.missing for missing in before.unplaced) > 0
