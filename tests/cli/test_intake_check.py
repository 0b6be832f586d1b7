import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from peeraudit.adapters.readers.detect import FORMATS

KEYS = {"source", "position", "status", "reason", "report"}
REPORT_KEYS = {
    "report_id", "accession", "status", "modality", "region", "date", "author", "text", "sections",
}  # fmt: skip
TABLE = (
    "accession,report_id,performed,status,author,text\n"
    'A1,M1,2026-03-31,final,Paul Durand,"INDICATION: pain.\nFINDINGS: normal liver."\n'
    "A2,M2,2026-03-31,final,Paul Durand,Normal spleen.\n"
    "A1,M1,2026-03-31,final,Paul Durand,INDICATION: pain. FINDINGS: normal liver.\n"
    ",M4,2026-03-31,final,Paul Durand,Normal bowel.\n"
)


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def checked(cli: FlaskCliRunner, *words: Path | str, status: int = 0) -> list[dict[str, Any]]:
    result = cli.invoke(args=["intake", "check", *map(str, words), "--json"])
    assert result.exit_code == status, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(set(line) == KEYS for line in lines)
    return lines


def accepted(lines: list[dict[str, Any]]) -> Counter[str]:
    return Counter(line["report"]["accession"] for line in lines if line["status"] == "accepted")


def test_every_item_is_told_with_its_end(cli: FlaskCliRunner, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)

    lines = checked(cli, table)

    assert [line["status"] for line in lines] == ["accepted", "accepted", "duplicate", "refused"]
    assert [line["position"] for line in lines] == [
        "line 2",
        "line 4",
        "line 5",
        "line 6, accession",
    ]
    assert lines[3]["reason"].startswith("missing_accession: No accession number")
    assert lines[3]["report"] is None
    report = lines[0]["report"]
    assert set(report) >= REPORT_KEYS
    assert (report["date"], report["author"]) == ("2026-03-31", "Paul Durand")
    assert report["sections"] == {"indication": "pain.", "findings": "normal liver."}


def test_a_title_opens_no_section_of_its_own(cli: FlaskCliRunner, tmp_path: Path) -> None:
    text = "Report\n\nFindings: clear lungs.\n\nImpression: normal"
    path = tmp_path / "one.csv"
    path.write_text(f'accession,modality,date,text\nA1,CT,2026-01-05,"{text}"\n')

    [line] = checked(cli, path)

    assert line["report"]["sections"] == {"findings": "clear lungs.", "conclusion": "normal"}


def test_a_person_gets_a_summary(cli: FlaskCliRunner, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)

    result = cli.invoke(args=["intake", "check", str(table)])

    assert result.exit_code == 0
    assert "2  accepted" in result.output
    assert "table.csv, line 6, accession: No accession number" in result.output


def test_a_folder_an_archive_and_files_are_read_alike(cli: FlaskCliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "table.csv").write_text(TABLE)
    (folder / "note.txt").write_text("Nothing of use.")
    (folder / ".hidden.csv").write_text(TABLE)
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("deep/table.csv", TABLE)
        packed.writestr("note.txt", "Nothing of use.")

    of_folder, of_archive = checked(cli, folder), checked(cli, archive)

    assert [line["status"] for line in of_folder] == [line["status"] for line in of_archive]
    assert len(of_folder) == 5
    assert {line["source"] for line in of_archive} == {"all.zip/deep/table.csv", "all.zip/note.txt"}
    assert of_folder[-1]["reason"].startswith("unreadable_file: The format of")
    assert set(Counter(line["status"] for line in checked(cli, folder, archive))) == {
        "accepted", "duplicate", "refused",
    }  # fmt: skip
    assert accepted(checked(cli, folder, archive)) == {"A1": 1, "A2": 1}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.csv", None),
        ("damaged.xlsx", b"PK\x03\x04 nonsense"),
        ("locked.xls", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")),
    ],
)
def test_a_file_that_cannot_be_opened_costs_no_other(
    cli: FlaskCliRunner, tmp_path: Path, name: str, content: bytes | None
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)
    if content is not None:
        (tmp_path / name).write_bytes(content)

    lines = checked(cli, tmp_path / name, table, status=2)

    assert Counter(line["status"] for line in lines) == {
        "accepted": 2,
        "duplicate": 1,
        "refused": 2,
    }
    assert [line["source"] for line in lines if "cannot_open" in line["reason"]] == [name]


