"""Solving with a few pairs and pricing the others gives the plan of all pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.assignment import pricing, scored_flow
from peeraudit.domain.assignment.instances import Instance
from peeraudit.domain.assignment.scored_flow import solve_scored


def made(seed, *, quota, distinct):
    """Return an instance of some 40 cases that a plan may serve, with minimums that press."""
    chance = np.random.default_rng(seed)
    cases, reviewers, departments = 40, 16, 4
    listed = chance.random((cases, reviewers)) < 0.8
    pair_cases, pair_reviewers = np.nonzero(listed)
    # Some are liked by all, so that what is likely is not always what can be had.
    liking = 0.5 * chance.random(reviewers)[pair_reviewers] + chance.random(len(pair_cases))
    return Instance(
        seed="1",
        cases=tuple(f"c{i:02d}" for i in range(cases)),
        homes=tuple(f"D{i % departments}" for i in range(cases)),
        reviews=np.full(cases, 2),
        reviewers=tuple(f"r{i:02d}" for i in range(reviewers)),
        departments=tuple(f"D{i % departments}" for i in range(reviewers)),
        least=np.full(reviewers, 2),
        most=np.full(reviewers, 6),
        pair_cases=pair_cases,
        pair_reviewers=pair_reviewers,
        scores=np.round(liking, 3),
        distinct_departments=distinct,
        department_quota=quota,
        fairness_floor=False,
    )


@pytest.fixture
def networks(monkeypatch):
    """The numbers of pairs that were solved with, each time."""
    sizes = []
    build = scored_flow.build

    def watched(instance, depth, among):
        sizes.append(int(among.sum()))
        return build(instance, depth, among)

    monkeypatch.setattr(scored_flow, "build", watched)
    return sizes


RULES = pytest.mark.parametrize(("quota", "distinct"), [(None, False), (3, False), (3, True)])


@RULES
@pytest.mark.parametrize("seed", range(10))
def test_a_few_pairs_and_their_prices_give_the_best_plan(networks, quota, distinct, seed):
    instance = made(seed, quota=quota, distinct=distinct)
    whole = solve_scored(instance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "MANY_PAIRS", 0)
        patch.setattr(pricing, "PER_REVIEW", 2)
        priced = solve_scored(instance)

    everything = len(instance.scores)
    assert networks[0] == everything
    assert max(networks[1:]) < everything / 2
    assert whole.is_complete(instance)
    assert priced.is_complete(instance)
    total = instance.scores[whole.used].sum()
    assert instance.scores[priced.used].sum() == pytest.approx(total, abs=1e-9)


def test_pairs_that_pay_are_taken_in_until_none_does(networks):
    instance = made(1, quota=3, distinct=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "MANY_PAIRS", 0)
        patch.setattr(pricing, "PER_REVIEW", 2)
        solve_scored(instance)

    assert len(networks) > 1
    assert networks == sorted(set(networks))


@given(seed=st.integers(0, 10**6), quota=st.sampled_from([None, 2, 4]), distinct=st.booleans())
def test_whatever_the_instance_both_ways_place_as_much(seed, quota, distinct):
    instance = made(seed, quota=quota, distinct=distinct)
    whole = solve_scored(instance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "MANY_PAIRS", 0)
        patch.setattr(pricing, "PER_REVIEW", 2)
        priced = solve_scored(instance)

    assert priced.missing.sum() == whole.missing.sum()
    total = instance.scores[whole.used].sum()
    assert instance.scores[priced.used].sum() == pytest.approx(total, abs=1e-9)
