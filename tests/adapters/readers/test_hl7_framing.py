import time
from pathlib import Path

import pytest

from peeraudit.adapters.readers import hl7_framing, hl7_outside
from peeraudit.adapters.readers.hl7_framing import Found, Frame, Miscount, split_messages
from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.domain.intake.reports import Accepted, Refused

MESSAGE = "MSH|^~\\&|A|B|C|D|20260331||ORU^R01|M1|P|2.5\rOBR|1||A1\rOBX|1|TX|||Foie.||||||F\r"


def split(tmp_path: Path, content: bytes | str) -> list[Found]:
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
        start_of_text = MESSAGE.removesuffix("||||||F\r").encode()
        path.write_bytes(start_of_text + (b"x" * 70 + b"\r\n") * lines)
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


LOG = "1999-11-30 23:11:29.1901|INFO|Raw.TcpServer|"


class TestTextOutsideMessages:
    @pytest.mark.parametrize(
        ("content", "lines"),
        [
            (f"Export of the night\r=====\r\r{MESSAGE}", ["1–2"]),
            (f"{MESSAGE}\r{MESSAGE}End of the export: 2\r", ["8"]),
            (f"{MESSAGE}End of the export: 1", ["4"]),
            (f"{MESSAGE}lost connection\r{MESSAGE}", ["4"]),
            (f"\x0b{MESSAGE}\x1c\rlost\r\x0b{MESSAGE}\x1c\r", ["5"]),
            (f"one\r{MESSAGE}two\rthree\r{MESSAGE}four\r", ["1", "5–6", "10"]),
            (f"received: {MESSAGE}", ["1"]),
            (f"{LOG}\r{MESSAGE}", ["1"]),
            (f"{LOG}\r<SB>\r{MESSAGE}<EB>\r{LOG}stopped\r", ["7"]),
            (f"{LOG.replace('INFO', 'ERROR')}dropped\r{LOG}\r<SB>\r{MESSAGE}<EB>\r", ["1"]),
            (f"{LOG}\rlost\r{LOG}x\r{LOG}\r<SB>\r{MESSAGE}<EB>\r", ["1–2"]),
        ],
    )
    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
    def test_a_stretch_is_told_with_its_lines(
        self, tmp_path: Path, content: str, lines: list[str], end: str
    ) -> None:
        split(tmp_path, content.replace("\r", end))
        items = list(read_hl7v2(tmp_path / "feed.hl7", "feed.hl7"))
        outside = [i for i in items if isinstance(i, Refused)]

        assert [i.params["lines"] for i in outside] == lines
        assert {i.code for i in outside} == {"outside_messages"}
        assert [i.position.line for i in outside] == [int(n.split("–")[0]) for n in lines]
        texts = [i.report.text for i in items if isinstance(i, Accepted)]
        assert texts == ["Foie."] * content.count("MSH|")

    @pytest.mark.parametrize(
        "content",
        [
            f"\r \r\x00\r{MESSAGE}\r\r{MESSAGE}\x1a",
            f"\x0b{MESSAGE}\x1c\r\x0b{MESSAGE}\x1c\r",
            f"FHS|^~\\&|x\rBHS|^~\\&|x\r{MESSAGE * 2}BTS|2\rFTS|1\r",
            f"{LOG}Waiting\r{LOG}\r<SB>\r{MESSAGE}<EB>\r{LOG}\r<SB>\r{MESSAGE}<EB>\r",
        ],
    )
    def test_blank_lines_frames_and_envelopes_are_no_text(
        self, tmp_path: Path, content: str
    ) -> None:
        split(tmp_path, content)

        assert len(list(read_hl7v2(tmp_path / "feed.hl7", "feed.hl7"))) == 2
        assert refused(tmp_path) == []

    def test_what_was_said_there_is_kept_and_long_text_costs_no_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        split(tmp_path, f"un\rdeux\r{MESSAGE}")
        (kept, _) = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")
        monkeypatch.setattr(hl7_outside, "MAX_KEPT", 6)
        (long, _) = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")

        assert isinstance(kept, Refused)
        assert isinstance(long, Refused)
        assert (kept.content, long.content) == ("un\ndeux\n", "")
        assert long.params == kept.params

    def test_a_result_that_is_not_ended_goes_on(self, tmp_path: Path) -> None:
        split(tmp_path, MESSAGE.replace("Foie.||||||F", "Foie.\rRate.\r"))
        (item,) = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")

        assert isinstance(item, Accepted)
        assert item.report.text == "Foie.\nRate."

    def test_a_result_behind_text_still_belongs_to_its_message(self, tmp_path: Path) -> None:
        split(tmp_path, f"{MESSAGE}noise\rOBX|2|TX|||Rate.||||||F\r{MESSAGE}")
        first, outside, second = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")

        assert isinstance(first, Accepted)
        assert first.report.text == "Foie.\nRate."
        assert isinstance(outside, Refused)
        assert isinstance(second, Accepted)

    def test_what_was_read_is_passed_over(self, tmp_path: Path) -> None:
        split(tmp_path, f"one\r{MESSAGE}two\r{MESSAGE}three\r")
        items = read_hl7v2(tmp_path / "feed.hl7", "feed.hl7")

        assert pass_over(items, 3) == 3
        assert [type(item) for item in items] == [Accepted, Refused]
