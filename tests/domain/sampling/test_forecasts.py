from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import (
    AssignmentRules,
    DoubleReading,
    ExpectedRate,
    Protocol,
    SampleAllocation,
    Sampling,
    Scope,
)
from peeraudit.domain.sampling.feasibility import Reader
from peeraudit.domain.sampling.forecasts import Supply, WhatIf, forecast
from peeraudit.domain.sampling.sample_size import expected_interval
from peeraudit.domain.statistics.power import compare_two
from peeraudit.domain.strata import StratumField

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


MODALITY = StratumField.MODALITY
STRATA = {"A:CT": 300, "A:MR": 300, "B:CT": 300, "B:MR": 300}


class TestStrata:
    def test_proportional_shares_are_as_exact_as_one_list(self):
        plain = forecast(RULES, SUPPLY, WhatIf(rate=0.05))
        told = forecast(RULES, replace(SUPPLY, strata=STRATA), WhatIf(rate=0.05))

        assert told.half_width == pytest.approx(plain.half_width)

    def test_unequal_shares_widen_the_interval(self):
        strata = {"A:CT": 1140, "B:CT": 60}
        rules = replace(RULES, sampling=Sampling(100, 50))

        told = forecast(rules, replace(SUPPLY, strata=strata), WhatIf(rate=0.05))

        low, high = expected_interval(0.05, 100, frame_size=1200)
        assert told.half_width > (high - low) / 2
        [cost] = [str(one) for one in told.warnings if "more than their share" in str(one)]
        # 1/n_cap = (0.95² (1 - 50/1140) + 0.05² (1 - 50/60)) / 50, and 1/n = 1/n_cap + 1/1200.
        assert "by 55 reports drawn in proportion, and 100 are drawn" in cost

    def test_shares_that_follow_the_rates_expected_are_called_no_cost(self):
        sampling = Sampling(
            100,
            0,
            allocation=SampleAllocation.OPTIMAL,
            expected_rates=(ExpectedRate("CT", 0.5), ExpectedRate("MR", 0.0)),
        )
        strata = {"A:CT": 200, "A:MR": 1000}

        told = forecast(replace(RULES, sampling=sampling), replace(SUPPLY, strata=strata), WhatIf())

        assert not [one for one in told.warnings if "more than their share" in str(one)]

    def test_finer_strata_foretell_what_coarser_ones_do(self):
        fine = {f"{name}:{region}": 150 for name in STRATA for region in ("chest", "spine")}
        rules = replace(
            RULES, sampling=replace(RULES.sampling, strata=(MODALITY, StratumField.REGION))
        )

        coarse = forecast(RULES, self.supply(STRATA), WhatIf())
        told = forecast(rules, self.supply(fine), WhatIf())

        assert (told.cases, told.readings, told.is_feasible) == (
            coarse.cases,
            coarse.readings,
            coarse.is_feasible,
        )
        assert str(told.warnings[0]).startswith("A CT, A MR ask for 19")
        assert told.half_width == pytest.approx(coarse.half_width, rel=1e-3)

    def test_who_is_missing_is_told_though_modality_divides_nothing(self):
        rules = replace(RULES, sampling=replace(RULES.sampling, strata=()))

        told = forecast(rules, self.supply({"A": 600, "B": 600}), WhatIf())

        [warning] = told.warnings
        assert str(warning).startswith("A CT, A MR ask for 192 readings, and the 1 reviewers")

    def supply(self, strata):
        reviewers = (*[Reader("A", None, 100)] * 6, Reader("B", None, 20))
        places = {tuple(name.split(":")): held for name, held in STRATA.items()}
        return replace(
            SUPPLY,
            strata=strata,
            places=places,
            reviewers=reviewers,
            rooms=(100,) * 6 + (20,),
        )

    def test_who_is_missing_is_told_by_department_and_modality(self):
        reviewers = (*[Reader("A", None, 100)] * 6, Reader("B", None, 20))
        supply = replace(SUPPLY, strata=STRATA, reviewers=reviewers, rooms=(100,) * 6 + (20,))

        told = forecast(RULES, supply, WhatIf())

        assert not told.is_feasible
        assert told.room > told.readings
        [warning] = told.warnings
        assert str(warning).startswith("A CT, A MR ask for 192 readings, and the 1 reviewers")
        assert "172 are missing" in str(warning)


class TestDetectable:
    def test_more_reports_notice_smaller_differences(self):
        few, many = (
            forecast(replace(RULES, sampling=Sampling(n, 0)), SUPPLY, WhatIf(rate=0.05))
            for n in (100, 600)
        )

        assert 0.05 < many.since < few.since < few.between
        assert many.since == pytest.approx(compare_two((0.05, 600), (0.05, 600)).mdd_rate_above_p2)

    def test_the_last_period_is_compared_at_its_own_size(self):
        told = forecast(RULES, replace(SUPPLY, last_read=50), WhatIf())

        assert told.since > forecast(RULES, SUPPLY, WhatIf()).since

    def test_one_department_has_none_to_stand_beside(self):
        assert forecast(RULES, replace(SUPPLY, departments=1), WhatIf()).between is None


@pytest.mark.parametrize("assumed", [WhatIf(-0.1), WhatIf(1.1), WhatIf(0.1, 0), WhatIf(0.1, 121)])
def test_assumptions_without_meaning_are_refused(assumed):
    with pytest.raises(InvalidInput):
        forecast(RULES, SUPPLY, assumed)


def test_a_share_out_of_range_is_refused():
    with pytest.raises(InvalidInput):
        forecast(replace(RULES, double_reading=DoubleReading(1.5)), SUPPLY, WhatIf())
