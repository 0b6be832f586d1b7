"""What does one report of an HL7 v2 message say, word for word?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from peeraudit.adapters.readers.documents import Document
from peeraudit.adapters.readers.hl7_fields import Fields
from peeraudit.adapters.readers.hl7_people import (
    clinicians_of,
    identifiers_of,
    interpreter_of,
    patient_of,
    places_of,
)
from peeraudit.adapters.readers.hl7_status import (
    is_withdrawn,
    status_of_document,
    status_of_order,
)
from peeraudit.adapters.readers.hl7_text import Narrative, narrate
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.reports import Patient, Person, RawReport

# HL7 lets a time end with its hour: 2026033114+0200.
_HOUR: Final = re.compile(r"^(\d{10})([+-]\d{4})?$")
_CONTENT: Final = 3
# “CT1” is a room, and “2026” a year.
_DIGITS: Final = 5
_ONE_WORD: Final = re.compile(r"[\w./-]{5,64}")
_UNFINISHED: Final = frozenset({"P", "PRELIMINARY", "R", "S", "I", "A"})


@dataclass
class Order:
    """One OBR with the results that follow it; of a document, its header and its event too.

    Attributes:
        obr: the order, None where results stand alone.
        common: the ORC before it.
        results: its OBX segments.
        notes: its NTE segments.
        txa: the header of a document (MDM).
        event: the trigger event of a document.
    """

    obr: Fields | None
    common: Fields | None
    results: list[Fields] = field(default_factory=list)
    notes: list[Fields] = field(default_factory=list)
    txa: Fields | None = None
    event: str = ""

    @cached_property
    def narrative(self) -> Narrative:
        """Return what the results say; where there is none at all, the notes are the report."""
        found = narrate(self.results)
        if self.results or self.txa:
            return found
        lines = [
            n.marks.plain(n.raw(_CONTENT).replace(n.marks.repetition, "\n")) for n in self.notes
        ]
        return Narrative("\n".join(lines))

    @cached_property
    def status(self) -> str:
        """Return the status as the sender writes it, or a canonical word for a document."""
        of_order = status_of_order(self.obr, self.common, self.results)
        if self.txa is None and not self.event:
            return of_order
        return status_of_document(self.txa, self.event, of_order)

    @cached_property
    def accession(self) -> str:
        """Return the examination's number; empty when neither order nor document gives one.

        The filler's number comes first: it is one examination's own wherever it is given. IHE puts
        the accession number into OBR-18, but HL7 leaves that field to the site, and many write the
        body part or the room there: taken for a number, it would make one examination of all that
        share it. See `site_number`.
        """
        numbers = [self.of_obr(3), self._of(self.common, 3)]
        numbers += [self._of(self.txa, 15), self.of_obr(2), self._of(self.common, 2)]
        numbers += [self._of(self.txa, 14)]
        numbers += [d.accession for d in self.narrative.documents]
        # A document without any order is known by its own number, a later one by its parent's.
        numbers += [self._of(self.txa, 13), self._of(self.txa, 12)]
        return next((number for number in numbers if number), "")

    @property
    def site_number(self) -> str:
        """Return the accession number that OBR-18 holds by IHE; empty where it is another word.

        Asked where nothing else names the examination.
        """
        number = self.of_obr(18)
        is_number = _ONE_WORD.fullmatch(number) and sum(map(str.isdigit, number)) >= _DIGITS
        return number if is_number else ""

    def of_obr(self, number: int) -> str:
        """Return the number that a field of the order holds."""
        return self._of(self.obr, number)

    @staticmethod
    def _of(segment: Fields | None, number: int) -> str:
        return segment.number_of(number) if segment else ""


def raw_report(segments: Sequence[Fields], orders: Sequence[Order], rank: int) -> RawReport:
    """Return the report that ``orders`` of one examination make.

    Args:
        segments: the whole message, whose people are all known to it.
        orders: at least one order.
        rank: the report's place among those of the message, from 0.
    """
    header, first = segments[0], orders[0]
    obr, txa = first.obr or Fields(["OBR"], header.marks), first.txa
    documents = [d for order in orders for d in order.narrative.documents]
    accession = first.accession or next(_study_uids(segments), "") or first.site_number
    control = header.first(10)
    numbers = [accession, *(v for order in orders for v in (order.of_obr(2), order.of_obr(3)))]
    numbers += [uid for order in orders for uid in order.narrative.uids]
    return RawReport(
        report_id=control if rank == 0 else f"{control}#{rank + 1}",
        accession=accession,
        status=_status(orders),
        modality=obr.first(24),
        exam_code=obr.first(4),
        exam_name=_exam(orders) or next((d.title for d in documents if d.title), ""),
        performed=_readable(obr.first(7), obr.first(36), obr.first(6), *_moments(txa, 4, 6)),
        reported=_readable(
            obr.first(22), _authenticated(txa), *_moments(txa, 8, 7, 6), header.first(7)
        ),
        urgency=obr.first(27, 6) or obr.first(5) or _priority(segments),
        text="\n".join(dict.fromkeys(order.narrative.text for order in orders)),
        author=_author(segments, first, documents),
        patient=_patient(segments, documents),
        clinicians=(*clinicians_of(segments), *(p for d in documents for p in d.clinicians)),
        identifiers=(
            *numbers,
            *identifiers_of(segments),
            *patient_of(segments).identifiers,
            *(number for d in documents for number in d.identifiers),
        ),
        places=(*places_of(segments), *(place for d in documents for place in d.places)),
    )


def _status(orders: Sequence[Order]) -> str:
    """Return the status of the whole: unfinished when a part is, withdrawn when all parts are."""
    given = [order.status for order in orders]
    standing = [status for status in given if not is_withdrawn(status)] or given
    unfinished = [status for status in standing if status.strip().upper() in _UNFINISHED]
    return (unfinished or standing)[0]


def _exam(orders: Sequence[Order]) -> str:
    names = [
        order.obr.first(4, 2) or order.obr.first(4, 5) or order.obr.first(44, 2)
        for order in orders
        if order.obr
    ]
    return " / ".join(dict.fromkeys(name for name in names if name))


def _author(
    segments: Sequence[Fields], order: Order, documents: Sequence[Document]
) -> Person | None:
    signers: list[Person] = []
    for number in (22, 9, 10) if order.txa else ():
        signers += order.txa.people(number) if order.txa else []
    for number in (32, 33):
        signers += order.obr.people(number) if order.obr else []
    role = interpreter_of(segments)
    signers += [role] if role else []
    signers += [person for result in order.results[:1] for person in result.people(16)]
    signers += [d.author for d in documents if d.author]
    return signers[0] if signers else None


def _patient(segments: Sequence[Fields], documents: Sequence[Document]) -> Patient:
    """Return the message's patient, with what documents inside it add."""
    own = patient_of(segments)
    for other in (d.patient for d in documents if d.patient):
        own = Patient(
            identifiers=tuple(dict.fromkeys(own.identifiers + other.identifiers)),
            names=tuple(dict.fromkeys(own.names + other.names)),
            birth_date=own.birth_date or other.birth_date,
            sex=own.sex or other.sex,
            phones=tuple(dict.fromkeys(own.phones + other.phones)),
            addresses=tuple(dict.fromkeys(own.addresses + other.addresses)),
            relatives=tuple(dict.fromkeys(own.relatives + other.relatives)),
        )
    return own


