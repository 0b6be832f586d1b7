"""In which encoding was a file written?"""

import codecs
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that Windows-1252 leaves undefined; a file that holds one is Latin-1.
_NOT_CP1252: Final = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def guess_encoding(path: Path) -> str:
    """Return the name of the codec that reads the whole file at ``path``.

    A byte-order mark decides; else regular zero bytes mean UTF-16; else a file that is valid
    UTF-8 from end to end is UTF-8; else it is Windows-1252, or Latin-1 when it holds bytes
    that Windows-1252 leaves undefined. Reads the file once, one mebibyte at a time.

    Args:
        path: the file.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        wide = _guess_utf16(start)
        if wide:
            return wide
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        undefined = False
        valid = True
        while chunk := file.read(_CHUNK):
            undefined = undefined or bool(chunk.translate(None, _all_but(_NOT_CP1252)))
            valid = valid and _feed(decoder, chunk)
        if valid and _feed(decoder, b"", final=True):
            return "utf-8"
    return "latin-1" if undefined else "cp1252"


def _all_but(kept: bytes) -> bytes:
    return bytes(value for value in range(256) if value not in kept)


def _feed(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _guess_utf16(start: bytes) -> str:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half < 8 or max(even, odd) < half * 0.6:
        return ""
    if min(even, odd) > half * 0.2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
