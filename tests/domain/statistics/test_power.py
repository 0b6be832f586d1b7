import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.power import (
    agreement_items,
    compare_two,
    detectable_rate,
    power_against_standard,
)
from peeraudit.domain.statistics.refusals import NotComputable

rates = st.floats(0.005, 0.9)


class TestOneDepartment:
    def test_worked_examples(self):
        found = power_against_standard(120, 0.05, 0.10)
        assert found.critical == 12
        assert found.actual_alpha == pytest.approx(0.0173025977, abs=1e-10)
        assert found.power == pytest.approx(0.544473995, abs=1e-9)
        least = detectable_rate(120, 0.05)
        assert least.mdd_rate == pytest.approx(0.121183629, abs=1e-9)
        assert least.odds_ratio == pytest.approx(2.61998868, abs=1e-8)
        assert detectable_rate(60, 0.03).mdd_rate == pytest.approx(0.128574479, abs=1e-9)

    @given(st.integers(1, 300), rates)
    @example(1, 0.025)
    @example(23, 0.025 ** (1 / 23))
    def test_the_critical_count_is_the_first_that_speaks_against_the_standard(self, n, standard):
        found = power_against_standard(n, standard, standard)
        tails = [stats.binom.sf(c - 1, n, standard) for c in range(n + 1)]
        # Two libraries round a tie differently, and 2.5 % of just 2.5 % is small enough.
        enough = [c for c, tail in enumerate(tails) if tail <= 0.025 * (1 + 1e-9)]
        if not enough:
            assert found is None
            assert detectable_rate(n, standard) is None
            return
        assert found.critical == min(enough)
        assert found.actual_alpha == found.power == pytest.approx(tails[found.critical])

    @given(st.integers(10, 300), rates, st.floats(0.3, 0.99))
    def test_the_detectable_rate_is_noticed_just_so_often(self, n, standard, power):
        found = detectable_rate(n, standard, power=power)
        assume(found is not None)
        assert found.mdd_rate > standard
        seen = power_against_standard(n, standard, found.mdd_rate)
        assert seen.power == pytest.approx(power, abs=1e-8)

    def test_an_effective_size_is_rounded_down(self):
        whole, broken = (power_against_standard(n, 0.05, 0.1) for n in (120, 120.9))
        assert whole == broken

    @pytest.mark.parametrize(("n", "p0", "p1"), [(0, 0.1, 0.2), (9, 0, 0.2), (9, 0.1, 1.2)])
    def test_values_out_of_range_are_refused(self, n, p0, p1):
        with pytest.raises(NotComputable):
            power_against_standard(n, p0, p1)

    @pytest.mark.parametrize("power", [0, 1, 1.5])
    def test_a_power_out_of_range_is_refused(self, power):
        with pytest.raises(NotComputable):
            detectable_rate(50, 0.1, power=power)


class TestTwoSamples:
    def test_worked_example(self):
        found = compare_two((0.10, 150), (0.05, 150))
        assert found.power == pytest.approx(0.384871023, abs=1e-9)
        assert found.n_per_group == pytest.approx(423.731863, abs=1e-5)
        assert found.mdd_rate_above_p2 == pytest.approx(0.142623555, abs=1e-8)

    @given(rates, st.floats(5, 900), rates, st.floats(5, 900), st.floats(0.2, 0.99))
    def test_its_parts_fit_together(self, p1, n1, p2, n2, power):
        found = compare_two((p1, n1), (p2, n2), power=power)
        assert compare_two((p2, n2), (p1, n1), power=power).power == pytest.approx(found.power)
        if found.mdd_rate_above_p2 is not None:
            seen = compare_two((found.mdd_rate_above_p2, n1), (p2, n2))
            assert seen.power == pytest.approx(power, abs=1e-6)
        if abs(found.h) > 0.01:
            size = found.n_per_group
            assert compare_two((p1, size), (p2, size)).power == pytest.approx(power, abs=1e-6)

    def test_equal_rates_need_no_size_and_a_tiny_sample_sees_nothing(self):
        assert compare_two((0.1, 50), (0.1, 50)).n_per_group is None
        assert compare_two((0.9, 2), (0.9, 2)).mdd_rate_above_p2 is None

    @pytest.mark.parametrize(
        ("side", "power"), [((1.1, 5), 0.8), ((0.1, 0), 0.8), ((0.1, 5), 0.05)]
    )
    def test_values_out_of_range_are_refused(self, side, power):
        with pytest.raises(NotComputable):
            compare_two(side, (0.1, 50), power=power)


class TestAgreementItems:
    def test_worked_example(self):
        exact, n = agreement_items(0.048, 60, 0.05)
        assert (exact, n) == (pytest.approx(212.417307, abs=1e-6), 213)

    @given(st.floats(0.001, 1), st.integers(1, 500), st.floats(0.001, 1))
    def test_so_many_items_give_the_wanted_width(self, se, pilot, half):
        _, n = agreement_items(se, pilot, half)
        assert 1.959963984540054 * se * math.sqrt(pilot / n) <= half * (1 + 1e-6)

    def test_values_out_of_range_are_refused(self):
        with pytest.raises(NotComputable):
            agreement_items(0, 60, 0.05)
