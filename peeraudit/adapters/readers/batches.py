"""Which reports do several files, folders and archives hold, each told apart from the others?"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from peeraudit.adapters.readers.archives import Unopenable, is_workbook, open_archive
from peeraudit.adapters.readers.detect import detect_format, open_reports
from peeraudit.adapters.readers.dicom_sr import holds_only_dicom
from peeraudit.adapters.readers.fhir import Source, read_fhir_files
from peeraudit.adapters.readers.members import DAMAGE, Member, is_of_system, members_of
from peeraudit.adapters.readers.passing import Joined, pass_over
from peeraudit.adapters.storage import StoredFile
from peeraudit.domain.errors import N_, DomainError, InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Position, Refused

PARCEL: Final = "zip"
"""The format of an archive whose files are of formats of their own."""

T = TypeVar("T")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Found:
    """One item of one of the files.

    Attributes:
        item: the report, or why there is none.
        cannot_open: whether this stands for a file that could not be opened at all.
    """

    item: Item
    cannot_open: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files are to be read.

    Attributes:
        format: the format that is declared for all of them, empty to recognise each.
        zone: the time zone of times that name none.
        layout: how every table is written, when somebody said so.
        frame_only: whether tables may lack a column of texts, as a frame does.
    """

    format: str = ""
    zone: tzinfo = UTC
    layout: TableLayout | None = None
    frame_only: bool = False


def open_upload(
    path: StoredFile, name: str, declared: str, wanted: Wanted
) -> tuple[str, Iterator[Item]]:
    """Return the format of a file that was sent, and the items that it, or its files, hold.

    Args:
        path: the file.
        name: the name under which it was sent.
        declared: its format, or that of every file in it; empty to recognise each.
        wanted: how it is to be read.

    Raises:
        InvalidInput: before any item, when the file as a whole cannot be read.
    """
    declared = declared.removeprefix(PARCEL)
    if wanted.layout is None and declared != "dicom-sr" and _is_parcel(path, name):
        return PARCEL, _unpacked(path, name, replace(wanted, format=declared))
    return open_reports(
        path,
        name,
        declared or None,
        zone=wanted.zone,
        layout=wanted.layout,
        frame_only=wanted.frame_only,
    )


def _is_parcel(path: Path, name: str) -> bool:
    return _is_archive(path) and not (is_workbook(path, name) or holds_only_dicom(path, name))


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(_ZIP)


def _unpacked(path: StoredFile, name: str, wanted: Wanted) -> Iterator[Item]:
    """Return the items of the files in an archive, each at its place in its own file."""
    return Joined(_members(path, name, wanted))


def _members(path: StoredFile, name: str, wanted: Wanted) -> Iterator[Iterator[Item]]:
    with open_archive(path, name) as archive:
        members = members_of(archive, path)
        if not members:
            yield iter([refuse(Position(name), "no_files")])
        sources = [Source(member, shown) for member, shown in members]
        done = 0
        for (member, _), items in zip(members, _each(sources, wanted), strict=True):
            yield _Placed(items, member, path, name, done)
            done += member.packed


