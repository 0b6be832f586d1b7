"""How are the names kept that stand in an item's place? Files, sheets, columns bear patients'."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from peeraudit.adapters.sealing import seal, unseal
from peeraudit.domain.intake.refusals import without_quotes
from peeraudit.domain.intake.reports import Item, Position, RawReport, Refused
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, Upload
from peeraudit.services.intake_names import HIDDEN, NAMING

_OF_FILES = frozenset({"cannot_open", "unreadable_file"})
"""Reasons whose sentence names a file, or the sheets of a workbook, and no field of a report."""
_OF_PLACES = ("member", "place")


class Nameless(NamedTuple):
    """Where an item stands and why it was refused, as it may be kept in the clear.

    Attributes:
        place: where it stands, without the names of a file in an archive, a sheet, a column.
        params: the values of its reason's sentence, without names and quotes.
        sealed: the names; None where there is none.
    """

    place: Sentence
    params: dict[str, object]
    sealed: bytes | None


def without_names(item: Item, sha256: str, position: int) -> Nameless:
    """Part an item's place and reason from the names in them.

    Args:
        item: as it was read.
        sha256: of the file that it came in.
        position: its place in that file, from 1.
    """
    place = Sentence(*item.position.label)
    names = {key: str(place.params[key]) for key in _named_in(item.position)}
    if names:
        place = Sentence(place.message, {**place.params, **dict.fromkeys(names, HIDDEN)})
    params: dict[str, object] = {}
    if isinstance(item, Refused):
        told = item.params.keys() & NAMING if item.code in _OF_FILES else frozenset[str]()
        names |= {key: str(item.params[key]) for key in told}
        params = without_quotes(item.params) | dict.fromkeys(told, HIDDEN)
    if not names:
        return Nameless(place, params, None)
    plain = json.dumps(names, ensure_ascii=False).encode()
    return Nameless(place, params, seal(plain, _place(sha256, position)))


def place_of(row: IntakeItem, upload: Upload) -> Sentence:
    """Return where an item stands, for its department's own coordinator.

    Raises:
        CannotUnseal: the key of its names is missing, or they were changed.
    """
    place, names = Sentence.from_json(row.locator), _names(row, upload)
    told = {key: names[key] for key in _OF_PLACES if key in names}
    return Sentence(place.message, {**place.params, **told}) if told else place


def _named_in(position: Position) -> Iterator[str]:
    """Yield the values of a place that somebody else has named: a file, a sheet, a column."""
    if position.member:
        yield "member"
    own = position.segment or (position.field and position.field not in RawReport._fields)
    if position.line is not None and own:
        yield "place"


def names_again(row: IntakeItem, upload: Upload, sealed: bytes | None) -> bytes | None:
    """Return the names of an item that was read again by itself, sealed.

    Where it stands in its file stays what it was; what its reason names may be something else.

    Args:
        row: the item.
        upload: the file that it came in.
        sealed: the names of the new reading.
    """
    place = _place(upload.sha256, row.position)
    old, new = _names(row, upload), json.loads(unseal(sealed, place)) if sealed else {}
    names = {key: value for key, value in new.items() if key not in _OF_PLACES}
    names |= {key: value for key, value in old.items() if key in _OF_PLACES}
    return seal(json.dumps(names, ensure_ascii=False).encode(), place) if names else None


def reason_of(row: IntakeItem, upload: Upload, quoted: Mapping[str, object]) -> Sentence:
    """Return why an item ended as it did, for its department's own coordinator.

    Args:
        row: the item.
        upload: the file that it came in.
        quoted: the values that are sealed with what the item held.
    """
    # Mended, an item may be refused again for a reason whose ``name`` is that of a field.
    is_of_files = row.reason_code in _OF_FILES
    names = {k: v for k, v in _names(row, upload).items() if is_of_files and k in NAMING}
    return Sentence(row.reason, {**json.loads(row.reason_params), **names, **quoted})


def seal_anew(rows: Sequence[IntakeItem]) -> None:
    """Seal the names of some items under the newest key."""
    for row in rows:
        place = _place(db.session.get_one(Upload, row.upload_id).sha256, row.position)
        row.sealed_names = seal(unseal(row.sealed_names or b"", place), place)


def _names(row: IntakeItem, upload: Upload) -> dict[str, str]:
    if row.sealed_names is None:
        return {}
    names: dict[str, str] = json.loads(
        unseal(row.sealed_names, _place(upload.sha256, row.position))
    )
    return names


def _place(sha256: str, position: int) -> str:
    # Of the file's content and not of the row: who sends a file again gets the same rows again.
    return f"upload/{sha256}/item/{position}"
