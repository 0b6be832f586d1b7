import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.since_baseline import Later, usual_of, watch

# Two reviewers of a campaign that is over: 6 % of CT, 8 % of MR, 3 1/3 % of radiographs.
ROWS = [(("CT", 200, 12), ("MR", 100, 8)), (("CT", 100, 6), ("XR", 150, 5))]
USUAL = usual_of(ROWS)


def reports(calls, modality="CT"):
    """Ten reports a month, called discrepant or not."""
    return [Later(modality, f"2026-{1 + i // 10:02d}", bool(c)) for i, c in enumerate(calls)]


def simulated(ratio, seed, n=200):
    draws = np.random.Generator(np.random.PCG64(seed))
    found = []
    for i, modality in enumerate(draws.choice(["CT", "MR", "XR"], n)):
        p = USUAL.expected(str(modality))
        chance = ratio * p / (1 - p + ratio * p)
        found.append(Later(str(modality), f"2026-{1 + i // 20:02d}", draws.random() < chance))
    return found


class TestUsual:
    def test_it_is_the_share_of_each_modality(self):
        assert USUAL.n == 550
        assert USUAL.overall == 31 / 550
        assert (USUAL.expected("CT"), USUAL.expected("XR")) == (18 / 300, 5 / 150)

    def test_a_modality_that_was_not_there_or_had_none_takes_the_share_of_all(self):
        usual = usual_of([(("CT", 250, 10), ("US", 50, 0))])
        assert usual.expected("US") == usual.expected("NM") == 10 / 300

    @pytest.mark.parametrize(
        ("rows", "reasons"),
        [
            ([], ("BASELINE_LT_200",)),
            ([(("CT", 199, 9),)], ("BASELINE_LT_200",)),
            ([(("CT", 200, 9),)], ()),
            ([(("CT", 400, 0),)], ("NO_VARIATION",)),
        ],
    )
    def test_its_gate(self, rows, reasons):
        assert usual_of(rows).closed == reasons


class TestWatch:
    def test_an_alarm_says_since_which_month_evidence_grew(self):
        # Nothing for three months, then every fourth report.
        found = watch(USUAL, reports([0] * 30 + [1, 0, 0, 0] * 8), days=365)
        assert found.worse == "2026-04"
        assert found.better is None
        assert found.worse_chart.details["signals"]

    def test_what_is_usual_raises_no_alarm(self):
        found = watch(USUAL, reports(([0] * 15 + [1]) * 6), days=365)
        assert (found.worse, found.better) == (None, None)
        assert found.n == 96
        assert found.expected == pytest.approx(0.06)

    def test_months_without_a_discrepancy_are_evidence_of_a_decrease(self):
        found = watch(USUAL, reports([0] * 120), days=365)
        assert (found.worse, found.better) == (None, "2026-01")

    def test_alarms_come_as_often_as_their_limits_promise(self):
        # 200 reports in half a year: one false alarm in 974 reports, those of two years, or rarer.
        calm = [watch(USUAL, simulated(1, seed), days=183) for seed in range(150)]
        twice = [watch(USUAL, simulated(2, seed), days=183) for seed in range(150)]
        assert np.mean([one.worse is not None for one in calm]) < 0.25
        assert np.mean([one.worse is not None for one in twice]) > 0.7
        assert 60 < twice[0].noticed_after < 130

    def test_more_reports_a_year_alarm_later(self):
        calls = reports([0, 1] * 20)
        busy, slow = watch(USUAL, calls, days=20), watch(USUAL, calls, days=400)
        assert busy.noticed_after > slow.noticed_after

    @pytest.mark.parametrize(("later", "days"), [([], 90), (reports([0, 1]), 0)])
    def test_without_reports_or_time_there_is_no_evidence(self, later, days):
        assert watch(USUAL, later, days=days) is None

    @given(st.lists(st.booleans(), min_size=1, max_size=60))
    def test_the_sum_is_that_of_the_specification(self, calls):
        found = watch(USUAL, reports(calls), days=365)
        level = 0.0
        for called, told in zip(calls, found.worse_chart.details["path"], strict=True):
            if called and found.worse_chart.details["signals"]:
                break
            weight = math.log(2 / 1.06) if called else -math.log(1.06)
            level = max(0.0, level + weight)
            assert told == pytest.approx(level)
