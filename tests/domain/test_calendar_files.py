from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.calendar_files import DayEntry, write_calendar
from tests.calendars import read_calendar

WRITTEN = datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=1)))
# What stands in a line of text: no control characters but the end of a line.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=200)
ENTRIES = st.lists(
    st.builds(
        DayEntry,
        uid=st.uuids().map(str),
        day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        summary=TEXT,
        description=TEXT,
        url=st.just("https://audit.example/scoring/"),
    ),
    max_size=4,
)


@given(TEXT, ENTRIES)
def test_what_is_written_is_read_back(name, entries):
    calendar = read_calendar(write_calendar(name, entries, written=WRITTEN))

    assert calendar["NAME"] == name
    assert [(e["UID"], e["SUMMARY"], e["DESCRIPTION"], e["URL"]) for e in calendar["events"]] == [
        (e.uid, e.summary, e.description, e.url) for e in entries
    ]
    days = [datetime.strptime(e["DTSTART"], "%Y%m%d").date() for e in calendar["events"]]  # noqa: DTZ007
    assert days == [e.day for e in entries]


def test_a_day_ends_where_the_next_begins_and_takes_no_time():
    entry = DayEntry("u", date(2026, 12, 31), "s", "d", "https://audit.example/")

    [event] = read_calendar(write_calendar("n", [entry], written=WRITTEN))["events"]

    assert (event["DTSTART"], event["DTEND"]) == ("20261231", "20270101")
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DTSTAMP"] == f"{WRITTEN.astimezone(UTC):%Y%m%dT%H%M%SZ}" == "20261123T093000Z"
