import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.domain.intake.classification import KnownReport, classify, known
from peeraudit.domain.intake.refusals import REASONS
from peeraudit.domain.intake.reports import (
    Accepted,
    Item,
    Refused,
    clean_text,
    content_hash,
)

DATA = Path("../shared/data")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the messages of ../shared are absent")


def message(
    number: int = 1, kind: str = "ORU^R01", charset: str = "", text: str = "Foie normal."
) -> str:
    return "\r".join(
        (
            f"MSH|^~\\&|RIS|HOP|APP|NET|20260331142500||{kind}|M{number}|P|2.5.1||||||{charset}",
            (
                "PID|1||77^^^H^MR~88||DUMONT&de^Hélène^Marie||19410302|F|||"
                "1 rue X^^Reims^^51100||0326781234|||||D99|2790351215189"
            ),
            "PV1|1|O|SALLE3^^^HOP||||11^PETIT^Luc|12^ROY^Ana",
            (
                f"OBR|1|P{number}|A{number}|ECH^Échographie abdominale|||20260331||||||||"
                "|21^LEROY^Max||||||20260331142500||US|F||^^^^^S|||||31&DURAND&Paul|32^NOIR^Eve"
            ),
            f"OBX|1|TX|CR||{text}||||||F",
            "OBX|2|RP|IMG||x^y||||||F",
        )
    )


def read(tmp_path: Path, content: bytes) -> list[Item]:
    path = tmp_path / "feed.hl7"
    path.write_bytes(content)
    return list(read_hl7v2(path, "feed.hl7"))


def told(items: list[Item]) -> list[str]:
    return [i.report.accession if isinstance(i, Accepted) else i.code for i in items]


def test_a_message_tells_all_it_knows(tmp_path: Path) -> None:
    (item,) = read(tmp_path, message().encode())

    assert isinstance(item, Accepted)
    report = item.report
    assert (report.report_id, report.accession, report.modality) == ("M1", "A1", "US")
    assert (report.urgency, report.status, report.region) == ("stat", "final", "abdomen")
    assert report.author is not None
    assert (report.author.last, report.author.first) == ("DURAND", "Paul")
    assert {person.last for person in report.clinicians} >= {"PETIT", "ROY", "LEROY", "NOIR"}
    assert report.patient.identifiers == ("77", "88", "D99", "2790351215189")
    assert report.patient.phones == ("0326781234",)
    assert "Reims" in report.patient.addresses
    assert report.patient.names[0].last == "DUMONT"


@pytest.mark.parametrize(
    "frame",
    [
        "{0}\r{1}\r{2}\r",
        "\x0b{0}\r\x1c\r\x0b{1}\r\x1c\r\x0b{2}\r\x1c\r",
        "FHS|^~\\&|x\rBHS|^~\\&|x\r{0}\r{1}\r{2}\rBTS|3\rFTS|1\r",
        "1997-06-02|INFO|x|\n<SB>\n{0}<R>\n<EB>\n1997-06-02|INFO|x|y\n<SB>\n{1}<R>\n<EB>\n<SB>\n{2}<R>\n<EB>\n",
    ],
)
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_framing_gives_three_reports(tmp_path: Path, frame: str, end: str) -> None:
    mark = "<R>\n" if "<SB>" in frame else end
    parts = [message(number).replace("\r", mark) for number in (1, 2, 3)]
    content = (
        frame.format(*parts).replace("\r", end) if "<SB>" not in frame else frame.format(*parts)
    )

    assert told(read(tmp_path, content.encode())) == ["A1", "A2", "A3"]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("", "utf-8"), ("", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("8859/1", "latin-1")],
)
def test_accents_survive(tmp_path: Path, charset: str, encoding: str) -> None:
    (item,) = read(tmp_path, message(charset=charset).encode(encoding))

    assert isinstance(item, Accepted)
    assert item.report.exam == "Échographie abdominale"
    assert item.report.patient.names[0].first == "Hélène"


def test_escapes_and_repetitions_become_lines_and_signs(tmp_path: Path) -> None:
    text = r"Foie\.br\normal~T1 \T\ T2 \S\18F \F\ C:\dir rate\X41\ "
    (item,) = read(tmp_path, message(text=text).encode())

    assert isinstance(item, Accepted)
    assert item.report.text == "Foie\nnormal\nT1 & T2 ^18F | C:\\dir rateA"


def test_a_bad_message_never_loses_its_neighbours(tmp_path: Path) -> None:
    bad = [
        message(2, kind="ADT^A01"),
        message(3, text=""),
        "MSH|^~\\&",
        message(5).replace("|A5|", "||").replace("|P5|", "||"),
        message(6)[:-60],
    ]
    content = "\r".join([message(1), *bad[:4], message(7), message(8), bad[4]])

    assert told(read(tmp_path, content.encode())) == [
        "A1", "not_a_report", "no_text", "unreadable_message", "missing_accession", "A7", "A8",
        "truncated_message",
    ]  # fmt: skip


