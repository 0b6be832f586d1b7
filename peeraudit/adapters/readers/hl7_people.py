"""Which people, numbers and places does an HL7 v2 message name?"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from peeraudit.adapters.readers.hl7_fields import Fields
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.reports import Patient, Person

T = TypeVar("T")
Places = Mapping[str, tuple[int, ...]]

# Segment → fields, after the chapters 2 to 12 of HL7 v2.3 to v2.8.
_CLINICIANS: Final[Places] = {
    "EVN": (5,),
    "PD1": (4,),
    "PV1": (7, 8, 9, 17, 52),
    "DG1": (16,),
    "PR1": (8, 11, 12),
    "FT1": (20, 21),
    "ROL": (4,),
    "PRT": (5,),
    "ORC": (10, 11, 12, 19),
    "OBR": (10, 16, 28, 32, 33, 34, 35),
    "NTE": (5,),
    "OBX": (16, 25),
    "TXA": (5, 9, 10, 11, 22, 23),
}
_PATIENT_NAMES: Final[Places] = {"PID": (5, 9), "MRG": (7,)}
_RELATIVES: Final[Places] = {
    "PID": (6,),
    "NK1": (2, 30),
    "GT1": (3, 4),
    "IN1": (16,),
    "IN2": (7, 9),
    "CTD": (2,),
    "CON": (24,),
}
_PATIENT_NUMBERS: Final[Places] = {
    "PID": (3, 2, 4, 18, 19, 20, 21),
    "MRG": (1, 2, 3, 4, 5, 6),
    "PV1": (5, 19, 50),
    "NK1": (33, 37),
    "GT1": (2, 19),
    "IN1": (36, 49),
    "IN2": (2, 6, 8),
}
_NUMBERS: Final[Places] = {
    "MSH": (10,),
    "ORC": (2, 3, 4),
    "OBR": (2, 3, 18, 19, 20, 53),
    "OBX": (21,),
    "TXA": (12, 13, 14, 15),
    "IPC": (1, 2, 3, 4),
    "ZDS": (1,),
}
_PHONES: Final[Places] = {
    "PID": (13, 14, 40),
    "NK1": (5, 6, 7, 31),
    "GT1": (6, 7),
    "IN1": (7,),
}
_CALLBACKS: Final[Places] = {"ORC": (14, 23), "OBR": (17,), "ROL": (12,), "PRT": (15,)}
_ADDRESSES: Final[Places] = {
    "PID": (11,),
    "NK1": (4, 32),
    "GT1": (5,),
    "IN1": (19,),
    "ROL": (11,),
    "PRT": (14,),
}
_LOCATIONS: Final[Places] = {"PV1": (3, 6, 11, 42), "PRT": (9,), "OBR": (49,)}
_ORGANISATIONS: Final[Places] = {
    "MSH": (4, 6),
    "EVN": (7,),
    "PD1": (3,),
    "NK1": (13,),
    "GT1": (21,),
    "PV1": (39,),
    "ORC": (17, 21),
    "OBX": (23,),
    "PRT": (8,),
}
_SITES: Final[Places] = {"ORC": (22, 24), "OBX": (24,)}
_DIGIT: Final = re.compile(r"\d")
_OID: Final = re.compile(r"[\d.]+")
# A requested procedure may be numbered 12: so short a number stands in too many texts.
_SHORTEST_NUMBER: Final = 4
_SHORTEST_PLACE: Final = 3
_INTERPRETERS: Final = ("PI", "AUT", "AI")


def patient_of(segments: Sequence[Fields]) -> Patient:
    """Return all that a message tells about its patient and those near the patient."""
    pid = next((segment for segment in segments if segment.name == "PID"), None)
    numbers = _each(segments, _PATIENT_NUMBERS)
    phones = [phone for s, n in _fields(segments, _PHONES) for phone in _phones(s, n)]
    addresses = [part for s, n in _fields(segments, _ADDRESSES) for part in _address(s, n)]
    return Patient(
        identifiers=_unique(value for s, n in numbers for value in s.identifiers(n)),
        names=_unique(p for s, n in _fields(segments, _PATIENT_NAMES) for p in s.names(n)),
        birth_date=parse_day(pid.first(7)[:8]) if pid else None,
        sex=pid.first(8)[:1] if pid else "",
        phones=_unique(phone for phone in phones if phone),
        addresses=_unique(part for part in addresses if part),
        relatives=_unique(p for s, n in _fields(segments, _RELATIVES) for p in s.names(n)),
    )


def clinicians_of(segments: Sequence[Fields]) -> tuple[Person, ...]:
    """Return every professional that a message names, in the order of the message."""
    return _unique(p for s, n in _fields(segments, _CLINICIANS) for p in s.people(n))


def identifiers_of(segments: Sequence[Fields]) -> tuple[str, ...]:
    """Return the numbers of examinations, documents and visits, and the phones to call back."""
    found = [value for s, n in _fields(segments, _NUMBERS) for value in s.identifiers(n)]
    numbers = [v for v in found if len(v) >= _SHORTEST_NUMBER and _DIGIT.search(v)]
    calls = [phone for s, n in _fields(segments, _CALLBACKS) for phone in _phones(s, n)]
    return _unique((*numbers, *(call for call in calls if call)))


def places_of(segments: Sequence[Fields]) -> tuple[str, ...]:
    """Return the names of facilities, wards, organisations and their towns."""
    names = [word for s, n in _fields(segments, _LOCATIONS) for word in s.words(n)]
    names += [word for s, n in _fields(segments, _ORGANISATIONS) for word in _organisation(s, n)]
    names += [part for s, n in _fields(segments, _SITES) for part in _address(s, n)]
    return _unique(name for name in names if _is_place(name))


def interpreter_of(segments: Sequence[Fields]) -> Person | None:
    """Return who interpreted after the participations (PRT) of version 2.7 and later."""
    by_role = {
        code: person
        for segment in segments
        if segment.name == "PRT"
        for code in segment.components(4)[:1]
        for person in reversed(segment.people(5))
    }
    return next((by_role[role] for role in _INTERPRETERS if role in by_role), None)


def _fields(segments: Sequence[Fields], places: Places) -> Iterator[tuple[Fields, int]]:
    for segment in segments:
        for number in places.get(segment.name, ()):
            if number < len(segment):
                yield segment, number


def _each(segments: Sequence[Fields], places: Places) -> Iterator[tuple[Fields, int]]:
    """Yield as `_fields` does, the patient's own segment first: its first number is the key."""
    found = list(_fields(segments, places))
    yield from sorted(found, key=lambda pair: pair[0].name != "PID")


def _phones(segment: Fields, number: int) -> Iterator[str]:
    for repetition in segment.repetitions(number):
        parts = segment.parts(repetition)
        yield parts[0]
        yield "".join(parts[4:8])
        yield from (part for part in parts[3:4] if "@" in part)
        yield from (part for part in parts[11:12] if part)


def _address(segment: Fields, number: int) -> Iterator[str]:
    for repetition in segment.repetitions(number):
        parts = segment.parts(repetition)
        for value in (*parts[:3], *parts[4:5]):
            yield value.replace(segment.marks.subcomponent, " ").strip()


def _organisation(segment: Fields, number: int) -> Iterator[str]:
    for repetition in segment.repetitions(number):
        yield segment.parts(repetition)[0].split(segment.marks.subcomponent)[0].strip()


def _is_place(name: str) -> bool:
    return len(name) >= _SHORTEST_PLACE and not _OID.fullmatch(name) and name.upper() != "ISO"


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
