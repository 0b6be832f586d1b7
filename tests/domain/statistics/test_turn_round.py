import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.turn_round import completion, incidence, quantile
from peeraudit.domain.statistics.workload import workload_inequality

times = st.lists(st.integers(1, 30), min_size=1, max_size=60)
reviews = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=60)


def complete(given_reviews):
    return completion(*zip(*given_reviews, strict=True))


class TestQuantile:
    @given(times, st.floats(0.01, 0.99))
    def test_the_ranks_are_those_of_the_binomial_distribution(self, durations, q):
        n = len(durations)
        found = quantile(durations, q)
        assert found.value == pytest.approx(float(np.quantile(durations, q)))
        cdf = [stats.binom.cdf(k, n, q) for k in range(-1, n + 1)]
        lower = [rank for rank in range(1, n + 1) if cdf[rank] <= 0.025]
        upper = [rank for rank in range(1, n + 1) if cdf[rank] >= 0.975]
        assert found.details["rank_low"] == (max(lower) if lower else None)
        assert found.details["rank_high"] == (min(upper) if upper else None)
        assert (found.ci is None) is ("BEYOND_THE_DATA" in found.warnings)

    @pytest.mark.parametrize(("q", "least"), [(0.95, 72), (0.90, 36)])
    def test_a_high_percentile_needs_many_reviews(self, q, least):
        assert quantile(range(1, least), q).details["high"] is None
        assert quantile(range(1, least + 3), q).details["high"] is not None

    def test_what_gives_no_percentile_is_said(self):
        assert quantile([], 0.5).reasons == ("NO_EVENTS",)
        with pytest.raises(ValueError, match="quantile"):
            quantile([1.0], 1)
        for wrong in (-1.0, math.nan, math.inf):
            with pytest.raises(ValueError, match="finite"):
                quantile([wrong], 0.5)


class TestCompletion:
    @given(times)
    def test_without_open_reviews_the_curve_is_the_share_of_those_still_open(self, durations):
        found = complete([(t, True) for t in durations])
        for t in range(32):
            left = sum(d > t for d in durations) / len(durations)
            assert pytest.approx(left) == found.at(t).S
        middle = sorted(durations)[(len(durations) - 1) // 2]
        assert found.median.value == middle
        assert found.events == found.n == len(durations)

    @given(reviews, st.randoms())
    def test_the_curve_falls_whatever_the_order(self, given_reviews, random):
        shuffled = list(given_reviews)
        random.shuffle(shuffled)
        found = complete(given_reviews)
        assert complete(shuffled) == found
        shares = [1.0, *(point.S for point in found.curve)]
        assert shares == sorted(shares, reverse=True)
        for point in found.curve:
            if point.ci is not None:
                assert 0 <= point.ci[0] <= point.S + 1e-12
                assert point.S - 1e-12 <= point.ci[1] <= 1

    @given(reviews)
    def test_it_is_the_product_over_the_times_of_completion(self, given_reviews):
        found = complete(given_reviews)
        share, greenwood = 1.0, 0.0
        for t in sorted({t for t, done in given_reviews if done}):
            risk = sum(other >= t for other, _ in given_reviews)
            ended = sum(other == t and done for other, done in given_reviews)
            share *= 1 - ended / risk
            greenwood += ended / (risk * (risk - ended)) if ended < risk else 0
            point = found.at(t)
            assert pytest.approx(share, abs=1e-12) == point.S
            if point.se is not None:
                assert point.se == pytest.approx(share * math.sqrt(greenwood))

    def test_open_reviews_keep_the_median_from_being_too_short(self):
        done = [(t, True) for t in (1, 2, 3, 4, 5)]
        waiting = [(6, False)] * 4
        assert complete(done).median.value == 3
        assert complete(done + waiting).median.value == 5
        found = complete([*done, *waiting, *waiting]).median
        assert (found.value, found.reasons) == (None, ("MEDIAN_NOT_REACHED",))

    def test_a_share_of_exactly_one_half_is_the_median(self):
        # Products such as 0.9 * 8/9 * … make 0.5 and a hair.
        found = complete([(t, True) for t in range(1, 11)])
        assert found.median.value == 5

    def test_without_a_completed_review_there_is_no_median(self):
        found = complete([(1, False), (2, False)])
        assert (found.median.value, found.median.reasons) == (None, ("NO_EVENTS",))
        assert (found.at(2).S, found.events) == (1.0, 0)
        with pytest.raises(ValueError, match="finite"):
            complete([(-1, True)])
        with pytest.raises(ValueError, match="one time"):
            completion([1, 2], [True])


class TestIncidence:
    @given(reviews)
    def test_without_another_ending_it_is_one_minus_the_curve(self, given_reviews):
        times, done = zip(*given_reviews, strict=True)
        found = complete(given_reviews)
        for point in incidence(times, done, [False] * len(times)):
            assert point.completed == pytest.approx(1 - found.at(point.t).S)
            assert point.otherwise == 0

    @given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=40))
    def test_the_endings_and_those_still_open_are_all(self, ends):
        times, ways = zip(*ends, strict=True)
        done, gone = ([way == which for way in ways] for which in (1, 2))
        either = completion(times, [way > 0 for way in ways])
        for point in incidence(times, done, gone):
            whole = point.completed + point.otherwise + either.at(point.t).S
            assert whole == pytest.approx(1)

    def test_a_declined_review_will_not_be_completed(self):
        # Two of four are declined at once: one minus Kaplan-Meier would promise all of them.
        (first, last) = incidence([1, 1, 2, 2], [0, 0, 1, 1], [1, 1, 0, 0])
        assert (first.completed, first.otherwise) == (0, 0.5)
        assert (last.completed, last.otherwise) == (0.5, 0.5)
        assert complete([(1, False), (1, False), (2, True), (2, True)]).at(2).S == 0

    def test_what_makes_no_sense_is_refused(self):
        for case in (([1], [1], [1]), ([-1], [1], [0])):
            with pytest.raises(ValueError, match="finite"):
                incidence(*case)
        with pytest.raises(ValueError, match="one time"):
            incidence([1, 2], [1], [0])