def test_what_holds_nothing_or_is_damaged_costs_no_neighbour(
    cli: FlaskCliRunner, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.zip").write_bytes(b"PK\x03\x04 damaged")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("only/", "")
    (folder / "c.csv").write_text("accession,performed,report_text\nA1,2026-03-31,Foie normal.\n")
    (folder / "d.csv").write_bytes(b"")
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / ".DS_Store").write_bytes(b"x")

    lines = checked(cli, folder, bare, status=2)

    told = {(line["source"], line["status"], str(line["reason"]).split(":")[0]) for line in lines}
    assert told == {
        ("in/a.zip", "refused", "cannot_open"),
        ("in/b.zip", "refused", "no_files"),
        ("in/c.csv", "accepted", ""),
        ("in/d.csv", "refused", "unreadable_file"),
        ("bare", "refused", "no_files"),
    }


def test_resources_refer_to_each_other_across_the_files_of_a_folder(
    cli: FlaskCliRunner, tmp_path: Path
) -> None:
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "status": "final",
        "category": [{"coding": [{"code": "RAD"}]}], "effectiveDateTime": "2026-03-31",
        "resultsInterpreter": [{"reference": "Practitioner/d"}], "conclusion": "Normal liver.",
    }  # fmt: skip
    (tmp_path / "DiagnosticReport.ndjson").write_text(json.dumps(report))
    (tmp_path / "Practitioner.ndjson").write_text(
        json.dumps({"resourceType": "Practitioner", "id": "d", "name": [{"family": "DURAND"}]})
    )

    (line,) = checked(cli, tmp_path)

    assert line["report"]["author"] == "DURAND"


def test_a_layout_may_be_given(cli: FlaskCliRunner, tmp_path: Path) -> None:
    table, layout = tmp_path / "table.csv", tmp_path / "layout.json"
    table.write_text("A1,03/04/2026,Normal liver.\n")
    layout.write_text(
        json.dumps(
            {
                "kind": "csv", "encoding": "utf-8", "delimiter": ",", "quote": '"', "header_row": 0,
                "columns": ["accession", "observed", "report_text"],
                "dates": {"observed": "month_first"},
            }
        )
    )  # fmt: skip

    (line,) = checked(cli, table, "--layout", layout)

    assert line["report"]["date"] == "2026-03-04"


@pytest.mark.parametrize("words", [["--layout", "x.json"], ["--zone", "Nowhere/None"]])
def test_wrong_options_are_told(cli: FlaskCliRunner, tmp_path: Path, words: list[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)
    (tmp_path / "x.json").write_text("{}")

    result = cli.invoke(
        args=[
            "intake",
            "check",
            str(table),
            words[0],
            str(tmp_path / words[1]) if "x.json" in words else words[1],
        ]
    )

    assert result.exit_code == 1
    assert "Error: " in result.output


def test_scout_in_every_format_is_one_report_each(cli: FlaskCliRunner, shared: Path) -> None:
    feeds = [
        shared / "hl7v2" / "scout" / "all_messages_cr.hl7",
        *sorted((shared / "reports" / "scout_derived").glob("*.csv")),
        shared / "fhir" / "scout_derived",
        *([shared / "dicom" / "scout_derived_sr"] if _reads_dicom() else []),
    ]

    lines = checked(cli, *feeds)
    found = accepted(lines)

    assert len(found) >= 224
    assert set(found.values()) == {1}
    by_source = {str(line["source"]) for line in lines if line["status"] == "duplicate"}
    assert {name.rsplit("/")[-1] for name in by_source} >= {
        "reports.csv",
        "DiagnosticReport.ndjson",
    }
    assert not [
        line for line in lines if line["status"] == "refused" and "hl7" not in line["source"]
    ]


def _reads_dicom() -> bool:
    return "dicom-sr" in FORMATS


def test_every_real_file_is_accounted_for(cli: FlaskCliRunner, shared: Path) -> None:
    for folder in sorted(path for path in shared.iterdir() if path.is_dir()):
        lines = checked(cli, folder)
        files = {str(p.relative_to(folder.parent)) for p in folder.rglob("*") if p.is_file()}
        told = {str(line["source"]) for line in lines}
        silent = {name for name in files if not any(one.startswith(name) for one in told)}

        # Resources that reports refer to are read with these, and make no item of their own.
        assert not {name for name in silent if not name.startswith("fhir/")}, folder
