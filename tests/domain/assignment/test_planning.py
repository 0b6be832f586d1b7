from collections import Counter
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.assignment import network
from peeraudit.domain.assignment.eligibility import is_competent, ticket
from peeraudit.domain.assignment.plan import (
    ANY,
    PlanCase,
    PlanReviewer,
    PlanRules,
    PlanStatus,
    Speciality,
)
from peeraudit.domain.assignment.planning import plan_assignments
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.workflow import Turn

CT = frozenset({Speciality("CT")})
RULES = PlanRules("20240115|71|04|39|55|18")


def case(name, department="A", modality="CT", region="", reviews=1, *, is_child=False):
    return PlanCase(name, department, modality, region, reviews, is_child)


def reviewer(name, department="B", capacity=5, minimum=0, specialities=CT, **values):
    return PlanReviewer(name, department, specialities, capacity, minimum, **values)


def readers(plan):
    found = {}
    for review in plan.reviews:
        found.setdefault(review.case, []).append(review.reviewer)
    return found


@st.composite
def instances(draw):
    departments = "ABC"
    kinds = [Speciality("CT"), Speciality("CT", "chest"), Speciality("MR"), Speciality(ANY)]
    cases = [
        case(
            f"c{i}",
            draw(st.sampled_from(departments)),
            draw(st.sampled_from(["CT", "MR"])),
            draw(st.sampled_from(["", "chest"])),
            draw(st.integers(1, 2)),
            is_child=draw(st.booleans()),
        )
        for i in range(draw(st.integers(1, 7)))
    ]
    # Authors belong to one department.
    cases = [
        replace(one, author=draw(st.sampled_from(["", f"{one.department}1", f"{one.department}2"])))
        for one in cases
    ]
    reviewers = []
    for i in range(draw(st.integers(0, 5))):
        capacity = draw(st.integers(0, 4))
        reviewers.append(
            reviewer(
                f"r{i}",
                draw(st.sampled_from(departments)),
                capacity,
                draw(st.integers(0, capacity)),
                frozenset(draw(st.sets(st.sampled_from(kinds), max_size=2))),
                reads_children=draw(st.booleans()),
                read=draw(st.dictionaries(st.sampled_from(["A1", "B1"]), st.integers(0, 2))),
            )
        )
    pairs = list(product([c.id for c in cases], [r.id for r in reviewers]))
    conflicts = draw(st.sets(st.sampled_from(pairs), max_size=6)) if pairs else set()
    rules = PlanRules(
        draw(st.text("0123456789|", min_size=1, max_size=8)),
        draw(st.sampled_from(Allocation)),
        distinct_departments=draw(st.booleans()),
        department_quota=draw(st.sampled_from([None, 1, 2])),
        author_limit=draw(st.sampled_from([None, 1, 2])),
    )
    return cases, reviewers, conflicts, rules


def had_of(one, person):
    """Return the key under which reports of one author are counted; None where it is unknown."""
    return (person.id, one.author) if one.author else None


def allowed_sets(one, reviewers, conflicts, rules):
    able = [
        r
        for r in reviewers
        if r.department != one.department
        and is_competent(r, one)
        and (one.id, r.id) not in conflicts
    ]
    for size in range(one.reviews, -1, -1):
        for chosen in combinations(able, size):
            departments = {r.department for r in chosen}
            if not rules.distinct_departments or len(departments) == size:
                yield chosen


def most_placed(cases, reviewers, conflicts, rules):
    capacity = {r.id: r.capacity for r in reviewers}
    before = Counter({(r.id, author): n for r in reviewers for author, n in r.read.items()})

    def best(i, loads, quotas, authors):
        if i == len(cases):
            return 0
        one = cases[i]
        found = 0
        for chosen in allowed_sets(one, reviewers, conflicts, rules):
            taken = [(r.id, one.department) for r in chosen]
            full = any(loads[name] >= capacity[name] for name, _ in taken)
            quota = rules.department_quota
            if full or (quota is not None and any(quotas[key] >= quota for key in taken)):
                continue
            written = [had_of(one, r) for r in chosen if one.author]
            limit = rules.author_limit
            if limit is not None and any(authors[key] >= limit for key in written):
                continue
            rest = best(
                i + 1,
                loads + Counter(n for n, _ in taken),
                quotas + Counter(taken),
                authors + Counter(written),
            )
            found = max(found, len(chosen) + rest)
        return found

    return best(0, Counter(), Counter(), before)


