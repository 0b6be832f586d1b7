"""Which words do the results (OBX) of an HL7 v2 order say?"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peeraudit.adapters.readers.documents import Document, read_document, read_marked_text
from peeraudit.adapters.readers.hl7_fields import Fields

TEXT_TYPES: Final = frozenset({"TX", "FT", "ST"})
WITHDRAWN: Final = frozenset({"D", "W", "X"})
STATUS_OF_RESULT: Final = 11

_CODED: Final = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID"})
_MEASURED: Final = frozenset({"NM", "SN", "DT", "TM", "TS", "DTM"})
_UID: Final = re.compile(r"(?=[0-9.]{16,64}$)[0-9]+(?:\.[0-9]+){3,}$")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_PDF_IN_BASE64: Final = "JVBERi0"
_MARKUP: Final = ("{\\rtf", "<?xml", "<html", "<!doctype", "<clinicaldocument")
_WORD: Final = re.compile(r"\w{3,}")
# Two texts that share this part of their words are one report, sent twice in two forms.
_SAME: Final = 0.8


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the results of one order say.

    Attributes:
        text: the words, a line for each result or repetition; empty when there are none.
        documents: the documents that were read inside results.
        unread: the kinds of attachments that could not be read, such as ``PDF``.
        uids: the DICOM identifiers that results carry.
    """

    text: str
    documents: tuple[Document, ...] = ()
    unread: tuple[str, ...] = ()
    uids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One result: its words, and whether they are prose, a document or a mere value."""

    text: str
    kind: str


def narrate(results: Sequence[Fields]) -> Narrative:
    """Return what ``results`` say, withdrawn ones left out.

    Prose (TX, FT, ST) and documents (ED) make a report; coded values and measurements stand in
    it at their place, with their names, but make none alone. A document that repeats the prose
    adds nothing.
    """
    lines: list[_Line] = []
    documents: list[Document] = []
    unread: list[str] = []
    uids: list[str] = []
    for result in results:
        if result.raw(STATUS_OF_RESULT).strip().upper() in WITHDRAWN:
            continue
        uid = result.raw(5).strip()
        if _UID.match(uid):
            uids.append(uid)
            continue
        for line, document, lost in _read(result):
            lines += [line] if line else []
            documents += [document] if document else []
            unread += [lost] if lost else []
    return Narrative(_joined(lines), tuple(documents), tuple(dict.fromkeys(unread)), tuple(uids))


def _read(result: Fields) -> Iterator[tuple[_Line | None, Document | None, str]]:
    kind = result.raw(2).strip().upper()
    value = result.raw(5)
    if kind in TEXT_TYPES or (not kind and any(map(str.isalpha, value))):
        yield _prose(result, value)
    elif kind == "ED":
        for piece in _pieces(result, value):
            yield _attachment(result, piece)
    elif kind in _CODED | _MEASURED:
        yield _Line(_valued(result, kind), "value"), None, ""
    elif kind == "RP" and value.strip():
        yield None, None, "RP"


def _prose(result: Fields, value: str) -> tuple[_Line | None, Document | None, str]:
    if value.startswith(_PDF_IN_BASE64):
        return _attachment(result, value)
    # The backslashes of RTF are no escapes, unless the sender has escaped them.
    for text in (value, result.marks.plain(value)):
        if text.lstrip()[:20].lower().startswith(_MARKUP):
            document = read_marked_text(text)
            return _Line(document.text, "prose"), document, ""
    lines = value.replace(result.marks.repetition, "\n")
    return _Line(result.marks.plain(lines), "prose"), None, ""


def _pieces(result: Fields, value: str) -> list[str]:
    """Return the documents of one ED field; a mark of repetition inside one divides nothing."""
    pieces: list[str] = []
    for piece in value.split(result.marks.repetition):
        if pieces and piece.count(result.marks.component) < 4:
            pieces[-1] += result.marks.repetition + piece
        else:
            pieces.append(piece)
    return [piece for piece in pieces if piece.strip()]


def _attachment(result: Fields, piece: str) -> tuple[_Line | None, Document | None, str]:
    parts = piece.split(result.marks.component)
    label = next((part for part in reversed(parts[1:3]) if part.strip()), "ED").strip()[:20]
    encoding = parts[3].strip().upper() if len(parts) > 4 else ""
    content = result.marks.component.join(parts[4:]) if len(parts) > 4 else parts[-1]
    content = result.marks.plain(content)
    if not content.strip():
        return None, None, ""
    document = _opened(content, encoding)
    if not document.text.strip():
        return None, None, label
    return _Line(document.text, "document"), document, ""


def _opened(content: str, encoding: str) -> Document:
    try:
        if encoding == "HEX":
            return read_document(bytes.fromhex(content))
        if encoding == "BASE64" or (not encoding and _BASE64.fullmatch(content)):
            packed = "".join(content.split()).rstrip("=")
            return read_document(base64.b64decode(packed + "=" * (-len(packed) % 4)))
    except (binascii.Error, ValueError):
        return Document("", "other")
    return read_marked_text(content)


def _valued(result: Fields, kind: str) -> str:
    """Return a coded or measured result with its name: ``BI-RADS: 2`` or ``Size: 12 mm``."""
    values = [_value(result.parts(rep), kind) for rep in result.repetitions(5)]
    value = ", ".join(v for v in values if v)
    if not value:
        return ""
    name = result.first(3, 2) or result.first(3)
    unit = result.first(6) if kind in {"NM", "SN"} else ""
    told = f"{value} {unit}".strip()
    return told if not name or name.lower() in told.lower() else f"{name}: {told}"


def _value(parts: Sequence[str], kind: str) -> str:
    if kind == "SN":
        return " ".join(part for part in parts[:4] if part)
    if kind in _MEASURED:
        return parts[0]
    original, *rest = [*parts, *[""] * 9][8], *parts[1:2], *parts[4:5], parts[0]
    return next((part for part in (original, *rest) if part), "")


def _joined(lines: Sequence[_Line]) -> str:
    prose = "\n".join(line.text for line in lines if line.kind == "prose")
    spoken = any(map(str.isalpha, prose))
    documents = [line for line in lines if line.kind == "document"]
    kept: list[_Line] = []
    for line in documents:
        others = [prose, *(other.text for other in kept)]
        if not any(_repeats(line.text, other) for other in others):
            kept.append(line)
    # The longer of two forms is kept: a summary in the message, the report in the document.
    fuller = [line for line in kept if spoken and _repeats(prose, line.text)]
    if not spoken and not kept:
        return ""
    wanted = [
        line.text
        for line in lines
        if line in kept or (line.kind == "prose" and not fuller) or line.kind == "value"
    ]
    return "\n".join(wanted)


def _repeats(text: str, other: str) -> bool:
    """Tell whether nearly all the words of ``text`` stand in ``other``."""
    words = set(_WORD.findall(text.lower()))
    if not words or not other:
        return False
    return len(words & set(_WORD.findall(other.lower()))) >= _SAME * len(words)
