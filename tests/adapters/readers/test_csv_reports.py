from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.adapters.readers.columns import name_columns
from peeraudit.adapters.readers.csv_reports import read_csv, split_name
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.domain.errors import DomainError, InvalidInput
from peeraudit.domain.intake.reports import Accepted, Refused, content_hash

DERIVED = Path("../shared/data/reports/scout_derived")
FRENCH = (
    "N° examen;IPP;Nom;Prénom;Date de naissance;Examen;Date examen;Statut;Radiologue;Compte rendu\n"
    "A1;77;LEFÈVRE;Hélène;02/03/1941;Échographie abdominale;31/03/2026;Définitif;"
    'Dr DURAND Paul;"Foie normal ;\nrate normale."\n'
    "A2;78;PETIT;Luc;;IRM du genou;01/04/2026;;Paul Durand;Ménisque normal.\n"
)


def accepted(path: Path) -> list[Accepted]:
    return [item for item in read_csv(path, path.name) if isinstance(item, Accepted)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_french_table_is_read_in_every_encoding(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(FRENCH.replace("\n", newline).encode(encoding))

    first, second = accepted(path)

    assert first.report.text == "Foie normal ;\nrate normale."
    assert first.report.author is not None
    assert (first.report.author.last, first.report.author.first) == ("DURAND", "Paul")
    assert first.report.patient.names[0].last == "LEFÈVRE"
    assert (first.report.modality, first.report.region) == ("US", "abdomen")
    assert first.position.locator == "line 2"
    assert second.position.locator == "line 4"


def test_a_bad_line_never_loses_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "accession,performed,report_text\nA1,2026-01-01,Normal liver.\nA2,2026-01-01\n"
        ",2026-01-01,No name\n"
        "A4,2026-01-01,Normal spleen.\n"
    )

    items = list(read_csv(path, "x.csv"))

    assert [i.code if isinstance(i, Refused) else i.report.accession for i in items] == [
        "A1", "wrong_columns", "missing_accession", "A4",
    ]  # fmt: skip


def test_an_unclosed_quote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    body = "\n".join(f"A{n},2026-01-01,Normal liver number {n}." for n in range(40_000))
    path.write_text(f'accession,performed,report_text\nA0,2026-01-01,"Open\n{body}\n')

    codes = {item.code for item in read_csv(path, "x.csv") if isinstance(item, Refused)}

    assert codes & {"unreadable_line", "text_too_long"}


def test_month_first_is_a_property_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("accession,performed,report_text\nA1,03/04/2026,Normal\nA2,03/31/2026,Normal\n")

    assert [str(item.report.performed_on) for item in accepted(path)] == [
        "2026-03-04",
        "2026-03-31",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"hello\nworld\n", "is not known"),
        (b"%PDF-1.7 blah", "binary file (PDF)"),
        (bytes(range(256)) * 20, "holds no text"),
        (b"accession,exam_name\nA1,CT\n", "has no column report_text"),
    ],
)
def test_a_useless_file_is_refused_as_a_whole(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.dat"
    path.write_bytes(content)

    with pytest.raises(InvalidInput) as caught:
        open_reports(path, "x.dat")

    assert words in str(caught.value)


def test_a_wrong_declaration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("accession,report_text,performed\nA1,Normal,2026-01-01\n")

    with pytest.raises(InvalidInput, match="declared as hl7v2"):
        open_reports(path, "x.csv", "hl7v2")
    with pytest.raises(InvalidInput, match="Choose one of"):
        open_reports(path, "x.csv", "fax")


def test_columns_are_known_in_both_languages() -> None:
    found = name_columns(
        ["Numéro d'examen?", "Accession Number", "accession", "Compte-rendu", "DDN"]
    )
    assert found == ["accession", "", "", "report_text", "birth_date"]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Dr DURAND Paul", ("DURAND", "Paul")),
        ("Durand, Paul", ("Durand", "Paul")),
        ("Paul Durand", ("Durand", "Paul")),
        ("Durand", ("Durand", "")),
        ("", ("", "")),
    ],
)
def test_a_name_in_one_cell(written: str, parts: tuple[str, str]) -> None:
    assert split_name(written) == parts


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"accession,report_text,performed\n", b"MSH|^~\\&|"]),
)
def test_no_bytes_crash_a_reader(tmp_path: Path, tail: bytes, head: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(head + tail)
    try:
        _, items = open_reports(path, "x.bin")
        assert all(isinstance(item, Accepted | Refused) for item in items)
    except DomainError:
        return


@pytest.mark.skipif(not DERIVED.is_dir(), reason="the real reports of ../shared are absent")
def test_four_dialects_of_the_same_reports_agree() -> None:
    by_file = {
        path.name: {item.report.accession: content_hash(item.report) for item in accepted(path)}
        for path in sorted(DERIVED.glob("*.csv"))
    }
    whole = by_file.pop("reports.csv")

    assert len(whole) == 224
    assert [len(found) for found in by_file.values()] == [25, 25, 25]
    assert all(found.items() <= whole.items() for found in by_file.values())
