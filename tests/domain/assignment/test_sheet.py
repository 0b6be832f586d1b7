import pytest

from peeraudit.domain.assignment.sheet import read_sheet, write_sheet
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.workflow import Turn

ROW = {"case": "K7QM-4WXR", "reading": "1", "reviewer": "a@b.example", "name": "Ève; Martin"}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_what_is_written_reads_back(delimiter):
    wishes = read_sheet(write_sheet([ROW, {**ROW, "reading": "2"}], delimiter=delimiter))

    assert [(w.line, w.case, w.turn, w.reviewer) for w in wishes] == [
        (2, "K7QM-4WXR", Turn.FIRST, "a@b.example"),
        (3, "K7QM-4WXR", Turn.SECOND, "a@b.example"),
    ]


def test_a_cell_is_never_a_formula():
    text = write_sheet([{**ROW, "name": "=HYPERLINK(1)"}, {**ROW, "reviewer": "+x@b.example"}])

    assert "'=HYPERLINK" in text
    assert read_sheet(text)[1].reviewer == "+x@b.example"


def test_columns_may_stand_in_any_order_and_empty_lines_are_passed_over():
    text = "\ufeffReviewer\tReading\tCase\r\n\r\na@b.example\tsecond\tC1\r\n"

    (wish,) = read_sheet(text)

    assert (wish.line, wish.case, wish.turn) == (3, "C1", Turn.SECOND)


@pytest.mark.parametrize(
    ("text", "word"),
    [("", "case"), ("case,reviewer\n", "reading"), ('case,reading,reviewer\n"a\x00', "Line")],
)
def test_a_table_that_cannot_be_read_says_why(text, word):
    with pytest.raises(InvalidInput) as refused:
        read_sheet(text.replace("\x00", '"' + "x" * 200_000))

    assert word in str(refused.value)


def test_an_unknown_reading_is_left_to_the_check():
    assert read_sheet("case,reading,reviewer\nC1,3,a@b.example\n")[0].turn is None