def _study_uids(segments: Sequence[Fields]) -> Iterator[str]:
    """Yield what names the examination where no order does: IPC-1 and the study's UID."""
    for name, numbers in (("IPC", (1, 3)), ("ZDS", (1,))):
        for segment in segments:
            if segment.name == name:
                yield from (value for n in numbers if (value := segment.number_of(n)))


def _priority(segments: Sequence[Fields]) -> str:
    """Return what TQ1-9 says, where the message has one: since HL7 2.5 priority stands there."""
    given = [segment.first(9) for segment in segments if segment.name == "TQ1"]
    return given[0] if len(given) == 1 else ""


def _moments(segment: Fields | None, *numbers: int) -> list[str]:
    return [segment.first(number) for number in numbers] if segment else []


def _authenticated(txa: Fields | None) -> str:
    """Return when a document was signed: the fifteenth component of TXA-22."""
    return txa.first(22, 15) if txa else ""


def _readable(*moments: str) -> str:
    """Return the first time that can be read; systems put other things into these fields."""
    given = [_to_the_minute(moment) for moment in moments if moment]
    return next((moment for moment in given if parse_day(moment)), given[0] if given else "")


def _to_the_minute(moment: str) -> str:
    return _HOUR.sub(r"\g<1>00\2", moment)
