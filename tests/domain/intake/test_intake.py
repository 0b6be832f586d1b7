from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.intake.classification import KnownReport, classify
from peeraudit.domain.intake.completion import MAX_TEXT, DateStyle, complete
from peeraudit.domain.intake.moments import looks_month_first, parse_day, parse_moment
from peeraudit.domain.intake.refusals import REASONS
from peeraudit.domain.intake.reports import (
    Accepted,
    Position,
    RawReport,
    Refused,
    Status,
    clean_text,
    content_hash,
)
from peeraudit.domain.intake.vocabulary import language_of, modality_of, region_of, status_of

HERE = Position("feed.csv", line=12, field="accession")


def raw(**changes: str) -> RawReport:
    values = {"accession": "A1", "performed": "2026-03-31", "text": "Foie normal.", **changes}
    return RawReport(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accession": " "}, "missing_accession"),
        ({"text": " \n"}, "no_text"),
        ({"text": "a b " * MAX_TEXT}, "text_too_long"),
        ({"performed": "31/13/2026"}, "unreadable_date"),
        ({"reported": "soon"}, "unreadable_date"),
        ({"performed": ""}, "missing_date"),
        ({"status": "perhaps"}, "unknown_status"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(changes: dict[str, str], code: str) -> None:
    item = complete(raw(**changes), HERE)

    assert isinstance(item, Refused)
    assert item.code == code
    assert str(item)
    assert "%(" not in str(item)


def test_what_is_refused_keeps_what_the_file_said() -> None:
    said = raw(status="perhaps")

    item = complete(said, HERE)

    assert isinstance(item, Refused)
    assert item.raw == said
    assert item.report is None


@pytest.mark.parametrize(("performed", "is_whole"), [("2026-03-31", True), ("", False)])
def test_a_report_that_lacks_its_text_alone_can_be_announced(
    performed: str, *, is_whole: bool
) -> None:
    item = complete(raw(text="", performed=performed), HERE)

    assert isinstance(item, Refused)
    assert (item.report is not None) is is_whole
    assert item.report is None or item.report.text == ""


def test_a_withdrawn_report_needs_no_text() -> None:
    item = complete(raw(status="X", text=""), HERE)

    assert isinstance(item, Accepted)
    assert item.report.status == "cancelled"


def test_what_was_deduced_is_marked() -> None:
    item = complete(raw(exam_name="IRM cérébrale", reported="20260331142500+0200"), HERE)

    assert isinstance(item, Accepted)
    report = item.report
    assert (report.modality, report.region, report.language) == ("MR", "brain", "fr")
    assert report.signed_at == datetime(2026, 3, 31, 12, 25, tzinfo=UTC)
    assert set(report.derived) == {"status", "modality", "region", "language"}


def test_every_reason_is_a_sentence() -> None:
    assert all(text.endswith(".") and text[0].isupper() for text in REASONS.values())


@pytest.mark.parametrize(
    ("position", "locator"),
    [
        (HERE, "line 12, accession"),
        (Position("f", message=3, segment="OBR", field="3"), "message 3, OBR-3"),
        (Position("f", message=3), "message 3"),
        (Position("f"), "the whole file"),
    ],
)
def test_a_place_reads_shortly(position: Position, locator: str) -> None:
    assert position.locator == locator


@pytest.mark.parametrize(
    "value",
    ["20260331", "20260331142500", "2026-03-31T14:25:00Z", "31/03/2026", "31.03.26", "31-3-2026",
     "Mar 31 2026 02:25PM", "31 mars 2026", "March 31, 2026", "2026-03-31 14:25:00.123"],
)  # fmt: skip
def test_usual_dates_are_read(value: str) -> None:
    assert parse_day(value) == date(2026, 3, 31)
    assert parse_moment(value) is not None


def test_the_order_of_day_and_month_is_the_files() -> None:
    assert looks_month_first("03/31/2026")
    assert parse_day("03/04/2026") == date(2026, 4, 3)
    assert parse_day("03/04/2026", month_first=True) == date(2026, 3, 4)
    item = complete(raw(performed="03/04/2026"), HERE, DateStyle(month_first=True))
    assert isinstance(item, Accepted)
    assert item.report.performed_on == date(2026, 3, 4)


@given(st.text(max_size=40))
def test_no_date_crashes(value: str) -> None:
    parse_day(value)
    parse_moment(value)


@pytest.mark.parametrize(
    ("given_code", "exam", "modality", "region"),
    [
        ("IMG", "2361 MRI BRAIN W CONTRAST", "MR", "brain"),
        ("BHC", "77055 Diag Mammogram Unilateral", "MG", "breast"),
        ("MDXREVNT", "Radiology Event", "OT", "other"),
        ("DX", "Chest 1 view", "CR", "chest"),
        ("", "Scanner thoraco-abdomino-pelvien", "CT", "whole_body"),
        ("", "Échographie abdominale", "US", "abdomen"),
        ("", "Angio-TDM des artères pulmonaires", "CT", "chest"),
        ("", "Coroscanner", "CT", "cardiac"),
        ("", "TEP-TDM au FDG corps entier", "PT", "whole_body"),
        ("", "Radiographie de thorax face", "CR", "chest"),
        ("", "IRM du rachis lombaire", "MR", "spine"),
        ("", "Radiographie du genou droit", "CR", "musculoskeletal"),
        ("", "TOGD", "RF", "abdomen"),
        ("", "Écho-Doppler des troncs supra-aortiques", "US", "vascular"),
    ],
)
def test_codes_come_from_names(given_code: str, exam: str, modality: str, region: str) -> None:
    assert modality_of(given_code, exam)[0] == modality
    assert region_of("", exam)[0] == region


def test_status_comes_from_the_text_when_not_given() -> None:
    assert status_of("Wet Read") == ("preliminary", False)
    assert status_of("(none in OBR-25)", "****Preliminary Report****") == ("preliminary", True)
    assert status_of("", "Foie normal") == ("final", True)
    assert status_of("???") == (None, False)


def test_language_is_guessed() -> None:
    assert language_of("", "The liver is normal and there is no effusion.") == ("en", True)
    assert language_of("fr-FR") == ("fr", False)


def test_layout_does_not_change_the_hash() -> None:
    assert content_hash("Foie  normal.\r\n\r\nRate\u00a0normale") == content_hash(
        "Foie normal. Rate normale\n"
    )
    assert content_hash("e\u0301cho") == content_hash("\ufeffécho")
    assert content_hash("of \\S\\18F-FDG") == content_hash("of ^18F-FDG")
    assert content_hash("Foie normal") != content_hash("Foie anormal")


@given(st.text(max_size=200))
def test_cleaning_keeps_the_hash(text: str) -> None:
    cleaned = clean_text(text)
    assert "\r" not in cleaned
    if "\\" not in text:
        assert content_hash(cleaned) == content_hash(text)


# Letters, white space of every kind, what cannot be seen, and what only seems to be a space.
SIGNS = "aé \n\r\t\u00a0\u202f\u2028\u3000\x0b\x1c\x85\u00ad\u200b\ufeff\x07\ue000"


@given(st.text(alphabet=SIGNS, max_size=40))
def test_only_what_can_be_seen_is_kept_and_hashed(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(sign for sign in lines if sign.isprintable() or sign.isspace()).strip()

    assert clean_text(text) == seen
    assert content_hash(text) == sha256(" ".join(seen.split()).encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Examen : IRM du genou droit\nFoie.", "musculoskeletal"),
        ("*** STUDY:\n CT of the chest", "chest"),
        ("Nature de l’examen : genou", "other"),
        ("EXAMEN DE COMPARAISON : genou. Procedure : rachis", "other"),
        ("Ausgang\n\n – Type d’examen : rachis\nExamen : genou", "spine"),
    ],
)
def test_the_title_of_a_text_tells_the_region(text: str, region: str) -> None:
    item = complete(raw(text=text), HERE)

    assert isinstance(item, Accepted)
    assert item.report.region == region


def version(words: str, status: Status = "final", day: int = 1, **ids: str) -> KnownReport:
    moment = datetime(2026, 1, day, tzinfo=UTC)
    accession, number = ids.get("accession", "A1"), ids.get("report_id", "M1")
    return KnownReport(number, accession, status, content_hash(words), moment)


@pytest.mark.parametrize(
    ("existing", "incoming", "outcome"),
    [
        ([], version("one"), "accepted"),
        ([version("one")], version("one", report_id="M2"), "duplicate"),
        ([version("one")], version("one", accession="A2"), "duplicate"),
        ([version("one")], version("two", accession="A2", report_id="M2"), "accepted"),
        ([version("one")], version("two", day=2), "updated"),
        ([version("one", day=3)], version("two", day=2), "outdated"),
        ([version("one")], version("two", "preliminary", day=2), "outdated"),
        ([version("one", "preliminary")], version("two", day=2), "updated"),
        ([version("one", "preliminary")], version("one", day=2), "confirmed"),
        ([version("one")], version("one", "preliminary"), "duplicate"),
        ([version("one")], version("", "cancelled"), "cancelled"),
        ([version("one"), version("", "cancelled")], version("", "cancelled"), "duplicate"),
        ([version("one"), version("two", day=2)], version("one", day=3), "duplicate"),
    ],
)
def test_what_becomes_of_an_arrival(
    existing: list[KnownReport], incoming: KnownReport, outcome: str
) -> None:
    assert classify(existing, incoming) == outcome


@pytest.mark.parametrize(
    ("performed", "reported", "day"),
    [
        ("2026-03", "", date(2026, 3, 1)),
        ("2026", "", date(2026, 1, 1)),
        # Signed within the month that is named, it was hardly done long before.
        ("2026-03", "2026-03-17T09:30:00+00:00", date(2026, 3, 17)),
        ("202602", "2026-03-17T09:30:00+00:00", date(2026, 2, 1)),
    ],
)
def test_a_month_or_a_year_places_a_report(performed: str, reported: str, day: date) -> None:
    item = complete(raw(performed=performed, reported=reported), HERE)

    assert isinstance(item, Accepted)
    assert item.report.performed_on == day
    assert "performed_on" in item.report.derived


@pytest.mark.parametrize("given", ["VALIDATED", "Verified", "approuvé"])
def test_words_of_signing_mean_final(given: str) -> None:
    assert status_of(given) == ("final", False)


def test_breaks_of_a_page_are_lines_in_any_text() -> None:
    assert clean_text("Foie.<br/>Rate. <BR> Rein <5 mm.") == "Foie.\nRate.\nRein <5 mm."
