"""Can a ZIP archive, which a workbook is too, be opened without harm?"""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final, Literal
from zipfile import BadZipFile, ZipFile, ZipInfo

from peeraudit.domain.errors import N_, InvalidInput

MAX_MEMBERS: Final = 20_000
MAX_TOTAL: Final = 4_000_000_000
"""The most bytes that an archive may hold when unpacked."""

MAX_RATIO: Final = 250
_SMALL: Final = 10_000_000
_IS_ENCRYPTED: Final = 0x1
# Longer runs without a tag are no table: the longest cell has 32,767 characters.
MAX_MARKUP_GAP: Final = 2_000_000
_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY")
_TAIL: Final = 64


class Unopenable(InvalidInput):
    """A file, archive or workbook cannot be opened at all."""


def is_workbook(path: Path, name: str) -> bool:
    """Tell whether an archive is an Office document and not a parcel of files.

    Raises:
        Unopenable: it cannot be opened.
    """
    with open_archive(path, name) as archive:
        return "[Content_Types].xml" in archive.namelist()


class OwnedArchive(ZipFile):
    """An archive that opens its file by the path's own means, and closes it with itself.

    A stored file is sealed: only its path knows how it is read.
    """

    _file: IO[bytes] | None = None

    def __init__(self, path: Path) -> None:
        with ExitStack() as undone:
            self._file = undone.enter_context(path.open("rb"))
            super().__init__(self._file)
            undone.pop_all()

    def close(self) -> None:
        """Close the archive and its file."""
        super().close()
        if self._file is not None:
            self._file.close()


def open_archive(path: Path, name: str) -> ZipFile:
    """Return the archive at ``path``, its list of members checked before anything is unpacked.

    Args:
        path: the file.
        name: the name under which it was sent.

    Raises:
        Unopenable: it is damaged or encrypted, or would unpack to far more than it is.
    """
    try:
        archive = OwnedArchive(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unopenable(
            N_(
                "“%(name)s” is a damaged archive or workbook. Save it again and send it once "
                "more; nothing was imported."
            ),
            name=name,
        ) from None
    try:
        _check(archive.infolist(), name)
    except InvalidInput:
        archive.close()
        raise
    return archive


def _check(members: list[ZipInfo], name: str) -> None:
    if any(member.flag_bits & _IS_ENCRYPTED for member in members):
        raise Unopenable(
            N_(
                "“%(name)s” is protected by a password. Remove the password and send it again; "
                "nothing was imported."
            ),
            name=name,
        )
    total = sum(member.file_size for member in members)
    swollen = any(
        member.file_size > max(_SMALL, MAX_RATIO * member.compress_size) for member in members
    )
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL or swollen:
        raise Unopenable(
            N_(
                "“%(name)s” would unpack to %(megabytes)d megabytes in %(members)d files, which "
                "is far more than its size allows. Send the files one by one; "
                "nothing was imported."
            ),
            name=name,
            megabytes=total // 1_000_000,
            members=len(members),
        )


class UnsafeMarkup(Exception):
    """A document declares entities, or holds one endless piece of text."""


class WatchedMarkup:
    """A member that holds XML: reading it stops at declarations and at endless text."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._tail = b""
        self._gap = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes.

        Raises:
            UnsafeMarkup: they declare a document type or an entity, or no tag comes for long.
        """
        data = self._source.read(size)
        # Without zero bytes, so that UTF-16 hides nothing.
        seen = (self._tail + data).replace(b"\x00", b"").upper()
        if any(word in seen for word in _FORBIDDEN):
            raise UnsafeMarkup
        self._tail = data[-_TAIL:]
        last = data.rfind(b"<")
        self._gap = len(data) - last if last >= 0 else self._gap + len(data)
        if self._gap > MAX_MARKUP_GAP:
            raise UnsafeMarkup
        return data

    def close(self) -> None:
        """Close the member."""
        self._source.close()

    def __enter__(self) -> "WatchedMarkup":
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        self.close()
        return False
