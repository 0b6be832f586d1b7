from datetime import UTC, datetime

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.mllp.acknowledgements import (
    ACCEPTED,
    NOT_STORED,
    TOO_LONG,
    Verdict,
    answers,
    header_of,
    look_at,
)

AT = datetime(2026, 3, 31, 14, 25, tzinfo=UTC)


def message(
    kind: str = "ORU^R01^ORU_R01", control: str = "M1", version: str = "2.5.1", modes: str = ""
) -> bytes:
    header = f"MSH|^~\\&|RIS|HOP|NET|AUDIT|20260331||{kind}|{control}|P|{version}|||{modes}"
    return f"{header}\rPID|1\r".encode()


def answered(sent: bytes, verdict: Verdict) -> list[str]:
    found = answers(header_of(sent), verdict, at=AT, number="N")
    return [answer.decode() for answer in found]


@pytest.mark.parametrize(
    ("sent", "code", "error", "place"),
    [
        (message(), "A", "", ("", "")),
        (message("MDM^T02"), "A", "", ("", "")),
        (message(version=""), "A", "", ("", "")),
        (message("ADT^A01"), "R", "200", ("MSH", "9")),
        (message(""), "R", "101", ("MSH", "9")),
        (message(control=""), "R", "101", ("MSH", "10")),
        (message(version="3.0"), "R", "203", ("MSH", "12")),
        (message() + message(), "R", "100", ("MSH", "")),
        (b"PID|1", "R", "100", ("MSH", "")),
        (b"", "R", "100", ("MSH", "")),
    ],
)
def test_what_cannot_be_taken_is_told(
    sent: bytes, code: str, error: str, place: tuple[str, str]
) -> None:
    verdict = look_at(sent)

    assert (verdict.code, verdict.error, verdict.place) == (code, error, place)


def test_the_answer_goes_back_to_who_sent_it() -> None:
    (answer,) = answered(message(), ACCEPTED)

    assert answer == (
        "MSH|^~\\&|NET|AUDIT|RIS|HOP|20260331142500+0000||ACK^R01^ACK|N1|P|2.5.1\rMSA|AA|M1\r"
    )


@pytest.mark.parametrize(
    ("modes", "kept", "failed"),
    [
        ("|", ["AA"], ["AE"]),
        ("AL|NE", ["CA"], ["CE"]),
        ("AL|AL", ["CA", "AA"], ["CE", "AE"]),
        ("NE|AL", ["AA"], ["AE"]),
        ("NE|NE", [], []),
        ("ER|SU", ["AA"], ["CE"]),
        ("SU|ER", ["CA"], ["AE"]),
    ],
)
def test_each_mode_gets_the_answers_that_it_asks_for(
    modes: str, kept: list[str], failed: list[str]
) -> None:
    for verdict, codes in ((ACCEPTED, kept), (NOT_STORED, failed)):
        found = [hl7.parse(answer) for answer in answered(message(modes=modes), verdict)]

        assert [str(answer["MSA"][0][1]) for answer in found] == codes
        assert all(str(answer["MSA"][0][2]) == "M1" for answer in found)


def test_an_error_names_its_place_in_the_form_of_its_version() -> None:
    (new,) = answered(message("ADT^A01"), look_at(message("ADT^A01")))
    (old,) = answered(message("ADT^A01", version="2.3"), look_at(message("ADT^A01")))

    assert new.split("\r")[1:3] == [
        "MSA|AR|M1|Only ORU and MDM messages are taken.",
        (
            "ERR||MSH^1^9|200^Unsupported message type^HL70357|E||||"
            "Only ORU and MDM messages are taken."
        ),
    ]
    assert old.split("\r")[2] == "ERR|MSH^1^9^200&Unsupported message type&HL70357"
    assert "|ACK^A01|" in old


def test_custom_separators_and_bytes_are_echoed() -> None:
    sent = b"MSH$%*!@$RIS$HOP$NET$AUDIT$2026$$ORU%R01$M\xe9%1$T$2.4$$$$$$8859/1\r"
    (answer,) = list(answers(header_of(sent), TOO_LONG, at=AT, number="N"))

    lines = answer.split(b"\r")
    assert lines[0].startswith(b"MSH$%*!@$NET$AUDIT$RIS$HOP$")
    assert lines[0].endswith(b"$T$2.4$$$$$$8859/1")
    assert lines[1].startswith(b"MSA$AR$M\xe9%1$")


def test_what_has_no_header_is_answered_too() -> None:
    (answer,) = answered(b"nonsense", look_at(b"nonsense"))

    assert str(hl7.parse(answer)["MSA"][0][1]) == "AR"


@given(st.binary(max_size=200))
def test_no_message_crashes_it(data: bytes) -> None:
    for sent in (data, b"MSH" + data, b"MSH|^~\\&|" + data):
        for answer in answers(header_of(sent), look_at(sent), at=AT, number="N"):
            assert answer.startswith(b"MSH")
