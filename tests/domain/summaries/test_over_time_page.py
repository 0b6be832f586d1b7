import pytest

from peeraudit.domain.statistics.over_time import TimeChart, chart_over_time
from peeraudit.domain.statistics.suppression import DEPARTMENT
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.over_time_page import time_page
from tests.domain.statistics.test_over_time import STEADY, even

LIMITS = Limits(reviews=10, authors=3, events=0)


def page_of(counts):
    return time_page(chart_over_time(counts, DEPARTMENT), LIMITS)


def said(page):
    return " ".join(str(one.message) for one in page.sentences)


class TestTimePage:
    def test_a_steady_department_reads_that_chance_explains_it(self):
        page = page_of(STEADY)

        assert "no more than chance" in said(page)
        assert len(page.marks) == 12
        assert page.scale.end >= max(one.limits[1] for one in page.marks)
        assert not any(one.is_unusual for one in page.marks)

    def test_each_rate_has_its_interval_within_the_picture(self):
        page = page_of(STEADY)

        for one in page.marks:
            assert one.interval[0] < one.value < one.interval[1] <= page.scale.end

    def test_a_point_outside_is_a_reason_to_look_and_no_verdict(self):
        page = page_of(even([3, 4, 2, 5, 3, 4, 20, 3, 5, 3, 4, 2]))

        assert "look into them" in said(page)
        assert [one.place for one in page.marks if one.is_unusual] == [7]
        assert "no more than chance" not in said(page)

    def test_a_shift_is_told_where_no_point_is_outside(self):
        page = page_of(even([3] * 10 + [5] * 10))

        assert "shifted" in said(page)
        assert not any(one.is_unusual for one in page.marks)

    def test_limits_that_are_widened_are_called_so(self):
        page = page_of(even([1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9]))

        assert page.is_widened
        assert "widened" in said(page)

    def test_gaps_never_claim_to_show_that_things_got_worse_by_a_point(self):
        gaps = (3, 8, 2, 9, 4, 11, 6, 5, 7, 10, 3, 8)
        page = page_of(even([5] * 3, n=40, gaps=gaps))

        assert "can never show" in said(page)
        assert page.sentences[0].params["median"]["number"] == 6
        assert page.scale.end >= page.marks[0].limits[1]

    def test_a_stretch_beyond_chance_is_told(self):
        page = page_of(even([5] * 3, n=80, gaps=(1, 2) * 7 + (90,)))

        assert "longer than chance" in said(page)
        assert [one.is_unusual for one in page.marks][-1]

    @pytest.mark.parametrize("reason", ["PERIODS_LT_12", "DATES_HIDDEN", "CELL_HIDDEN", "N_LT_MIN"])
    def test_where_nothing_is_shown_the_reason_is_told(self, reason):
        page = time_page(TimeChart(reasons=(reason,)), LIMITS)

        assert page.scale is None
        assert page.sentences[0].params["reason"]["phrase"] != (
            "it cannot be estimated from these readings"
        )

    def test_an_earlier_summary_has_none(self):
        assert time_page(None, LIMITS) is None
