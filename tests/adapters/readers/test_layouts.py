from pathlib import Path

import pytest

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.drafts import Fixed
from peeraudit.adapters.readers.layouts import guess_layout
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.reports import Accepted

TABLE = (
    "Export RIS du 02/04/2026\n\n"
    "N° examen;Date de l’examen;Radiologue;Compte rendu;Remarque\n"
    "A1;03/04/2026;Dr DURAND Paul;Foie normal;rien\n"
    "A2;31/03/2026;Dr DURAND Paul;Rate normale;rien\n"
)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_below_a_title_is_understood(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE)

    guess = guess_layout(path)

    layout = guess.layout
    assert (layout.kind, layout.delimiter, layout.header_row) == ("csv", ";", 3)
    assert layout.columns == ("accession", "observed", "author_name", "report_text", "")
    assert layout.dates == {"observed": "day_first"}
    assert guess.preview[0] == ("A1", "03/04/2026", "Dr DURAND Paul", "Foie normal", "rien")
    assert 0.8 < guess.confidence <= 1
    assert [str(doubt) for doubt in guess.doubts] == ["These columns are not read: Remarque."]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "mac-roman", "cp850"]
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = TABLE.replace(
        "normal",
        "échogène, élargi à côté : pas d'œdème"
        if encoding not in {"cp850"}
        else "échogène, élargi à côté, ça",
    )
    path = written(tmp_path, text.replace("’", "'"), encoding)

    guess = guess_layout(path)

    assert guess.layout.encoding == encoding
    assert guess.layout.headings[0] == "N° examen"
    assert guess.layout.missing == ()


def test_latin_15_differs_from_latin_1_by_its_oe(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE.replace("’", "'").replace("Foie", "Cœur, œdème"), "iso8859-15")

    assert guess_layout(path).layout.encoding == "iso8859-15"


def test_a_few_broken_bytes_do_not_spoil_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    line = "A3;01/04/2026;Dr DURAND Paul;Échographie normale, sans épanchement;rien\n"
    path.write_bytes((TABLE + line * 5).encode() + line.encode("cp1252"))

    _, items = open_reports(path, path.name)
    texts = [item.report.text for item in items if isinstance(item, Accepted)]

    assert set(texts[2:]) == {"Échographie normale, sans épanchement"}


@pytest.mark.parametrize(
    ("headings", "dates", "order"),
    [
        ("accession,performed,text", ["03/04/2026"], "ask"),
        ("accession,performed,text", ["03/04/2026", "13/04/2026"], "day_first"),
        ("accession,performed,text", ["03/04/2026", "04/13/2026"], "month_first"),
        ("accession,performed,text", ["03/04/2026", "04/13/2026", "13/04/2026"], "ask"),
        ("accession,performed (dd/mm/yyyy),text", ["03/04/2026"], "day_first"),
        ("accession,performed (mm/dd/yyyy),text", ["03/04/2026"], "month_first"),
        ("N° examen,Date examen,Compte rendu", ["03/04/2026"], "day_first"),
        ("accession,performed,text", ["46112", "46113.5"], "excel"),
        # Years alone are no counts of days.
        ("accession,performed,text", ["2025", "2026"], "year_first"),
        ("accession,performed,text", ["2026-04-03", "20260403"], "year_first"),
    ],
)
def test_dates_are_judged_over_the_whole_column(
    tmp_path: Path, headings: str, dates: list[str], order: str
) -> None:
    rows = "".join(f"A{n},{date},Normal.\n" for n, date in enumerate(dates))
    guess = guess_layout(written(tmp_path, f"{headings}\n{rows}"))

    assert guess.layout.dates == {"observed": order}
    assert guess.layout.questions == (("observed",) if order == "ask" else ())


def test_one_far_row_decides_on_the_dates(tmp_path: Path) -> None:
    rows = "".join(f"A{n},03/04/2026,Normal.\n" for n in range(7_000))
    path = written(tmp_path, f"accession,performed,text\n{rows}Z,04/13/2026,Normal.\n")

    assert guess_layout(path).layout.dates == {"observed": "month_first"}


def test_another_date_column_of_the_same_table_helps(tmp_path: Path) -> None:
    path = written(tmp_path, "accession,performed,dob,text\nA1,03/04/2026,12/25/1950,Normal.\n")

    assert guess_layout(path).layout.dates == {
        "observed": "month_first",
        "birth_date": "month_first",
    }


def test_what_a_person_said_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\nx|y;z\nAccession|Date|Texte\nA1|2026-01-01|Normal\n")

    guess = guess_layout(path, fixed=Fixed(delimiter="|", header_row=3, encoding="latin-1"))

    assert guess.layout.headings == ("Accession", "Date", "Texte")
    assert (guess.layout.encoding, guess.layout.missing) == ("latin-1", ())


def test_unknown_headings_are_proposed_by_their_contents(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},CR-{n:06},2026-01-{n:02},CT,The liver and the spleen are normal in size and shape,"
        f" number {n}.\n".replace("shape,", "shape;")
        for n in range(10, 20)
    )
    path = written(tmp_path, f"row,k1,k2,k3,k4\n{rows}")

    guess = guess_layout(path)

    assert guess.layout.columns == ("", "accession", "observed", "modality", "report_text")
    with pytest.raises(InvalidInput, match="is not known"):
        open_reports(path, path.name)
    _, items = open_reports(path, path.name, layout=guess.layout)
    assert sum(isinstance(item, Accepted) for item in items) == 10


def test_a_table_without_headings_is_read_by_a_given_layout(tmp_path: Path) -> None:
    path = written(tmp_path, "A1,01/02/2026,Normal liver.\nA2,01/02/2026,Normal spleen.\n")
    layout = TableLayout(
        "csv", "utf-8", ",", '"', header_row=0, columns=("accession", "observed", "report_text"),
        dates={"observed": "month_first"},
    )  # fmt: skip

    _, items = open_reports(path, path.name, layout=TableLayout.from_json(layout.to_json()))

    days = [str(i.report.performed_on) for i in items if isinstance(i, Accepted)]
    assert days == ["2026-01-02", "2026-01-02"]


def test_a_corrected_layout_is_remembered_for_the_next_export(tmp_path: Path) -> None:
    first = "key,when,what,more\nA1,03/04/2026,Normal liver.,x\n"
    guess = guess_layout(written(tmp_path, first))
    corrected = guess.layout.with_columns(("accession", "observed", "report_text", ""))
    corrected = corrected.with_dates({"observed": "month_first"})
    corrected.validate()

    reordered = "when;key;new;more;what\n03/05/2026;A2;1;x;Normal spleen.\n"
    again = guess_layout(written(tmp_path, reordered), remembered=[corrected])

    assert again.remembered
    assert again.layout.columns == ("observed", "accession", "", "", "report_text")
    assert again.layout.dates == {"observed": "month_first"}
    assert guess_layout(written(tmp_path, TABLE), remembered=[corrected]).remembered is False


def test_no_layout_is_taken_for_a_feed_of_messages(tmp_path: Path) -> None:
    path = written(tmp_path, "MSH|^~\\&|RIS|HOP\r")
    layout = TableLayout("csv", "utf-8", ",", '"', columns=("accession",))

    with pytest.raises(InvalidInput, match="no table"):
        open_reports(path, path.name, "hl7v2", layout=layout)
