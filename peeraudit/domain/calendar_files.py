"""How do days become a file that any calendar program reads?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Most octets of a line, without its end."""

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//PeerAudit//Due days//EN"


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A whole day with something on it.

    Args:
        uid: tells the entry apart in all calendars, and stays when the file is read again.
        day: which day.
        summary: the line that a calendar shows.
        description: what stands below it.
        url: where on the site the thing is.
    """

    uid: str
    day: date
    summary: str
    description: str
    url: str


def write_calendar(name: str, entries: Sequence[DayEntry], *, written: datetime) -> str:
    """Return a calendar of whole days.

    Args:
        name: of the calendar.
        entries: in the order in which they are written; shape (n,), n >= 0.
        written: when the file is made, an aware moment.

    Returns:
        The text, to be sent in UTF-8: lines of at most 75 octets, each ending in CR LF. A day
        takes nobody's time: it is marked as free.

    Source:
        Desruisseaux B. (2009). RFC 5545, sections 3.1, 3.3.11, 3.6.1. doi:10.17487/RFC5545
        Daboo C. (2016). RFC 7986, section 5.1 (NAME). doi:10.17487/RFC7986
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_escaped(name)}",
        # Programs from before RFC 7986 know the name by this alone.
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for entry in entries:
        lines += _event(entry, written)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _event(entry: DayEntry, written: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{written.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(entry.summary)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _fold(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets; no character is cut in two."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            yield part
            # The space that marks a part of a longer line counts.
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
