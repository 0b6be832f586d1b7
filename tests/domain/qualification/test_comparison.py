import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.qualification.comparison import (
    Tolerance,
    compare,
    count_numbers,
)

TIGHT = Tolerance(1e-8, 1e-10)
SCALARS = st.one_of(
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", None, True, False]),
)
VALUES = st.fixed_dictionaries(
    {
        "p": SCALARS,
        "ci": st.lists(SCALARS, max_size=3),
        "parts": st.fixed_dictionaries({"q": SCALARS}),
    }
)


def places(got, expected, tolerance=TIGHT):
    return [found.place for found in compare(got, expected, tolerance)]


class TestCompare:
    def test_a_number_may_differ_by_absolute_plus_relative(self):
        tolerance = Tolerance(0.01, 0.5)
        assert places({"x": 101.5}, {"x": 100.0}, tolerance) == []
        assert places({"x": 101.51}, {"x": 100.0}, tolerance) == [".x"]
        assert places({"x": 98.49}, {"x": 100.0}, tolerance) == [".x"]

    @pytest.mark.parametrize(
        ("got", "expected"),
        [(4, 5), (4.0000000001, 4), ("a", "b"), (None, 0.0), (0.0, None), (True, 1), (1, True)],
    )
    def test_all_else_must_be_equal(self, got, expected):
        assert places({"x": got}, {"x": expected}, Tolerance(1.0, 1.0)) == [".x"]

    def test_what_is_not_finite_is_never_near(self):
        assert places(float("inf"), 1.0) == [""]
        assert places(float("nan"), 1.0) == [""]

    def test_the_order_and_length_of_lists_count(self):
        assert places(["a", "b"], ["b", "a"]) == ["[0]", "[1]"]
        assert places([1, 2, 3], [1, 2]) == [""]
        assert places(None, [1]) == [""]

    def test_names_beyond_the_expected_do_not_matter_and_missing_ones_do(self):
        assert places({"p": 1, "more": 2}, {"p": 1}) == []
        assert places({"more": 2}, {"p": None}) == [".p"]
        assert places([1], {"p": 1}) == [""]

    def test_the_place_leads_into_the_depth(self):
        got = {"audit": [{"low": 0.0}, {"low": 2.0}]}
        assert places(got, {"audit": [{"low": 0.0}, {"low": 1.0}]}) == [".audit[1].low"]

    def test_a_difference_says_what_was_allowed(self):
        (found,) = compare({"p": 0.5}, {"p": 0.25}, Tolerance(0, 0.01))
        assert str(found) == ".p: got 0.5, expected 0.25 (within 0.01)"
        (found,) = compare({"n": 5}, {"n": 4}, TIGHT)
        assert str(found) == ".n: got 5, expected 4 (equal)"

    @given(VALUES)
    def test_everything_equals_itself(self, value):
        assert compare(value, value, Tolerance(0, 0)) == []


class TestTolerance:
    def test_the_parts_of_a_result_may_have_their_own(self):
        given_ = {"rel": 0, "abs": 1e-6, "theta_abs": 0.1, "note": "words"}
        tolerance = Tolerance.read(given_)
        expected = {"theta": [1.0, 2.0], "theta_map": {"a": 1.0}, "pi": 1.0}
        got = {"theta": [1.09, 2.2], "theta_map": {"a": 1.09}, "pi": 1.09}
        assert places(got, expected, tolerance) == [".theta[1]", ".pi"]

    def test_a_tolerance_that_is_no_number_is_refused(self):
        with pytest.raises(TypeError, match="rel"):
            Tolerance.read({"rel": "small"})


def test_numbers_are_counted_wherever_they_are():
    assert count_numbers({"a": [1, 2.5, None, True, "3"], "b": {"c": 4}}) == 3
