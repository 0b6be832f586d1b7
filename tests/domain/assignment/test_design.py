from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.assignment.design import Given, describe_design

RATE = 0.1
READINGS = st.lists(
    st.builds(
        Given,
        reviewer=st.sampled_from("ABCDE"),
        case=st.sampled_from([f"c{n}" for n in range(12)]),
        department=st.sampled_from("xyz"),
    ),
    min_size=1,
    max_size=40,
)


def grid(counts):
    """Return readings from (reviewer, department): number, each of a case of its own."""
    pairs = [(r, d) for (r, d), n in counts.items() for _ in range(n)]
    return [Given(r, f"c{n}", d) for n, (r, d) in enumerate(pairs)]


def balanced(people="ABC", places="xyz", each=10):
    return grid(dict.fromkeys(product(people, places), each))


def test_two_departments_that_read_one_another_tell_nothing_apart():
    design = describe_design(grid({("A", "x"): 9, ("B", "y"): 9}), rate=RATE)

    assert design.parts == (("x",), ("y",))
    assert not design.is_connected
    assert (design.balance, design.severity, design.department) == (None, None, None)


def test_a_third_department_joins_them():
    design = describe_design(
        grid({("A", "y"): 5, ("A", "z"): 5, ("B", "x"): 5, ("B", "z"): 5, ("C", "x"): 5}),
        rate=RATE,
    )

    assert design.is_connected
    assert design.parts == (("x", "y", "z"),)


def test_a_balanced_plan_has_the_precision_of_a_sample_and_balance_one():
    # With n readings of each of R reviewers, a contrast with the mean has variance
    # (1 - 1/R) / (n p (1 - p)) in log-odds.
    design = describe_design(balanced(), rate=RATE)

    expected = 1.959964 * sqrt((1 - 1 / 3) / 30 * RATE * (1 - RATE))
    assert design.balance == pytest.approx(1)
    assert design.severity.typical == pytest.approx(expected, rel=1e-6)
    assert design.severity.worst == pytest.approx(expected, rel=1e-6)
    assert design.department.worst == pytest.approx(expected, rel=1e-6)


def test_it_agrees_with_the_inverse_of_the_whole_information_matrix():
    # A second way: generalised inverse of the information on reviewers and departments together.
    pairs = [*zip("AABBCC", "xyyzxz", strict=True)]
    counts = dict(zip(pairs, (3, 7, 2, 9, 6, 4), strict=True))
    design = describe_design(grid(counts), rate=RATE)
    rows = np.zeros((sum(counts.values()), 6))
    for row, ((r, d), _) in zip(
        rows, [(pair, i) for pair, n in counts.items() for i in range(n)], strict=True
    ):
        row["ABC".index(r)] = row[3 + "xyz".index(d)] = 1
    inverse = np.linalg.pinv(rows.T @ rows * RATE * (1 - RATE))
    contrasts = np.eye(3) - 1 / 3
    variances = np.diag(contrasts @ inverse[:3, :3] @ contrasts)
    widths = 1.959964 * np.sqrt(variances) * RATE * (1 - RATE)

    assert design.severity.typical == pytest.approx(np.median(widths), rel=1e-6)
    assert design.severity.worst == pytest.approx(widths.max(), rel=1e-6)


def test_an_unbalanced_plan_keeps_less():
    skewed = {("A", "x"): 28, ("A", "y"): 2, ("B", "x"): 2, ("B", "y"): 28}

    assert describe_design(grid(skewed), rate=RATE).balance < 0.5


def test_shared_cases_join_their_readers():
    shared = [("A", "1"), ("B", "1"), ("B", "2"), ("C", "2"), ("D", "3"), ("E", "3"), ("F", "4")]
    design = describe_design([Given(r, c, "x") for r, c in shared], rate=RATE)

    assert (design.shared_cases, design.sharing, design.shared_parts) == (3, 5, 2)


def test_without_a_reading_there_is_no_design():
    assert describe_design([], rate=RATE) is None


@given(READINGS)
def test_order_and_names_change_nothing_and_all_is_in_bounds(readings):
    design = describe_design(readings, rate=RATE)

    assert describe_design(readings[::-1], rate=RATE).parts == design.parts
    assert sum(len(part) for part in design.parts) == design.departments
    assert (design.severity is None) == (not design.is_connected)
    if design.is_connected:
        assert 0 < design.balance <= 1
        assert 0 <= design.severity.typical <= design.severity.worst


@given(READINGS)
def test_every_reading_more_can_only_make_it_more_exact(readings):
    before = describe_design(readings, rate=RATE)
    after = describe_design([*readings, *readings], rate=RATE)

    if before.is_connected:
        assert after.severity.worst <= before.severity.worst + 1e-9
