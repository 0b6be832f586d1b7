from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.domain.errors import DomainError, InvalidInput
from peeraudit.domain.intake.reports import Accepted, Item, Refused, content_hash

DERIVED = Path("../shared/data/reports/scout_derived")
FRENCH = (
    "N° examen;IPP;Nom;Prénom;Date de naissance;Examen;Date examen;Statut;Radiologue;Compte rendu\n"
    "A1;77;LEFÈVRE;Hélène;02/03/1941;Échographie abdominale;31/03/2026;Définitif;"
    'Dr DURAND Paul;"Foie normal ;\nrate normale."\n'
    "A2;78;PETIT;Luc;;IRM du genou;01/04/2026;;Paul Durand;Ménisque normal.\n"
)


def read(path: Path) -> list[Item]:
    return list(open_reports(path, path.name)[1])


def accepted(path: Path) -> list[Accepted]:
    return [item for item in read(path) if isinstance(item, Accepted)]


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

    items = read(path)

    assert [i.code if isinstance(i, Refused) else i.report.accession for i in items] == [
        "A1", "wrong_columns", "missing_accession", "A4",
    ]  # fmt: skip


@pytest.mark.parametrize("last", ["", '"'])
def test_an_unclosed_quote_swallows_no_neighbour(tmp_path: Path, last: str) -> None:
    path = tmp_path / "x.csv"
    body = "\n".join(f"A{n},2026-01-01,Normal liver number {n}." for n in range(1, 20_000))
    path.write_text(
        f'accession,performed,report_text\nA0,2026-01-01,"Open\n{body}\nZ,2026-01-01,{last}Ends.\n'
    )

    items = read(path)

    assert [i.code for i in items if isinstance(i, Refused)][:1] == ["unclosed_quote"]
    assert items[0].position.locator == "line 2"
    assert len([i for i in items if isinstance(i, Accepted)]) == 20_000
    assert len(items) == 20_001


def test_a_quote_that_the_next_row_closes_swallows_no_neighbour(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        'accession,performed,report_text\nA1,2026-01-01,"Open text\nA2,2026-01-02,"Normal."\n'
        'A3,2026-01-03,"He said ""normal"", then\nleft."\nA4,2026-01-04,A 5" screw is seen.\n'
    )

    items = read(path)

    assert [i.code if isinstance(i, Refused) else i.report.accession for i in items] == [
        "unclosed_quote", "A2", "A3", "A4",
    ]  # fmt: skip


def test_an_endless_line_costs_that_line_only(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    head = "accession,performed,report_text\nA1,2026-01-01,Normal.\n"
    path.write_text(f"{head}A2,2026-01-01,{'x' * 5_000_000}\nA3,2026-01-01,Normal.\n")

    items = read(path)

    assert [i.code if isinstance(i, Refused) else i.report.accession for i in items] == [
        "A1", "line_too_long", "A3",
    ]  # fmt: skip
    assert items[1].position.line == 3


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ('7.79508E+09,2026-01-01,"Normal."', "rounded_number", "line 2, N° examen"),
        ("A1,31/13/2026,Normal.", "unreadable_date", "line 2, Date examen"),
        (f"{'9' * 70},2026-01-01,Normal.", "field_too_long", "line 2, N° examen"),
        ("A1,2026-01-01,null", "no_text", "line 2, Compte rendu"),
        ("A1,2026-01-01", "wrong_columns", "line 2"),
    ],
)
def test_a_refusal_names_its_place_as_the_table_does(
    tmp_path: Path, cells: str, code: str, place: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"N° examen,Date examen,Compte rendu\n{cells}\nA2,2026-01-01,Normal.\n")

    refused, kept = read(path)

    assert isinstance(refused, Refused)
    assert (refused.code, refused.position.locator) == (code, place)
    assert "%(" not in str(refused)
    assert isinstance(kept, Accepted)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7795083283.0", "7795083283"),
        ('"=""0077950"""', "0077950"),
        ("7 795 083 283", "7795083283"),
        ("'0077950", "0077950"),
        ("A 12", "A 12"),
    ],
)
def test_the_marks_of_spreadsheets_come_off_numbers(
    tmp_path: Path, written: str, meant: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"accession,performed,report_text\n{written},2026-01-01,Normal.\n")

    assert [item.report.accession for item in accepted(path)] == [meant]


def test_a_date_that_reads_both_ways_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "accession,performed,report_text\nA1,03/04/2026,Normal.\nA2,04/04/2026,Normal.\n"
    )

    refused, kept = read(path)

    assert isinstance(refused, Refused)
    assert refused.code == "ambiguous_date"
    assert isinstance(kept, Accepted)


def test_a_report_in_parts_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "N° examen;Date examen;Indication;Résultats;Conclusion\n"
        "A1;31/03/2026;Douleur.;Foie normal.;Pas d’anomalie.\n"
    )

    (item,) = accepted(path)

    assert item.report.text == (
        "INDICATION :\nDouleur.\n\nRÉSULTATS :\nFoie normal.\n\nCONCLUSION :\nPas d’anomalie."
    )


