"""What does a received report hold, and where in the file did it stand?"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from peeraudit.domain.errors import N_

Status = Literal["preliminary", "final", "corrected", "addendum", "cancelled"]
Urgency = Literal["routine", "urgent", "stat", ""]
Laterality = Literal["left", "right", "bilateral", ""]

# Tables exported from an HL7 feed often keep its escape sequences; a report has no other use
# for them, and the same report must read the same whichever way it came.
_LEFT_OVER = re.compile(r"\\(F|S|T|R|E|\.br)\\")
_BREAK: Final = re.compile(r"[ \t]*<br[ \t]*/?>[ \t]*", re.IGNORECASE)
_MEANINGS = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", ".br": "\n"}
# White space of ordinary texts, which is never printable; the rest is asked of words alone.
_ORDINARY = ("\n", "\t", "\u00a0", "\u202f")
_LATIN: Final = bytes(
    code for code in range(256) if chr(code).isprintable() or chr(code) in _ORDINARY
)
"""Every sign of Latin-1 that is printed, or is ordinary white space."""


class Person(NamedTuple):
    """One person as a message names them; any part may be empty."""

    identifier: str = ""
    last: str = ""
    first: str = ""
    middle: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is known."""
        return not (self.identifier or self.last or self.first)


class Patient(NamedTuple):
    """All that a message tells about the patient; only blinding may read it."""

    identifiers: tuple[str, ...] = ()
    names: tuple[Person, ...] = ()
    birth_date: date | None = None
    sex: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    relatives: tuple[Person, ...] = ()


class RawReport(NamedTuple):
    """What a file says of one report, word for word, before anything is understood."""

    report_id: str = ""
    accession: str = ""
    status: str = ""
    modality: str = ""
    region: str = ""
    exam_code: str = ""
    exam_name: str = ""
    performed: str = ""
    reported: str = ""
    urgency: str = ""
    language: str = ""
    text: str = ""
    author: Person | None = None
    patient: Patient = Patient()
    clinicians: tuple[Person, ...] = ()
    identifiers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    laterality: str = ""
    derived: tuple[str, ...] = ()


class IncomingReport(NamedTuple):
    """One report as received, with canonical codes.

    Attributes:
        report_id: the sender's own number for this report (HL7 MSH-10).
        accession: the examination's number (HL7 OBR-3); one accession, one report.
        status: canonical status.
        modality: CT, MR, US, CR, MG, NM, PT, XA, RF or OT.
        region: canonical body region.
        exam: the examination's name as the sender writes it.
        performed_on: the day of the examination.
        signed_at: when the report was signed (aware, UTC).
        urgency: how urgent the request was; empty when unknown.
        language: ``fr`` or ``en``.
        text: the report, NFC, with line breaks as line feeds.
        author: who signed or dictated it.
        patient: the patient's identity.
        clinicians: every other professional that the message names.
        identifiers: every number that could lead back to the patient.
        places: names of facilities and wards.
        derived: the names of the fields here that were deduced, not given.
        laterality: the side that was examined; empty when none is named.
        is_child: the patient was under 18 on the day; False where that cannot be told.
    """

    report_id: str
    accession: str
    status: Status
    modality: str
    region: str
    exam: str
    performed_on: date | None
    signed_at: datetime | None
    urgency: Urgency
    language: str
    text: str
    author: Person | None
    patient: Patient
    clinicians: tuple[Person, ...] = ()
    identifiers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    laterality: Laterality = ""
    is_child: bool = False


_LABELS = {
    ("message", False, False): N_("message %(number)d"),
    ("message", True, False): N_("message %(number)d, %(place)s"),
    ("message", False, True): N_("“%(member)s”, message %(number)d"),
    ("message", True, True): N_("“%(member)s”, message %(number)d, %(place)s"),
    ("entry", False, False): N_("entry %(number)d"),
    ("entry", True, False): N_("entry %(number)d, %(place)s"),
    ("entry", False, True): N_("“%(member)s”, entry %(number)d"),
    ("entry", True, True): N_("“%(member)s”, entry %(number)d, %(place)s"),
    ("line", False, False): N_("line %(number)d"),
    ("line", True, False): N_("line %(number)d, %(place)s"),
    ("line", False, True): N_("“%(member)s”, line %(number)d"),
    ("line", True, True): N_("“%(member)s”, line %(number)d, %(place)s"),
    ("", False, False): N_("the whole file"),
    ("", False, True): N_("the whole of “%(member)s”"),
}


