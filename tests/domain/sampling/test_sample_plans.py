from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import ExpectedRate, SampleAllocation, Sampling
from peeraudit.domain.sampling.sample_plans import most_required, plan_sample, wanted_total
from peeraudit.domain.strata import StratumField, name_stratum, split_stratum


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


AUTHORED = (StratumField.MODALITY, StratumField.AUTHOR)


def by_author(sizes):
    found = Counter()
    for name, size in sizes.items():
        known = split_stratum(name, AUTHORED)
        found[known.values[StratumField.AUTHOR]] += size
    return found


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.sampled_from(["CT", "MR"]), st.sampled_from("xyz-")),
        st.integers(1, 40),
        min_size=1,
    ),
    st.integers(1, 200),
    st.integers(0, 3),
    st.integers(0, 15),
    st.integers(0, 25),
    st.sampled_from(SampleAllocation),
)
def test_each_author_has_the_minimum_or_it_is_told_what_it_takes(
    held, target, minimum, author_minimum, modality_minimum, allocation
):
    # An author is of one department; the dash is no author.
    counts = Counter()
    for (place, code, author), size in held.items():
        counts[name_stratum(place, [code, "" if author == "-" else f"{place}{author}"])] += size
    rules = Sampling(
        target,
        minimum,
        allocation=allocation,
        modality_minimum=modality_minimum,
        author_minimum=author_minimum,
        strata=AUTHORED,
    )
    try:
        plan = plan_sample(counts, rules)
    except InvalidInput as told:
        required = int(told.params["required"])
        assert required > target
        # What is told to be enough is enough.
        plan = plan_sample(counts, replace(rules, target=required))
    whole, drawn = by_author(counts), by_author(plan.sizes)
    for author, size in drawn.items():
        assert size <= whole[author]
        if author:
            assert size >= min(author_minimum, whole[author])
    assert all(size >= min(minimum, counts[name]) for name, size in plan.sizes.items())


def test_reports_without_an_author_have_no_minimum():
    counts = {"A:CT:-": 50, "A:CT:x": 50}
    plan = plan_sample(counts, Sampling(10, 0, author_minimum=9, strata=AUTHORED))
    assert plan.sizes == {"A:CT:-": 1, "A:CT:x": 9}


def test_a_stratum_that_is_not_named_as_the_rules_say_is_refused():
    with pytest.raises(InvalidInput, match="not divided as the protocol says"):
        plan_sample({"A:CT": 50}, Sampling(10, 0, author_minimum=9, strata=AUTHORED))


def test_many_strata_are_shared_out_as_few_are():
    # Each level of the fill was tried in turn once, which took hours with so many.
    counts = {f"A:CT:{number}": 1 + number % 7 for number in range(3000)}
    plan = plan_sample(counts, Sampling(4000, 1, strata=AUTHORED))
    assert plan.total == 4000
    assert min(plan.sizes.values()) == 1
