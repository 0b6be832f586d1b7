import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tracemalloc import get_traced_memory, start, stop

import pytest
from openpyxl import Workbook, load_workbook

from peeraudit.adapters.readers import archives
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.layouts import guess_layout
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.reports import Accepted, Item, Refused

HEADINGS = ["N° examen", "Date examen", "Radiologue", "Compte rendu"]
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
ROWS = [
    [7795083283, date(2026, 3, 31), "Dr DURAND Paul", "Foie normal.\nRate normale."],
    [
        "A2",
        datetime(2026, 4, 1, 14, 25, tzinfo=UTC).replace(tzinfo=None),
        "Dr DURAND Paul",
        "IRM : normale.",
    ],
]


def saved(tmp_path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "export.xlsx"
    book.save(path)
    return path


SHARED = "xl/sharedStrings.xml"
TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def as_excel_writes(path: Path, head: bytes = b"", encoding: str = "utf-8") -> Path:
    """The same workbook with its texts in the table of shared strings."""
    target = path.with_name("shared.xlsx")
    texts: list[bytes] = []

    def share(found: re.Match[bytes]) -> bytes:
        texts.append(b"<si><r><t>" + found[1] + b"</t></r></si>")
        return b' t="s"><v>%d</v></c>' % (len(texts) - 1)

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", 8) as changed:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = INLINE.sub(share, content)
            changed.writestr(name, content.replace(b"</Types>", TYPE))
        table = (
            b'<?xml version="1.0" encoding="%s"?>' % encoding.encode() + head
            + b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + b"".join(texts) + b"</sst>"
        )  # fmt: skip
        changed.writestr(SHARED, table.decode().encode(encoding))
    return target


INLINE = re.compile(rb' t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', re.DOTALL)


def read(path: Path) -> list[Item]:
    found, items = open_reports(path, path.name)
    assert found == "xlsx"
    return list(items)


def told(items: list[Item]) -> list[str]:
    return [i.report.accession if isinstance(i, Accepted) else i.code for i in items]


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """A workbook of which one part says something else."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            content = source.read(name)
            changed.writestr(name, content.replace(old, new) if name == part else content)
    return target


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    first, second = read(saved(tmp_path, Export=[["Export RIS"], [], HEADINGS, *ROWS]))

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first.report.accession, str(first.report.performed_on)) == ("7795083283", "2026-03-31")
    assert first.report.text == "Foie normal.\nRate normale."
    assert first.report.author is not None
    assert first.report.author.last == "DURAND"
    assert first.position.locator == "line 4"
    assert str(second.report.performed_on) == "2026-04-01"


def test_the_sheet_that_fits_is_taken_and_named(tmp_path: Path) -> None:
    path = saved(tmp_path, Lisezmoi=[["Bonjour"]], Juin=[HEADINGS, *ROWS], Codes=[["Code", "CT"]])

    items = read(path)
    guess = guess_layout(path)

    assert told(items) == ["7795083283", "A2"]
    assert items[0].position.locator == "line 2, Juin"
    assert (guess.layout.sheet, guess.sheets) == ("Juin", ("Lisezmoi", "Juin", "Codes"))
    assert guess.layout.dates == {"observed": "year_first"}
    with pytest.raises(InvalidInput, match="Choose one of: Lisezmoi"):
        open_reports(path, path.name, layout=replace(guess.layout, sheet="Mai"))


def test_formulas_give_what_was_stored_and_are_never_run(tmp_path: Path) -> None:
    formula = [["=1+1", date(2026, 3, 31), "", "Foie normal."], *ROWS]
    path = saved(tmp_path, Export=[HEADINGS, *formula])
    computed = rewritten(
        path, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v />", b"<f>1+1</f><v>4711</v>"
    )

    assert told(read(path)) == ["uncomputed_formula", "7795083283", "A2"]
    assert read(path)[0].position.locator == "line 2, N° examen"
    assert told(read(computed)) == ["4711", "7795083283", "A2"]


def test_bare_day_numbers_are_dates(tmp_path: Path) -> None:
    path = saved(
        tmp_path, Export=[HEADINGS, ["A1", 46112, "", "Foie."], ["A2", 46112.6, "", "Rate."]]
    )

    days = [str(i.report.performed_on) for i in read(path) if isinstance(i, Accepted)]

    assert days == ["2026-03-31", "2026-03-31"]


def test_a_number_longer_than_a_spreadsheet_keeps_is_refused(tmp_path: Path) -> None:
    rows = [[1.2345678901234567e19, date(2026, 3, 31), "", "Foie normal."], *ROWS]

    assert told(read(saved(tmp_path, Export=[HEADINGS, *rows]))) == [
        "rounded_number", "7795083283", "A2",
    ]  # fmt: skip


def test_a_bad_cell_costs_its_row_and_no_other(tmp_path: Path) -> None:
    path = saved(tmp_path, Export=[HEADINGS, ["A1", "2026-01-01", "", "Foie."], *ROWS])
    shared = as_excel_writes(path)
    broken = rewritten(shared, "xl/worksheets/sheet1.xml", b"<v>4<", b"<v>999999<")

    assert told(read(broken)) == ["unreadable_cell", "7795083283", "A2"]


def test_a_sheet_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = saved(tmp_path, Export=[HEADINGS, *ROWS])
    broken = rewritten(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"<row r='4'><c><v>&")

    assert told(read(broken)) == ["7795083283", "A2", "broken_workbook"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_resolved(tmp_path: Path, encoding: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = saved(tmp_path, Export=[HEADINGS, *ROWS])

    assert told(read(as_excel_writes(path, b"", encoding))) == ["7795083283", "A2"]
    with pytest.raises(InvalidInput, match="cannot be read as a workbook"):
        open_reports(as_excel_writes(path, laughs, encoding), "laughs.xlsx")


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)

    with pytest.raises(InvalidInput, match="would unpack to 50 megabytes"):
        open_reports(bomb, "bomb.xlsx")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)

    with pytest.raises(InvalidInput, match="Send the files one by one"):
        open_reports(saved(tmp_path, Export=[HEADINGS, *ROWS]), "x.xlsx")


def test_one_endless_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, Export=[HEADINGS, *ROWS])
    monkeypatch.setattr(archives, "MAX_MARKUP_GAP", 10)

    with pytest.raises(InvalidInput, match="cannot be read as a workbook"):
        open_reports(path, "x.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "save it as XLSX"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged archive or workbook"),
    ],
)
def test_other_workbooks_are_refused_with_what_to_do(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "book.xls"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=words):
        open_reports(path, "book.xls")


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, Export=[HEADINGS, *ROWS])
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)

    with pytest.raises(InvalidInput, match="protected by a password"):
        open_reports(path, "x.xlsx")


def peak_of_reading(tmp_path: Path, count: int) -> int:
    text = "The liver is normal in size and contour. " * 40
    rows = [[f"A{n}", "2026-01-01", "Dr DURAND", f"{n} {text}"] for n in range(count)]
    path = as_excel_writes(saved(tmp_path, Export=[HEADINGS, *rows]))
    del rows
    start()
    kept = sum(isinstance(item, Accepted) for item in open_reports(path, "x.xlsx")[1])
    peak = get_traced_memory()[1]
    stop()
    assert kept == count
    return peak


def test_memory_hardly_grows_with_the_texts(tmp_path: Path) -> None:
    less, more = (peak_of_reading(tmp_path, count) for count in (500, 3_500))

    # Three thousand texts of 1,640 characters more.
    assert more - less < 3_000 * 1_640 / 3


def test_a_refused_row_names_its_sheet(tmp_path: Path) -> None:
    path = saved(tmp_path, A=[HEADINGS, ["A1", "soon", "", "Foie."]], B=[["x"]])

    (item,) = read(path)

    assert isinstance(item, Refused)
    assert item.position.locator == "line 2, A-Date examen"


class TestSeveralSheets:
    def test_a_sheet_for_each_month_is_read_like_the_others(self, tmp_path: Path) -> None:
        path = saved(
            tmp_path,
            Janvier=[HEADINGS, ROWS[0]],
            Notes=[["Export du RIS"]],
            Février=[["Radiologie"], [], HEADINGS, ROWS[1]],
        )

        items = list(open_reports(path, path.name)[1])

        assert [i.position.locator for i in items] == ["line 2, Janvier", "line 4, Février"]
        assert all(isinstance(i, Accepted) for i in items)

    def test_a_hidden_sheet_is_told_while_another_holds_reports(self, tmp_path: Path) -> None:
        path = saved(tmp_path, Janvier=[HEADINGS, ROWS[0]], Vieux=[HEADINGS, *ROWS, *ROWS])
        book = load_workbook(path)
        book["Vieux"].sheet_state = "hidden"
        book.save(path)

        items = list(open_reports(path, path.name)[1])

        assert [i.position.locator for i in items] == ["line 2, Janvier", "line 1, Vieux"]
        assert told(items) == ["7795083283", "sheet_hidden"]
        assert isinstance(items[1], Refused)
        assert items[1].params == {"lines": 5}

    def test_a_sheet_that_somebody_left_out_is_told(self, tmp_path: Path) -> None:
        path = saved(tmp_path, Janvier=[HEADINGS, ROWS[0]], Février=[HEADINGS, ROWS[1]])
        every = guess_layout(path).layout

        assert every.sheet == ""
        for chosen in (replace(every, left_out=("Janvier",)), replace(every, sheet="Février")):
            found = list(open_reports(path, path.name, layout=chosen)[1])
            code = "sheet_left_out" if chosen.left_out else "sheet_unread"
            assert told(found) == [code, "A2"]
            assert [i.position.locator for i in found] == ["line 1, Janvier", "line 2, Février"]

    def test_sheets_with_other_headings_are_read_by_their_own(self, tmp_path: Path) -> None:
        other = [["Texte", "Accession", "Date"], ["Rein normal.", "B1", date(2026, 4, 2)]]
        path = saved(
            tmp_path, Scanner=[HEADINGS, ROWS[0]], Vide=[], IRM=[[], ["IRM"], *other],
            Radio=[HEADINGS, ROWS[1]], Doppler=other,
        )  # fmt: skip

        guess = guess_layout(path)
        items = list(open_reports(path, path.name)[1])

        assert [(plan.name, plan.kind) for plan in guess.plans] == [
            ("Scanner", 0), ("Vide", None), ("IRM", 1), ("Radio", 0), ("Doppler", 1),
        ]  # fmt: skip
        assert [part.columns for part in guess.layout.more] == [
            ("report_text", "accession", "observed")
        ]
        assert (guess.layout.bare, guess.layout.left_out) == (("Vide",), ())
        assert TableLayout.from_json(guess.layout.to_json()) == guess.layout
        for found in (items, list(open_reports(path, path.name, layout=guess.layout)[1])):
            assert told(found) == ["7795083283", "B1", "A2", "B1"]
            assert [i.position.locator for i in found] == [
                "line 2, Scanner", "line 4, IRM", "line 2, Radio", "line 2, Doppler",
            ]  # fmt: skip

    def test_a_table_that_cannot_be_read_is_told_and_a_legend_is_not(self, tmp_path: Path) -> None:
        table = [["Code", "Libellé", "Tarif", "Note"], ["1", "a", "7", "x"], ["2", "b", "8", "y"]]
        legend = [["CT", "Scanner"], ["MR", "IRM"], ["CR", "Radiographie"]]
        path = saved(tmp_path, Tarifs=table, Juin=[HEADINGS, *ROWS], Codes=legend)

        items = list(open_reports(path, path.name)[1])

        assert told(items) == ["sheet_unread", "7795083283", "A2"]
        assert items[0].position.locator == "line 1, Tarifs"

    def test_what_may_be_a_report_above_the_headings_is_told(self, tmp_path: Path) -> None:
        above = ["A0", date(2026, 3, 1), "Dr DURAND Paul", "Rein normal."]
        items = read(saved(tmp_path, Juin=[["Export"], above, HEADINGS, *ROWS]))

        assert told(items) == ["above_headings", "7795083283", "A2"]
        assert items[0].position.locator == "line 2"

    def test_what_was_read_is_passed_over_sheet_by_sheet(self, tmp_path: Path) -> None:
        table = [["Code", "Libellé", "Tarif"], ["1", "a", "7"], ["2", "b", "8"]]
        path = saved(tmp_path, Tarifs=table, Mai=[HEADINGS, ROWS[0]], Juin=[HEADINGS, ROWS[1]])

        items = open_reports(path, path.name)[1]

        assert pass_over(items, 2) == 2
        assert told(list(items)) == ["A2"]

    def test_dates_are_judged_over_all_of_them(self, tmp_path: Path) -> None:
        head = ["accession", "performed", "report_text"]
        first, second = ([head, ["A1", day, "Foie."]] for day in ("03/04/2026", "31/03/2026"))

        assert guess_layout(saved(tmp_path, A=first, B=second)).layout.dates == {
            "observed": "day_first"
        }
