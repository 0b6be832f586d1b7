"""How are the names of received files kept? A file is often called after the patient in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from peeraudit.adapters.sealing import seal, unseal
from peeraudit.domain.errors import DomainError
from peeraudit.models.intake import Upload

_LONGEST = 255
NAMING = ("name", "sheet", "known")
"""Values of a failure's sentence that name a file, a sheet, or all sheets of a workbook."""
HIDDEN = "…"
"""What stands for a name wherever it is not sealed."""
"""What stands for a file's name wherever it is not sealed."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names around a file, in the clear.

    Attributes:
        file: that of the file.
        told: the one that the sentence about its failure needs, of the file or of a part of it;
            empty where it needs none.
        others: what else that sentence names, by the sentence's word: the sheets of a workbook.
    """

    file: str
    told: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_failure(self) -> dict[str, object]:
        """Return the values that the sentence about its failure needs."""
        return {**self.others, **({"name": self.told} if self.told else {})}


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
    told = {key: str(error.params[key]) for key in NAMING if error.params.get(key)}
    name = told.get("name", "")
    others = {key: value for key, value in told.items() if key != "name"}
    _seal(upload, Names(names_of(upload).file, name, others))
    return DomainError(error.message, **error.params | dict.fromkeys(told, HIDDEN))


def seal_anew(rows: Sequence[Upload]) -> None:
    """Seal the names of some files under the newest key."""
    for row in rows:
        _seal(row, names_of(row))


def _seal(upload: Upload, names: Names) -> None:
    plain = json.dumps([names.file, names.told, dict(names.others)], ensure_ascii=False)
    upload.sealed_names = seal(plain.encode(), _place(upload.id))


def _place(upload_id: UUID) -> str:
    return f"upload/{upload_id.hex}/names"
