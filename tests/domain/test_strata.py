from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.sampling.draws import FIELD
from peeraudit.domain.strata import (
    DEFAULT_FIELDS,
    StratumField,
    author_mark,
    count_weeks,
    in_order,
    name_stratum,
    split_stratum,
    week_of,
)

codes = st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True)
# Short enough that even one that is spelt out sign by sign fits the name.
odd = st.one_of(
    st.text(max_size=2),
    st.text(alphabet="ab-._:", max_size=5),
    st.sampled_from(["CT", "head_neck", "2026-W12", "", "-", "..", "..-", ".2d.", "..2d."]),
)
some_fields = st.sets(st.sampled_from(StratumField)).map(in_order)


@st.composite
def named(draw):
    fields = draw(some_fields)
    return draw(codes), fields, tuple(draw(odd) for _ in fields)


class TestNameStratum:
    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ((), "CHU-NORD"),
            (("CT",), "CHU-NORD:CT"),
            (("CT", "chest", "2026-W12"), "CHU-NORD:CT:chest:2026-W12"),
            (("CT", ""), "CHU-NORD:CT:-"),
            (("cœur",), "CHU-NORD:..c.153.ur"),
            (("-",), "CHU-NORD:..-"),
        ],
    )
    def test_it_is_the_department_and_the_values(self, values, name):
        assert name_stratum("CHU-NORD", values) == name

    @given(named())
    def test_what_it_says_is_read_back(self, stratum):
        department, fields, values = stratum
        found = split_stratum(name_stratum(department, values), fields)

        assert found.department == department
        assert found.values == dict(zip(fields, values, strict=True))

    @given(some_fields, st.data())
    def test_two_strata_never_have_one_name(self, fields, data):
        one, other = ((data.draw(codes), tuple(data.draw(odd) for _ in fields)) for _ in range(2))
        assume(one != other)

        assert name_stratum(*one) != name_stratum(*other)

    @given(named())
    def test_a_published_list_can_hold_it(self, stratum):
        department, _, values = stratum

        assert FIELD.fullmatch(name_stratum(department, values))

    @pytest.mark.parametrize("code", ["", "A:B", "É"])
    def test_what_is_no_code_is_refused(self, code):
        with pytest.raises(InvalidInput, match="no code of a department"):
            name_stratum(code, ["CT"])

    def test_what_a_list_cannot_hold_is_refused(self):
        with pytest.raises(InvalidInput, match="more than 128 characters"):
            name_stratum("A", ["é" * 40])


class TestSplitStratum:
    def test_without_the_modality_it_is_empty(self):
        assert split_stratum("A:2026-W12", [StratumField.WEEK]).modality == ""

    def test_the_order_in_which_fields_are_named_does_not_matter(self):
        found = split_stratum("A:CT:2026-W12", [StratumField.WEEK, StratumField.MODALITY])

        assert found.values == {StratumField.MODALITY: "CT", StratumField.WEEK: "2026-W12"}

    @pytest.mark.parametrize("name", ["A", "A:CT:chest"])
    def test_another_number_of_parts_is_refused(self, name):
        with pytest.raises(InvalidInput, match="department, modality"):
            split_stratum(name, DEFAULT_FIELDS)


class TestWeekOf:
    @pytest.mark.parametrize(
        ("day", "week"),
        [
            (date(2026, 3, 16), "2026-W12"),
            (date(2025, 12, 29), "2026-W01"),
            (date(2027, 1, 3), "2026-W53"),
        ],
    )
    def test_it_is_that_of_the_norm(self, day, week):
        assert week_of(day) == week

    @given(st.dates(date(1990, 1, 8), date(2090, 1, 1)))
    def test_seven_days_from_a_monday_share_one(self, day):
        monday = day - timedelta(days=day.weekday())

        assert {week_of(monday + timedelta(days=step)) for step in range(7)} == {week_of(day)}
        assert week_of(monday - timedelta(days=1)) < week_of(day)


@given(st.dates(date(1990, 1, 8), date(2090, 1, 1)), st.integers(0, 120))
def test_as_many_weeks_are_counted_as_the_days_of_a_period_have(first, days):
    period = [first + timedelta(days=step) for step in range(days + 1)]

    assert count_weeks(first, period[-1]) == len({week_of(day) for day in period})


class TestAuthorMark:
    KEY, OTHER = b"k" * 32, b"o" * 32

    def test_it_is_twelve_digits_under_the_key_of_the_list(self):
        mark = author_mark(self.KEY, "a1")

        assert len(mark) == 12
        assert int(mark, 16) >= 0
        assert mark == author_mark(self.KEY, "a1")
        assert mark not in {author_mark(self.KEY, "a2"), author_mark(self.OTHER, "a1")}

    def test_nobody_has_none(self):
        assert author_mark(self.KEY, "") == ""