def test_everybody_whom_a_row_names_is_known(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "N° examen;Date examen;Nom;Prénom;Nom de jeune fille;NIR;Médecin traitant;Prescripteur;"
        "Service;Ville;Téléphone;Compte rendu\n"
        "A1;31/03/2026;PETIT;Léa;MOREAU;2790351215189;Dr ROY Ana;Luc BLANC;Urgences;Reims;"
        "0326781234;Foie normal.\n"
    )

    (item,) = accepted(path)

    patient = item.report.patient
    assert [(p.last, p.first) for p in patient.names] == [("PETIT", "Léa"), ("MOREAU", "Léa")]
    assert patient.identifiers == ("2790351215189",)
    assert (patient.addresses, patient.phones) == (("Reims",), ("0326781234",))
    assert [p.last for p in item.report.clinicians] == ["ROY", "BLANC"]
    assert item.report.places == ("Urgences",)
    assert "2790351215189" in item.report.identifiers


def test_a_frame_may_come_without_texts(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("accession,performed,exam\nA1,2026-01-01,CT chest\n,2026-01-01,CT\n")

    _, items = open_reports(path, path.name, frame_only=True)
    known, unnamed = items

    assert isinstance(known, Refused)
    assert known.code == "no_text"
    assert known.report is not None
    assert (known.report.accession, known.report.modality) == ("A1", "CT")
    assert isinstance(unnamed, Refused)
    assert (unnamed.code, unnamed.report) == ("missing_accession", None)


@pytest.mark.parametrize("line", ["A2,2026-01-02\n", 'A2,2026-01-02,"Open, and\nnever closed\n'])
def test_a_refused_row_can_be_mended_by_itself(tmp_path: Path, line: str) -> None:
    path, alone = tmp_path / "x.csv", tmp_path / "alone.csv"
    path.write_text(f"accession,performed,report_text\n{line}A3,2026-01-03,Normal liver.\n")

    refused, kept = read(path)
    assert isinstance(refused, Refused)
    alone.write_text(refused.content.rstrip("\n") + (",Mended\n" if "," not in line[13:] else '"'))

    assert isinstance(kept, Accepted)
    assert [item.report.accession for item in accepted(alone)] == ["A2"]


def test_a_row_with_a_bad_value_keeps_all_that_it_says(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("accession,performed,report_text\n7.79508E+09,2026-01-01,Normal liver.\n")

    (refused,) = read(path)

    assert isinstance(refused, Refused)
    assert refused.raw is not None
    assert (refused.raw.accession, refused.raw.text) == ("7.79508E+09", "Normal liver.")


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
        (b"%PDF-1.7 blah", "is a PDF file"),
        (bytes(range(256)) * 20, "holds no text"),
        (b"accession,exam_name\nA1,CT\n", "said to hold “Text of the report”"),
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


@pytest.mark.parametrize("count", range(6))
def test_rows_are_passed_over_as_they_would_be_read(tmp_path: Path, count: int) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "accession,performed,report_text\n"
        'A1,2026-10-01,"Foie\nnormal."\n\n,2026-10-01,Sans numéro.\n'
        'A3,2026-10-01,"Jamais fermé.\nA4,2026-10-01,Rate normale.\n'
    )
    whole = list(open_reports(path, path.name)[1])

    _, items = open_reports(path, path.name)
    pass_over(items, count)

    assert len(whole) == 4
    assert list(items) == whole[count:]


HEADED = "accession;performed;report_text\nA1;2026-10-01;Foie normal.\n"


@pytest.mark.parametrize(
    "above", ["Export RIS\n", "Du;01/10/2026\n", "Numéro;Date;Texte\n", "\n;;\n", "Radio;;2026\n"]
)
def test_a_title_above_the_headings_is_no_report(tmp_path: Path, above: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(above + HEADED)

    assert len(list(open_reports(path, "x.csv")[1])) == 1


def test_what_may_be_a_report_above_the_headings_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Export\nA0;2026-09-30;Rein normal.\n" + HEADED)
    refused, accepted = open_reports(path, "x.csv")[1]

    assert isinstance(refused, Refused)
    assert isinstance(accepted, Accepted)
    assert (refused.code, refused.position.locator) == ("above_headings", "line 2")
    path.write_text(refused.content)
    (again,) = open_reports(path, "x.csv")[1]
    assert isinstance(again, Accepted)
    assert again.report.accession == "A0"


@pytest.mark.parametrize("total", ["Total;2", "Total : 2", "Total;;2", "-- fin --", ";;2 lignes"])
def test_a_total_below_the_table_is_told(tmp_path: Path, total: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{HEADED}\n{total}\n")

    accepted, refused = open_reports(path, "x.csv")[1]

    assert isinstance(accepted, Accepted)
    assert isinstance(refused, Refused)
    assert refused.position.line == 4