def test_a_message_cut_by_the_next_one_is_told(tmp_path: Path) -> None:
    content = message(1)[:-75] + message(2) + "\r"

    assert told(read(tmp_path, content.encode())) == ["truncated_message", "A2"]


def test_segments_without_a_header_are_told(tmp_path: Path) -> None:
    orphan = message(1).split("\r", 1)[1]

    assert told(read(tmp_path, f"FHS|^~\\&|x\r{orphan}\r{message(2)}\r".encode())) == [
        "orphan_segments",
        "A2",
    ]


def test_an_attachment_is_told_and_a_cancelled_report_is_kept(tmp_path: Path) -> None:
    attached = message(1).replace(
        "OBX|1|TX|CR||Foie normal.", "OBX|1|ED|CR||^Application^PDF^Base64^x"
    )
    cancelled = message(2).replace("|US|F|", "|US|X|").replace("||Foie normal.", "||")

    items = read(tmp_path, f"{attached}\r{cancelled}\r".encode())

    assert told(items) == ["unreadable_attachment", "A2"]
    assert isinstance(items[1], Accepted)
    assert items[1].report.status == "cancelled"


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_damage_crashes_the_reader(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray("\r".join(message(n) for n in (1, 2)).encode())
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=5))
    assert all(isinstance(i, Accepted | Refused) for i in read(tmp_path, bytes(content)))


@needs_data
def test_the_real_feed_gives_its_reports_and_the_table_adds_none() -> None:
    feed = DATA / "hl7v2/scout/all_messages_cr.hl7"
    items = list(read_hl7v2(feed, feed.name))
    reports = [item.report for item in items if isinstance(item, Accepted)]
    memory: dict[str, list[KnownReport]] = defaultdict(list)
    for report in reports:
        assert classify(memory[report.accession], report) == "accepted"
        memory[report.accession].append(known(report))

    table = DATA / "reports/scout_derived/reports.csv"
    _, again = open_reports(table, table.name)
    outcomes = [
        classify(memory[item.report.accession], item.report)
        for item in again
        if isinstance(item, Accepted)
    ]

    assert len(items) == 236
    assert len(reports) == 224
    assert told([item for item in items if isinstance(item, Refused)]) == ["no_text"] * 12
    assert outcomes == ["duplicate"] * 224


@needs_data
def test_the_logs_of_the_feed_hold_the_same_reports() -> None:
    logs = sorted((DATA / "hl7v2/scout/raw_logs").rglob("*.log"))
    items = [item for path in logs for item in read_hl7v2(path, path.name)]
    feed = read_hl7v2(DATA / "hl7v2/scout/all_messages_cr.hl7", "feed")

    def hashes(found: list[Item]) -> list[str]:
        return sorted(content_hash(i.report) for i in found if isinstance(i, Accepted))

    assert len(items) == 236
    assert hashes(items) == hashes(list(feed))


@needs_data
def test_every_text_of_the_feed_is_the_expected_one() -> None:
    with (DATA / "hl7v2/scout/reports_text.csv").open(newline="") as file:
        expected = {row["control_id"]: row["text"] for row in csv.DictReader(file)}
    feed = DATA / "hl7v2/scout/all_messages_cr.hl7"

    for item in read_hl7v2(feed, feed.name):
        if isinstance(item, Accepted):
            assert item.report.text == clean_text(expected.pop(item.report.report_id))

    assert len(expected) == 12
    assert not any(text.strip() for text in expected.values())


@needs_data
def test_every_message_of_every_sample_is_accounted_for() -> None:
    counted: Counter[str] = Counter()
    for path in sorted((DATA / "hl7v2").rglob("*.hl7")):
        headers = len(re.findall(rb"(?:^|[\r\n\xbf])MSH[^\w\s]", path.read_bytes()))
        _, items = open_reports(path, path.name)
        found = [told([item])[0] for item in items]
        extra = Counter(found)["orphan_segments"] + Counter(found)["file_count"]
        reports = sum(isinstance(code, str) for code in found)
        # One message of the samples carries two examinations.
        assert reports - extra - headers == (path.name == "Hl7ORUMessageTest_03.hl7"), path
        counted.update(code for code in found if code in REASONS)

    assert counted["not_a_report"] > 20
    assert counted["notice_only"] == 6
    assert counted["unreadable_attachment"] == 1


@needs_data
def test_no_feed_loses_its_examinations_to_what_stands_in_obr_18() -> None:
    """In 111 messages of the feed it says CHEST: as a number it would make them one."""
    items = list(read_hl7v2(DATA / "hl7v2/scout/all_messages_cr.hl7", "feed"))
    accessions = {i.report.accession for i in items if isinstance(i, Accepted)}

    assert "CHEST" not in accessions
    assert len(accessions) > 200
