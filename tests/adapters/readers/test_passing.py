"""What was written down is passed over, and what follows is read as if it had not been."""

import json
import zipfile
from pathlib import Path

import pytest

from peeraudit.adapters.readers import dicom_sr
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.dicom_files import open_dicom
from peeraudit.adapters.readers.dicom_sr import read_dicom_sr
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.domain.intake.reports import Accepted
from tests.adapters.readers.structured_reports import as_bytes, document, item
from tests.adapters.readers.test_hl7_orders import OBR, PID, TXA, message, obx

OTHER = OBR.replace("A1", "A2").replace("P1", "P2")
# Each message, and how many items it makes.
MESSAGES = (
    (message(PID, f"{OBR}F", obx("Foie normal.")), 1),
    (message(PID, f"{OBR}F", obx("Foie normal."), f"{OTHER}F", obx("Rate normale.")), 2),
    (message(PID, f"{OBR}F", obx("Foie normal."), f"{OTHER}F"), 1),
    (message(PID, obx("Avant sa demande."), f"{OBR}F", obx("Foie normal.")), 2),
    (message(PID, f"{OBR}F", f"{OTHER}F"), 1),
    (message(PID, f"{OBR}F", obx("Foie."), f"{OTHER}F", obx("Rate."), kind="ADT^A08"), 1),
    (message(PID, TXA, f"{OBR}F", obx("Un."), f"{OTHER}F", obx("Deux."), kind="MDM^T02"), 1),
    (b"BTS|9\r", 1),
    (b"OBR|1||A9\rOBX|1|TX|||Sans message.||||||F\r", 1),
    (message(PID, f"{OBR}F", obx("Foie \x1b$B normal."), f"{OTHER}F", obx("Rate.")), 2),
    (message(PID), 1),
)


def feed(path: Path) -> Path:
    path.write_bytes(b"".join(content for content, _ in MESSAGES))
    return path


@pytest.mark.parametrize("count", range(sum(held for _, held in MESSAGES) + 2))
def test_messages_are_passed_over_as_they_would_be_read(tmp_path: Path, count: int) -> None:
    path = feed(tmp_path / "feed.hl7")
    whole = list(open_reports(path, path.name)[1])

    _, items = open_reports(path, path.name)
    passed = pass_over(items, count)

    assert len(whole) == sum(held for _, held in MESSAGES)
    assert passed == min(count, len(whole))
    assert list(items) == whole[count:]


def test_a_message_that_was_begun_is_ended_before_the_next_is_passed_over(tmp_path: Path) -> None:
    path = feed(tmp_path / "feed.hl7")
    whole = list(open_reports(path, path.name)[1])

    _, items = open_reports(path, path.name)
    first = [next(items), next(items)]

    assert first == whole[:2]
    assert pass_over(items, 2) == 2
    assert list(items) == whole[4:]


@pytest.mark.parametrize("count", range(6))
def test_resources_are_passed_over_as_they_would_be_read(tmp_path: Path, count: int) -> None:
    path = tmp_path / "feed.ndjson"
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"family": "DUMONT"}]}
    reports = [
        {
            "resourceType": "DiagnosticReport", "id": f"r{n}", "status": "final",
            "category": [{"coding": [{"code": "RAD" if n else "LAB"}]}],
            "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2026-10-01",
            "conclusion": f"Foie normal {n}.",
        }
        for n in range(3)
    ]  # fmt: skip
    lines = [json.dumps(one) for one in (reports[0], patient, *reports[1:])]
    path.write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n", "utf-8")
    whole = list(open_reports(path, path.name)[1])

    _, items = open_reports(path, path.name)
    passed = pass_over(items, count)

    assert len(whole) == 4
    assert passed == min(count, 4)
    assert list(items) == whole[count:]
    # What a report refers to is known even where it stands before what was passed over.
    assert isinstance(whole[-1], Accepted)
    assert whole[-1].report.patient.names[0].last == "DUMONT"


def documents() -> dict[str, bytes]:
    made = {
        f"{number}.dcm": as_bytes(document([item("TEXT", "F", "Foie normal.")], AccessionNumber=n))
        for number, n in enumerate(("A1", "A2", "A3"))
    }
    return {**made, "notes.txt": b"no report"}


@pytest.mark.parametrize("count", range(6))
@pytest.mark.parametrize("packed", [False, True])
def test_structured_reports_are_passed_over_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, packed: bool
) -> None:
    path = tmp_path / ("all.zip" if packed else "all")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in documents().items():
                archive.writestr(name, content)
    else:
        path.mkdir()
        for name, content in documents().items():
            (path / name).write_bytes(content)
    whole = list(read_dicom_sr(path, path.name))
    read: list[str] = []
    monkeypatch.setattr(dicom_sr, "open_dicom", lambda data: read.append("") or open_dicom(data))

    items = read_dicom_sr(path, path.name)
    passed = pass_over(items, count)

    assert len(whole) == 4
    assert passed == min(count, 4)
    assert read == []
    assert list(items) == whole[count:]
    assert len(read) == 4 - passed
