"""Rows of separated values: read quickly where all is in order, carefully where it is not."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peeraudit.adapters.readers import rows
from peeraudit.adapters.readers.rows import Dialect, read_rows

DIALECT = Dialect(",")
CELLS = st.text(alphabet='ab,"\n é\u2028', max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8)
ODD = st.lists(
    st.sampled_from(["a", "b", ",", '"', '""', "\n", "\r\n", "\r", '",', ',"', '"\n', "é"]),
    max_size=40,
).map("".join)


def read(text, piece=rows._PIECE, *, is_careful=False):
    def has_two(cells):
        return len(cells) == 2

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_PIECE", piece)
        if is_careful:
            patch.setattr(rows, "_plain_rows", lambda lines, dialect: iter(()))
        return list(read_rows(StringIO(text, newline=""), DIALECT, has_two))


@given(table=TABLES, piece=st.integers(1, 40), end=st.sampled_from(["\n", "\r\n"]))
def test_what_a_table_holds_is_read_wherever_its_pieces_end(table, piece, end):
    text = StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(table)

    found = read(text.getvalue(), piece)

    assert [one.cells for one in found] == table
    assert not any(one.code for one in found)


@given(text=ODD, piece=st.integers(1, 40))
@example(text='a,"b\nb,a\na,"b"\n', piece=40)
@example(text='a,b"\n"a"b,\n', piece=3)
@example(text='"a\r","b"\r\n\r\nb,a', piece=4)
def test_odd_rows_are_read_as_if_each_were_looked_at_with_care(text, piece):
    assert read(text, piece) == read(text, is_careful=True)


def test_a_quick_row_tells_the_line_on_which_it_begins():
    found = read('a,b\r\n"one\ntwo",c\r\n\r\nd,e\r\n')

    assert [one.line for one in found] == [1, 2, 4, 5]


def test_a_row_that_a_stray_mark_would_swallow_is_found_though_it_ends_further_down():
    found = read('a,"\n-\nb,"one\ntwo"\nc,d\n')

    assert [(one.line, one.cells, one.code) for one in found] == [
        (1, (), "unclosed_quote"),
        (3, ["b", "one\ntwo"], ""),
        (5, ["c", "d"], ""),
    ]