class TestRules:
    @settings(max_examples=150, deadline=None)
    @given(instances())
    def test_no_rule_is_ever_bent(self, instance):
        cases, reviewers, conflicts, rules = instance
        by_case = {c.id: c for c in cases}
        by_id = {r.id: r for r in reviewers}

        plan = plan_assignments(cases, reviewers, conflicts=conflicts, rules=rules)

        placed = readers(plan)
        short = {one.case: one.missing for one in plan.unplaced}
        assert plan.loads == {r.id: sum(r.id in p for p in placed.values()) for r in reviewers}
        assert all(plan.loads[r.id] <= r.capacity for r in reviewers)
        for one in cases:
            names = placed.get(one.id, [])
            assert len(names) == len(set(names)) == one.reviews - short.get(one.id, 0)
        for name, names in placed.items():
            chosen = [by_id[n] for n in names]
            assert all(is_competent(r, by_case[name]) for r in chosen)
            assert all(r.reads_children for r in chosen if by_case[name].is_child)
            assert all(r.department != by_case[name].department for r in chosen)
            assert not any((name, n) in conflicts for n in names)
            if rules.distinct_departments:
                assert len({r.department for r in chosen}) == len(chosen)
        if rules.author_limit:
            had = Counter((n, by_case[c].author) for c, names in placed.items() for n in names)
            for (name, author), count in had.items():
                if author:
                    assert count <= max(rules.author_limit - by_id[name].read.get(author, 0), 0)
        if rules.department_quota:
            seen = Counter((n, by_case[c].department) for c, names in placed.items() for n in names)
            assert all(count <= rules.department_quota for count in seen.values())

    @settings(max_examples=60, deadline=None)
    @given(instances())
    def test_no_plan_places_more(self, instance):
        cases, reviewers, conflicts, rules = instance
        cases = cases[:4]

        plan = plan_assignments(cases, reviewers[:4], conflicts=conflicts, rules=rules)

        assert len(plan.reviews) == most_placed(cases, reviewers[:4], conflicts, rules)

    @settings(max_examples=60, deadline=None)
    @given(instances(), st.randoms())
    def test_the_order_of_the_input_changes_nothing(self, instance, chance):
        cases, reviewers, conflicts, rules = instance
        plan = plan_assignments(cases, reviewers, conflicts=conflicts, rules=rules)
        cases, reviewers = list(cases), list(reviewers)
        chance.shuffle(cases)
        chance.shuffle(reviewers)

        again = plan_assignments(cases, reviewers, conflicts=conflicts, rules=rules)

        assert repr(again) == repr(plan)

    @settings(max_examples=100, deadline=None)
    @given(instances())
    def test_the_shortages_add_up_to_what_is_missing(self, instance):
        cases, reviewers, conflicts, rules = instance

        plan = plan_assignments(cases, reviewers, conflicts=conflicts, rules=rules)

        grouped = [name for one in plan.shortages for name in one.cases]
        assert len(grouped) == len(set(grouped))
        assert {one.case for one in plan.unplaced} <= set(grouped)
        assert sum(one.needed - one.room for one in plan.shortages) == sum(
            one.missing for one in plan.unplaced
        )


