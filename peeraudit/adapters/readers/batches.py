"""Which reports do several files, folders and archives hold, each told apart from the others?"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import BadZipFile

from peeraudit.adapters.readers.archives import Unopenable, is_workbook, open_archive
from peeraudit.adapters.readers.detect import detect_format, open_reports
from peeraudit.adapters.readers.fhir import Source, read_fhir_files
from peeraudit.domain.errors import N_, DomainError
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.reports import Item, Position, Refused

_ZIP: Final = b"PK\x03\x04"


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
    """

    format: str = ""
    zone: tzinfo = UTC
    layout: TableLayout | None = None


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
            try:
                sources += _expand(path, stack)
            except DomainError as error:
                yield _refusal(path.name, error)
            except OSError as error:
                yield _refusal(path.name, _not_opened(path.name, error))
        yield from _read(sources, wanted)


def _read(sources: Sequence[Source], wanted: Wanted) -> Iterator[Found]:
    resources = [source for source in sources if _is_fhir(source, wanted)]
    for source in sources:
        if source in resources[1:]:
            continue
        try:
            if source in resources:
                items = read_fhir_files(resources, zone=wanted.zone)
            else:
                items = open_reports(
                    source.path,
                    source.name,
                    wanted.format or None,
                    zone=wanted.zone,
                    layout=wanted.layout,
                )[1]
            yield from map(Found, items)
        except DomainError as error:
            yield _refusal(source.name, error)
        except OSError as error:
            yield _refusal(source.name, _not_opened(source.name, error))


def _is_fhir(source: Source, wanted: Wanted) -> bool:
    if wanted.format not in {"", "fhir"}:
        return False
    try:
        return detect_format(source.path, source.name) == "fhir"
    except (DomainError, OSError):
        return False


def _expand(path: Path, stack: ExitStack) -> Iterator[Source]:
    """Yield the files of a path; those of an archive are unpacked until the end of the batch."""
    if path.is_dir():
        for inside in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in inside.relative_to(path).parts)
            if inside.is_file() and not inside.is_symlink() and not hidden:
                yield from _files(inside, str(inside.relative_to(path.parent)), stack)
    else:
        yield from _files(path, path.name, stack)


def _files(path: Path, name: str, stack: ExitStack) -> Iterator[Source]:
    with path.open("rb") as file:
        is_archive = file.read(len(_ZIP)) == _ZIP
    if not is_archive or is_workbook(path, name):
        yield Source(path, name)
        return
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="intake-")))
    with open_archive(path, name) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for number, member in enumerate(members):
            target = folder / str(number)
            inside = f"{name}/{PurePosixPath(member.filename.lstrip('/'))}"
            try:
                with archive.open(member) as packed, target.open("wb") as unpacked:
                    copyfileobj(packed, unpacked)
            except (BadZipFile, NotImplementedError, EOFError) as error:
                raise _not_opened(inside, error) from None
            yield Source(target, inside)


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
