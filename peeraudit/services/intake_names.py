"""How are the names of received files kept? A file is often called after the patient in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from peeraudit.adapters.sealing import seal, unseal
from peeraudit.domain.errors import DomainError
from peeraudit.models.intake import Upload

_LONGEST = 255
_HIDDEN = "…"
"""What stands for a file's name wherever it is not sealed."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names around a file, in the clear.

    Attributes:
        file: that of the file.
        told: the one that the sentence about its failure needs, of the file or of a part of it;
            empty where it needs none.
    """

    file: str
    told: str = ""


def keep_name(upload: Upload, name: str) -> None:
    """Write the name of a file into its row, sealed; the row's id is set."""
    _seal(upload, Names(name[:_LONGEST]))


def names_of(upload: Upload) -> Names:
    """Return the names around a file, for its department's own coordinator and its reading.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    return Names(*json.loads(unseal(upload.sealed_names, _place(upload.id))))


def without_name(upload: Upload, error: DomainError) -> DomainError:
    """Return what went wrong with a file as it may be kept in the clear; the name is sealed."""
    told = error.params.get("name")
    _seal(upload, Names(names_of(upload).file, str(told) if told else ""))
    return DomainError(error.message, **error.params | {"name": _HIDDEN}) if told else error


def seal_anew(rows: Sequence[Upload]) -> None:
    """Seal the names of some files under the newest key."""
    for row in rows:
        _seal(row, names_of(row))


def _seal(upload: Upload, names: Names) -> None:
    plain = json.dumps([names.file, names.told], ensure_ascii=False)
    upload.sealed_names = seal(plain.encode(), _place(upload.id))


def _place(upload_id: UUID) -> str:
    return f"upload/{upload_id.hex}/names"
