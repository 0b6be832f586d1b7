import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.integrity.reviewing_patterns import (
    TrendStratum,
    flag_low_counts,
    low_count,
    reading_times,
    stratified_trend,
)
from peeraudit.domain.statistics.results import Status


def test_the_variance_of_a_trend_is_that_of_all_orders():
    stratum = TrendStratum((1, 2, 3), (0, 1, 2), (2, 2, 2))
    scores = [1, 1, 2, 2, 3, 3]
    sums = [sum(chosen) for chosen in itertools.combinations(scores, 3)]
    found = stratified_trend([stratum])
    assert found.details["T"] == pytest.approx(8 - np.mean(sums))
    assert found.details["V"] == pytest.approx(np.var(sums))
    assert found.details["p_value"] == pytest.approx(stats.chi2.sf(found.details["chi2"], 1))


def test_strata_whose_readings_are_alike_add_nothing():
    stratum = TrendStratum((1, 2, 3), (0, 1, 2), (2, 2, 2))
    alike = [TrendStratum((1, 2), (0, 0), (10, 12)), TrendStratum((1, 2), (3, 4), (3, 4))]
    more = stratified_trend([*alike, stratum])
    assert more.value == stratified_trend([stratum]).value
    none = stratified_trend(alike)
    assert (none.status, none.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))
    one_score = stratified_trend([TrendStratum((2,), (1,), (4,))])
    assert one_score.reasons == ("NO_VARIATION",)


def test_severe_readers_who_read_late_are_no_trend():
    early = TrendStratum((1, 2), (2, 1), (40, 20))
    late = TrendStratum((3, 4), (20, 10), (40, 20))
    assert stratified_trend([early, late]).value == pytest.approx(0, abs=1e-9)


@given(st.permutations(range(3)))
def test_the_order_of_strata_does_not_change_the_fingerprint(order):
    strata = [
        TrendStratum((1, 2), (1, 2), (9, 8)),
        TrendStratum((1, 2, 3), (4, 3, 6), (50, 48, 47)),
        TrendStratum((1, 3), (0, 2), (20, 20)),
    ]
    plain, moved = stratified_trend(strata), stratified_trend([strata[i] for i in order])
    assert moved.inputs_sha256 == plain.inputs_sha256
    assert moved.value == pytest.approx(plain.value)


def test_a_stratum_that_makes_no_sense_is_named():
    good = TrendStratum((1,), (1,), (4,))
    for bad in (TrendStratum((1, 2), (1,), (4,)), TrendStratum((1,), (5,), (4,))):
        with pytest.raises(ValueError, match="stratum 2"):
            stratified_trend([good, bad])


def test_so_few_discrepancies_of_the_example():
    found = low_count((0.05, 0.08, 0.03), (60, 40, 50), 1)
    assert found.value == pytest.approx(0.0032845759, abs=1e-10)
    assert found.details["expected"] == pytest.approx(7.7)
    assert found.details["can_tell"]


def test_few_readings_cannot_tell():
    # At 4 % it takes 74 readings before none at all is below 5 %.
    assert not low_count([0.04], [73], 0).details["can_tell"]
    assert low_count([0.04], [74], 0).details["can_tell"]
    assert low_count([0.1], [20], 3).value == pytest.approx(stats.binom.cdf(3, 20, 0.1))
    assert low_count([], [], 0).reasons == ("NO_SCORED_ITEMS",)
    with pytest.raises(ValueError, match="4 discrepant of 3"):
        low_count([0.1], [3], 4)
    with pytest.raises(ValueError, match="a rate between"):
        low_count([1.1], [3], 1)


def test_flags_allow_for_the_number_of_reviewers():
    low = low_count([0.08], [150], 0)
    usual = [low_count([0.08], [150], x) for x in (5, 9, 12, 14)]
    nobody = low_count([], [], 0)
    assert flag_low_counts([*usual, low, nobody]) == [False] * 4 + [True, False]
    border = low_count([0.08], [70], 0)
    assert border.value < 0.01
    assert not any(flag_low_counts([border, *usual]))
    assert flag_low_counts([nobody]) == [False]


def test_times_lie_around_their_own_median():
    seconds = [40.0, 80, 95, 100, 110, 130, 300, 3]
    found = reading_times(seconds, floor=45)
    logs = np.log(seconds)
    mad = stats.median_abs_deviation(logs, scale="normal")
    assert found.value == pytest.approx(math.exp(np.median(logs)))
    assert found.details["mad_log"] == pytest.approx(mad, rel=1e-4)
    assert found.details["flag_z"] == [7]
    assert found.details["n_below_floor"] == 2
    assert found.details["often_below_floor"]
    assert not reading_times(seconds, floor=20).details["often_below_floor"]


def test_times_without_spread_or_sense():
    assert reading_times([60] * 4, floor=30).reasons == ("ZERO_MAD",)
    assert reading_times([], floor=30).reasons == ("NO_SCORED_ITEMS",)
    with pytest.raises(ValueError, match="reading 2 took 0 s"):
        reading_times([5, 0], floor=30)
