"""What does one field of an HL7 v2 segment say?"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peeraudit.domain.intake.reports import Person

_CODES: Final = (
    r"[FSTREPHN]|\.(?:br|sp|ce|fi|nf|in|ti|sk)[+-]?\d{0,4}|\.[A-Za-z]{2}[+-]?\d{0,4}"
    r"|X(?:[0-9A-Fa-f]{2})+|[CM][0-9A-Fa-f]{4,6}"
)
_COUNT: Final = re.compile(r"\d+")
_MOST_BLANKS: Final = 100
_TITLE: Final = re.compile(r"^(?:(?:dr|pr|prof|mr|mrs|mme|mlle|m|md)\b\.?\s*)+", re.IGNORECASE)


@lru_cache(maxsize=64)
def _escapes(mark: str) -> re.Pattern[str]:
    escaped = re.escape(mark)
    return re.compile(rf"{escaped}({_CODES}){escaped}")


def _repeated(code: str, sign: str, *, least: int) -> str:
    found = _COUNT.search(code)
    return sign * min(max(int(found[0]) if found else 1, least), _MOST_BLANKS)


@dataclass(frozen=True, slots=True)
class Marks:
    """The separators that one message declares in MSH-1 and MSH-2.

    Attributes:
        encoding: how the bytes of ``X`` escapes are read.
    """

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = "#"
    encoding: str = "utf-8"

    @classmethod
    def of(cls, header: str) -> "Marks":
        """Return the separators that an MSH segment declares."""
        field = header[3:4] or "|"
        declared = header[4:260].split(field, 1)[0]
        component, repetition, escape = tuple(declared + "^~\\"[len(declared) :])[:3]
        # Some senders double the backslash in MSH-2; the ampersand then stands fifth.
        doubled = declared[3:4] == escape
        rest = declared[4:] if doubled else declared[3:]
        return cls(field, component, repetition, escape, rest[:1] or "&", rest[1:2] or "#")

    def plain(self, text: str) -> str:
        """Return ``text`` without escape sequences; one that is not known stays as it is.

        Line breaks (``.br``, ``.sp``, ``.ce``) become line feeds, indents and skips become
        spaces, and highlighting goes. The library's own unescape drops line breaks, and
        drops the rest of a text that holds a lone backslash.
        """
        if self.escape not in text:
            return text
        return _escapes(self.escape).sub(self._meaning, text)

    def _meaning(self, found: re.Match[str]) -> str:
        code = found[1]
        known = {
            "F": self.field,
            "S": self.component,
            "T": self.subcomponent,
            "R": self.repetition,
            "E": self.escape,
            "P": self.truncation,
        }
        if code[0] == "X":
            return self._bytes(code[1:])
        if code[0] == ".":
            return _layout(code[1:].lower())
        return known.get(code, "")

    def _bytes(self, digits: str) -> str:
        data = bytes.fromhex(digits)
        try:
            return data.decode(self.encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")


def _layout(command: str) -> str:
    match command[:2]:
        case "br" | "ce":
            return "\n"
        case "sp":
            return _repeated(command, "\n", least=1)
        case "sk":
            return _repeated(command, " ", least=1)
        case "fi" | "nf":
            return ""
        case _:
            return " "


@dataclass(frozen=True, slots=True)
class Fields:
    """One segment, read by the numbers of its fields as the standard counts them.

    Attributes:
        values: the segment's name, then field 1, field 2 and so on, as sent.
        number: its place among the segments of its name in the message, from 1.
    """

    values: list[str]
    marks: Marks
    number: int = 1

    @classmethod
    def of(cls, line: str, marks: Marks, number: int = 1) -> "Fields":
        """Return the fields of one line of a message."""
        values = line.split(marks.field)
        if values[0] == "MSH":
            values.insert(1, marks.field)
        return cls(values, marks, number)

    @property
    def name(self) -> str:
        """Return the segment's three letters."""
        return self.values[0]

    @property
    def place(self) -> str:
        """Return the segment as a person finds it: ``OBR``, and ``OBR[2]`` for a second one."""
        return self.name if self.number == 1 else f"{self.name}[{self.number}]"

    def __len__(self) -> int:
        return len(self.values)

    def raw(self, number: int) -> str:
        """Return a whole field as sent, empty when it is absent or the null ``""``."""
        if number >= len(self.values):
            return ""
        text = self.values[number]
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
        marks = self.marks
        return [marks.plain(part).strip() for part in repetition.split(marks.component)]

    def first(self, number: int, component: int = 1) -> str:
        """Return one component of the field's first repetition, counted from 1."""
        parts = self.components(number)
        return parts[component - 1] if component <= len(parts) else ""

    def number_of(self, number: int) -> str:
        """Return an entity identifier without the name of who gave it."""
        return self._head(self.first(number))

    def identifiers(self, number: int) -> list[str]:
        """Return the first component of each repetition."""
        heads = (self._head(self.parts(rep)[0]) for rep in self.repetitions(number))
        return [value for value in heads if value]

    def words(self, number: int) -> list[str]:
        """Return every component and sub-component of every repetition, in plain text."""
        found = []
        for repetition in self.repetitions(number):
            for part in repetition.split(self.marks.component):
                found += [self.marks.plain(p).strip() for p in part.split(self.marks.subcomponent)]
        return [word for word in found if word and word != '""']

    def people(self, number: int) -> list[Person]:
        """Return the professionals of an XCN field, or of an NDL one (names in sub-parts)."""
        people = []
        for repetition in self.repetitions(number):
            head = repetition.split(self.marks.component)[0]
            if self.marks.subcomponent in head:
                parts = [self.marks.plain(p).strip() for p in head.split(self.marks.subcomponent)]
                people.append(self._person(parts))
                continue
            parts = self.parts(repetition)
            spoken = not any(parts[1:4]) and re.search(r"[,\s]", parts[0])
            people.append(_spoken(parts[0]) if spoken else self._person(parts))
        return [person for person in people if not person.is_empty]

    def names(self, number: int) -> list[Person]:
        """Return the names of an XPN field."""
        people = []
        for repetition in self.repetitions(number):
            parts = self.parts(repetition)
            people.append(self._person(["", *parts]) if any(parts[1:3]) else _spoken(parts[0]))
        return [person for person in people if not person.is_empty]

    def _head(self, text: str) -> str:
        return text.split(self.marks.subcomponent, maxsplit=1)[0].strip()

    def _person(self, parts: list[str]) -> Person:
        identifier, last, first, middle = [*parts, "", "", "", ""][:4]
        # A family name may carry its particles after the mark of a sub-component.
        return Person(*map(_known, (identifier, self._head(last), first, middle)))


def _known(part: str) -> str:
    return "" if part == '""' else part


def _spoken(text: str) -> Person:
    """Return whom one component alone names: ``21``, ``Dupont, Anne`` or ``Dr Anne Dupont``."""
    bare = _TITLE.sub("", text).strip()
    if not any(map(str.isalpha, bare)) or any(map(str.isdigit, bare)):
        return Person(identifier=_known(text))
    last, comma, first = bare.partition(",")
    if not comma:
        first, _, last = bare.rpartition(" ")
    return Person(last=last.strip(), first=first.strip())
