"""How is what identifies people kept, so that a stolen database or disk names nobody?"""

import errno
import hmac
import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from struct import Struct
from struct import error as StructError  # noqa: N812 - the library's own lower-case name
from typing import IO, TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.errors import N_, DomainError
from peeraudit.domain.keyring import KEY_BYTES, Keyring

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

NONCE_BYTES = 12
TAG_BYTES = 16
CHUNK_BYTES = 64 * 1024
"""Length of a piece of a file that is sealed by itself, in bytes of the plain file."""

# A mark of the format, and the version of the key.
_HEADER = Struct(">BI")
_MARK = 1
# A mark of the format, the version of the key, and the salt of the file's own key.
_FILE_HEADER = Struct(">4sI16s")
_FILE_MARK = b"PAF1"
_CHUNK_NONCE = Struct(">7xIB")


class CannotUnseal(DomainError):
    """What was sealed cannot be opened: its key is missing, or it is not what was sealed here."""


def seal(plain: bytes, place: str) -> bytes:
    """Return ``plain`` encrypted and authenticated under the newest key.

    A key seals at most 2**32 values, or chance nonces may repeat; make a new one long before.

    Args:
        plain: what nobody may read without the keys.
        place: where it is kept: table, row and purpose. It opens at this place alone, so that
            nobody can move one row's secret into another.

    Returns:
        5 bytes of header with the key's version, 12 of nonce, the text, 16 of tag.

    Source:
        Dworkin M. (2007). NIST SP 800-38D: Galois/Counter Mode. doi:10.6028/NIST.SP.800-38D
    """
    return sealer().seal(plain, place)


def unseal(sealed: bytes, place: str) -> bytes:
    """Return what was sealed at ``place``.

    Raises:
        CannotUnseal: the key is missing, or the value was damaged, changed or moved here.
    """
    try:
        mark, version = _HEADER.unpack_from(sealed)
    except StructError:
        raise _broken(place) from None
    if mark != _MARK:
        raise _broken(place)
    header, rest = sealed[: _HEADER.size], sealed[_HEADER.size :]
    cipher = _cipher(_key(version))
    try:
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + place.encode())
    except (InvalidTag, ValueError):
        raise _broken(place) from None


def newest_header() -> bytes:
    """Return how every value begins that the newest key sealed; the others are to be rotated."""
    return _HEADER.pack(_MARK, keyring().newest)


def header_bytes() -> int:
    """Return how long the header of a sealed value is, in bytes."""
    return _HEADER.size


def version_of(header: bytes) -> int:
    """Return the version of the key that a sealed value's header names; 0 where it names none."""
    if len(header) < _HEADER.size or header[0] != _MARK:
        return 0
    return int(_HEADER.unpack_from(header)[1])


def blind_index(place: str, value: str) -> str:
    """Return what stands for ``value`` in a column that is searched, under the newest key.

    Equal values of one place have equal indexes and nothing else can be read from them.

    Args:
        place: the column, with all that parts what must not be compared, such as a department.
        value: what would be searched.

    Returns:
        64 hexadecimal characters.
    """
    return sealer().index(place, value)


class Sealer:
    """Seals values, and makes their indexes, under one key; see ``seal`` and ``blind_index``."""

    def __init__(self, version: int, key: bytes) -> None:
        self._header = _HEADER.pack(_MARK, version)
        self._cipher = _cipher(key)
        self._index_key = _derived(key, "index")

    def seal(self, plain: bytes, place: str) -> bytes:
        """Return ``plain`` encrypted and authenticated."""
        nonce = new_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain, self._header + place.encode())
        return self._header + nonce + sealed

    def index(self, place: str, value: str) -> str:
        """Return what stands for ``value`` in a column that is searched."""
        return _index(self._index_key, place, value)


def sealer() -> Sealer:
    """Return what seals under the newest key; for many values at once, ask for it once."""
    ring = keyring()
    return _sealer(ring.newest, ring.keys[ring.newest])


def blind_indexes(place: str, value: str) -> tuple[str, ...]:
    """Return the indexes of ``value`` under every key, the newest first.

    While a rotation goes on, a row bears the one or the other: search for all of them.
    """
    ring = keyring()
    keys = (_derived(ring.keys[version], "index") for version in ring.versions)
    return tuple(_index(key, place, value) for key in keys)


def keyed_digest(purpose: str, value: str) -> bytes:
    """Return 32 bytes that stand for ``value`` and that nobody foretells without the newest key.

    Args:
        purpose: what they are for; each purpose has a key of its own.
        value: from what they follow.
    """
    ring = keyring()
    key = _derived(ring.keys[ring.newest], purpose)
    return hmac.digest(key, value.encode(), "sha256")


