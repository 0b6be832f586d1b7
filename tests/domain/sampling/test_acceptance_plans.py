import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.sampling.acceptance_plans import Question, acceptance_plan, passing, zero_plan
from peeraudit.domain.statistics.refusals import NotComputable


class TestZeroPlan:
    def test_worked_example(self):
        found = zero_plan(0.03, frame_size=500)
        assert (found.n_binomial, found.n, found.marked) == (99, 90, 15)
        assert found.risk == pytest.approx(0.0486124681, abs=1e-10)
        assert found.rule_of_three == pytest.approx(100)

    @given(st.floats(0.005, 0.6), st.floats(0.5, 0.99), st.integers(1, 400))
    def test_the_sample_is_the_smallest_that_keeps_the_risk(self, limit, confidence, size):
        found = zero_plan(limit, confidence=confidence, frame_size=size)
        clear = size - found.marked

        def risk(n):
            return math.comb(clear, n) / math.comb(size, n)

        assert found.risk == pytest.approx(risk(found.n), rel=1e-9)
        assert risk(found.n) <= 1 - confidence + 1e-9
        assert found.n == 1 or risk(found.n - 1) > 1 - confidence - 1e-9
        assert found.n <= found.n_binomial

    @pytest.mark.parametrize(("limit", "confidence"), [(0, 0.9), (1, 0.9), (0.1, 0), (0.1, 1)])
    def test_values_out_of_range_are_refused(self, limit, confidence):
        with pytest.raises(NotComputable, match="between 0 and 100"):
            zero_plan(limit, confidence=confidence, frame_size=None)


class TestAcceptancePlan:
    def test_worked_examples(self):
        endless = acceptance_plan(Question(0.02, 0.10, 0.05, 0.10, None))
        assert (endless.n, endless.c) == (65, 3)
        assert endless.producer_risk == pytest.approx(0.0413809775, abs=1e-10)
        assert endless.consumer_risk == pytest.approx(0.0995528252, abs=1e-10)
        small = acceptance_plan(Question(0.02, 0.10, 0.05, 0.10, 500))
        assert (small.n, small.c) == (63, 3)
        assert small.producer_risk == pytest.approx(0.0268041052, abs=1e-10)
        assert small.consumer_risk == pytest.approx(0.0977521197, abs=1e-10)

    @settings(max_examples=25, deadline=None)
    @given(st.floats(0.01, 0.1), st.floats(0.1, 0.3), st.sampled_from([None, 150, 400]))
    def test_no_smaller_sample_or_count_keeps_both_risks(self, good, gap, size):
        question = Question(good, good + gap, 0.05, 0.10, size)
        found = acceptance_plan(question)

        def risks(n, c):
            if size is None:
                bad, fine = (stats.binom.cdf(c, n, p) for p in (question.bad, question.good))
            else:
                bad, fine = (
                    stats.hypergeom.cdf(c, size, marked, n)
                    for marked in (question.marked_bad, question.marked_good)
                )
            return 1 - fine, bad

        assert (found.producer_risk, found.consumer_risk) == pytest.approx(
            risks(found.n, found.c), abs=1e-9
        )
        assert found.producer_risk <= 0.05
        assert found.consumer_risk <= 0.10
        for n in range(1, found.n):
            for c in range(found.c + 1):
                producer, consumer = risks(n, c)
                assert producer > 0.05 - 1e-9 or consumer > 0.10 - 1e-9

    def test_the_curve_falls_from_certainty(self):
        for size in (None, 500):
            curve = acceptance_plan(Question(0.02, 0.10, 0.05, 0.10, size)).curve
            assert len(curve) == 21
            assert curve[0] == (0.0, pytest.approx(1.0))
            chances = [chance for _, chance in curve]
            assert chances == sorted(chances, reverse=True)

    @given(st.integers(1, 60), st.data())
    def test_passing_is_the_hypergeometric_distribution(self, size, data):
        n, marked = data.draw(st.integers(0, size)), data.draw(st.integers(0, size))
        c = data.draw(st.integers(0, size))
        assume(n > 0)
        expected = stats.hypergeom.cdf(c, size, marked, n)
        assert passing(n, c, marked=marked, frame_size=size) == pytest.approx(expected, abs=1e-9)

    def test_a_list_read_in_full_always_tells_two_rates_apart(self):
        found = acceptance_plan(Question(0.10, 0.11, 0.001, 0.001, 12))
        assert (found.n, found.producer_risk, found.consumer_risk) == (12, 0, 0)

    def test_two_rates_that_no_sample_can_tell_apart_are_said_to_be_so(self):
        with pytest.raises(NotComputable, match="apart") as refused:
            acceptance_plan(Question(0.10, 0.1001, 0.05, 0.10, None))
        assert refused.value.reason == "INFEASIBLE"

    @pytest.mark.parametrize("rates", [(0.1, 0.1), (0.2, 0.1), (0, 0.1), (0.1, 1)])
    def test_values_out_of_range_are_refused(self, rates):
        with pytest.raises(NotComputable, match="good rate below a bad one"):
            acceptance_plan(Question(*rates, 0.05, 0.10, None))
