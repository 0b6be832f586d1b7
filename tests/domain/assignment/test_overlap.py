from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.assignment.campaign_overlap import place_in_campaign
from peeraudit.domain.assignment.eligibility import find_candidates
from peeraudit.domain.assignment.flow import Problem, solve
from peeraudit.domain.assignment.instances import Instance
from peeraudit.domain.assignment.pairing import RATE, contrast_variance
from peeraudit.domain.assignment.plan import PlanRules, Speciality
from peeraudit.domain.assignment.planning import plan_assignments, plan_in_steps
from peeraudit.domain.assignment.scored_flow import case_scores, solve_scored
from peeraudit.domain.assignment.scored_overlap import place_scored
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.steps import run_through
from tests.domain.assignment.test_planning import case, instances, readers, reviewer

FIELDS = [frozenset({Speciality("CT", "chest")}), frozenset({Speciality("CT", "head")})]
BOTH = FIELDS[0] | FIELDS[1]


def network(cases=60, double=20, departments=4, each=3, fields=(BOTH,)):
    """Reviewers of some departments, and cases of which the first are read twice."""
    able = [
        reviewer(f"r{i}{j}", f"D{i}", cases, specialities=fields[(i * each + j) % len(fields)])
        for i in range(departments)
        for j in range(each)
    ]
    wanted = [
        case(f"c{i:03}", f"D{i % departments}", region="chest", reviews=2 if i < double else 1)
        for i in range(cases)
    ]
    return wanted, able


def solved(cases, reviewers, conflicts, rules):
    candidates = find_candidates(cases, reviewers, conflicts=conflicts, seed=rules.seed)
    problem = Problem(cases, reviewers, candidates, rules)
    return problem, solve(problem)


def pair_counts(plan):
    return Counter(
        pair for names in readers(plan).values() for pair in combinations(sorted(names), 2)
    )


class TestPlaceInCampaign:
    @settings(max_examples=150, deadline=None)
    @given(instances(), st.data())
    def test_loads_and_cases_stay_and_nothing_gets_worse(self, instance, data):
        cases, reviewers, conflicts, rules = instance
        names = [one.id for one in reviewers] + ["gone"]
        pairs = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True).map(tuple)
        met = data.draw(st.lists(pairs, max_size=3)) if reviewers else []
        problem, flow = solved(cases, reviewers, conflicts, rules)

        placed, overlap = run_through(place_in_campaign(problem, flow, met=met))

        for column in (0, 1):
            assert Counter(placed[:, column].tolist()) == Counter(flow.pairs[:, column].tolist())
        assert len({*map(tuple, placed.tolist())}) == len(placed)
        assert overlap.before.shared == overlap.after.shared
        assert overlap.before.fewest_parts <= overlap.after.parts <= overlap.before.parts
        assert overlap.after.error <= overlap.before.error + 1e-9
        again, _ = run_through(place_in_campaign(problem, flow, met=met))
        assert (placed == again).all()

    @settings(max_examples=60, deadline=None)
    @given(instances())
    def test_expertise_is_never_given_up(self, instance):
        cases, reviewers, conflicts, rules = instance
        rules = PlanRules(rules.seed, Allocation.EXPERT, rules.distinct_departments)
        problem, flow = solved(cases, reviewers, conflicts, rules)

        placed, _ = run_through(place_in_campaign(problem, flow, met=()))

        def general(pairs):
            worth = Counter()
            for one, who in pairs.tolist():
                able = problem.candidates[one]
                worth[one] += int(able.general[able.reviewers.tolist().index(who)])
            return worth

        assert general(placed) == general(flow.pairs)

    def test_reviewers_share_cases_as_evenly_as_can_be(self):
        cases, able = network(cases=96, double=96)

        plan = plan_assignments(cases, able, rules=PlanRules("s"))

        # 96 cases among 54 pairs of two departments: once or twice each.
        counts = pair_counts(plan)
        assert len(counts) == plan.overlap.after.possible == 54
        assert set(counts.values()) == {1, 2}
        assert (plan.overlap.after.fewest, plan.overlap.after.most) == (1, 2)
        assert plan.overlap.before.most > 2
        assert plan.overlap.after.error < plan.overlap.before.error

    def test_groups_that_somebody_can_join_are_joined(self):
        # One reviewer reads both fields; by chance the person may read one of them alone.
        cases, able = [], []
        for field, name in zip(FIELDS, ("chest", "head"), strict=True):
            able += [reviewer(f"{name}{i}", f"D{i}", 40, specialities=field) for i in range(4)]
            cases += [case(f"{name}{i:02}", "A", region=name, reviews=2) for i in range(10)]
        able += [reviewer(f"both{i}", f"D{i}", 40, specialities=BOTH) for i in range(2)]
        parts = Counter()

        for n in range(30):
            plan = plan_assignments(cases, able, rules=PlanRules(f"seed {n}"))
            parts["before"] += plan.overlap.before.parts
            parts["after"] += plan.overlap.after.parts
            assert plan.overlap.after.fewest_parts == 1

        assert parts["before"] > parts["after"] == 30

    def test_everybody_shares_a_case_where_few_are_read_twice(self):
        cases, able = network(cases=120, double=14)
        lonely = []

        for n in range(20):
            plan = plan_assignments(cases, able, rules=PlanRules(f"seed {n}"))
            shares = {name for pair in pair_counts(plan) for name in pair}
            lonely.append(len(able) - len(shares))

        # 28 readings of shared cases among 12 reviewers: chance alone leaves some out.
        assert sum(lonely) == 0

    def test_who_reads_a_case_stays_a_matter_of_chance(self):
        cases, able = network(cases=12, double=4, departments=4, each=1)
        single = Counter()

        for n in range(400):
            plan = plan_assignments(cases, able, rules=PlanRules(f"seed {n}"))
            single[readers(plan)["c008"][0]] += 1

        # Three reviewers of other departments: each about a third of the time (sd 9.4).
        assert set(single) == {"r10", "r20", "r30"}
        assert all(abs(count - 400 / 3) < 40 for count in single.values())

    def test_pairs_that_met_before_count(self):
        cases = [case("c1", "A", reviews=2)]
        able = [reviewer("r1", "B"), reviewer("r2", "C"), reviewer("r3", "D"), reviewer("r4", "E")]
        cases.append(case("c2", "A", reviews=2))
        met = [("r1", "r2"), ("r1", "r2"), ("r3", "r4"), ("r3", "r4")]

        plan = plan_assignments(cases, able, met=met, rules=PlanRules("s"))

        assert pair_counts(plan).keys().isdisjoint({("r1", "r2"), ("r3", "r4")})
        assert plan.overlap.after.parts == 1

    def test_whose_reading_moved_says_so(self):
        cases, able = network(cases=96, double=96)

        plan = plan_assignments(cases, able, rules=PlanRules("s"))

        said = [one for one in plan.reviews if "share cases" in str(one.reason)]
        assert 0 < len(said) <= plan.overlap.moved

    def test_it_can_be_stopped_at_each_phase(self):
        cases, able = network()

        phases = list(plan_in_steps(cases, able, rules=PlanRules("s")))

        assert [str(one) for one in dict.fromkeys(phases)] == [
            "eligible",
            "solving",
            "placing",
            "explaining",
        ]


