"""Where do uploaded files wait until they are read?"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

from flask import current_app


def put(file_id: UUID, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Keep a file under an id; a file that was cut short is never seen under it.

    Args:
        file_id: the row that the file belongs to.
        pieces: its bytes, in order.

    Returns:
        The SHA-256 in hexadecimal, and the size in bytes.
    """
    target = path_of(file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_suffix(f".{uuid4().hex}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with draft.open("wb") as file:
            draft.chmod(0o600)
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return digest.hexdigest(), size


def path_of(file_id: UUID) -> Path:
    """Return where the file of an id lies, or would lie."""
    folder: Path = current_app.config["STORAGE_DIR"]
    return folder / "uploads" / file_id.hex[:2] / file_id.hex


def delete(file_id: UUID) -> None:
    """Remove a file; one that is not there is left alone."""
    with suppress(FileNotFoundError):
        path_of(file_id).unlink()
