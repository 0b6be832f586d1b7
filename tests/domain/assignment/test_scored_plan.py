"""Plans of scored pairs: against every possible plan, and against published optima."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.assignment.instance_files import read_arrays, read_bids, write_plan
from peeraudit.domain.assignment.instances import Instance
from peeraudit.domain.assignment.plan import PlanStatus
from peeraudit.domain.assignment.relaxations import find_relaxations
from peeraudit.domain.assignment.scored_flow import case_scores
from peeraudit.domain.assignment.scored_plan import plan_scored

FLOAT = 1e-6


@st.composite
def instances(draw, *, floor=False):
    """Return small instances of every sort, feasible or not."""
    cases, reviewers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    every = [(c, r) for c in range(cases) for r in range(reviewers)]
    pairs = sorted(draw(st.sets(st.sampled_from(every))))
    scores = draw(
        st.lists(st.sampled_from([-1.0, 0.25, 0.5, 1.0]), min_size=len(pairs), max_size=len(pairs))
    )
    least = draw(st.lists(st.integers(0, 2), min_size=reviewers, max_size=reviewers))
    room = draw(st.lists(st.integers(0, 2), min_size=reviewers, max_size=reviewers))
    departments = st.sampled_from(["A", "B", "C"])
    return Instance(
        seed=draw(st.sampled_from(["1", "2"])),
        cases=tuple(f"c{i}" for i in range(cases)),
        homes=tuple(draw(st.lists(departments, min_size=cases, max_size=cases))),
        reviews=np.array(draw(st.lists(st.integers(1, 3), min_size=cases, max_size=cases))),
        reviewers=tuple(f"r{i}" for i in range(reviewers)),
        departments=tuple(draw(st.lists(departments, min_size=reviewers, max_size=reviewers))),
        least=np.array(least),
        most=np.array(least) + np.array(room),
        pair_cases=np.array([c for c, _ in pairs], dtype=np.int64),
        pair_reviewers=np.array([r for _, r in pairs], dtype=np.int64),
        scores=np.array(scores, dtype=np.float64),
        distinct_departments=draw(st.booleans()),
        department_quota=draw(st.sampled_from([None, 1, 2])),
        fairness_floor=floor,
    )


def is_allowed(instance, pairs):
    """Say whether a set of pairs breaks no rule."""
    cases, homes, people = {}, {}, {}
    for i in pairs:
        case, reviewer = instance.pair_cases[i], instance.pair_reviewers[i]
        cases.setdefault(case, []).append(instance.departments[reviewer])
        people[reviewer] = people.get(reviewer, 0) + 1
        key = reviewer, instance.homes[case]
        homes[key] = homes.get(key, 0) + 1
    return (
        all(len(d) <= instance.reviews[c] for c, d in cases.items())
        and all(n <= instance.most[r] for r, n in people.items())
        and not (
            instance.distinct_departments
            and any(len(set(d)) < len(d) and c not in instance.exempt for c, d in cases.items())
        )
        and all(n <= (instance.department_quota or 99) for n in homes.values())
    )


def rank(instance, pairs, *, floor):
    """Return what makes one plan better than another, the weightiest first."""
    chosen = np.zeros(len(instance.scores), dtype=bool)
    chosen[list(pairs)] = True
    loads = np.bincount(instance.pair_reviewers[chosen], minlength=len(instance.reviewers))
    lacking = int(np.maximum(instance.least - loads, 0).sum())
    placed_all = len(pairs) == instance.reviews.sum()
    worst = round(float(case_scores(instance, chosen).min()), 6) if floor and placed_all else 0
    return len(pairs), -lacking, worst, round(float(instance.scores[chosen].sum()), 6)


def best_of_all(instance, *, floor):
    every = range(len(instance.scores))
    sets = itertools.chain.from_iterable(
        itertools.combinations(every, n) for n in range(len(instance.scores) + 1)
    )
    return max(rank(instance, some, floor=floor) for some in sets if is_allowed(instance, some))


def chosen_pairs(plan):
    return np.flatnonzero(plan.chosen.used).tolist()


class TestAgainstEveryPlan:
    @given(instance=instances())
    @settings(max_examples=150, deadline=None)
    def test_no_rule_is_broken_and_no_plan_is_better(self, instance):
        plan = plan_scored(instance)

        assert is_allowed(plan.instance, chosen_pairs(plan))
        found = rank(plan.instance, chosen_pairs(plan), floor=False)
        assert found == pytest.approx(best_of_all(instance, floor=False))

    @given(instance=instances(floor=True))
    @settings(max_examples=150, deadline=None)
    def test_the_floor_lies_between_what_was_found_and_its_proven_bound(self, instance):
        plan = plan_scored(instance)

        best = best_of_all(instance, floor=True)
        found = rank(plan.instance, chosen_pairs(plan), floor=True)
        assert is_allowed(plan.instance, chosen_pairs(plan))
        assert found[:2] == best[:2]
        if found[0] == instance.reviews.sum():
            assert found[2] <= best[2] + FLOAT
            assert best[2] <= plan.floored.bound + FLOAT
            if found[2] == pytest.approx(best[2]):
                assert found[3] <= best[3] + FLOAT
                assert best[3] <= plan.floored.total_bound + FLOAT

    @given(instance=instances())
    @settings(max_examples=150, deadline=None)
    def test_every_relaxation_makes_the_instance_feasible(self, instance):
        plan = plan_scored(instance)

        for one in plan.relaxations:
            assert plan_scored(one.instance).status is PlanStatus.OPTIMAL, one.rules
        if plan.status is PlanStatus.INFEASIBLE:
            assert plan.shortages
        else:
            assert not plan.relaxations

    @given(instance=instances(), order=st.randoms(use_true_random=False))
    @settings(max_examples=60, deadline=None)
    def test_the_order_of_the_rows_changes_nothing(self, instance, order):
        rows = list(range(len(instance.scores)))
        order.shuffle(rows)
        shuffled = Instance(
            **{name: getattr(instance, name) for name in Instance.__slots__}
            | {
                "pair_cases": instance.pair_cases[rows],
                "pair_reviewers": instance.pair_reviewers[rows],
                "scores": instance.scores[rows],
            }
        )

        assert write_plan(plan_scored(shuffled)) == write_plan(plan_scored(instance))


class TestSmallestRelaxation:
    def test_one_review_more_of_one_person_is_all_that_is_asked(self):
        instance = one_short()

        [first, *_] = find_relaxations(plan_scored(instance).instance)

        assert first.units == 1
        assert (dict(first.most), first.quota, first.exempt) == ({"r0": 3}, None, ())

    def test_nobody_at_all_leaves_only_the_case_to_be_given_up(self):
        instance = Instance(
            **{name: getattr(one_short(), name) for name in Instance.__slots__}
            | {
                "cases": (*one_short().cases, "nobody"),
                "homes": ("A",) * 4,
                "reviews": np.array([1, 1, 1, 1]),
            }
        )

        plan = plan_scored(instance)

        assert [[r.value for r in one.rules] for one in plan.relaxations] == [["reviews_per_case"]]
        assert "nobody" in plan.relaxations[0].reviews


def one_short():
    return Instance(
        seed="1",
        cases=("c0", "c1", "c2"),
        homes=("A",) * 3,
        reviews=np.array([1, 1, 1]),
        reviewers=("r0",),
        departments=("B",),
        least=np.array([0]),
        most=np.array([2]),
        pair_cases=np.array([0, 1, 2]),
        pair_reviewers=np.array([0, 0, 0]),
        scores=np.array([1.0, 1.0, 1.0]),
    )


class TestPublishedOptima:
    @pytest.mark.parametrize(
        ("name", "most", "total", "worst"),
        [
            ("preflib1", 6, 124.25, 0.75),
            ("preflib2", 7, 141.5, 1.0),
            ("preflib3", 6, 454.25, 0.75),
            ("aamas2016", 12, 949.25, 1.0),
        ],
    )
    def test_bids(self, shared, name, most, total, worst):
        text = (shared / f"assignment/preflib_aamas/{name}.in").read_text()
        instance = read_bids(text, reviews=3, most=most)
        with_floor = Instance(
            **{name: getattr(instance, name) for name in Instance.__slots__}
            | {"fairness_floor": True}
        )

        plan = plan_scored(with_floor)

        assert (plan.total, plan.worst_case) == (total, worst)
        assert plan.floored.bound == worst
        assert plan.floored.total_bound == pytest.approx(total)

    @pytest.mark.parametrize("with_rules", [False, True])
    @pytest.mark.parametrize("size", ["small", "medium"])
    def test_radiology(self, shared, size, with_rules):
        folder = shared / "assignment"
        known = json.loads((folder / "reference_values.json").read_text())
        wanted = known["synthetic_radiology"][f"rad_{size}"]
        wanted = wanted["with_gadgets" if with_rules else "plain"]
        content = (folder / f"synthetic_radiology/rad_{size}.npz").read_bytes()

        plan = plan_scored(read_arrays(content, with_rules=with_rules))

        if "total" not in wanted:
            assert plan.status is PlanStatus.INFEASIBLE
            assert plan.chosen.missing.sum() == 22
            assert plan_scored(plan.relaxations[0].instance).status is PlanStatus.OPTIMAL
        else:
            assert plan.total == pytest.approx(wanted["total"], abs=1e-4)
            assert len(plan.readings) == wanted["assigned"]
