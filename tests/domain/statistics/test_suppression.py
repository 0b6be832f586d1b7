import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.suppression import (
    DEPARTMENT,
    PUBLICATION,
    SELF_VIEW,
    Cell,
    Tier,
    complementary,
    primary_reasons,
)

cells = st.integers(0, 200).flatmap(
    lambda n: st.builds(
        Cell, st.just(n), st.integers(0, n), st.lists(st.integers(0, 60), max_size=7).map(tuple)
    )
)
EVEN = (30, 30, 30, 30, 30)


@pytest.mark.parametrize(
    ("cell", "tier", "reasons"),
    [
        (Cell(150, 6, EVEN), PUBLICATION, ()),
        (Cell(150, 0, EVEN), PUBLICATION, ()),
        (Cell(29, 6, (6, 6, 6, 6, 5)), PUBLICATION, ("N_LT_MIN",)),
        (Cell(150, 4, EVEN), PUBLICATION, ("X_LT_MIN",)),
        (Cell(150, 147, EVEN), PUBLICATION, ("COMPLEMENT_LT_MIN",)),
        (Cell(150, 150, EVEN), PUBLICATION, ("GROUP_DISCLOSURE",)),
        (Cell(150, 6, (50, 50, 50)), PUBLICATION, ("AUTHORS_LT_MIN",)),
        (Cell(150, 6, (130, 5, 5, 5, 5)), PUBLICATION, ("DOMINANCE",)),
        (Cell(0, 0, ()), PUBLICATION, ("NO_DATA",)),
        (Cell(10, 1, (4, 3, 3)), DEPARTMENT, ()),
        (Cell(9, 1, (9, 0, 0)), DEPARTMENT, ("N_LT_MIN", "AUTHORS_LT_MIN", "DOMINANCE")),
        (Cell(2, 2, (2,)), SELF_VIEW, ()),
        (Cell(0, 0, ()), SELF_VIEW, ("NO_DATA",)),
    ],
)
def test_cells_are_hidden_for_their_reasons(cell, tier, reasons):
    assert primary_reasons(cell, tier) == reasons


@given(cells, st.integers(0, 60), st.integers(0, 60))
def test_a_lower_minimum_never_hides_more(cell, low, more):
    def tier(n_min):
        return Tier(n_min=n_min, author_min=3, x_min=5, dominance=0.8)

    assert set(primary_reasons(cell, tier(low))) <= set(primary_reasons(cell, tier(low + more)))


def test_worked_example_of_a_table_with_totals():
    found = complementary([[20, 7, 3, 30], [15, 2, 18, 25], [40, 9, 12, 11]], [(0, 2), (1, 1)])
    assert [[int(cell) for cell in row] for row in found.hidden] == [
        [1, 1, 1, 0],
        [1, 1, 0, 0],
        [0, 1, 1, 0],
    ]
    assert [(r.cell, r.low, r.high) for r in found.audit] == [((0, 2), 0, 12), ((1, 1), 0, 12)]
    assert found.protected


def test_a_table_without_small_cells_hides_nothing():
    found = complementary([[20, 30], [40, 50]], [])
    assert found.hidden == ((False, False), (False, False))
    assert found.protected


def test_what_cannot_be_protected_is_said():
    found = complementary([[3, 0], [0, 0]], [(0, 0)])
    assert found.hidden == ((True, False), (False, False))
    assert not found.protected


def test_a_range_too_narrow_hides_one_more_cell():
    # The square around the 3 alone lets it vary by no more than 3.
    table = [[3, 1, 9], [2, 1, 9], [9, 9, 9]]
    found = complementary(table, [(0, 0)])
    assert sum(cell for row in found.hidden for cell in row) > 4
    assert found.protected


def test_ragged_tables_are_refused():
    with pytest.raises(ValueError, match="same number"):
        complementary([[1, 2], [3]], [])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4),
    st.sets(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=3),
)
def test_no_line_gives_its_hidden_cell_away(table, primary):
    found = complementary(table, primary)
    assert all(found.hidden[i][j] for i, j in primary)
    columns = (
        zip(table, found.hidden, strict=True),
        zip(zip(*table, strict=True), zip(*found.hidden, strict=True), strict=True),
    )
    for line, hidden in (pair for lines in columns for pair in lines):
        if sum(hidden) == 1:
            assert not any(n for n, gone in zip(line, hidden, strict=True) if not gone)
    for r in found.audit:
        assert r.low <= table[r.cell[0]][r.cell[1]] <= r.high
