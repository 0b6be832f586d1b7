import pytest

from peeraudit.domain.assignment.eligibility import ticket
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, Speciality
from peeraudit.domain.assignment.replacement import NoReviewerFree, choose_reviewer

CASE = PlanCase("c1", "A", "CT", "chest")
CT = frozenset({Speciality("CT")})
TEAM = [PlanReviewer(f"r{i}", "BCD"[i % 3], CT, 4) for i in range(6)]


class TestChooseReviewer:
    def test_the_least_loaded_in_proportion_comes_first(self):
        team = [PlanReviewer("small", "B", CT, 2), PlanReviewer("large", "B", CT, 20)]

        chosen = choose_reviewer(CASE, team, loads={"small": 1, "large": 5}, seed="s")

        assert chosen.id == "large"

    def test_ties_are_decided_by_the_seed_and_not_by_the_order(self):
        for seed in ("s1", "s2", "s3", "s4"):
            expected = min(TEAM, key=lambda r: ticket(seed, "c1", r.id))

            assert choose_reviewer(CASE, TEAM, loads={}, seed=seed) == expected
            assert choose_reviewer(CASE, TEAM[::-1], loads={}, seed=seed) == expected

    def test_barred_people_and_departments_never_serve(self):
        chosen = choose_reviewer(
            CASE, TEAM, loads={}, seed="s", barred={"r0"}, barred_departments={"C", "D"}
        )

        assert chosen.id == "r3"

    def test_nobody_competent_is_explained(self):
        with pytest.raises(NoReviewerFree, match="No reviewer has declared CT chest"):
            choose_reviewer(CASE, [], loads={}, seed="s")

    def test_nobody_left_beside_a_barred_department_is_explained(self):
        with pytest.raises(NoReviewerFree, match="Nobody else may read this case"):
            choose_reviewer(CASE, TEAM, loads={}, seed="s", barred_departments={"B", "C", "D"})

    def test_full_reviewers_are_explained(self):
        loads = {reviewer.id: 4 for reviewer in TEAM}

        with pytest.raises(NoReviewerFree, match=r"\(6\) have reached their capacity"):
            choose_reviewer(CASE, TEAM, loads=loads, seed="s")
