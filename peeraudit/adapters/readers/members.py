"""How is a file inside an archive read as if it lay by itself, without unpacking it to disk?"""

import io
import os
import zlib
from collections.abc import Sequence
from pathlib import Path, PosixPath
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipExtFile, ZipFile, ZipInfo

DAMAGE: Final = (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
"""What opening or reading a member raises when it is damaged or packed in an unknown way."""

IN_MEMORY: Final = 16_000_000
"""Up to this many bytes a member is unpacked at once, so that going back in it costs nothing."""

_LONGEST: Final = 120
_OF_SYSTEMS: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


class Member(PosixPath):
    """A file inside an archive, opened like a path; what it holds never touches the disk."""

    _archive: ZipFile
    _info: ZipInfo
    _parcel: Path
    _opened: ZipExtFile | None = None

    @classmethod
    def of(cls, archive: ZipFile, info: ZipInfo, parcel: Path) -> "Member":
        """Return a member of an archive.

        Args:
            archive: stays open for as long as its members are read.
            info: which member.
            parcel: where the archive lies.
        """
        member = cls(parcel, str(info.header_offset))
        member._archive, member._info, member._parcel = archive, info, parcel
        return member

    @property
    def packed(self) -> int:
        """How many bytes it takes in the archive."""
        return self._info.compress_size

    @property
    def bytes_read(self) -> int:
        """How many bytes of the archive stand for what was read of it, as far as is known."""
        if self._opened is None or self._opened.closed or not self._info.file_size:
            return 0
        return self._info.compress_size * self._opened.tell() // self._info.file_size

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
        self._opened = opened = self._archive.open(self._info)  # type: ignore[assignment]
        plain: IO[bytes] = opened
        if self._info.file_size <= IN_MEMORY:
            with opened:
                plain = io.BytesIO(opened.read())
        if "b" in mode:
            return plain
        return io.TextIOWrapper(plain, encoding=encoding, errors=errors, newline=newline)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return what is known of the archive's own file."""
        return self._parcel.stat(follow_symlinks=follow_symlinks)

    def is_dir(self) -> bool:
        """Return False: folders are no members."""
        return False


def members_of(archive: ZipFile, parcel: Path) -> list[tuple[Member, str]]:
    """Return the files of an archive in its order, each with its name; hidden ones are left out.

    A name is only ever shown: no path is made of it.
    """
    return [
        (Member.of(archive, info, parcel), shown)
        for info in archive.infolist()
        if not info.is_dir() and (shown := _shown(info.filename))
    ]


def is_of_system(parts: Sequence[str]) -> bool:
    """Tell whether the parts of a path lead to what a system made for itself, and nobody sees."""
    return any(part.startswith(".") or part.casefold() in _OF_SYSTEMS for part in parts)


def _shown(name: str) -> str:
    """Return a member's name without what cannot be seen; empty for a hidden file."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    if is_of_system(parts):
        return ""
    return "".join(sign for sign in "/".join(parts) if sign.isprintable())[-_LONGEST:] or "?"
