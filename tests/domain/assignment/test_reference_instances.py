import json
from pathlib import Path

import numpy as np
import pytest

from peeraudit.domain.assignment.plan import (
    PlanCase,
    PlanReviewer,
    PlanRules,
    PlanStatus,
    Speciality,
)
from peeraudit.domain.assignment.planning import plan_assignments

DATA = Path(__file__).parents[4] / "shared/data/assignment/synthetic_radiology"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared instances are absent")


class TestTwoTrack:
    def test_what_greedy_rounds_fail_is_placed_whole(self):
        data = json.loads((DATA / "two_track_feasible_but_greedy_rounds_fail.json").read_text())
        masked = np.array(data["M"], dtype=bool)
        speciality = frozenset({Speciality("CT")})
        reviewers = [
            PlanReviewer(f"r{i}", f"d{i}", speciality, int(most))
            for i, most in enumerate(data["ub"])
        ]
        cases = [PlanCase(f"c{j}", "x", "CT", reviews=data["k"]) for j in range(len(masked))]
        # The file does not say whether its rows are cases: both readings are feasible.
        for table in (masked, masked.T):
            conflicts = {(f"c{j}", f"r{i}") for i, j in np.argwhere(table).tolist()}

            plan = plan_assignments(cases, reviewers, conflicts=conflicts, rules=PlanRules("1"))

            assert plan.status is PlanStatus.OPTIMAL
            assert len(plan.reviews) == 12
            assert set(plan.loads.values()) == {2}


class TestSmallNetwork:
    def test_it_is_feasible_plain(self):
        plan = plan_small(distinct=False, quota=None)

        assert len(plan.reviews) == 400
        assert not plan.unplaced

    def test_with_both_department_rules_the_shortage_is_proven(self):
        plan = plan_small(distinct=True, quota=int(load()["quota"]))

        assert plan.status is PlanStatus.INFEASIBLE
        assert plan.unplaced
        assert plan.shortages
        assert sum(s.needed - s.room for s in plan.shortages) == 400 - len(plan.reviews)
        assert all("Missing" in str(shortage.reason) for shortage in plan.shortages)


def load():
    with np.load(DATA / "rad_small.npz") as data:
        return {name: data[name] for name in data.files}


def plan_small(*, distinct, quota):
    data = load()
    speciality = frozenset({Speciality("CT")})
    reviewers = [
        PlanReviewer(f"r{i}", f"d{department}", speciality, int(data["ub"][i]))
        for i, department in enumerate(data["reviewer_dept"])
    ]
    cases = [
        PlanCase(f"c{j}", f"d{department}", "CT", reviews=int(data["k"]))
        for j, department in enumerate(data["case_dept"])
    ]
    eligible = set(zip(data["arc_case"].tolist(), data["arc_reviewer"].tolist(), strict=True))
    conflicts = {
        (f"c{j}", f"r{i}")
        for j in range(len(cases))
        for i in range(len(reviewers))
        if (j, i) not in eligible
    }
    rules = PlanRules("11", distinct_departments=distinct, department_quota=quota)
    return plan_assignments(cases, reviewers, conflicts=conflicts, rules=rules)
