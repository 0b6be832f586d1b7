import pytest

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.tables import read_table


def test_cells_are_found_whatever_separates_them():
    for text in ("A,b\n1, 2\n", "\ufeffa;B\n1;2\n", "a\tb\n1\t2\n", '"a","b"\n"1","2"\n'):
        columns, (line,) = read_table(text, needed=("a",))
        assert columns == ("a", "b")
        assert (line.number, line.values) == (2, {"a": "1", "b": "2"})


def test_blank_lines_keep_the_numbers_of_the_others():
    _, lines = read_table("a,b\n1,2\n\n,\n3\n", needed=())
    assert [(line.number, line.values["b"]) for line in lines] == [(2, "2"), (5, "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("a,b\n", "no line below"),
        ("a,c\n1,2\n", "lacks the column “b”"),
        ("a,b,b\n1,2,3\n", "column “b” twice"),
        ("a,b\n1,2,3\n", "Line 2 has more cells"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(text, words):
    with pytest.raises(InvalidInput, match=words):
        read_table(text, needed=("a", "b"))
