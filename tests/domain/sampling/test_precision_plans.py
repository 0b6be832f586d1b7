import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.sampling.precision_plans import (
    ROUNDING,
    exact_size,
    expected_half_width,
    wald_size,
)
from peeraudit.domain.statistics.intervals import clopper_pearson
from peeraudit.domain.statistics.refusals import NotComputable

rates = st.floats(0.01, 0.99)


class TestWaldSize:
    def test_worked_example(self):
        found = wald_size(0.05, 0.02, frame_size=1200)
        assert found.n0 == pytest.approx(456.173235, abs=1e-6)
        assert found.n_unrounded == pytest.approx(330.725431, abs=1e-6)
        assert found.n == 331
        assert wald_size(0.05, 0.02, frame_size=None).n == 457

    @given(rates, st.floats(0.01, 0.5), st.integers(1, 5000))
    @example(0.9899999999999999, 0.01, 9)
    def test_a_smaller_frame_never_asks_for_more_and_never_for_more_than_it_holds(self, p, d, size):
        # As wide as what is left, but for a rounding.
        if d >= min(p, 1 - p) - ROUNDING:
            with pytest.raises(NotComputable):
                wald_size(p, d, frame_size=size)
            return
        small, large = (wald_size(p, d, frame_size=n) for n in (size, 2 * size))
        assert 1 <= small.n <= large.n <= wald_size(p, d, frame_size=None).n
        assert small.n <= size

    @pytest.mark.parametrize(("p", "d", "size"), [(0, 0.1, 9), (1, 0.1, 9), (0.05, 0.05, 9)])
    def test_what_the_rule_cannot_answer_is_refused(self, p, d, size):
        with pytest.raises(NotComputable, match="textbook rule") as refused:
            wald_size(p, d, frame_size=size)
        assert refused.value.reason == "OUT_OF_RANGE"
        with pytest.raises(NotComputable, match="empty"):
            wald_size(0.5, 0.1, frame_size=0)


class TestExactSize:
    def test_worked_example(self):
        found = exact_size(0.05, 0.03, frame_size=800)
        assert (found.m_infinite, found.n) == (233, 181)
        assert found.expected_half_width == pytest.approx(0.0299727264, abs=1e-10)

    @settings(max_examples=30, deadline=None)
    @given(st.sampled_from([0, 1]) | st.floats(1e-6, 1), st.integers(1, 300))
    def test_the_mean_half_width_is_that_of_a_sum_over_all_counts(self, p, n):
        plain = math.fsum(
            stats.binom.pmf(x, n, p) * (high - low) / 2
            for x in range(n + 1)
            for low, high in [clopper_pearson(x, n)]
        )
        assert expected_half_width(p, n) == pytest.approx(plain, abs=1e-12)

    @settings(max_examples=20, deadline=None)
    @given(st.floats(0.01, 0.6), st.floats(0.04, 0.4))
    def test_no_smaller_sample_is_precise_enough(self, p, d):
        m = exact_size(p, d, frame_size=None).m_infinite
        assert expected_half_width(p, m) <= d
        assert all(expected_half_width(p, n) > d for n in range(1, m))

    @pytest.mark.parametrize(("p", "d"), [(-0.1, 0.1), (0.1, 0.5), (0.1, 0)])
    def test_values_out_of_range_are_refused(self, p, d):
        with pytest.raises(NotComputable, match="half-width"):
            exact_size(p, d, frame_size=None)

    def test_a_hopeless_precision_is_refused_before_it_takes_for_ever(self):
        with pytest.raises(NotComputable, match="10000000"):
            exact_size(0.5, 1e-5, frame_size=None)
