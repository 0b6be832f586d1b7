"""Use cases: the words that a department's coordinator teaches the masking."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.sealing import blind_index, blind_indexes, seal, unseal
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.spans import Kind, kind_named
from peeraudit.domain.errors import N_, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.jobs import JobKind
from peeraudit.extensions import db
from peeraudit.models.masking import TaughtWord
from peeraudit.services import jobs, trail
from peeraudit.services.jobs import JobOrder

SHORTEST = 3


@dataclass(frozen=True, slots=True)
class TaughtLine:
    """Words that are masked in every report of a department, and what they are."""

    id: UUID
    words: str
    kind: str


def teach(words: str, kind: Kind, *, by: Actor) -> UUID | None:
    """Have words masked in every report of the actor's department, waiting ones included.

    Words that were taught before stay as they are, and the waiting cases are looked through
    again.

    Returns:
        the job that masks the words in the cases that wait for their check; None where one
        for the same words is under way already.

    Raises:
        InvalidInput: the words are too short to be told from others.
    """
    department_id = _own_department(by)
    plain = " ".join(words.split())
    if sum(map(str.isalnum, plain)) < SHORTEST:
        raise InvalidInput(N_("Teach words of three letters or digits at least."))
    row = _find(department_id, plain)
    if row is None:
        row = TaughtWord(
            id=uuid4(),
            department_id=department_id,
            kind=kind,
            taught_by=by.account_id,
            taught_at=now(),
        )
        _seal(row, plain)
        db.session.add(row)
        db.session.flush()  # the job below refers to it
        trail.record(
            "teach_word", by, object_kind="taught_word", object_id=row.id, details={"kind": kind}
        )
    key = f"taught:{row.id}"
    if jobs.is_alive(key):
        return None
    return jobs.order(
        JobOrder(
            kind=JobKind.MASKING,
            task=TaskName.MASK_TAUGHT,
            lock_key=key,
            subject_id=row.id,
            department_id=department_id,
            requested_by=by.account_id,
        )
    )


def forget(word_id: UUID, *, by: Actor) -> None:
    """Mask words no longer of themselves; what they mask already stays masked.

    Raises:
        NotFound: the actor's department was not taught such words.
    """
    row = db.session.get(TaughtWord, word_id)
    if row is None or row.department_id != _own_department(by):
        raise NotFound(N_("These words are no longer on the list."))
    db.session.delete(row)
    trail.record("forget_word", by, object_kind="taught_word", object_id=word_id)


def list_words(*, by: Actor) -> tuple[TaughtLine, ...]:
    """Return the words that the actor's department was taught, in the order of the alphabet."""
    department_id = _own_department(by)
    return tuple(TaughtLine(row.id, words, row.kind) for words, row in _taught({department_id}))


def find_taught(word_id: UUID) -> tuple[UUID, str, Kind] | None:
    """Return a department, the words it was taught and their kind, for masking."""
    row = db.session.get(TaughtWord, word_id)
    return (row.department_id, _open(row), kind_named(row.kind)) if row else None


def taught_to(department_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, Kind], ...]]:
    """Return what each department was taught, for masking."""
    found: dict[UUID, list[tuple[str, Kind]]] = defaultdict(list)
    for words, row in _taught(department_ids):
        found[row.department_id].append((words, kind_named(row.kind)))
    return defaultdict(tuple, {place: tuple(words) for place, words in found.items()})


def seal_anew(rows: Sequence[TaughtWord]) -> None:
    """Seal words anew under the newest key, and their indexes with them."""
    for row in rows:
        _seal(row, _open(row))


def _taught(department_ids: Collection[UUID]) -> list[tuple[str, TaughtWord]]:
    """Return the words of some departments with their rows, in the order of the alphabet."""
    wanted = select(TaughtWord).where(TaughtWord.department_id.in_(department_ids))
    found = [(_open(row), row) for row in db.session.scalars(wanted)]
    return sorted(found, key=lambda one: (fold(one[0]), one[1].id))


def _find(department_id: UUID, words: str) -> TaughtWord | None:
    indexes = blind_indexes(_column(department_id), fold(words))
    return db.session.scalar(
        select(TaughtWord).where(
            TaughtWord.department_id == department_id, TaughtWord.word_index.in_(indexes)
        )
    )


def _seal(row: TaughtWord, words: str) -> None:
    row.word_index = blind_index(_column(row.department_id), fold(words))
    row.sealed_words = seal(words.encode(), _place(row.id))


def _open(row: TaughtWord) -> str:
    return unseal(row.sealed_words, _place(row.id)).decode()


def _column(department_id: UUID) -> str:
    return f"taught_word/{department_id.hex}"


def _place(word_id: UUID) -> str:
    return f"taught_word/{word_id.hex}/words"


def _own_department(by: Actor) -> UUID:
    by.require(Permission.CHECK_DEIDENTIFICATION)
    if by.department_id is None:
        raise NotAllowed(N_("Only a department’s own coordinator sees its reports."))
    return by.department_id