@dataclass(frozen=True, slots=True)
class _Placed(Iterator[Item]):
    """The items of a file in an archive, each at its place there.

    Attributes:
        done: how many bytes of the archive stand before the file.
    """

    items: "_Kept"
    member: Member
    parcel: StoredFile
    name: str
    done: int

    def __next__(self) -> Item:
        """Return the next item."""
        item = next(self.items).item
        place = item.position._replace(source=self.name, member=item.position.source)
        self.parcel.passed = self.done + self.member.bytes_read
        if isinstance(item, Refused):
            return replace(item, position=place)
        return item._replace(position=place)

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end; return how many."""
        passed = self.items.pass_over(count)
        self.parcel.passed = self.done + self.member.bytes_read
        return passed


def read_batch(paths: Sequence[Path], wanted: Wanted | None = None) -> Iterator[Found]:
    """Yield every item of some files, of the files in folders, and of those in archives.

    FHIR resources refer to each other across files: all FHIR files are read together, where
    the first of them stands. A file that cannot be read is one refused item, and costs no other.

    Args:
        paths: files, folders and ZIP archives, in the order in which they are wanted.
        wanted: how they are to be read.
    """
    wanted = wanted or Wanted()
    with ExitStack() as stack:
        sources: list[Source] = []
        for path in paths:
            for found in _expand(path, stack):
                if isinstance(found, Found):
                    yield found
                else:
                    sources.append(found)
        yield from _read(sources, wanted)


def _read(sources: Sequence[Source], wanted: Wanted) -> Iterator[Found]:
    for items in _each(sources, wanted):
        yield from items


def _each(sources: Sequence[Source], wanted: Wanted) -> Iterator["_Kept"]:
    """Yield the items of each source; those of all FHIR files stand with the first of them."""
    resources = [source for source in sources if _is_fhir(source, wanted)]
    for source in sources:
        if source not in resources:
            yield _Kept(source.name, partial(_opened, source, wanted))
        else:
            together = resources if source is resources[0] else ()
            yield _Kept(source.name, partial(read_fhir_files, together, zone=wanted.zone))


class _Kept(Iterator[Found]):
    """The items of a source, or of FHIR files together; damage costs no other source.

    Args:
        name: that of the source.
        opened: opens it, when the first of its items is wanted.
    """

    def __init__(self, name: str, opened: Callable[[], Iterator[Item]]) -> None:
        self._name, self._opened = name, opened
        self._items: Iterator[Item] | None = None

    def __next__(self) -> Found:
        """Return the next item; the last one of a damaged source tells of the damage."""
        found = self._unless_damaged(next)
        return found if isinstance(found, Found) else Found(found)

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end; return how many."""
        for passed in range(count):
            # One by one: how many were passed before a damage counts.
            if self._unless_damaged(_pass_one) == 0:
                return passed
        return count

    def _unless_damaged(self, act: Callable[[Iterator[Item]], T]) -> T | Found:
        try:
            if self._items is None:
                self._items = self._opened()
            return act(self._items)
        except DomainError as error:
            refusal = _refusal(self._name, error)
        except (OSError, *DAMAGE) as error:
            refusal = _refusal(self._name, _not_opened(self._name, error))
        self._items = iter(())
        return refusal


def _pass_one(items: Iterator[Item]) -> int:
    return pass_over(items, 1)


def _opened(source: Source, wanted: Wanted) -> Iterator[Item]:
    inside = isinstance(source.path, Member)
    if inside and _is_archive(source.path) and not is_workbook(source.path, source.name):
        raise InvalidInput(
            N_(
                "“%(name)s” is an archive inside an archive. Unpack it and send what it holds; "
                "nothing of it was imported."
            ),
            name=source.name,
        )
    return open_reports(
        source.path,
        source.name,
        wanted.format or None,
        zone=wanted.zone,
        layout=wanted.layout,
        frame_only=wanted.frame_only,
    )[1]


def _is_fhir(source: Source, wanted: Wanted) -> bool:
    if wanted.format not in {"", "fhir"}:
        return False
    try:
        return detect_format(source.path, source.name) == "fhir"
    except (DomainError, OSError, *DAMAGE):
        return False


def _expand(path: Path, stack: ExitStack) -> Iterator[Source | Found]:
    """Yield the files of a path; an archive stays open until the end of the batch."""
    if not path.is_dir():
        yield from _files(path, path.name, stack)
        return
    is_empty = True
    for inside in sorted(path.rglob("*")):
        hidden = is_of_system(inside.relative_to(path).parts)
        if inside.is_file() and not inside.is_symlink() and not hidden:
            is_empty = False
            yield from _files(inside, str(inside.relative_to(path.parent)), stack)
    if is_empty:
        yield Found(refuse(Position(path.name), "no_files"))


def _files(path: Path, name: str, stack: ExitStack) -> Iterator[Source | Found]:
    """Yield a file, or those of an archive; what cannot be opened costs itself alone."""
    try:
        if not _is_archive(path) or is_workbook(path, name):
            yield Source(path, name)
            return
        archive = stack.enter_context(open_archive(path, name))
    except DomainError as error:
        yield _refusal(name, error)
        return
    except OSError as error:
        yield _refusal(name, _not_opened(name, error))
        return
    members = members_of(archive, path)
    for member, shown in members:
        yield Source(member, f"{name}/{shown}")
    if not members:
        yield Found(refuse(Position(name), "no_files"))


def _not_opened(name: str, error: Exception) -> Unopenable:
    return Unopenable(
        N_("“%(name)s” cannot be opened (%(why)s). Check that it exists and may be read."),
        name=name,
        why=getattr(error, "strerror", None) or type(error).__name__,
    )


def _refusal(name: str, error: DomainError) -> Found:
    code = "cannot_open" if isinstance(error, Unopenable) else "unreadable_file"
    refused = Refused(Position(name), code, error.message, dict(error.params))
    return Found(refused, cannot_open=isinstance(error, Unopenable))
