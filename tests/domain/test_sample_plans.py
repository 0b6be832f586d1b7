from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import ExpectedRate, SampleAllocation, Sampling
from peeraudit.domain.sample_plans import most_required, plan_sample, wanted_total


def modality_of(stratum):
    return stratum.partition(":")[2]


COUNTS = {"A:CT": 1200, "A:MR": 640, "B:CT": 310, "B:MR": 45}
EQUAL, OPTIMAL = SampleAllocation.EQUAL, SampleAllocation.OPTIMAL
RATES = (ExpectedRate("CT", 0.2), ExpectedRate("MR", 0.02))


def sizes(**rules):
    return plan_sample(COUNTS, Sampling(**rules)).sizes


def test_in_proportion_it_is_what_it_always_was():
    # The worked example of S1.06.
    counts = {"A:CT": 1200, "A:MR": 640, "B:CT": 310, "B:MR": 45, "C:CT": 8}
    assert list(plan_sample(counts, Sampling(150)).sizes.values()) == [78, 42, 20, 5, 5]


def test_a_share_is_rounded_up():
    assert wanted_total(2195, Sampling(share=0.1)) == 220
    assert wanted_total(30, Sampling(share=0.1)) == 3
    assert plan_sample(COUNTS, Sampling(share=0.1)).total == 220


def test_a_share_is_raised_to_what_the_minimums_ask_for():
    plan = plan_sample(COUNTS, Sampling(share=0.01, stratum_minimum=10))
    assert (plan.total, plan.required, plan.is_raised) == (40, 40, True)


def test_equal_shares_stop_at_what_a_stratum_holds():
    assert sizes(target=301, allocation=EQUAL) == {"A:CT": 86, "A:MR": 85, "B:CT": 85, "B:MR": 45}


def test_the_optimal_one_takes_more_where_more_is_expected():
    optimal = sizes(target=150, allocation=OPTIMAL, expected_rates=RATES)
    in_proportion = sizes(target=150)
    assert optimal["A:CT"] > in_proportion["A:CT"]
    assert optimal["A:MR"] < in_proportion["A:MR"]


@pytest.mark.parametrize("allocation", SampleAllocation)
def test_a_modality_gets_its_minimum_over_all_departments(allocation):
    plan = plan_sample(
        COUNTS, Sampling(100, 2, allocation=allocation, modality_minimum=45, expected_rates=RATES)
    )
    found = Counter()
    for name, size in plan.sizes.items():
        found[modality_of(name)] += size
    assert plan.total == 100
    assert min(found.values()) >= 45


def test_minimums_that_do_not_fit_are_told():
    with pytest.raises(InvalidInput, match="ask for 120 reports"):
        sizes(target=100, modality_minimum=60)


def test_what_the_lock_asks_for_covers_every_frame():
    rules = Sampling(100, 5, modality_minimum=30)
    assert most_required(2, 3, rules) == 90
    assert most_required(10, 3, rules) == 150


def test_more_than_there_is_takes_all():
    assert sizes(target=9999) == COUNTS


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["CT", "MR", "US"])),
        st.integers(1, 60),
        min_size=1,
    ),
    st.integers(1, 200),
    st.integers(0, 8),
    st.integers(0, 30),
    st.sampled_from(SampleAllocation),
    st.booleans(),
)
def test_a_plan_keeps_every_bound(held, target, minimum, modality_minimum, allocation, by_share):
    counts = {f"{place}:{code}": size for (place, code), size in held.items()}
    frame = sum(counts.values())
    rules = Sampling(
        target,
        minimum,
        share=min(1.0, target / frame) if by_share else None,
        allocation=allocation,
        modality_minimum=modality_minimum,
    )
    try:
        plan = plan_sample(counts, rules)
    except InvalidInput:
        assume(not by_share)
        departments = len({name[0] for name in counts})
        modalities = len({modality_of(name) for name in counts})
        assert target < most_required(departments, modalities, rules)
        return
    by_modality, by_held = Counter(), Counter()
    for name, size in plan.sizes.items():
        assert min(minimum, counts[name]) <= size <= counts[name]
        by_modality[modality_of(name)] += size
        by_held[modality_of(name)] += counts[name]
    for code, whole in by_held.items():
        assert by_modality[code] >= min(modality_minimum, whole)
    wanted = min(frame, wanted_total(frame, rules))
    assert plan.total == (max(wanted, plan.required) if plan.is_raised else wanted)
