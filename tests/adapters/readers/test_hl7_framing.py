import time
from pathlib import Path

import pytest

from peeraudit.adapters.readers import hl7_framing
from peeraudit.adapters.readers.hl7_framing import Frame, Miscount, split_messages
from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.domain.intake.reports import Accepted, Refused

MESSAGE = "MSH|^~\\&|A|B|C|D|20260331||ORU^R01|M1|P|2.5\rOBR|1||A1\rOBX|1|TX|||Foie.||||||F\r"


def split(tmp_path: Path, content: bytes | str) -> list[Frame | Miscount]:
    path = tmp_path / "feed.hl7"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(split_messages(path))


def refused(tmp_path: Path) -> list[tuple[str, str]]:
    items = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")
    return [(i.code, i.position.locator) for i in items if isinstance(i, Refused)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (f"BHS|^~\\&|x\r{MESSAGE}{MESSAGE}BTS|2\r", []),
        (f"BHS|^~\\&|x\r{MESSAGE}{MESSAGE}BTS|3\r", [Miscount("BTS", 3, 2)]),
        (f"BHS|^~\\&|x\r{MESSAGE}BTS|\r", []),
        (f"BHS$%*!@$x\r{MESSAGE}BTS$7$note\r", [Miscount("BTS", 7, 1)]),
        (f"FHS|^~\\&|x\rBHS|^~\\&|x\r{MESSAGE}BTS|1\rFTS|1\r", []),
        (f"FHS|^~\\&|x\rBHS|^~\\&|x\r{MESSAGE}BTS|1\rFTS|2\r", [Miscount("FTS", 2, 1)]),
        # Some senders count messages where the standard counts batches.
        (f"FHS|^~\\&|x\r{MESSAGE * 3}FTS|3\r", []),
        (f"FHS|^~\\&|x\r{MESSAGE * 3}FTS|1\r", []),
        (f"FHS|^~\\&|x\r{MESSAGE * 3}FTS|4\r", [Miscount("FTS", 4, 1)]),
        (f"{MESSAGE}BTS|99999999999999999999\r", []),
    ],
)
def test_trailers_are_checked(tmp_path: Path, content: str, found: list[Miscount]) -> None:
    assert [f for f in split(tmp_path, content) if isinstance(f, Miscount)] == found


def test_a_wrong_count_is_told_and_loses_nothing(tmp_path: Path) -> None:
    split(tmp_path, f"BHS|^~\\&|x\r{MESSAGE}BTS|3\r")
    items = list(read_hl7v2(tmp_path / "feed.hl7", "feed.hl7"))

    assert len(items) == 2
    assert str(items[1]).startswith("The batch announces 3 messages, and 1 were found")
    assert refused(tmp_path)[-1] == ("batch_count", "message 1, BTS-1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_wide_files_are_read(tmp_path: Path, encoding: str) -> None:
    frames = split(tmp_path, (MESSAGE * 2).encode(encoding))

    assert [len(f.segments) for f in frames if isinstance(f, Frame)] == [3, 3]


def test_mixed_segment_ends_and_text_over_lines_stay_together(tmp_path: Path) -> None:
    content = (
        "MSH|^~\\&|A|B|C|D|20260331||ORU^R01|M1|P|2.5\nOBR|1||A1\r\nOBX|1|TX|||Foie\nnormal.\r"
        "Rate normale.||||||F\r\n"
    )
    (frame,) = split(tmp_path, content)

    assert isinstance(frame, Frame)
    assert bytes(frame.segments[2]) == b"OBX|1|TX|||Foie\nnormal.\nRate normale.||||||F"


def test_limits_are_told_with_their_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hl7_framing, "MAX_MESSAGE", 3_000)
    monkeypatch.setattr(hl7_framing, "MAX_SEGMENT", 2_000)
    monkeypatch.setattr(hl7_framing, "MAX_SEGMENTS", 20)
    long_segment = MESSAGE + "OBX|2|TX|||" + "x" * 2_500 + "\r"
    long_message = MESSAGE + ("OBX|2|TX|||" + "x" * 900 + "\r") * 4
    many = MESSAGE + "OBX|2|TX|||x\r" * 20

    split(tmp_path, long_segment + long_message + many + MESSAGE)

    assert refused(tmp_path)[:3] == [
        ("segment_too_long", "message 1, OBX"),
        ("message_too_long", "message 2, OBX"),
        ("too_many_segments", "message 3, OBX"),
    ]
    assert len(split(tmp_path, long_segment + MESSAGE)) == 2


def test_a_text_of_many_lines_is_joined_in_linear_time(tmp_path: Path) -> None:
    def seconds(lines: int) -> float:
        path = tmp_path / "long.hl7"
        path.write_bytes(MESSAGE.encode() + (b"x" * 70 + b"\r\n") * lines)
        # Of this process alone: others may keep the machine busy meanwhile.
        start = time.process_time()
        assert len(list(split_messages(path))) == 1
        return time.process_time() - start

    small, large = min(seconds(10_000) for _ in range(3)), min(seconds(80_000) for _ in range(3))

    # Eight times the lines took sixty-four times as long when each joining copied the rest.
    assert large < 24 * small


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_empty_lines_inside_a_text_belong_to_it(tmp_path: Path, end: str) -> None:
    text = end.join(["Foie.", "", "Rate.", "Rein."])
    split(tmp_path, MESSAGE.replace("\r", end).replace("Foie.", text) * 2)

    items = list(read_hl7v2(tmp_path / "feed.hl7", "feed.hl7"))

    texts = [i.report.text for i in items if isinstance(i, Accepted)]
    assert texts == ["Foie.\n\nRate.\nRein."] * 2


def test_empty_lines_after_every_line_mean_nothing(tmp_path: Path) -> None:
    split(tmp_path, MESSAGE.replace("Foie.", "Foie.\rRate.").replace("\r", "\r\n\r\n"))

    (item,) = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")

    assert isinstance(item, Accepted)
    assert item.report.text == "Foie.\nRate."
