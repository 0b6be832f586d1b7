"""Which reports do files of FHIR resources hold?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.encodings import MENDING, guess_encoding
from peeraudit.adapters.readers.fhir_reports import is_imaging, kind_of, raw_of, words_of
from peeraudit.adapters.readers.fhir_store import ReferenceStore, addresses_of, reference_store
from peeraudit.adapters.readers.fhir_values import Resource, dicts, word
from peeraudit.adapters.readers.json_pieces import MAX_VALUE, Piece, read_pieces
from peeraudit.adapters.readers.passing import Items
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Position, Refused

_PARAMS: Final[dict[str, dict[str, object]]] = {"value_too_long": {"allowed": MAX_VALUE}}
_SHOWN: Final = 6
_KEPT_TEXT: Final = 200_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file of resources, and the name under which it was sent."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A piece that makes an item: its file's name, and where what it refers to is found."""

    piece: Piece
    source: str
    store: ReferenceStore


def read_fhir(path: Path, source: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Yield an item for each DiagnosticReport of one file; see `read_fhir_files`."""
    return read_fhir_files([Source(path, source)], zone=zone)


def read_fhir_files(sources: Sequence[Source], *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Yield an item for each DiagnosticReport, and one for whatever cannot be read.

    References are followed inside a report, inside its bundle, and across all the files. The
    files are read twice, first for what reports refer to; memory grows with neither of them.
    When no file holds a report, each of them is refused as a whole.

    Args:
        sources: the files, in the order in which their reports are wanted.
        zone: the time zone of times that name none.
    """
    return Items(_told(sources), partial(_item, style=DateStyle(zone)))


def _told(sources: Sequence[Source]) -> Iterator[_Told | Refused]:
    """Yield what makes an item each: a report, what cannot be read, a file without any report."""
    with reference_store() as store:
        kinds = [_index(source, store) for source in sources]
        any_report = any("DiagnosticReport" in kind for kind in kinds)
        for source, kind in zip(sources, kinds, strict=True):
            is_empty = True
            for piece in _pieces(source):
                if piece.fault or _is_report(piece.value):
                    is_empty = False
                    yield _Told(piece, source.name, store)
            if is_empty and not any_report:
                names = ", ".join(sorted(kind)[:_SHOWN]) or "–"
                yield refuse(Position(source.name), "no_reports", types=names)


def _is_report(value: Resource | None) -> bool:
    return value is not None and value.get("resourceType") == "DiagnosticReport"


def _pieces(source: Source) -> Iterator[Piece]:
    encoding = guess_encoding(source.path).name
    with source.path.open(encoding=encoding, errors=MENDING) as file:
        yield from read_pieces(file, named=source.name.lower().endswith(".ndjson"))


def _index(source: Source, store: ReferenceStore) -> dict[str, int]:
    """Keep what reports may refer to; return how many resources of each kind there are."""
    kinds: dict[str, int] = {}
    for piece in _pieces(source):
        if piece.value is not None:
            kind = word(piece.value.get("resourceType"))[:60]
            kinds[kind] = kinds.get(kind, 0) + 1
            store.add(piece.value, piece.scope, piece.full_url)
    return kinds


def _item(told: _Told | Refused, style: DateStyle) -> Item:
    if isinstance(told, Refused):
        return told
    piece, name = told.piece, told.source
    position = Position(name, line=piece.line) if piece.line else Position(name, entry=piece.number)
    if piece.fault:
        params = _PARAMS.get(piece.fault, {})
        refused = refuse(position, piece.fault, reference="", **params)
        return replace(refused, content=piece.text[:_KEPT_TEXT])
    return _report(piece.value or {}, position, _finder(piece, told.store), style)


def _finder(piece: Piece, store: ReferenceStore) -> Callable[[Resource, str], Resource | None]:
    contained = {
        f"#{word(one.get('id')).removeprefix('#')}": one
        for one in dicts((piece.value or {}).get("contained"))
    }

    def find(reference: Resource, expected: str) -> Resource | None:
        for address in addresses_of(reference, expected):
            if address.startswith("#"):
                return contained.get(address)
            found = store.find(address, piece.scope)
            if found is not None:
                return found
        return None

    return find


def _report(
    report: Resource,
    position: Position,
    find: Callable[[Resource, str], Resource | None],
    style: DateStyle,
) -> Item:
    reference = word(report.get("id"))[:64]
    if not is_imaging(report, find):
        place = position._replace(field="category")
        return refuse(place, "not_imaging", reference=reference, kind=kind_of(report))
    told = words_of(report, find)
    raw = raw_of(report, told, find)
    item = complete(raw, position, style)
    if isinstance(item, Refused) and item.code == "no_text" and told.code != "no_text":
        place = item.position._replace(field="presentedForm")
        params = {"types": told.types or "?"}
        refused = refuse(place, told.code or "no_text", reference=item.reference, **params)
        return replace(refused, raw=item.raw, report=item.report)
    return item