class TestPlaceScored:
    @settings(max_examples=80, deadline=None)
    @given(st.data())
    def test_every_case_keeps_its_scores_and_every_rule_holds(self, data):
        cases, people = data.draw(st.integers(2, 8)), data.draw(st.integers(3, 7))
        pairs = [(c, r) for c in range(cases) for r in range(people)]
        some = sorted(data.draw(st.sets(st.sampled_from(pairs), min_size=1)))
        scores = data.draw(
            st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=len(some), max_size=len(some))
        )
        homes = data.draw(st.lists(st.sampled_from("AB"), min_size=cases, max_size=cases))
        departments = data.draw(st.lists(st.sampled_from("CDE"), min_size=people, max_size=people))
        instance = Instance(
            seed="s",
            cases=tuple(f"c{i}" for i in range(cases)),
            homes=tuple(homes),
            reviews=np.array(
                data.draw(st.lists(st.integers(1, 3), min_size=cases, max_size=cases)), np.int64
            ),
            reviewers=tuple(f"r{i}" for i in range(people)),
            departments=tuple(departments),
            least=np.zeros(people, np.int64),
            most=np.full(people, 6, np.int64),
            pair_cases=np.array([c for c, _ in some], np.int64),
            pair_reviewers=np.array([r for _, r in some], np.int64),
            scores=np.array(scores),
            distinct_departments=data.draw(st.booleans()),
            department_quota=data.draw(st.sampled_from([None, 1, 2])),
        )
        before = solve_scored(instance)

        after, overlap = place_scored(instance, before)

        def had(chosen):
            return Counter(instance.pair_reviewers[chosen.used].tolist())

        assert had(after) == had(before)
        worth = case_scores(instance, after.used)
        assert (worth == case_scores(instance, before.used)).all()
        read = list(
            zip(
                instance.pair_cases[after.used].tolist(),
                instance.pair_reviewers[after.used].tolist(),
                strict=True,
            )
        )
        if instance.distinct_departments:
            doors = [(c, departments[r]) for c, r in read]
            assert len(set(doors)) == len(doors)
        if instance.department_quota:
            gates = Counter((homes[c], r) for c, r in read)
            assert max(gates.values(), default=0) <= instance.department_quota
        assert overlap.after.parts <= overlap.before.parts
        assert overlap.after.error <= overlap.before.error + 1e-9


class TestPrecision:
    def test_it_is_what_the_penalised_estimate_will_have(self):
        counts = np.array([[0, 40, 10], [40, 0, 0], [10, 0, 0]])
        each = RATE * (1 - RATE) / 2
        hessian = np.diag(counts.sum(axis=1) * each + 1) - counts * each
        covariance = np.linalg.inv(hessian)
        contrasts = [np.array(c) for c in ([1, -1, 0], [1, 0, -1], [0, 1, -1])]

        variance = contrast_variance(counts, np.ones(3, dtype=bool))

        assert variance == pytest.approx(np.mean([c @ covariance @ c for c in contrasts]))

    def test_without_a_shared_case_nothing_is_known_but_the_spread(self):
        nothing = np.zeros((4, 4), dtype=np.int64)

        assert contrast_variance(nothing, np.ones(4, dtype=bool)) == pytest.approx(2)

    def test_the_assumed_rate_is_that_of_the_forecasts(self):
        assert WhatIf().rate == RATE
