import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from peeraudit.domain.statistics import linked_tables
from peeraudit.domain.statistics.linked_tables import hide, is_wide, protect
from peeraudit.domain.statistics.suppression import PUBLICATION, SELF_VIEW, Tier, complementary
from peeraudit.domain.statistics.windows import Window, find_differencing

MODALITIES = {("modality", code): n for code, n in (("CT", 80), ("MR", 40), ("XR", 4))}
SITES = {("site", code): n for code, n in (("A", 70), ("B", 50), ("C", 4))}


def test_tables_that_share_a_total_are_protected_each():
    cells = MODALITIES | SITES
    found = protect(cells, [list(MODALITIES), list(SITES)], [("modality", "XR")])
    assert found.hidden == {("modality", "XR"), ("modality", "MR")}
    assert found.protected


def test_a_cell_in_two_tables_is_hidden_in_both():
    # The two lines are one department's modalities and one modality's departments.
    cells = {"a-CT": 30, "a-MR": 3, "b-MR": 25, "c-MR": 40}
    found = protect(cells, [["a-CT", "a-MR"], ["a-MR", "b-MR", "c-MR"]], ["a-MR"])
    assert found.hidden == {"a-MR", "a-CT", "b-MR"}


def test_a_cell_of_no_published_total_cannot_be_inferred():
    found = protect({"a": 3, "b": 9}, [["b"]], ["a"])
    assert found.audit == (("a", 0.0, float("inf")),)
    assert found.hidden == {"a"}


def test_names_that_are_no_cells_are_refused():
    with pytest.raises(KeyError, match="no cell z"):
        protect({"a": 3}, [["a", "z"]], [])
    with pytest.raises(KeyError, match="no cell z"):
        protect({"a": 3}, [["a"]], ["z"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=2),
    st.sets(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=2),
)
def test_the_audit_is_what_trying_every_table_finds(table, primary):
    found = complementary(table, primary)
    hidden = [(i, j) for i in range(2) for j in range(2) if found.hidden[i][j]]
    rows, columns = [sum(r) for r in table], [sum(c) for c in zip(*table, strict=True)]
    possible = []
    for values in itertools.product(range(9), repeat=len(hidden)):
        guess = [list(row) for row in table]
        for (i, j), value in zip(hidden, values, strict=True):
            guess[i][j] = value
        fits = [sum(r) for r in guess] == rows
        if fits and [sum(c) for c in zip(*guess, strict=True)] == columns:
            possible.append(guess)
    for r in found.audit:
        values = [guess[r.cell[0]][r.cell[1]] for guess in possible]
        assert (r.low, r.high) == (min(values), max(values))


