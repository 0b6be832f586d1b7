from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.monitoring.charts import g_chart, p_chart
from peeraudit.domain.statistics.over_time import (
    GAPS,
    HIDDEN_DATES,
    NOTHING,
    RATES,
    OverTime,
    TimeChart,
    chart_over_time,
    merge_months,
)
from peeraudit.domain.statistics.suppression import DEPARTMENT, PUBLICATION, Cell, primary_reasons

MONTHS = tuple(f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13))


def months(found, *authors, gaps=()):
    return OverTime(MONTHS[: len(found)], tuple(found), tuple(map(tuple, authors)), tuple(gaps))


def even(found, n=10, people=4, gaps=()):
    """Return months in which each of some authors wrote as many reports."""
    return months(found, *([[n] * len(found)] * people), gaps=gaps)


STEADY = even([3, 4, 2, 5, 3, 4, 2, 3, 5, 3, 4, 2])


@st.composite
def departments(draw):
    count = draw(st.integers(1, 24))
    rows = draw(
        st.lists(
            st.lists(st.integers(0, 12), min_size=count, max_size=count), min_size=1, max_size=6
        )
    )
    sizes = [sum(column) for column in zip(*rows, strict=True)]
    return months([draw(st.integers(0, size)) for size in sizes], *rows)


class TestMergeMonths:
    @given(departments(), st.sampled_from([DEPARTMENT, PUBLICATION]))
    def test_every_point_may_be_told_and_together_they_are_all_reports(self, counts, tier):
        points = merge_months(counts, tier)

        for one in points:
            start, end = MONTHS.index(one.first), MONTHS.index(one.last) + 1
            people = tuple(sum(row[start:end]) for row in counts.authors)
            assert one.n == sum(people) >= 20
            assert not primary_reasons(Cell(one.n, one.x, people), tier)
        if points:
            assert sum(one.n for one in points) == sum(map(sum, counts.authors))
            assert sum(one.x for one in points) == sum(counts.found)
            assert points[0].first == counts.months[0]
            assert points[-1].last == counts.months[-1]

    def test_large_months_stand_for_themselves(self):
        assert len(merge_months(STEADY, DEPARTMENT)) == 12

    def test_a_month_of_one_author_is_told_with_the_next(self):
        rows = [[40, 10], [0, 10], [0, 10]]

        [point] = merge_months(months([4, 3], *rows), DEPARTMENT)

        assert (point.first, point.last, point.n, point.x) == ("2025-01", "2025-02", 70, 7)

    def test_a_last_month_that_is_too_small_joins_the_one_before(self):
        rows = [[10, 10, 1], [10, 10, 1], [10, 10, 1]]

        points = merge_months(months([3, 3, 1], *rows), DEPARTMENT)

        assert [(one.first, one.last) for one in points] == [
            ("2025-01", "2025-01"),
            ("2025-02", "2025-03"),
        ]


class TestChartOverTime:
    def test_twelve_points_give_rates_with_their_limits(self):
        found = chart_over_time(STEADY, DEPARTMENT)

        assert found.kind == RATES
        assert found.chart == p_chart(STEADY.found, [40] * 12)
        assert found.runs.details["signal"] is False
        assert found.methods == ("S6.01@1", "S6.09@1")

    def test_a_lasting_shift_is_seen_by_the_runs(self):
        found = chart_over_time(even([1] * 10 + [7] * 10), DEPARTMENT)

        assert found.runs.details["signal"] is True

    def test_too_few_points_give_the_gaps_between_discrepancies(self):
        gaps = (3, 8, 2, 9, 4, 11, 6, 5, 7, 10, 3, 8)
        found = chart_over_time(even([5] * 3, n=40, gaps=gaps), DEPARTMENT)

        assert (found.kind, found.gaps) == (GAPS, gaps)
        assert found.chart == g_chart(gaps)
        assert found.methods == ("S6.02@1", "S6.09@1")

    @pytest.mark.parametrize(
        ("counts", "closed", "reasons"),
        [
            (even([5] * 3, gaps=[4] * 11), (), ("PERIODS_LT_12",)),
            (OverTime(), (), (HIDDEN_DATES,)),
            (STEADY, ("N_LT_MIN",), ("N_LT_MIN",)),
            (even([0] * 12), (), ("NO_VARIATION",)),
        ],
    )
    def test_what_is_closed_shows_nothing_and_says_why(self, counts, closed, reasons):
        found = chart_over_time(counts, DEPARTMENT, closed=closed)

        assert found == TimeChart(reasons=reasons)
        assert found.kind == NOTHING

    @given(departments())
    def test_json_gives_the_chart_again(self, counts):
        found = chart_over_time(counts, DEPARTMENT)

        again = TimeChart.from_dict(found.to_dict())

        assert again.to_dict() == found.to_dict()
        assert (again.kind, again.points) == (found.kind, found.points)

    def test_authors_in_another_order_change_nothing(self):
        rows = [[15, 10] * 6, [5, 10] * 6, [20, 20] * 6]
        counts = months(STEADY.found, *rows)
        other = replace(counts, authors=counts.authors[::-1])

        assert chart_over_time(counts, DEPARTMENT) == chart_over_time(other, DEPARTMENT)
