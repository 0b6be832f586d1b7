"""Where do uploaded files wait until they are read, sealed and readable to nobody else?"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PosixPath
from typing import IO, Any
from uuid import UUID, uuid4

from flask import current_app

from peeraudit.adapters.sealing import CHUNK_BYTES, SealedFile, file_version, seal_pieces


class StoredFile(PosixPath):
    """A stored file that is opened as if it were plain, and tells how far it was read."""

    place = ""
    passed: int | None = None
    """How many bytes are done with, told by a reader that does not go straight through."""
    _opened: IO[bytes] | None = None

    def open(  # type: ignore[override]
        self,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> IO[Any]:
        """Open it for reading, as bytes (``rb``) or as text (``r``); it can seek."""
        del buffering
        self._opened = SealedFile(Path(self), self.place).open("rb")
        if "b" in mode:
            return self._opened
        return io.TextIOWrapper(self._opened, encoding=encoding, errors=errors, newline=newline)

    @property
    def bytes_read(self) -> int:
        """Return how many bytes were read of what was opened last; 0 where that was closed."""
        if self.passed is not None:
            return self.passed
        if self._opened is None or self._opened.closed:
            return 0
        return self._opened.raw.tell()  # type: ignore[attr-defined]


def put(file_id: UUID, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Keep a file under an id; a file that was cut short is never seen under it.

    Args:
        file_id: the row that the file belongs to.
        pieces: its bytes, in order.

    Returns:
        The SHA-256 of the plain bytes in hexadecimal, and their number.
    """
    target = path_of(file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, sizes = hashlib.sha256(), [0]

    def counted() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            sizes[0] += len(piece)
            yield piece

    _write(target, seal_pieces(counted(), _place(file_id)))
    return digest.hexdigest(), sizes[0]


def stored(file_id: UUID) -> StoredFile:
    """Return the file of an id, to be read."""
    file = StoredFile(path_of(file_id))
    file.place = _place(file_id)
    return file


def reseal(file_id: UUID) -> None:
    """Seal a file under the newest key; one that was kept plain is sealed too.

    Whoever reads it meanwhile goes on reading the old one. A file that is gone stays gone.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    path, place = path_of(file_id), _place(file_id)
    if not path.exists():
        return
    pieces = SealedFile(path, place).pieces() if file_version(path) else _plain_pieces(path)
    _write(path, seal_pieces(pieces, place))


def version_of(file_id: UUID) -> int | None:
    """Return the version of the key that sealed a file; 0 for a plain one, None where none is."""
    path = path_of(file_id)
    return file_version(path) if path.exists() else None


def path_of(file_id: UUID) -> Path:
    """Return where the sealed file of an id lies, or would lie."""
    folder: Path = current_app.config["STORAGE_DIR"]
    return folder / "uploads" / file_id.hex[:2] / file_id.hex


def delete(file_id: UUID) -> None:
    """Remove a file; one that is not there is left alone."""
    with suppress(FileNotFoundError):
        path_of(file_id).unlink()


def _place(file_id: UUID) -> str:
    return f"upload/{file_id}"


def _plain_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _write(target: Path, pieces: Iterable[bytes]) -> None:
    draft = target.with_suffix(f".{uuid4().hex}.part")
    try:
        with draft.open("wb") as file:
            draft.chmod(0o600)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
