import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics import agreement_patterns
from peeraudit.domain.statistics.agreement_patterns import compress_ratings, count_patterns

tables = st.integers(0, 5).flatmap(
    lambda readers: st.lists(
        st.lists(st.integers(-1, 3), min_size=readers, max_size=readers), max_size=30
    ).map(lambda rows: (readers, rows))
)


def counted(rows):
    return count_patterns([[s for s in row if s >= 0] for row in rows], categories=4)


@settings(deadline=None)
@given(tables)
def test_a_table_is_compressed_as_its_rows_are(given_table):
    readers, rows = given_table
    whole = np.array(rows, dtype=np.int64).reshape(len(rows), readers)
    expected = counted(rows)
    assert compress_ratings(whole, categories=4) == expected
    with_gaps = np.where(whole < 0, np.nan, whole)
    assert compress_ratings(with_gaps, categories=4) == expected


@pytest.mark.parametrize(("table", "widest"), [(0, 1 << 62), (0, 1)])
def test_neither_sorting_nor_listing_changes_the_patterns(monkeypatch, table, widest):
    rows = np.random.Generator(np.random.PCG64(1)).integers(-1, 4, size=(500, 4))
    expected = counted(rows.tolist())
    monkeypatch.setattr(agreement_patterns, "TABLE", table)
    monkeypatch.setattr(agreement_patterns, "WIDEST", widest)
    monkeypatch.setattr(agreement_patterns, "BLOCK", 64)
    assert compress_ratings(rows, categories=4) == expected


def test_many_readers_and_categories_do_not_overflow():
    rows = np.tile(np.arange(10), (3, 4))
    assert compress_ratings(rows, categories=10) == {(4,) * 10: 3}
    rows = np.tile(np.arange(20), (2, 2))
    assert compress_ratings(rows, categories=20) == {(2,) * 20: 2}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[0, 1], [1, 4]], "row 2, column 2: 4"),
        ([[0.5, 1.0]], r"row 1, column 1: 0\.5"),
        ([[0.0, -1.0]], r"row 1, column 2: -1\.0"),
    ],
)
def test_what_is_no_category_is_named_by_row_and_column(rows, words):
    with pytest.raises(ValueError, match=words):
        compress_ratings(np.array(rows), categories=4)


def test_a_single_line_of_readings_is_refused():
    with pytest.raises(ValueError, match="table of items by readers"):
        compress_ratings(np.array([0, 1]), categories=2)
