"""Which files in a watched folder are complete, and where do they go so that none is read twice?

A file is complete when its size and its time did not change between two looks, and its name is
none that programs use while they write. It is then renamed into ``taken/`` under the id of the
upload that it becomes; whoever is killed finds it there again under the same id. When it has been
read it goes to ``done/`` or ``refused/``, with the result beside it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

TAKEN: Final = "taken"
DONE: Final = "done"
REFUSED: Final = "refused"
_OURS: Final = frozenset({TAKEN, DONE, REFUSED})
_BEING_WRITTEN: Final = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")
_ID: Final = re.compile(r"(?P<id>[0-9a-f]{32})-(?P<name>.+)", re.DOTALL)
RESULT: Final = ".result.json"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that became, or is about to become, an upload.

    Attributes:
        id: of the upload.
        name: as it was put into the folder.
        path: where it lies meanwhile.
    """

    id: UUID
    name: str
    path: Path

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes in pieces of at most 1 MiB."""
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece


@dataclass(slots=True)
class Folder:
    """A watched folder, and what its files looked like at the last look."""

    path: Path
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the folders into which files go.

        Raises:
            OSError: the folder cannot be written.
        """
        for name in (TAKEN, DONE, REFUSED):
            (self.path / name).mkdir(parents=True, exist_ok=True)

    def take_complete(self) -> None:
        """Take the files that did not change since the last look; remember the others."""
        looks = {entry.name: _look(entry) for entry in _files(self.path)}
        for name, look in looks.items():
            if look == self._seen.get(name) and look[0]:
                target = self.path / TAKEN / f"{uuid4().hex}-{name}"
                (self.path / name).rename(target)
        self._seen = looks

    def taken(self) -> list[TakenFile]:
        """Return the files that are on their way, in the order of their names."""
        found = []
        for path in sorted((self.path / TAKEN).iterdir()):
            match = _ID.fullmatch(path.name)
            if match and path.is_file():
                found.append(TakenFile(UUID(match["id"]), match["name"], path))
        return sorted(found, key=lambda file: (file.name, file.id))

    def put_away(self, file: TakenFile, result: str, *, refused: bool) -> Path:
        """Write the result and move the file beside it; return where it went.

        The result is written first: a file without one was never put away.
        """
        folder = self.path / (REFUSED if refused else DONE)
        target = folder / file.name
        if target.exists():
            target = folder / f"{file.path.name}"
        draft = folder / f".{file.id.hex}.part"
        with draft.open("w", encoding="utf-8") as written:
            written.write(result)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(folder / f"{target.name}{RESULT}")
        file.path.rename(target)
        return target


def subfolders(path: Path) -> list[Path]:
    """Return the folders in ``path`` that a person made, by name."""
    return sorted(p for p in path.iterdir() if p.is_dir() and not _is_hidden(p.name))


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.is_file() and not _is_hidden(p.name))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _OURS or name.lower().endswith(_BEING_WRITTEN)


def _look(path: Path) -> tuple[int, int]:
    """Return size and time of change; a file that went meanwhile looks empty."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)
