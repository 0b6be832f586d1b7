import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.differences import (
    Period,
    ProcessPart,
    difference,
    process_rate,
    trend,
)
from peeraudit.domain.statistics.intervals import clopper_pearson, wilson
from peeraudit.domain.statistics.refusals import NotComputable

sides = st.tuples(st.floats(0, 1), st.floats(1, 1000))
periods = st.integers(1, 80).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


class TestProcessRate:
    @given(st.integers(1, 200), st.data())
    def test_one_part_is_the_textbook_interval(self, n, data):
        x = data.draw(st.integers(0, n))
        found = process_rate([ProcessPart(7.0, n, x)])
        few = min(x, n - x) <= 3
        expected = clopper_pearson(x, n) if few else wilson(x / n, n)
        assert found.ci == pytest.approx(expected, abs=1e-9)
        assert found.n_eff == pytest.approx(n)

    def test_a_full_audit_still_says_little_about_the_process(self):
        found = process_rate([ProcessPart(1200, 60, 2), ProcessPart(640, 40, 3)])
        assert found.n_eff < 100
        assert found.N is None
        assert found.details["deff"] == pytest.approx(100 / found.n_eff)

    def test_weights_count_by_their_share(self):
        one, ten = (
            process_rate([ProcessPart(w, 60, 2), ProcessPart(2 * w, 40, 3)]) for w in (1, 10)
        )
        assert one.value == pytest.approx(ten.value)
        assert one.ci == pytest.approx(ten.ci)

    def test_what_gives_no_rate_is_said(self):
        part = process_rate([ProcessPart(1, 60, 2), ProcessPart(1, 0, 0)])
        assert part.warnings == ("STRATA_WITHOUT_SCORES",)
        lonely = process_rate([ProcessPart(1, 60, 2), ProcessPart(1, 1, 0)])
        assert (lonely.se, lonely.warnings) == (None, ("LONELY_STRATUM",))
        assert process_rate([ProcessPart(1, 0, 0)]).reasons == ("NO_SCORED_ITEMS",)
        assert process_rate([ProcessPart(1, 3, 4)]).reasons == ("X_GT_N",)
        with pytest.raises(ValueError, match="weight"):
            process_rate([ProcessPart(0, 3, 1)])


class TestDifference:
    def test_published_example(self):
        # Newcombe 1998, table II: 56/70 against 48/80, published (0.0524, 0.3339).
        found = difference((56 / 70, 70), (48 / 80, 80))
        assert found.ci == pytest.approx((0.0524, 0.3339), abs=5e-5)
        assert found.details["z"] == pytest.approx(2.65017195, abs=1e-8)

    @given(sides, sides)
    def test_swapping_the_sides_turns_the_sign(self, first, second):
        there, back = difference(first, second), difference(second, first)
        assert there.value == -back.value
        assert there.ci == pytest.approx((-back.ci[1], -back.ci[0]), abs=1e-12)
        assert -1 <= there.ci[0] <= there.value <= there.ci[1] <= 1
        if there.details["p_value"] is None:
            assert "NO_VARIATION" in there.warnings

    def test_samples_that_share_reports_are_refused(self):
        with pytest.raises(NotComputable, match="5 reports are in both") as refused:
            difference((0.1, 50), (0.2, 50), overlap=5)
        assert refused.value.reason == "OVERLAPPING_SAMPLES"

    @pytest.mark.parametrize("side", [(1.1, 5), (-0.1, 5), (0.5, 0)])
    def test_values_out_of_range_are_refused(self, side):
        with pytest.raises(NotComputable, match="between 0 and 1"):
            difference(side, (0.5, 5))


class TestTrend:
    def test_worked_example(self):
        x, n = [3, 5, 4, 8, 9, 12], [120, 115, 130, 125, 118, 122]
        found = trend([Period(i, *row) for i, row in enumerate(zip(n, x, strict=True), 1)])
        assert found.details["chi2"] == pytest.approx(8.14075064, abs=1e-8)
        assert found.details["p_value"] == pytest.approx(0.00432813629, abs=1e-11)
        assert found.value == pytest.approx(0.0143336403, abs=1e-10)
        z = found.details["z"]
        expected = [found.value * (1 + side * 1.959963984540054 / z) for side in (-1, 1)]
        assert found.ci == pytest.approx(expected)

    @given(st.lists(periods, min_size=2, max_size=8))
    def test_it_is_the_correlation_of_score_and_time_over_single_reports(self, rows):
        total, events = sum(n for n, _ in rows), sum(x for _, x in rows)
        found = trend([Period(i, *row) for i, row in enumerate(rows)])
        if events in {0, total}:
            assert (found.value, found.reasons) == (None, ("NO_VARIATION",))
            return
        times = [i for i, (n, _) in enumerate(rows) for _ in range(n)]
        scores = [y for n, x in rows for y in [1] * x + [0] * (n - x)]
        expected = stats.linregress(times, scores)
        assert found.value == pytest.approx(expected.slope, abs=1e-12)
        assert found.details["z"] == pytest.approx(expected.rvalue * math.sqrt(total), abs=1e-9)

    @given(st.lists(periods, min_size=2, max_size=8), st.floats(0.1, 50), st.floats(-9, 9))
    def test_another_unit_of_time_changes_the_slope_alone(self, rows, unit, start):
        plain = trend([Period(i, *row) for i, row in enumerate(rows)])
        other = trend([Period(start + i * unit, *row) for i, row in enumerate(rows)])
        assume(plain.value is not None)
        assert other.details["z"] == pytest.approx(plain.details["z"], abs=1e-7)
        assert other.value * unit == pytest.approx(plain.value, abs=1e-9)

    def test_periods_without_reports_tell_nothing(self):
        rows = [Period(1, 20, 2), Period(2, 30, 6), Period(4, 25, 9)]
        assert trend([*rows, Period(3, 0, 0)]).value == trend(rows).value
        assert trend([Period(1, 0, 0)]).reasons == ("NO_SCORED_ITEMS",)
        assert trend([Period(1, 5, 1), Period(1, 9, 2)]).reasons == ("NO_VARIATION",)
        assert trend([Period(1, 5, 6)]).reasons == ("X_GT_N",)
