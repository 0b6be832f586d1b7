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
    assert "2 reviews more in all" in str(first.reason)


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
