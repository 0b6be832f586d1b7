"""Which characters do the bytes of one HL7 v2 message stand for?"""

import codecs
import re
from collections.abc import Callable
from typing import Final

# MSH-18 after HL7 table 0211, and the names that senders write instead.
_DECLARED: Final = (
    (re.compile(r"UTF-?8"), "utf-8"),
    (re.compile(r"^UNICODE"), "utf-8"),
    (re.compile(r"8859[-/ ]?(1[0-6]|[1-9])"), "iso8859-{0}"),
    (re.compile(r"(?:WINDOWS|CP|MS)-?(125\d|850|437)"), "cp{0}"),
    (re.compile(r"LATIN-?(1|9)\b"), "latin{0}"),
    (re.compile(r"GB ?18030"), "gb18030"),
    (re.compile(r"BIG-?5"), "big5"),
    (re.compile(r"KS ?X ?1001"), "euc_kr"),
    (re.compile(r"IR ?100"), "iso8859-1"),
)
# ISO 2022: the bytes after an escape character that choose a set, and the codec that reads
# what follows. HL7 writes the same choice as \Cxxyy\ and \Mxxyyzz\ (chapter 2.7.2).
_SETS: Final[dict[bytes, str]] = {
    b"(B": "ascii",
    b"(J": "shift_jis",
    b")I": "shift_jis",
    b"$B": "iso2022_jp_2",
    b"$@": "iso2022_jp_2",
    b"$(D": "iso2022_jp_2",
    b"$)C": "euc_kr",
    b"$)A": "gb2312",
    b"-A": "iso8859-1",
    b"-B": "iso8859-2",
    b"-C": "iso8859-3",
    b"-D": "iso8859-4",
    b"-L": "iso8859-5",
    b"-G": "iso8859-6",
    b"-F": "iso8859-7",
    b"-H": "iso8859-8",
    b"-M": "iso8859-9",
    b"-T": "tis-620",
    b"-b": "iso8859-15",
}
_ESC: Final = b"\x1b"
_CHOICE: Final = re.compile(b"\x1b(?:" + b"|".join(re.escape(key) for key in _SETS) + b")")
# Bytes that no UTF-8 sequence explains come through as these; they are then read one by one.
_STRAY: Final = {
    0xDC00 + byte: bytes((byte,)).decode("cp1252", "ignore") or chr(byte)
    for byte in range(0x80, 0x100)
}
_STRAYS: Final = re.compile("[\udc80-\udcff]")
_BEYOND: Final = re.compile("[^\x00-\x7f\udc80-\udcff]")
_C1: Final = re.compile(rb"[\x80-\x9f]")
# ISO 8859-15 writes œ, Œ and Ÿ where ISO 8859-1 has fractions, which never join letters.
_LATIN9: Final = re.compile(rb"[A-Za-z\xc0-\xff][\xbc\xbd\xbe]|[\xbc\xbd\xbe][a-z\xe0-\xff]")


def decode(data: bytes) -> str:
    """Return the text of one message.

    What is UTF-8 from end to end is UTF-8, whatever MSH-18 says: no other encoding gives
    such bytes by chance. Otherwise MSH-18 is believed where it can be; a message without it,
    or whose bytes contradict it, is read as Windows-1252 (which reads what ISO 8859-1
    writes), or as ISO 8859-15 where only that makes words. A UTF-8 message with a few
    stray bytes keeps its other letters.

    Args:
        data: the message, beginning with MSH, in one of the encodings of HL7 table 0211.
    """
    declared = _declared(data)
    marked = _with_choices(data)
    if _ESC in marked and _CHOICE.search(marked):
        return _by_choices(marked, declared)
    return _plain(data, declared)


def declared_sets(data: bytes) -> list[str]:
    """Return what MSH-18 declares, repetition by repetition, as the sender writes it."""
    header = re.split(rb"[\r\n]", data[:4096], maxsplit=1)[0]
    fields = header.split(header[3:4] or b"|")
    if len(fields) < 18:
        return []
    repetition = fields[1][1:2] or b"~"
    return [part.decode("ascii", "replace").strip() for part in fields[17].split(repetition)]


def _declared(data: bytes) -> str:
    for name in declared_sets(data)[:1]:
        for shape, codec in _DECLARED:
            found = shape.search(name.upper())
            if found:
                return codec.format(*found.groups())
    return ""


def _plain(data: bytes, declared: str) -> str:
    text = data.decode("utf-8", "surrogateescape")
    strays = len(_STRAYS.findall(text))
    if not strays:
        return text
    if declared in {"gb18030", "big5", "euc_kr"}:
        return data.decode(declared, "replace")
    if len(_BEYOND.findall(text)) > strays:
        return text.translate(_STRAY)
    return _single(data, declared)


def _single(data: bytes, declared: str) -> str:
    windows = bool(_C1.search(data))
    if declared in {"", "utf-8"}:
        declared = "iso8859-15" if not windows and _LATIN9.search(data) else "cp1252"
    # ISO 8859 has no letter in 0x80-0x9F: there the sender means Windows-1252.
    if windows and declared in {"iso8859-1", "iso8859-15", "latin1", "latin9"}:
        declared = "cp1252"
    return data.decode(_known(declared), "surrogateescape").translate(_STRAY)


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _with_choices(data: bytes) -> bytes:
    """Return ``data`` with HL7's own escapes for character sets as those of ISO 2022."""
    fields = data.split(data[3:4] or b"|", 2)
    mark = fields[1][2:3] if len(fields) > 1 else b""
    if not mark or (mark + b"C" not in data and mark + b"M" not in data):
        return data
    escape = re.escape(mark)
    shape = re.compile(
        escape + rb"(?:C([0-9A-Fa-f]{4})|M([0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?))" + escape
    )
    return shape.sub(lambda found: _ESC + bytes.fromhex((found[1] or found[2]).decode()), data)


def _by_choices(data: bytes, declared: str) -> str:
    first = _reader("", declared)
    parts = [first(data[: _CHOICE.search(data).start()])]  # type: ignore[union-attr]
    choices = list(_CHOICE.finditer(data))
    ends = [*(choice.start() for choice in choices[1:]), len(data)]
    for choice, end in zip(choices, ends, strict=True):
        key = choice.group()[1:]
        parts.append(_reader(key.decode("ascii"), declared)(data[choice.end() : end]))
    return "".join(parts)


def _reader(choice: str, declared: str) -> Callable[[bytes], str]:
    codec = _SETS.get(choice.encode("ascii"), "")
    if codec == "iso2022_jp_2":
        start = _ESC + choice.encode("ascii")
        # Two-byte sets end with their line, or where the next choice begins.
        return lambda piece: _two_bytes(start, piece)
    if codec in {"", "ascii"}:
        return lambda piece: _plain(piece, declared)
    return lambda piece: piece.decode(codec, "replace")


def _two_bytes(start: bytes, piece: bytes) -> str:
    head, mark, rest = piece.partition(b"\r")
    text = (start + head).decode("iso2022_jp_2", "replace")
    return text + (mark + rest).decode("utf-8", "replace")