class TestObjective:
    def test_loads_are_even_in_proportion_to_capacity(self):
        cases = [case(f"c{i}") for i in range(30)]
        reviewers = [reviewer("r1", capacity=10), reviewer("r2", capacity=10)]
        reviewers.append(reviewer("r3", capacity=40))

        plan = plan_assignments(cases, reviewers, rules=RULES)

        assert plan.loads == {"r1": 5, "r2": 5, "r3": 20}

    def test_chance_decides_what_load_leaves_open(self):
        # Two cases and two reviewers of equal load: the two matchings differ by chance alone.
        cases, reviewers = [case("c1"), case("c2")], [reviewer("r1", capacity=1)]
        reviewers.append(reviewer("r2", capacity=1))
        met = set()

        for n in range(24):
            plan = plan_assignments(cases, reviewers, rules=PlanRules(f"seed {n}"))
            chance = {
                names: sum(
                    ticket(f"seed {n}", c, r) for c, r in zip(("c1", "c2"), names, strict=True)
                )
                for names in (("r1", "r2"), ("r2", "r1"))
            }
            chosen = tuple(readers(plan)[c][0] for c in ("c1", "c2"))
            met.add(chosen)
            assert chosen == min(chance, key=chance.__getitem__)

        assert len(met) == 2

    def test_minimums_come_before_even_loads(self):
        reviewers = [reviewer("r1", capacity=4), reviewer("r2", capacity=4, minimum=3)]

        plan = plan_assignments([case(f"c{i}") for i in range(4)], reviewers, rules=RULES)

        assert plan.loads == {"r1": 1, "r2": 3}
        assert plan.status is PlanStatus.OPTIMAL

    def test_an_author_is_read_by_many(self):
        cases = [replace(case(f"c{i}"), author="A1") for i in range(6)]
        reviewers = [reviewer("r1", capacity=6, read={"A1": 1}), reviewer("r2"), reviewer("r3")]

        plan = plan_assignments(cases, reviewers, rules=replace(RULES, author_limit=2))

        assert plan.loads == {"r1": 1, "r2": 2, "r3": 2}
        assert [one.missing for one in plan.unplaced] == [1]
        assert plan.shortages[0].room == 5
        assert set(plan.alternates.values()) == {()}

    def test_a_minimum_out_of_reach_is_told(self):
        plan = plan_assignments([case("c1")], [reviewer("r1", minimum=3)], rules=RULES)

        assert plan.status is PlanStatus.INFEASIBLE
        assert plan.below_minimum == {"r1": 1}
        assert not plan.unplaced

    def test_expertise_prefers_who_names_the_region(self):
        special = frozenset({Speciality("CT", "chest")})
        reviewers = [reviewer(f"r{i}", capacity=3) for i in range(3)]
        reviewers.append(reviewer("expert", capacity=3, specialities=special))
        cases = [case("c1", region="chest"), *[case(f"c{i}") for i in range(2, 5)]]
        rules = PlanRules("s", Allocation.EXPERT)

        plan = plan_assignments(cases, reviewers, rules=rules)

        assert readers(plan)["c1"] == ["expert"]
        assert not plan.allocation_random

    def test_turns_and_reasons_are_given(self):
        reviewers = [reviewer("r1", "B"), reviewer("r2", "C"), reviewer("r3", "C")]

        plan = plan_assignments([case("c1", reviews=2)], reviewers, rules=RULES)

        assert [review.turn for review in plan.reviews] == [Turn.FIRST, Turn.SECOND]
        assert "Among 3 eligible reviewers" in str(plan.reviews[0].reason)
        assert plan.allocation_random
        assert set(plan.alternates["c1"]) | set(readers(plan)["c1"]) == {"r1", "r2", "r3"}


class TestShortages:
    def test_a_missing_speciality_is_named(self):
        plan = plan_assignments([case("c1", modality="MR")], [reviewer("r1")], rules=RULES)

        assert "MR" in str(plan.unplaced[0].reason)
        assert plan.shortages[0].room == 0
        assert plan.shortages[0].reviewers == ()

    def test_own_department_is_named(self):
        plan = plan_assignments([case("c1")], [reviewer("r1", "A")], rules=RULES)

        assert "author's own department:" in str(plan.unplaced[0].reason)

    def test_conflicts_are_named(self):
        plan = plan_assignments(
            [case("c1")], [reviewer("r1")], conflicts={("c1", "r1")}, rules=RULES
        )

        assert "by a conflict" in str(plan.unplaced[0].reason)

    def test_too_few_for_two_reviews_is_named(self):
        plan = plan_assignments([case("c1", reviews=2)], [reviewer("r1")], rules=RULES)

        assert "Only 1 reviewer" in str(plan.unplaced[0].reason)
        assert plan.unplaced[0].missing == 1

    def test_a_single_department_for_two_reviews_is_named(self):
        reviewers = [reviewer("r1"), reviewer("r2")]

        plan = plan_assignments([case("c1", reviews=2)], reviewers, rules=RULES)

        assert "must come from two" in str(plan.unplaced[0].reason)

    def test_full_reviewers_are_told_with_the_minimum_cut(self):
        cases = [case(f"c{i}") for i in range(5)] + [case("x", modality="MR")]
        reviewers = [reviewer("r1", capacity=3)]
        reviewers.append(reviewer("r2", specialities=frozenset({Speciality("MR")})))

        plan = plan_assignments(cases, reviewers, rules=RULES)

        (shortage,) = plan.shortages
        assert (shortage.needed, shortage.room) == (5, 3)
        assert shortage.cases == ("c0", "c1", "c2", "c3", "c4")
        assert shortage.modalities == ("CT",)
        assert shortage.reviewers == ("r1",)
        assert "Missing: 2" in str(shortage.reason)
        assert "taken up to what the rules allow" in str(plan.unplaced[0].reason)

    def test_who_has_room_and_is_kept_away_by_a_rule_is_not_told_to_be_full(self):
        cases = [case(f"c{i}") for i in range(5)]
        full, free = reviewer("full", capacity=1), reviewer("free", capacity=9)
        rules = replace(RULES, department_quota=3)

        plan = plan_assignments(cases, [full, free], rules=rules)

        [one] = plan.unplaced
        assert one.reason.params == {"count": 2, "free": 1, "missing": 1}
        assert "limit per department" in str(one.reason)

    def test_whoever_reads_a_case_already_is_not_kept_from_it(self):
        busy = [reviewer("full", "C", capacity=0), reviewer("reader", capacity=9)]

        plan = plan_assignments([case("c", reviews=2)], busy, rules=RULES)

        [one] = plan.unplaced
        assert one.reason.params == {"count": 2, "missing": 1}
        assert "taken up to what the rules allow" in str(one.reason)


