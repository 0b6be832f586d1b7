"""What does one field of an HL7 v2 segment say?"""

import re
from dataclasses import dataclass
from typing import Final

import hl7

from peeraudit.domain.intake.reports import Person

_CODES: Final = r"[FSTREHN]|\.[A-Za-z]{2}[+-]?\d*|X(?:[0-9A-Fa-f]{2})+"


@dataclass(frozen=True, slots=True)
class Marks:
    """The separators that one message declares in MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @classmethod
    def of(cls, header: str) -> "Marks":
        """Return the separators that an MSH segment declares."""
        field = header[3:4] or "|"
        declared = header[4:].split(field, 1)[0]
        component, repetition, escape = tuple(declared + "^~\\"[len(declared) :])[:3]
        # Some senders double the backslash in MSH-2; the ampersand then stands fifth.
        subcomponent = declared[4] if declared[3:4] == escape else declared[3:4]
        return cls(field, component, repetition, escape, subcomponent or "&")

    def plain(self, text: str) -> str:
        """Return ``text`` without escape sequences; one that is not known stays as it is.

        Line breaks (``.br``, ``.sp``, ``.ce``) become line feeds. The library's own
        unescape drops them, and drops the rest of a text that holds a lone backslash.
        """
        if self.escape not in text:
            return text
        mark = re.escape(self.escape)
        return re.sub(rf"{mark}({_CODES}){mark}", self._meaning, text)

    def _meaning(self, found: re.Match[str]) -> str:
        code = found[1]
        known = {
            "F": self.field,
            "S": self.component,
            "T": self.subcomponent,
            "R": self.repetition,
            "E": self.escape,
            "H": "",
            "N": "",
        }
        if code in known:
            return known[code]
        if code[0] == "X":
            return bytes.fromhex(code[1:]).decode("latin-1")
        return "\n" if code.lower().startswith((".br", ".sp", ".ce")) else " "


@dataclass(frozen=True, slots=True)
class Fields:
    """One segment, read by the numbers of its fields as the standard counts them."""

    segment: hl7.Segment
    marks: Marks

    @property
    def name(self) -> str:
        """Return the segment's three letters."""
        return str(self.segment[0])

    def __len__(self) -> int:
        return len(self.segment)

    def raw(self, number: int) -> str:
        """Return a whole field as sent, empty when it is absent or the null ``""``."""
        if number >= len(self.segment):
            return ""
        text = str(self.segment[number])
        return "" if text == '""' else text

    def repetitions(self, number: int) -> list[str]:
        """Return the field's repetitions that are not empty."""
        return [part for part in self.raw(number).split(self.marks.repetition) if part.strip()]

    def components(self, number: int) -> list[str]:
        """Return the components of the field's first repetition, in plain text."""
        first = self.raw(number).split(self.marks.repetition)[0]
        return self.parts(first)

    def parts(self, repetition: str) -> list[str]:
        """Return the components of one repetition, in plain text."""
        return [self.marks.plain(part).strip() for part in repetition.split(self.marks.component)]

    def first(self, number: int, component: int = 1) -> str:
        """Return one component of the field's first repetition, counted from 1."""
        parts = self.components(number)
        return parts[component - 1] if component <= len(parts) else ""

    def identifiers(self, number: int) -> list[str]:
        """Return the first component of each repetition."""
        return [value for rep in self.repetitions(number) if (value := self.parts(rep)[0])]

    def people(self, number: int) -> list[Person]:
        """Return the professionals of an XCN field, or of an NDL one (names in sub-parts)."""
        people = []
        for repetition in self.repetitions(number):
            head = repetition.split(self.marks.component)[0]
            if self.marks.subcomponent in head:
                parts = [self.marks.plain(p).strip() for p in head.split(self.marks.subcomponent)]
            else:
                parts = self.parts(repetition)
            person = _person(parts)
            if not person.is_empty:
                people.append(person)
        return people

    def names(self, number: int) -> list[Person]:
        """Return the names of an XPN field."""
        people = [_person(["", *self.parts(repetition)]) for repetition in self.repetitions(number)]
        return [person for person in people if not person.is_empty]


def _person(parts: list[str]) -> Person:
    identifier, last, first, middle = [*parts, "", "", "", ""][:4]
    # A family name may carry its particles after the mark of a sub-component.
    return Person(identifier, last.split("&")[0], first, middle)