class Position(NamedTuple):
    """Where an item stands in what was sent.

    Attributes:
        source: the file's name.
        line: its first line in a table, from 1 (the header is line 1).
        message: its place among the messages, from 1.
        segment: the HL7 segment that matters, such as ``OBR``.
        field: the column or field that matters, such as ``accession`` or ``3``.
        entry: its place among the resources of a FHIR document, from 1.
        member: the file inside an archive in which it stands.
    """

    source: str
    line: int | None = None
    message: int | None = None
    segment: str = ""
    field: str = ""
    entry: int | None = None
    member: str = ""

    @property
    def label(self) -> tuple[str, dict[str, object]]:
        """Return the sentence template and its values, for a door to translate."""
        places = (("message", self.message), ("entry", self.entry), ("line", self.line))
        kind, number = next((one for one in places if one[1] is not None), ("", None))
        if kind and not (self.segment or self.field or self.member):
            # Nearly every item.
            return _LABELS[kind, False, False], {"number": number}
        place = "-".join(part for part in (self.segment, self.field) if part)
        given = {"number": number, "place": place, "member": self.member}
        params: dict[str, object] = {
            name: value for name, value in given.items() if value not in {None, ""}
        }
        if not kind:
            params.pop("place", None)
        return _LABELS[kind, "place" in params, "member" in params], params

    @property
    def locator(self) -> str:
        """Return the place in plain English, such as ``line 12, accession``."""
        template, params = self.label
        return template % params


class Accepted(NamedTuple):
    """A report that can be kept."""

    position: Position
    report: IncomingReport

    @property
    def size(self) -> int:
        """How long it is, in characters."""
        return len(self.report.text)


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that cannot be kept, and why.

    Attributes:
        position: where it stands.
        code: a stable reason, such as ``missing_accession``.
        message: an English sentence with named placeholders.
        params: the values of the placeholders.
        reference: the accession or report number when it is known, else empty.
        raw: what the file says, where its fields could be told apart: enough to mend it.
        content: the item alone as a small file of its own format (a table's line under its
            heading, one message), where its fields could not be told apart.
        report: the report that it would make without a text, where the text alone is missing.
    """

    position: Position
    code: str
    message: str
    params: dict[str, object]
    reference: str = ""
    raw: RawReport | None = None
    content: str = ""
    report: IncomingReport | None = None

    @property
    def size(self) -> int:
        """How long what is kept of it is, in characters."""
        return len(self.content) + (len(self.raw.text) if self.raw else 0)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


Item = Accepted | Refused


def clean_text(text: str) -> str:
    """Return ``text`` as it is kept: NFC, line feeds, no invisible or escaped characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text)
    if "<" in text:
        text = _BREAK.sub("\n", text)
    if "\\" in text:
        text = _LEFT_OVER.sub(lambda found: _MEANINGS[found[1]], text)
    text = text.strip()
    if not (_is_plain(text) or "".join(text.split()).isprintable()):
        text = "".join(c if c.isprintable() or c.isspace() else "" for c in text).strip()
    return text


@lru_cache(maxsize=4)
def _is_plain(text: str) -> bool:
    """Tell whether a text holds nothing but printable signs and ordinary white space.

    It is asked when a text is cleaned and again, soon after, when it is hashed.
    """
    try:
        # Bytes are looked at three times as fast as signs.
        return not text.encode("latin-1").translate(None, _LATIN)
    except UnicodeEncodeError:
        return _flat(text).isprintable()


def _flat(text: str) -> str:
    """Return a text with a space for each piece of ordinary white space."""
    for space in _ORDINARY:
        text = text.replace(space, " ")
    return text


def _in_one_line(text: str) -> str:
    """Return the words of a text with one space between them, as splitting it would."""
    if not _is_plain(text):
        return " ".join(text.split())
    # A space is the only white space that is left.
    return " ".join(filter(None, map(str.strip, _flat(text).split("  "))))


def content_hash(report: IncomingReport | str) -> str:
    """Return the SHA-256, in hexadecimal, of what a report says.

    Runs of white space count as one space, so that the same report keeps its hash whether
    its lines came as HL7 repetitions, as OBX segments or as lines of a table.

    Args:
        report: a report, or its text.
    """
    # What a report holds is clean already: see ``complete``.
    text = clean_text(report) if isinstance(report, str) else report.text
    words = _in_one_line(text).encode("utf-8", "surrogatepass")
    return hashlib.sha256(words).hexdigest()