def month(n, x, authors=6):
    return {f"a{k}": (n // authors, x if k == 0 else 0) for k in range(authors)}


class TestWindows:
    def test_a_rolling_quarter_gives_a_small_month_away(self):
        months = [month(60, 6), month(12, 0), month(60, 7), month(60, 6), month(60, 6)]
        found = find_differencing(months, [Window(0, 2), Window(1, 3), Window(2, 4)], PUBLICATION)
        assert [(f.larger, f.smaller, f.periods) for f in found] == [
            (Window(1, 3), Window(2, 4), (1,)),
        ]
        assert found[0].reasons == ("N_LT_MIN",)

    def test_windows_that_share_nothing_hide_nothing(self):
        months = [month(12, 1)] * 4
        assert find_differencing(months, [Window(0, 1), Window(2, 3)], PUBLICATION) == []

    def test_large_months_may_be_subtracted(self):
        months = [month(60, 6)] * 5
        windows = [Window(0, 2), Window(1, 3), Window(2, 4)]
        assert find_differencing(months, windows, PUBLICATION) == []

    def test_a_month_of_one_author_is_found_though_it_is_large(self):
        months = [month(60, 6), {"a0": (60, 6)}, month(60, 6)]
        (found, *_) = find_differencing(months, [Window(0, 1), Window(0, 0)], PUBLICATION)
        assert found.reasons == ("AUTHORS_LT_MIN", "DOMINANCE")

    @given(
        st.lists(st.integers(0, 90), min_size=3, max_size=5),
        st.integers(0, 40),
        st.integers(0, 40),
    )
    def test_a_lower_minimum_never_forbids_more(self, sizes, low, more):
        months = [month(6 * n, 0) for n in sizes]
        windows = [Window(0, 1), Window(1, 2)]

        def pairs(n_min):
            tier = Tier(n_min=n_min, author_min=0, x_min=0, dominance=1.0)
            return {(f.larger, f.smaller) for f in find_differencing(months, windows, tier)}

        assert pairs(low) <= pairs(low + more)

    def test_a_view_of_one_s_own_forbids_nothing(self):
        assert find_differencing([month(6, 6)] * 3, [Window(0, 1), Window(1, 2)], SELF_VIEW) == []


def hidden_one_by_one(cells, lines, primary):
    """Hide as S10.02 is written: each primary cell is measured again after each that is hidden."""
    hidden = set(primary)
    while True:
        lonely = True
        while lonely:
            lonely = False
            for line in lines:
                found = open_in(cells, hidden, line) if len(hidden & set(line)) == 1 else []
                hidden |= {min(found)[1]} if found else set()
                lonely = lonely or bool(found)
        narrow = [
            name for name in sorted(primary) if not is_wide(*ends(cells, lines, hidden, name))
        ]
        around = [[n for line in lines if name in line for n in line] for name in narrow]
        more = [min(found) for names in around if (found := open_in(cells, hidden, names))]
        if not more:
            return hidden
        hidden.add(more[0][1])


def open_in(cells, hidden, names):
    return [(cells[name], name) for name in names if cells[name] and name not in hidden]


def ends(cells, lines, hidden, target):
    """Return the least and the greatest count of a cell among all tables that fit."""
    names = sorted(hidden)
    kept = [[float(name in line) for name in names] for line in lines]
    sums = [sum(cells[name] for name in names if name in line) for line in lines]
    aim = [float(name == target) for name in names]
    solved = [
        optimize.linprog([sign * a for a in aim], A_eq=kept or None, b_eq=sums or None)
        for sign in (1, -1)
    ]
    return tuple(
        s.fun * sign if s.status == 0 else math.inf for s, sign in zip(solved, (1, -1), strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_few_programmes_hide_what_many_would(data):
    width = data.draw(st.integers(1, 4))
    counts = st.lists(st.sampled_from([0, 1, 2, 4, 9, 15]), min_size=width, max_size=width)
    table = data.draw(st.lists(counts, min_size=1, max_size=4))
    cells = {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row)}
    rows = [[(i, j) for j in range(width)] for i in range(len(table))]
    lines = rows + [[row[j] for row in rows] for j in range(width)]
    primary = data.draw(st.sets(st.sampled_from(sorted(cells)), max_size=4))

    assert hide(cells, lines, primary) == hidden_one_by_one(cells, lines, primary)


def test_a_large_table_takes_few_programmes(monkeypatch):
    calls = []
    solve = linked_tables.linprog
    monkeypatch.setattr(linked_tables, "linprog", lambda *a, **k: calls.append(1) or solve(*a, **k))
    sizes = [0, 3, 8, 15, 20, 28, 35, 60]
    cells = {(i, j): sizes[(i * 7 + j * j * 3 + i * j) % 8] for i in range(300) for j in range(6)}
    rows = [[(i, j) for j in range(6)] for i in range(300)]
    lines = rows + [[row[j] for row in rows] for j in range(6)]
    primary = [name for name, count in cells.items() if 0 < count < 30]

    hidden = hide(cells, lines, primary)

    assert hidden >= set(primary)
    assert len(primary) > 1000
    assert len(calls) <= 40
