"""Reading all that a file holds, what it does not show included."""

import io
import zipfile
from base64 import urlsafe_b64decode
from zlib import decompress

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)


def text_of_zip(content: bytes) -> str:
    """Return what an archive holds, a workbook's properties and comments included.

    Archives in archives are opened; names and remarks of the members are told too.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.comment.decode("latin-1")]
        for member in archive.infolist():
            parts += [member.filename, member.comment.decode("latin-1")]
            inner = archive.read(member)
            is_archive = zipfile.is_zipfile(io.BytesIO(inner))
            parts.append(text_of_zip(inner) if is_archive else inner.decode("utf-8", "replace"))
    return "\n".join(parts)


def text_of_pdf(content: bytes) -> str:
    """Return what a PDF holds: its pages, and each string, name and stream of its objects.

    These are the properties, XMP, embedded files and their names, fonts, outlines, remarks,
    what is said for readers of screens, and pages that nothing leads to any more.
    """
    reader = PdfReader(io.BytesIO(content))
    parts = [page.extract_text() for page in reader.pages]
    for generation, numbers in reader.xref.items():
        for number in numbers:
            found = reader.get_object(IndirectObject(number, generation, reader))
            parts += _strings(found)
    for number in reader.xref_objStm:
        parts += _strings(reader.get_object(IndirectObject(number, 0, reader)))
    parts += _strings(reader.trailer)
    return "\n".join(parts)


def _strings(found: object) -> list[str]:
    if isinstance(found, DictionaryObject):
        parts = [word for item in found.items() for one in item for word in _strings(one)]
        return [*parts, *(_stream(found) if isinstance(found, StreamObject) else [])]
    if isinstance(found, ArrayObject):
        return [word for one in found for word in _strings(one)]
    if isinstance(found, ByteStringObject):
        return [found.decode("latin-1")]
    return [str(found)] if isinstance(found, (TextStringObject, NameObject)) else []


def _stream(found: StreamObject) -> list[str]:
    # A picture's points are no text, and its filter may be one that nobody unpacks.
    if found.get("/Subtype") == "/Image":
        return []
    content = found.get_data()
    return [content.decode("latin-1"), content.decode("utf-16-be", "ignore")]


def text_of_cookie(value: str) -> str:
    """Return what a signed session holds, which everybody can read who has the cookie."""
    is_packed = value.startswith(".")
    payload = value.removeprefix(".").split(".")[0]
    try:
        content = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (decompress(content) if is_packed else content).decode("utf-8", "replace")
    except ValueError:
        return value