class TestInput:
    def test_no_case_is_a_plan(self):
        assert plan_assignments([], [reviewer("r1")], rules=RULES).status is PlanStatus.OPTIMAL
        with_minimum = plan_assignments([], [reviewer("r1", minimum=1)], rules=RULES)
        assert with_minimum.below_minimum == {"r1": 0}

    @pytest.mark.parametrize(
        ("cases", "reviewers", "quota", "said"),
        [
            (["c", "c"], ["r"], None, "“c” is listed twice"),
            (["c"], ["r", "r"], None, "“r” is listed twice"),
            (["c"], ["r"], 0, "quota"),
        ],
    )
    def test_nonsense_is_refused(self, cases, reviewers, quota, said):
        with pytest.raises(InvalidInput, match=said):
            plan_assignments(
                [case(name) for name in cases],
                [reviewer(name) for name in reviewers],
                rules=PlanRules("s", department_quota=quota),
            )

    def test_numbers_out_of_range_are_refused(self):
        with pytest.raises(InvalidInput, match="one or two"):
            plan_assignments([case("c", reviews=3)], [], rules=RULES)
        with pytest.raises(InvalidInput, match="minimum"):
            plan_assignments([], [reviewer("r", capacity=1, minimum=2)], rules=RULES)

    def test_a_ticket_is_that_of_the_specification(self):
        # printf 'peer-audit/assign/v1\nseed\nK1\nR1\n' | sha256sum | cut -c1-13
        assert ticket("seed", "K1", "R1") == int("ca75da163a926", 16)


class TestLarger:
    def test_a_department_rich_network_is_placed_whole(self):
        kinds = ["chest", "abdomen", "brain"]
        cases = [
            case(f"c{i}", "ABCD"[i * 7 % 11 % 4], "CT", kinds[i * 5 % 7 % 3], 1 + (i % 10 == 0))
            for i in range(300)
        ]
        reviewers = [
            reviewer(f"r{i}", "ABCD"[i % 4], 20, 5, frozenset({Speciality("CT", kinds[i % 3])}))
            for i in range(24)
        ]

        plan = plan_assignments(cases, reviewers, rules=RULES)

        assert plan.status is PlanStatus.OPTIMAL
        assert len(plan.reviews) == 330
        # Twelve reviewers apart, department and region are the same: so must be the load.
        assert all(abs(plan.loads[f"r{i}"] - plan.loads[f"r{i + 12}"]) <= 1 for i in range(12))

    def test_a_boundless_capacity_breaks_nothing(self):
        plan = plan_assignments([case("c1")], [reviewer("r1", capacity=10**15)], rules=RULES)

        assert readers(plan) == {"c1": ["r1"]}

    def test_a_failure_of_the_solver_is_never_taken_for_a_plan(self, monkeypatch):
        class Failing(network.SimpleMinCostFlow):
            def solve(self):
                return self.BAD_RESULT

        monkeypatch.setattr(network, "SimpleMinCostFlow", Failing)

        with pytest.raises(RuntimeError, match="the flow solver answered"):
            plan_assignments([case("c1")], [reviewer("r1")], rules=RULES)
