import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.sampling.frame_checks import (
    LastPeriod,
    Level,
    check_frame,
    day_dispersion,
    day_gaps,
    duplicates,
    representativeness,
    sequence_gaps,
    shrunk_strata,
    silent_authors,
    small_strata,
    thin_strata,
)

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"
VARIED = (
    "The number of reports per day varies more than chance explains: some days may be incomplete."
)
MONDAY = date(2024, 1, 1)


def days(*counts):
    return {MONDAY + timedelta(days=i): count for i, count in enumerate(counts)}


@pytest.mark.skipif(not SOURCE.is_file(), reason="../shared/data is absent")
def test_reference_checks_are_reproduced():
    document = json.loads(SOURCE.read_text())
    case = next(c for c in document["examples"] if c["function"] == "S1.10_frame_checks")
    given, expected = case["inputs"], case["expected"]
    assert duplicates(given["keys"]) == expected["duplicates"]
    gaps = sequence_gaps(given["seq"])
    assert [list(gap) for gap in gaps] == expected["gaps"]
    assert sum(last - first + 1 for first, last in gaps) == expected["missing_in_sequence"]
    assert len(set(given["keys"])) - given["control_total"] == expected["control_difference"]
    found = representativeness(given["cat_frame"], given["cat_sample"])
    assert found.df == expected["df"]
    assert found.chi2 == pytest.approx(expected["chi2"], rel=1e-8)
    assert found.p_value == pytest.approx(expected["p_value"], rel=1e-8)
    assert found.max_std_diff == pytest.approx(expected["max_std_diff"], rel=1e-8)


def test_worked_example_of_representativeness():
    found = representativeness([600, 350, 150, 100], [52, 34, 9, 5])
    assert found.chi2 == pytest.approx(3.48177143, abs=1e-8)
    assert found.p_value == pytest.approx(0.323134012, abs=1e-9)
    assert found.max_std_diff == pytest.approx(1.25914834, abs=1e-8)


@pytest.mark.parametrize(
    ("frame", "sample", "p_value"),
    [([5, 3], [5, 3], 1.0), ([5, 3], [0, 0], 1.0), ([5, 0], [2, 0], None), ([], [], None)],
)
def test_nothing_to_compare_is_no_difference(frame, sample, p_value):
    found = representativeness(frame, sample)
    assert (found.chi2, found.p_value, found.max_std_diff) == (0.0, p_value, 0.0)


def test_a_sample_beyond_its_frame_is_refused():
    with pytest.raises(ValueError, match="cannot hold more"):
        representativeness([5, 3], [6, 1])


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=2), st.randoms())
def test_representativeness_does_not_depend_on_order(pairs, random):
    pairs = [(max(pair), min(pair)) for pair in pairs]
    before = representativeness(*zip(*pairs, strict=True))
    random.shuffle(pairs)
    after = representativeness(*zip(*pairs, strict=True))
    assert after.chi2 == pytest.approx(before.chi2)
    assert before.chi2 >= 0
    assert 0 <= before.p_value <= 1


def test_empty_days_are_joined_to_runs():
    found = day_gaps(days(3, 0, 0, 2, 0), first=MONDAY, last=MONDAY + timedelta(days=6))
    day = [MONDAY + timedelta(days=i) for i in range(7)]
    assert found == [(day[1], day[2]), (day[4], day[6])]


def test_dispersion_compares_within_weekdays():
    regular = days(*([20, 20, 20, 20, 20, 2, 1] * 4))
    assert day_dispersion(regular).chi2 == 0
    assert day_dispersion(regular).df == 21
    # Mondays 10 and 30: 2 · 10² / 20.
    assert day_dispersion(days(10, 0, 0, 0, 0, 0, 0, 30)).chi2 == 10
    assert day_dispersion(days(10)).p_value is None