class TestWorkload:
    def test_worked_example(self):
        loads, capacities = [12, 30, 25, 18, 5, 40, 22], [10, 20, 20, 20, 10, 30, 20]
        found = workload_inequality(loads, capacities)
        assert found.value == pytest.approx(0.120951417, abs=1e-9)
        assert found.details["gini"] == pytest.approx(0.278195489, abs=1e-9)
        assert found.details["gini_corrected"] == pytest.approx(0.324561404, abs=1e-9)

    @given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any))
    def test_it_is_half_the_relative_mean_difference(self, loads):
        n, total = len(loads), sum(loads)
        apart = sum(abs(a - b) for a in loads for b in loads)
        found = workload_inequality(loads)
        assert found.value == pytest.approx(apart / (2 * n * total), abs=1e-12)
        scaled = workload_inequality([7 * x for x in loads])
        assert scaled.value == pytest.approx(found.value, abs=1e-12)
        assert found.details["cv"] == pytest.approx(np.std(loads, ddof=1) / np.mean(loads))
        equal = workload_inequality(loads, [3] * n)
        assert equal.value == pytest.approx(found.value, abs=1e-12)

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
    def test_work_in_proportion_to_capacity_is_fair(self, capacities):
        found = workload_inequality([2 * c for c in capacities], capacities)
        assert found.value == pytest.approx(0, abs=1e-12)

    def test_what_gives_no_number_is_said(self):
        assert workload_inequality([0, 0, 0]).reasons == ("ZERO_TOTAL",)
        assert workload_inequality([4]).details["cv"] is None
        assert workload_inequality([4] * 4).warnings == ("REVIEWERS_LT_5",)
        with pytest.raises(ValueError, match="negative"):
            workload_inequality([-1, 2])
        for capacities in ([1], [1, 0]):
            with pytest.raises(ValueError, match="capacity"):
                workload_inequality([1, 2], capacities)
