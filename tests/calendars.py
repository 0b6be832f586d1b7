"""Reading a calendar file as RFC 5545 says, and refusing what it forbids."""

import re

ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}


def read_calendar(text):
    """Return the properties of a calendar and, as ``events``, those of its events."""
    assert text.endswith("\r\n")
    raw = text.encode().split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    calendar, event = {"events": []}, None
    for line in lines[1:-1]:
        head, _, value = line.partition(":")
        name = head.partition(";")[0]
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            assert set(event) >= {"UID", "DTSTAMP", "DTSTART"}
            calendar["events"].append(event)
            event = None
        else:
            place = calendar if event is None else event
            assert name not in place, name
            assert event is None or name in ONCE, name
            place[name] = _unescaped(value)
    assert event is None
    assert {"VERSION", "PRODID"} <= set(calendar)
    return calendar


def _unescaped(value):
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
