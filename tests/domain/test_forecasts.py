from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.forecasts import Supply, WhatIf, forecast
from peeraudit.domain.protocol import AssignmentRules, DoubleReading, Protocol, Sampling, Scope
from peeraudit.domain.sample_size import expected_interval

SCOPE = Scope(("CT", "MR"), date(2026, 10, 1), date(2026, 10, 31))
RULES = Protocol("Campagne", SCOPE, sampling=Sampling(300, 5), double_reading=DoubleReading(0.1, 0))
SUPPLY = Supply(1200, 4, (60,) * 10, {"CT": 6, "MR": 6})


def warnings(rules=RULES, supply=SUPPLY):
    return [str(warning) for warning in forecast(rules, supply, WhatIf()).warnings]


class TestForecast:
    def test_the_readings_are_first_second_and_routed_ones(self):
        told = forecast(RULES, SUPPLY, WhatIf(minutes=10))

        # 300 first, 30 at random, and of the 270 read once one in five after a discrepancy.
        assert (told.cases, told.second_reads, told.routed_reads) == (300, 30, 54)
        assert told.readings == 384
        assert told.hours == pytest.approx(384 * 10 / 60 / 10)

    def test_the_width_is_that_of_the_planner_with_the_finite_frame(self):
        told = forecast(RULES, SUPPLY, WhatIf(rate=0.05))

        low, high = expected_interval(0.05, 300, frame_size=1200)
        assert told.interval == (low, high)
        assert told.half_width == (high - low) / 2

    def test_a_small_frame_is_drawn_whole_and_then_nothing_is_uncertain(self):
        told = forecast(RULES, replace(SUPPLY, frame_size=100), WhatIf())

        assert told.cases == 100
        assert told.half_width == 0

    def test_before_any_report_the_target_is_what_counts(self):
        told = forecast(RULES, replace(SUPPLY, frame_size=0), WhatIf())

        assert told.cases == 300
        assert "No eligible report has been received yet for this scope." in [
            str(warning) for warning in told.warnings
        ]

    def test_nobody_who_reads_gives_no_hours(self):
        told = forecast(RULES, replace(SUPPLY, rooms=()), WhatIf())

        assert told.hours is None
        assert told.room == 0

    def test_the_protocols_own_limit_narrows_each_reviewers_room(self):
        rules = replace(RULES, assignment=AssignmentRules(max_load=20))

        assert forecast(rules, SUPPLY, WhatIf()).room == 200

    @given(st.floats(0, 1), st.integers(1, 1200))
    def test_the_interval_holds_the_assumed_rate(self, rate, target):
        told = forecast(replace(RULES, sampling=Sampling(target, 0)), SUPPLY, WhatIf(rate=rate))

        low, high = told.interval
        assert 0 <= low <= rate + 1e-12
        assert rate - 1e-12 <= high <= 1


class TestWarnings:
    def test_a_sound_plan_has_none(self):
        assert warnings() == []

    def test_too_little_room_is_told_with_both_numbers(self):
        assert warnings(supply=replace(SUPPLY, rooms=(60, 60))) == [
            "384 readings are to be expected, and the reviewers are ready for 120."
        ]

    def test_a_modality_that_hardly_anybody_reads_is_named(self):
        assert warnings(supply=replace(SUPPLY, readers={"CT": 6, "MR": 1})) == [
            "Fewer than two reviewers have declared MR."
        ]

    def test_a_single_department_cannot_be_read_by_others(self):
        assert warnings(supply=replace(SUPPLY, departments=1))[0].startswith("With a single")

    def test_a_frame_smaller_than_the_sample_is_told(self):
        assert warnings(supply=replace(SUPPLY, frame_size=299)) == [
            "Only 299 reports are eligible today: all of them would be drawn."
        ]


@pytest.mark.parametrize("assumed", [WhatIf(-0.1), WhatIf(1.1), WhatIf(0.1, 0), WhatIf(0.1, 121)])
def test_assumptions_without_meaning_are_refused(assumed):
    with pytest.raises(InvalidInput):
        forecast(RULES, SUPPLY, assumed)


def test_a_share_out_of_range_is_refused():
    with pytest.raises(InvalidInput):
        forecast(replace(RULES, double_reading=DoubleReading(1.5)), SUPPLY, WhatIf())
