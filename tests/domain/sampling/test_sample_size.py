import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.sampling.sample_size import allocate, expected_interval, sample_size

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"
strata = st.lists(st.integers(0, 2000), min_size=1, max_size=12)


def reference(function):
    if not SOURCE.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason="../shared/data is absent"))]
    examples = json.loads(SOURCE.read_text())["examples"]
    return [pytest.param(c, id=c["id"]) for c in examples if c["function"] == function]


@pytest.mark.parametrize("case", reference("S1.02_sample_size_wilson_fpc"))
def test_reference_sizes_are_reproduced(case):
    given, expected = case["inputs"], case["expected"]
    found = sample_size(given["p"], given["d"], frame_size=given["N"])
    assert found.n == expected["n"]
    assert found.n_unrounded == pytest.approx(expected["n_unrounded"], rel=1e-8)
    assert found.m_infinite == pytest.approx(expected["m_infinite"], rel=1e-8)
    limits = expected["ci_low_at_p"], expected["ci_high_at_p"]
    assert found.expected_ci == pytest.approx(limits, rel=1e-8)


@pytest.mark.parametrize("case", reference("S1.06_alloc_proportional"))
def test_reference_allocations_are_reproduced(case):
    given, expected = case["inputs"], case["expected"]
    found = allocate(given["N_h"], given["n"], minimum=given.get("min_h", 0))
    assert found.status == expected["status"]
    assert list(found.sizes) == expected["n_h"]


def test_worked_example_of_the_planner():
    found = sample_size(0.05, 0.03, frame_size=800)
    assert found.m_infinite == pytest.approx(214.134527, abs=1e-6)
    assert found.n == 169
    assert found.expected_ci == pytest.approx((0.027935276, 0.0879163566), abs=1e-9)


@given(st.floats(0, 1), st.floats(0.005, 0.49), st.integers(1, 10**6))
def test_planned_size_keeps_its_promise(rate, half_width, frame_size):
    found = sample_size(rate, half_width, frame_size=frame_size)
    low, high = found.expected_ci
    assert 1 <= found.n <= frame_size
    assert (high - low) / 2 <= half_width + 1e-7
    assert found.n <= sample_size(rate, half_width, frame_size=None).n


@given(st.floats(0, 1), st.integers(1, 500), st.integers(1, 500))
def test_more_reports_never_widen_the_expected_interval(rate, n, more):
    few = expected_interval(rate, n, frame_size=800)
    many = expected_interval(rate, n + more, frame_size=800)
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


def test_a_census_leaves_no_interval():
    assert expected_interval(0.05, 900, frame_size=800) == (0.05, 0.05)


@pytest.mark.parametrize(
    ("rate", "half_width", "frame_size"),
    [(-0.1, 0.1, 9), (1.1, 0.1, 9), (0.1, 0, 9), (0.1, 0.5, 9), (0.1, 0.1, 0)],
)
def test_impossible_plans_are_refused(rate, half_width, frame_size):
    with pytest.raises(InvalidInput):
        sample_size(rate, half_width, frame_size=frame_size)


def test_drawing_nothing_is_refused():
    with pytest.raises(InvalidInput, match="At least one"):
        expected_interval(0.1, 0, frame_size=9)


@pytest.mark.parametrize(
    ("sizes", "n", "minimum", "expected"),
    [
        ([1200, 640, 310, 45, 8], 150, 5, (78, 42, 20, 5, 5)),
        ([100, 100, 100], 100, 0, (34, 33, 33)),
        ([0, 10, 10], 4, 1, (0, 2, 2)),
    ],
)
def test_worked_allocations(sizes, n, minimum, expected):
    assert allocate(sizes, n, minimum=minimum).sizes == expected


def test_minimums_beyond_the_total_say_what_is_needed():
    found = allocate([100, 100, 3], 10, minimum=5)
    assert (found.status, found.sizes, found.required) == ("INFEASIBLE_MIN", (), 13)


def test_caps_below_the_total_are_said():
    found = allocate([100, 100, 3], 50, maximum=20)
    assert (found.status, found.sizes) == ("CAPPED", (20, 20, 3))
    assert allocate([100, 100, 3], 43, maximum=20).status == "OK"


@pytest.mark.parametrize("given", [([-1], 1, 0, None), ([1], -1, 0, None), ([1], 1, -1, None)])
def test_negative_sizes_are_refused(given):
    sizes, n, minimum, maximum = given
    with pytest.raises(InvalidInput, match="negative"):
        allocate(sizes, n, minimum=minimum, maximum=maximum)


def test_a_minimum_above_the_cap_is_refused():
    with pytest.raises(InvalidInput, match="above the maximum"):
        allocate([10], 5, minimum=4, maximum=3)


@given(strata, st.integers(0, 5000), st.integers(0, 30), st.integers(0, 300))
def test_allocation_meets_total_minimum_and_cap(sizes, n, minimum, extra):
    found = allocate(sizes, n, minimum=minimum, maximum=minimum + extra)
    if found.status == "INFEASIBLE_MIN":
        assert found.required > n
        return
    assert sum(found.sizes) == n or found.status == "CAPPED"
    for size, drawn in zip(sizes, found.sizes, strict=True):
        assert min(minimum, size) <= drawn <= min(minimum + extra, size)


@given(strata, st.integers(0, 5000))
def test_larger_strata_never_get_less(sizes, n):
    found = allocate(sizes, n)
    ordered = sorted(zip(sizes, found.sizes, strict=True))
    assert [drawn for _, drawn in ordered] == sorted(found.sizes)
    ideal = [n * size / max(1, sum(sizes)) for size in sizes]
    if found.status == "OK":
        assert all(abs(a - b) < 1 for a, b in zip(ideal, found.sizes, strict=True))
