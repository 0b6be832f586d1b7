"""Stored files: sealed on the disk, plain to readers, told how far they were read."""

from uuid import uuid4

import pytest
from openpyxl import Workbook

from peeraudit.adapters import storage
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.domain.intake.reports import Accepted

TABLE = "accession,performed,report_text\n" + "A{n},2026-10-01,Foie normal.\n" * 50


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def kept(content):
    file_id = uuid4()
    storage.put(file_id, [content[:100], content[100:]])
    return file_id


def test_what_is_stored_is_read_back_and_hashed(app):
    file_id = uuid4()

    sha256, size = storage.put(file_id, [b"foie ", b"normal"])

    assert storage.stored(file_id).open("rb").read() == b"foie normal"
    assert (len(sha256), size) == (64, 11)
    assert b"foie" not in storage.path_of(file_id).read_bytes()


def test_it_tells_how_far_it_was_read():
    content = ("é" * 200_000).encode()
    file = storage.stored(kept(content))
    with file.open(encoding="utf-8") as text:
        text.read(1000)
        some = file.bytes_read
        text.read()

        assert 0 < some < file.bytes_read == len(content)


def test_a_file_that_is_cut_short_is_never_seen():
    file_id = uuid4()

    def pieces():
        yield b"some"
        raise RuntimeError("the line broke")

    with pytest.raises(RuntimeError):
        storage.put(file_id, pieces())

    assert not storage.path_of(file_id).exists()
    assert not list(storage.path_of(file_id).parent.glob("*.part"))


def test_a_sealed_workbook_is_read(tmp_path):
    book = Workbook()
    for row in (["accession", "performed", "report_text"], ["A1", "2026-10-01", "Foie normal."]):
        book.active.append(row)
    book.save(tmp_path / "reports.xlsx")
    file = storage.stored(kept((tmp_path / "reports.xlsx").read_bytes()))

    found, items = open_reports(file, "reports.xlsx")

    assert found == "xlsx"
    [item] = items
    assert isinstance(item, Accepted)
    assert item.report.text == "Foie normal."
