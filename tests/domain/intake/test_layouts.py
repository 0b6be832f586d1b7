import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidFields, InvalidInput
from peeraudit.domain.intake.headings import DATES, FIELD_NAMES, REPEATING
from peeraudit.domain.intake.layouts import (
    DELIMITERS,
    ENCODINGS,
    TableLayout,
    as_order,
    label_of,
)

GOOD = TableLayout(
    "csv", "utf-8", ",", '"',
    headings=("Acc", "Day", "Text"), columns=("accession", "observed", "report_text"),
    dates={"observed": "year_first"},
)  # fmt: skip
layouts = st.builds(
    TableLayout,
    kind=st.sampled_from(["csv", "xlsx"]),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(DELIMITERS),
    quote=st.just('"'),
    sheet=st.text(max_size=31),
    header_row=st.integers(0, 40),
    headings=st.lists(st.text(max_size=30), max_size=6).map(tuple),
    columns=st.lists(st.sampled_from(["", *sorted(FIELD_NAMES)]), max_size=6).map(tuple),
    dates=st.dictionaries(st.sampled_from(DATES), st.sampled_from(["ask", "day_first", "excel"])),
)


@given(layouts)
def test_a_layout_comes_back_from_json(layout: TableLayout) -> None:
    assert TableLayout.from_json(layout.to_json()) == layout


@given(st.text(max_size=60) | layouts.map(lambda layout: layout.to_json()[:-2] + "!}"))
def test_other_json_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput, match="description"):
        TableLayout.from_json(text)


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "3", '{"kind": "pdf"}', '{"kind": "csv", "columns": "accession"}',
     '{"kind": "csv", "header_row": -1}', '{"kind": "csv", "dates": {"observed": "never"}}',
     '{"kind": "csv", "surprise": 1}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"):
        TableLayout.from_json(text)


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (("", "observed", "report_text"), "Accession number"),
        (("accession", "observed", ""), "Text of the report"),
        (("accession", "", "report_text"), "Date of the examination"),
        (("", "", ""), "Accession number"),
    ],
)
def test_a_missing_field_is_named(columns: tuple[str, ...], missing: str) -> None:
    with pytest.raises(InvalidInput, match=f"said to hold “{missing}”"):
        GOOD.with_columns(columns).validate()


def test_a_frame_needs_no_text() -> None:
    frame = GOOD.with_columns(("accession", "reported", ""))

    frame.validate(frame_only=True)
    assert frame.missing == ("report_text",)
    assert frame.questions == ("reported",)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"encoding": "klingon"}, "encoding"),
        ({"delimiter": "x"}, "delimiter"),
        ({"columns": ()}, "columns"),
        ({"columns": ("accession", "observed")}, "columns"),
        ({"columns": ("accession", "observed", "surprise")}, "columns"),
        ({"columns": ("accession", "accession", "report_text")}, "columns"),
    ],
)
def test_what_is_not_possible_is_told_by_its_part(change: dict[str, object], part: str) -> None:
    values = {name: getattr(GOOD, name) for name in GOOD.__slots__} | change

    with pytest.raises(InvalidFields) as caught:
        TableLayout(**values).validate()  # type: ignore[arg-type]

    assert set(caught.value.fields) == {part}


def test_fields_that_repeat_may_repeat() -> None:
    columns = ("accession", "observed", "report_text", "clinician", "clinician")
    layout = TableLayout("csv", "utf-8", ",", '"', header_row=0, columns=columns)

    layout.validate()
    assert "clinician" in REPEATING


def test_names_and_orders_are_known() -> None:
    assert label_of("accession") == "Accession number"
    assert as_order("excel") == "excel"
    with pytest.raises(InvalidInput, match="Choose one of"):
        as_order("sometimes")
