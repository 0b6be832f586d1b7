"""In which encoding was a file written?"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MENDING: Final = "peeraudit.mending"
"""An error handler: bytes that break the encoding are read as Windows-1252 writes them."""

_MULTIBYTE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_IN_CONTEXT: Final = re.compile(rb"(?s)(?<=(.))([\x80-\xff])(?=(.))")
# In this order on equal evidence: what Windows writes is what most senders send.
_CANDIDATES: Final = ("cp1252", "iso8859-15", "latin-1", "mac-roman", "cp850")
_LETTERS: Final = frozenset("éèàùçêâîôûëïüÿœæäöüßñáíóúìòãõåøÉÈÀÙÇÊÂÎÔÛËÏÜŒÆÄÖÜÑÁÍÓÚØÅ")
_SIGNS: Final = frozenset("’‘“”«»–—…€°µ²³\u00a0±×•½¼¾·§®™÷ºª")
_ENOUGH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and whether the file's bytes prove it or only suggest it."""

    name: str
    is_certain: bool


def _mend(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", "replace"), error.end


codecs.register_error(MENDING, _mend)


def guess_encoding(path: Path) -> Encoding:
    """Return the codec that reads the whole file at ``path``.

    A byte-order mark decides; else regular zero bytes mean UTF-16; else a file that is valid
    UTF-8, or in which UTF-8 letters are far more than broken ones, is UTF-8. Else the bytes
    above 127 and their neighbours are read as each of five old encodings writes them, and the
    one that gives most letters inside words and fewest odd signs is taken. Reads the file
    once, or twice where it is no UTF-8, one mebibyte at a time.

    Args:
        path: the file.
    """
    stamp = path.stat()
    return _guessed(path, stamp.st_ino, stamp.st_size, stamp.st_mtime_ns)


@lru_cache(maxsize=16)
def _guessed(path: Path, *_stamp: int) -> Encoding:
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return Encoding(name, is_certain=True)
        wide = _guess_utf16(start)
        if wide:
            return Encoding(wide, is_certain=True)
        file.seek(0)
        if _is_utf8(file):
            return Encoding("utf-8", is_certain=True)
        file.seek(0)
        return _weigh(file)


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _weigh(file: BinaryIO) -> Encoding:
    """Return the encoding of a file that is not, or not everywhere, UTF-8."""
    whole = broken = 0
    contexts: Counter[tuple[bytes, bytes, bytes]] = Counter()
    while chunk := file.read(_CHUNK):
        if chunk.isascii():
            continue
        rest, letters = _MULTIBYTE.subn(b"", chunk)
        whole += letters
        broken += len(_HIGH.findall(rest))
        if contexts.total() < _ENOUGH:
            found = _IN_CONTEXT.finditer(chunk)
            contexts.update((match[1], match[2], match[3]) for match in found)
    if broken <= whole // 4:
        return Encoding("utf-8", is_certain=False)
    return Encoding(_guess_old(contexts), is_certain=False)


def _guess_old(contexts: Counter[tuple[bytes, bytes, bytes]]) -> str:
    scores = dict.fromkeys(_CANDIDATES, 0.0)
    for (before, byte, after), count in contexts.items():
        for name in _CANDIDATES:
            scores[name] += count * _plausible(before, byte, after, name)
    return max(_CANDIDATES, key=lambda name: scores[name])


def _plausible(before: bytes, byte: bytes, after: bytes, name: str) -> float:
    """Return how well one byte reads in its place, from -2 (never) to 1 (as expected)."""
    sign = byte.decode(name, "replace")
    in_word = before.isalpha() or after.isalpha()
    if sign in _LETTERS:
        shouted = sign.isupper() and (before.islower() or after.islower())
        return (0.2 if shouted and before.isalpha() else 1.0) if in_word else 0.3
    if sign in _SIGNS:
        inside = before.isalpha() and after.isalpha()
        apostrophe = sign == "’"
        return 1.0 if apostrophe and inside else -0.5 if inside else 0.5
    return -2.0 if not sign.isprintable() or sign == "\ufffd" else -1.0


def _guess_utf16(start: bytes) -> str:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half < 8 or max(even, odd) < half * 0.6:
        return ""
    if min(even, odd) > half * 0.2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