def test_a_sound_frame_has_no_finding():
    frame = [("CT", "1"), ("CT", "2"), ("MR", "3")]
    assert check_frame(frame, expected={"CT": 2, "MR": 1}) == []
    assert check_frame(frame, expected={}, control_total=3, days=days(1, 1, 1)) == []


def test_findings_say_what_is_wrong_red_ones_first():
    frame = [("CT", "1"), ("CT", "1"), ("MR", "3")]
    uneven = days(90, 0, 3, 3, 3, 3, 3, 1)
    found = check_frame(frame, expected={"MR": 5, "US": 1}, control_total=4, days=uneven)
    assert [finding.level for finding in found] == [Level.RED] * 3 + [Level.AMBER] * 3
    assert [str(finding) for finding in found] == [
        "The report 1 is in the frame twice.",
        "The stratum US holds no report.",
        "The frame holds 2 reports and the department's system counts 4.",
        "The stratum MR holds fewer reports (1) than the minimum (5): all of them will be drawn.",
        "There is no report on 2024-01-02.",
        VARIED,
    ]


def test_gaps_in_the_sequence_and_authors_without_a_report_are_amber():
    found = check_frame(
        [("CT", "k1"), ("CT", "k2")],
        expected={"CT": 1},
        sequence=[3, 1, 7, 3],
        authors={"a1": 2, "a2": 0},
    )
    assert {finding.level for finding in found} == {Level.AMBER}
    assert [str(finding) for finding in found] == [
        "The number 2 is missing in the sequence.",
        "The numbers 4 to 6 are missing in the sequence.",
        "The author a2 may have reports audited and has none in the frame.",
    ]


class TestShrunkStrata:
    def told(self, counts, days=30):
        last = LastPeriod({"A:CT": 400, "A:MR": 12, "B:CT": 90}, 30)
        return [str(one) for one in shrunk_strata(counts, days, last)]

    def test_a_stratum_that_lost_half_looks_incomplete(self):
        [said] = self.told({"A:CT": 200, "A:MR": 12, "B:CT": 95})
        assert said.startswith("A:CT holds 200 reports, and at the pace of the last period")

    def test_one_that_vanished_is_told_and_a_small_one_by_chance_is_not(self):
        assert len(self.told({"A:CT": 400, "A:MR": 7})) == 1

    def test_a_shorter_period_holds_less(self):
        assert self.told({"A:CT": 200, "A:MR": 6, "B:CT": 45}, days=15) == []

    def test_a_small_loss_of_a_large_one_is_no_gap(self):
        assert self.told({"A:CT": 310, "A:MR": 12, "B:CT": 90}) == []

    def test_a_stratum_that_is_new_has_nothing_to_compare(self):
        assert self.told({"A:CT": 400, "A:MR": 12, "B:CT": 90, "C:CT": 1}) == []


class TestFineStrata:
    def test_small_ones_are_counted_in_one_finding(self):
        assert small_strata({"a": 5, "b": 9}, 5) == []

        [found] = small_strata({"a": 4, "b": 1, "c": 9}, 5)

        assert found.level is Level.AMBER
        assert found.params == {"minimum": 5, "small": 2, "all": 3}

    def test_those_that_give_nothing_or_one_report_are_told_with_what_is_lost(self):
        nothing, alone = thin_strata({"a": 30, "b": 8, "c": 1, "d": 6}, {"a": 9, "c": 1, "d": 1})

        assert nothing.params == {"strata": 1, "all": 4, "reports": 8}
        # The only report of its stratum stands for no other.
        assert alone.params == {"strata": 1, "all": 4}

    def test_nothing_is_told_where_nothing_can_be_drawn_yet(self):
        assert thin_strata({"a": 30}, {}) == []
        assert thin_strata({"a": 30}, {"a": 2}) == []

    def test_authors_who_are_away_are_counted_by_department(self):
        [found] = silent_authors({"A": 4, "B": 2}, {"A": 1, "B": 2})

        assert found.params == {"department": "A", "silent": 3, "known": 4}
