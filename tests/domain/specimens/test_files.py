import csv
import io

import hl7
import pytest

from peeraudit.domain.specimens.files import CSV_COLUMNS, Damage, hl7_message, spoil, to_csv, to_hl7
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

REPORTS = tuple(specimen_reports(specimen_network("tests"), 60))


def rows(content):
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_a_table_comes_back_as_it_was():
    read = rows(to_csv(REPORTS))
    assert tuple(read[0]) == CSV_COLUMNS
    for row, report in zip(read, REPORTS, strict=True):
        assert row["report_text"] == report.text
        assert row["accession"] == report.accession
        assert row["patient_last"] == report.patient.family.upper()
        assert row["author_id"] == report.author.rpps


@pytest.mark.parametrize("report", REPORTS[:30], ids=lambda r: r.report_id)
def test_a_message_comes_back_as_it_was(report):
    message = hl7.parse(hl7_message(report))
    assert message["MSH"][0][10][0] == report.report_id
    order = message["OBR"][0]
    assert order[3][0] == report.accession
    assert order[24][0] == report.modality
    assert order[25][0] == "F"
    assert str(order[32]) == (
        f"{report.author.rpps}^{report.author.family.upper()}^{report.author.given}"
    )
    assert str(order[16]).split("^")[1] == report.clinicians[0].family.upper()
    patient = message["PID"][0]
    assert str(patient[5]).split("^")[:2] == [report.patient.family.upper(), report.patient.given]
    assert str(patient[7]) == f"{report.patient.birth_date:%Y%m%d}"
    assert str(patient[13]) == report.patient.phone
    lines = []
    for segment in message["OBX"]:
        assert str(segment[2]) == "TX"
        value = str(segment[5]).replace("~", "\n").replace("\\.br\\", "\n")
        lines.append(message.unescape(value))
    assert "\n".join(lines) == report.text


def test_both_ways_to_break_a_line_come():
    feed = to_hl7(REPORTS)
    assert "\\.br\\" in feed
    assert any("~" in m.split("OBX", 1)[1] for m in feed.split("MSH|")[1:])
    assert len(hl7.split_file(f"{feed}")) == len(REPORTS)


def test_a_missing_column_is_missing():
    read = rows(spoil(to_csv(REPORTS), Damage.MISSING_COLUMN).decode())
    assert "accession" not in read[0]
    assert len(read) == len(REPORTS)


def test_a_row_is_repeated():
    read = rows(spoil(to_csv(REPORTS), Damage.DUPLICATE_ROW).decode())
    assert len(read) == len(REPORTS) + 1
    assert read[-1] == read[0]


def test_a_message_is_repeated():
    feed = to_hl7(REPORTS[:3])
    raw = spoil(feed, Damage.DUPLICATE_ROW).decode()
    assert raw == feed + hl7_message(REPORTS[0])
    alone = hl7_message(REPORTS[0])
    assert spoil(alone, Damage.DUPLICATE_ROW).decode() == alone * 2


def test_a_truncated_file_stops_inside_a_record():
    feed = to_hl7(REPORTS[:1])
    raw = spoil(feed, Damage.TRUNCATED).decode()
    assert feed.startswith(raw)
    assert not raw.endswith("\r")


def test_a_wrong_encoding_is_no_utf8_nor_windows():
    raw = spoil(to_csv(REPORTS), Damage.WRONG_ENCODING)
    for codec in ("utf-8", "cp1252"):
        with pytest.raises(UnicodeDecodeError):
            raw.decode(codec)


def test_an_empty_file_is_empty():
    assert spoil(to_csv(REPORTS), Damage.EMPTY) == b""
