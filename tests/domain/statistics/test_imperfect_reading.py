import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from peeraudit.domain.statistics.capture_recapture import capture_recapture
from peeraudit.domain.statistics.imperfect_reading import (
    Count,
    Verified,
    corrected_rate,
    reader_accuracy,
)
from peeraudit.domain.statistics.intervals import clopper_pearson


class TestCorrectedRate:
    def test_worked_example(self):
        found = corrected_rate(Count(18, 250), Count(28, 36), Count(190, 194))
        assert found.value == pytest.approx(0.0678608169, abs=1e-10)
        assert found.se == pytest.approx(0.0257394399, abs=1e-10)
        assert found.ci == pytest.approx((0.0191561457, 0.127893126), abs=1e-9)

    @given(st.integers(1, 200), st.data())
    def test_it_solves_what_a_reader_would_report(self, n, data):
        x = data.draw(st.integers(0, n))
        found = corrected_rate(Count(x, n), Count(45, 50), Count(92, 100))
        raw = found.details["adjusted_raw"]
        assert raw * 0.9 + (1 - raw) * 0.08 == pytest.approx(x / n)
        assert found.value == min(1, max(0, raw))
        assert 0 <= found.ci[0] <= found.ci[1] <= 1
        assert ("APPARENT_BELOW_FALSE_ALARM" in found.warnings) is (raw < 0)

    def test_a_perfect_reader_needs_no_correction(self):
        found = corrected_rate(Count(7, 90), Count(10**9, 10**9), Count(10**9, 10**9))
        assert found.value == pytest.approx(7 / 90)

    def test_a_reader_hardly_better_than_chance_gives_no_value(self):
        found = corrected_rate(Count(10, 100), Count(12, 30), Count(25, 40))
        assert (found.value, found.reasons) == (None, ("YOUDEN_TOO_SMALL",))
        assert found.details["youden"] == pytest.approx(0.025)

    def test_counts_that_give_no_rate(self):
        assert corrected_rate(Count(0, 0), Count(9, 9), Count(9, 9)).reasons == ("NO_SCORED_ITEMS",)
        assert corrected_rate(Count(1, 9), Count(9, 9), Count(9, 8)).reasons == ("X_GT_N",)

    def test_tests_of_next_to_nobody_give_no_interval(self):
        found = corrected_rate(Count(5, 50), Count(1, 1), Count(1, 4))
        assert found.value is not None
        assert found.ci is None


class TestReaderAccuracy:
    def test_worked_example(self):
        found = reader_accuracy(Verified(30, 30, 24), Verified(270, 60, 3))
        assert found.sensitivity.value == pytest.approx(0.64)
        assert found.sensitivity.ci == pytest.approx((0.353443567, 0.852540222), abs=1e-9)
        assert found.specificity.value == pytest.approx(0.977142857, abs=1e-9)
        assert found.specificity.ci == pytest.approx((0.949993187, 0.989712071), abs=1e-9)
        assert found.naive_sensitivity == pytest.approx(24 / 27)
        assert found.prevalence == pytest.approx(0.125)

    def test_no_miss_found_is_not_a_perfect_reader(self):
        found = reader_accuracy(Verified(30, 30, 24), Verified(270, 60, 0)).sensitivity
        assert (found.value, found.reasons) == (None, ("NO_MISS_SEEN",))
        high = clopper_pearson(0, 60)[1]
        assert found.details["at_least"] == pytest.approx(24 / (24 + 270 * high))

    def test_no_false_alarm_found_is_not_a_perfect_reader_either(self):
        found = reader_accuracy(Verified(30, 30, 30), Verified(270, 60, 3)).specificity
        assert (found.value, found.reasons) == (None, ("NO_FALSE_ALARM_SEEN",))
        low = clopper_pearson(30, 30)[0]
        right = 270 * 57 / 60
        assert found.details["at_least"] == pytest.approx(right / (right + 30 * (1 - low)))

    def test_full_verification_is_the_plain_table(self):
        found = reader_accuracy(Verified(50, 50, 40), Verified(100, 100, 10))
        assert found.sensitivity.value == pytest.approx(40 / 50)
        assert found.specificity.value == pytest.approx(90 / 100)
        assert found.naive_sensitivity == pytest.approx(40 / 50)

    @pytest.mark.parametrize(
        ("positive", "negative", "reason"),
        [
            (Verified(0, 0, 0), Verified(0, 0, 0), "NO_SCORED_ITEMS"),
            (Verified(9, 9, 5), Verified(90, 0, 0), "PHASE2_EMPTY_GROUP"),
            (Verified(9, 9, 10), Verified(90, 9, 0), "X_GT_N"),
            (Verified(9, 10, 9), Verified(90, 9, 0), "N_SAMPLE_GT_FRAME"),
        ],
    )
    def test_counts_that_give_no_value(self, positive, negative, reason):
        found = reader_accuracy(positive, negative)
        assert found.sensitivity.reasons == found.specificity.reasons == (reason,)
        assert found.prevalence is None

    def test_readers_who_never_saw_one(self):
        nothing = reader_accuracy(Verified(9, 9, 0), Verified(90, 30, 0))
        assert nothing.sensitivity.reasons == ("NO_EVENTS",)
        assert nothing.sensitivity.value is None
        assert nothing.naive_sensitivity is None
        blind = reader_accuracy(Verified(9, 9, 0), Verified(90, 30, 3)).sensitivity
        assert (blind.value, blind.ci, blind.status) == (0, None, "unreliable")


class TestCaptureRecapture:
    def test_worked_example(self):
        found = capture_recapture(22, 19, 13)
        assert found.value == pytest.approx(31.8571429, abs=1e-7)
        assert found.ci == pytest.approx((29.0361644, 42.3582921), abs=1e-7)
        assert found.details["joint_sensitivity"] == pytest.approx(0.878923767, abs=1e-9)
        assert "LOWER_BOUND" in found.warnings

    @given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
    def test_it_is_never_below_what_was_found(self, both, only_first, only_second):
        found = capture_recapture(both + only_first, both + only_second, both)
        total = both + only_first + only_second
        if total == 0:
            assert found.reasons == ("NO_EVENTS",)
            return
        assert found.value >= total - 1e-9
        assert (found.status == "unreliable") is (both < 7)
        if min(only_first, only_second) == 0:
            assert found.ci is None
        else:
            assert total < found.ci[0] < found.value < found.ci[1]
        turned = capture_recapture(both + only_second, both + only_first, both)
        assert turned.value == pytest.approx(found.value)

    def test_an_impossible_overlap_is_refused(self):
        with pytest.raises(ValueError, match="both readers"):
            capture_recapture(3, 5, 4)


def test_the_corrected_limits_hold_what_they_promise():
    # Far from 0 and with well measured readers, Lang-Reiczigel is near the delta method.
    found = corrected_rate(Count(400, 1000), Count(9000, 10000), Count(9500, 10000))
    low, high = found.ci
    assert (high - low) / 2 == pytest.approx(1.96 * found.se, rel=0.02)
    root = optimize.brentq(lambda p: p * 0.9 + (1 - p) * 0.05 - 0.4, 0, 1)
    assert low < root < high