def seal_pieces(pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    """Yield the sealed form of a file, in bounded memory.

    Each piece of 64 KiB is sealed under the file's own key with its number and whether it is the
    last: pieces can be neither moved, dropped, nor cut off, and any of them opens by itself.

    Args:
        pieces: the plain bytes, in order.
        place: what the file is, such as ``upload/`` and its id.

    Source:
        Hoang V.T. et al. (2015). Online authenticated-encryption and its nonce-reuse
        misuse-resistance (STREAM). doi:10.1007/978-3-662-47989-6_24
    """
    ring = keyring()
    header = _FILE_HEADER.pack(_FILE_MARK, ring.newest, new_bytes(16))
    cipher = _file_cipher(ring.keys[ring.newest], header, place)
    yield header
    number, waiting = 0, bytearray()
    for piece in pieces:
        waiting += piece
        # One piece is held back: only the end tells which one is the last.
        while len(waiting) > CHUNK_BYTES:
            chunk = bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
            yield cipher.encrypt(_CHUNK_NONCE.pack(number, 0), chunk, header)
            number += 1
    yield cipher.encrypt(_CHUNK_NONCE.pack(number, 1), bytes(waiting), header)


def file_version(path: Path) -> int:
    """Return the version of the key that sealed a file; 0 where it is not sealed."""
    with path.open("rb") as file:
        start = file.read(_FILE_HEADER.size)
    if len(start) < _FILE_HEADER.size or not start.startswith(_FILE_MARK):
        return 0
    return int(_FILE_HEADER.unpack(start)[1])


class SealedFile:
    """A sealed file that is read as if it were plain; nothing plain touches the disk.

    Args:
        path: where the sealed bytes lie.
        place: what the file is, as it was sealed.
    """

    def __init__(self, path: Path, place: str) -> None:
        self._path, self._place = path, place

    def open(
        self,
        mode: str = "r",
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> IO[Any]:
        """Open it for reading, as bytes (``rb``) or as text (``r``), like a path; it can seek.

        Raises:
            CannotUnseal: the key is missing, or it is no sealed file; later, while reading,
                where a piece was changed, moved or cut off.
            ValueError: it is to be opened for writing.
        """
        if mode not in {"r", "rt", "rb"}:
            raise ValueError("a sealed file is only read")
        plain = io.BufferedReader(_Opened(self._path, self._place), CHUNK_BYTES)
        if mode == "rb":
            return plain
        return io.TextIOWrapper(plain, encoding=encoding, errors=errors, newline=newline)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self._path.name

    def is_dir(self) -> bool:
        """Return False, as a path to a file does."""
        return False

    def read_bytes(self) -> bytes:
        """Return all of it, plain; for files that are known to be small."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Yield the plain bytes in pieces of at most 64 KiB."""
        with self.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


class _Opened(io.RawIOBase):
    """The plain bytes of a sealed file, opened piece by piece as they are asked for."""

    def __init__(self, path: Path, place: str) -> None:
        super().__init__()
        self._place = place
        with ExitStack() as closing:
            self._file = closing.enter_context(path.open("rb"))
            self._header = self._file.read(_FILE_HEADER.size)
            self._cipher = self._own_cipher()
            sealed = path.stat().st_size - _FILE_HEADER.size
            self._last = self._last_chunk(sealed)
            # All is well so far: the file stays open.
            closing.pop_all()
        self._size = sealed - TAG_BYTES * (self._last + 1)
        self._at, self._number, self._chunk = 0, -1, b""

    def _own_cipher(self) -> AESGCM:
        if len(self._header) < _FILE_HEADER.size or not self._header.startswith(_FILE_MARK):
            raise CannotUnseal(
                N_(
                    "A stored file is not sealed. The administrator seals it with the command "
                    "“flask keys rotate”; until then it is not read."
                )
            )
        return _file_cipher(_key(_FILE_HEADER.unpack(self._header)[1]), self._header, self._place)

    def _last_chunk(self, sealed: int) -> int:
        last, rest = divmod(max(sealed - 1, 0), CHUNK_BYTES + TAG_BYTES)
        # Only an empty file ends with an empty piece.
        if sealed < TAG_BYTES or rest + 1 < TAG_BYTES + bool(last):
            raise _broken(self._place)
        return last

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            # As a file of the system does: archives are looked at from their end so.
            raise OSError(errno.EINVAL, "a file has nothing before its beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        # The end is authenticated as well: an empty file may be one that was cut off.
        if self._at >= self._size and self._size:
            return 0
        number, start = divmod(self._at, CHUNK_BYTES)
        self._open_chunk(number)
        view = memoryview(buffer).cast("B")
        part = self._chunk[start : start + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _open_chunk(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(_FILE_HEADER.size + number * (CHUNK_BYTES + TAG_BYTES))
        sealed = self._file.read(CHUNK_BYTES + TAG_BYTES)
        nonce = _CHUNK_NONCE.pack(number, int(number == self._last))
        try:
            self._chunk = self._cipher.decrypt(nonce, sealed, self._header)
        except (InvalidTag, ValueError):
            raise _broken(self._place) from None
        self._number = number


def keyring() -> Keyring:
    """Return the keys of this installation.

    Raises:
        CannotUnseal: there are none, as for a command that runs without an installation.
    """
    ring: Keyring = current_app.config["IDENTITY_KEYS"]
    if not ring.keys:
        raise CannotUnseal(
            N_("This needs an identity key. Set IDENTITY_KEYS, then run the command again.")
        )
    return ring


def _key(version: int) -> bytes:
    key = keyring().keys.get(version)
    if key is None:
        raise CannotUnseal(
            N_(
                "The identity key of version %(version)d is missing, and without it what it "
                "sealed cannot be opened. The administrator puts it back into IDENTITY_KEYS "
                "and restarts PeerAudit."
            ),
            version=version,
        )
    return key


def _broken(place: str) -> CannotUnseal:
    return CannotUnseal(
        N_(
            "A sealed value was damaged, changed or moved, and is not shown (%(place)s). "
            "The administrator restores it from a backup."
        ),
        place=place,
    )


def _index(key: bytes, place: str, value: str) -> str:
    text = f"{place}\0{value}".encode()
    return hmac.digest(key, text, "sha256").hex()


@lru_cache(maxsize=64)
def _sealer(version: int, key: bytes) -> Sealer:
    return Sealer(version, key)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derived(key, "seal"))


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for each purpose, so that none tells anything of another."""
    info = f"peeraudit/{purpose}/v1".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(key)


def _file_cipher(key: bytes, header: bytes, place: str) -> AESGCM:
    info = f"peeraudit/file/v1/{place}".encode()
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=header[-16:], info=info).derive(key))
