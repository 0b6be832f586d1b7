"""Which words does a document that came inside a message hold?"""

import email
import email.policy
import io
import logging
import re
import unicodedata
import zlib
from dataclasses import dataclass
from email.errors import MessageError
from html.parser import HTMLParser
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from striprtf.striprtf import rtf_to_text

from peeraudit.adapters.readers.cda import NotCda, read_cda
from peeraudit.adapters.readers.line_breaks import GAP, LINE, Lines
from peeraudit.domain.intake.reports import Patient, Person

# The library logs what it finds odd, and quotes it: reports are no matter for a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MAX_PAGES: Final = 60
"""The most pages of a PDF that are read: a report has a few."""
MAX_CHARACTERS: Final = 200_000
"""The longest text that is taken from one document; the limit of a report is lower."""

_DEPTH: Final = 3
_EDGES: Final = {
    **dict.fromkeys((
        "address", "article", "caption", "dd", "div", "dt", "footer", "form", "header", "hr", "li",
        "main", "section", "table", "tr",
    ), LINE),
    **dict.fromkeys((
        "blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "ul",
    ), GAP),
}  # fmt: skip
_SILENT: Final = frozenset({"script", "style", "head", "title", "template", "svg"})
_MARKUP: Final = re.compile(r"<(?:!doctype\s+html|html|body|div|p|br|table|span|h[1-6])\b", re.I)
_ENCODING: Final = re.compile(r"^(<\?xml[^>]{0,100}?)\sencoding\s*=\s*[\"'][^\"'>]*[\"']")
_BLANKS: Final = re.compile(r"[ \t\u00a0]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SIGNS: Final = frozenset("«»’‘“”–—…°²³µ•±≥≤×\u00a0\u202f")
# What libraries raise on damaged files, beyond their own errors.
_DAMAGE: Final = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError,
                  RecursionError, NotImplementedError, AssertionError, zlib.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document, and whom and what the document itself names.

    Attributes:
        text: its words; empty when it holds none, such as a scan.
        kind: what it was found to be: ``text``, ``html``, ``rtf``, ``pdf``, ``cda`` or ``other``.
        title: what it calls itself.
        accession: the examination's number, where it gives one.
        author: who signed it, where it says so.
        patient: the patient, where it names one.
        clinicians: the professionals that it names.
        identifiers: the numbers that it gives of people and visits.
        places: the organisations that it names.
    """

    text: str
    kind: str
    title: str = ""
    accession: str = ""
    author: Person | None = None
    patient: Patient | None = None
    clinicians: tuple[Person, ...] = ()
    identifiers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def read_document(data: bytes, *, charset: str = "") -> Document:
    """Return the words of ``data``, recognised by its first bytes and never by its label.

    Args:
        data: a whole document: plain text, HTML, RTF, PDF, CDA, or MIME around one of these.
        charset: the encoding that its sender names, for plain text and HTML.
    """
    return _read(data, charset, 0)


def read_marked_text(text: str) -> Document:
    """Return the words of text that may be RTF, HTML or CDA; text that is none stays as it is.

    Args:
        text: characters, whatever encoding the document names for itself.
    """
    start = text[:200].lstrip("\ufeff \t\r\n")
    if start.startswith("{\\rtf"):
        return Document(text_of_rtf(text), "rtf")
    if start.startswith("<"):
        found = _of_markup(_ENCODING.sub(r"\1", text.strip(), count=1).encode(), "utf-8", 0)
        if found.kind != "other":
            return found
    return Document(text, "text")


def _read(data: bytes, charset: str, depth: int) -> Document:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start.startswith(b"%PDF"):
        return Document(_of_pdf(data), "pdf")
    if start.startswith(b"{\\rtf"):
        return Document(_of_rtf(data), "rtf")
    if re.match(rb"(?i)(?:MIME-Version|Content-Type)\s*:", start) and depth < _DEPTH:
        return _of_mime(data, depth)
    if start.startswith(b"<"):
        return _of_markup(data, charset, depth)
    text = _decoded(data, charset)
    return Document(text if _is_prose(text) else "", "text" if _is_prose(text) else "other")


def text_of_html(markup: str) -> str:
    """Return the words of an HTML page or fragment, with a line for each block and table row."""
    parser = _Words()
    parser.feed(markup)
    parser.close()
    return _tidy(parser.text)


def text_of_rtf(rtf: str) -> str:
    """Return the words of an RTF document; empty when it is damaged beyond reading."""
    try:
        return _tidy(rtf_to_text(rtf, errors="replace"))
    except _DAMAGE:
        return ""


class _Words(HTMLParser):
    """Gathers the words of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = Lines()
        self._silent = 0
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        self._kept += tag == "pre"
        if tag == "br":
            self._lines.line_break()
        elif tag in _EDGES:
            self._lines.edge(_EDGES[tag])
        elif tag in {"td", "th"}:
            self._lines.add(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        self._kept -= tag == "pre" and self._kept > 0
        # What closes a break alone breaks no second line: "<br/>" is one.
        if tag in _EDGES:
            self._lines.edge(_EDGES[tag])

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._lines.add(data if self._kept else re.sub(r"[\r\n]+", " ", data))

    @property
    def text(self) -> str:
        """Return the words so far."""
        return self._lines.text


def _of_pdf(data: bytes) -> str:
    pieces: list[str] = []
    size = 0
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        for number, page in enumerate(reader.pages):
            if number >= MAX_PAGES or size > MAX_CHARACTERS:
                break
            pieces.append(page.extract_text())
            size += len(pieces[-1])
    except (PyPdfError, *_DAMAGE):
        # A damaged page does not lose those before it.
        pass
    return _tidy("\n".join(pieces))


def _of_rtf(data: bytes) -> str:
    return text_of_rtf(data.decode("latin-1"))


def _of_mime(data: bytes, depth: int) -> Document:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in message.walk():
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes) or part.is_multipart():
                continue
            found = _read(content, part.get_content_charset() or "", depth + 1)
            if found.text:
                return found
    except (MessageError, *_DAMAGE):
        pass
    return Document("", "other")


def _of_markup(data: bytes, charset: str, depth: int) -> Document:
    def inner(content: bytes) -> str:
        return _read(content, "", depth + 1).text if depth < _DEPTH else ""

    try:
        found = read_cda(data, inner)
    except NotCda:
        text = _decoded(data, charset)
        if _MARKUP.search(text):
            return Document(text_of_html(text), "html")
        return Document("", "other")
    return Document(
        _tidy(found.text), "cda", found.title, found.accession, found.author, found.patient,
        found.clinicians, found.identifiers, found.places,
    )  # fmt: skip


def _decoded(data: bytes, charset: str) -> str:
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _is_prose(text: str) -> bool:
    """Tell words from bytes that only happen to have a reading."""
    sample = text[:2000]
    odd = sum(unicodedata.category(c) in {"Cc", "Co", "Cn"} and c not in "\r\n\t\f" for c in sample)
    letters = sum(c.isalpha() for c in sample)
    rare = sum(ord(c) > 0x7F and not c.isalpha() and c not in _SIGNS for c in sample)
    return bool(letters) and odd == 0 and rare * 10 <= len(sample)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()[:MAX_CHARACTERS]
