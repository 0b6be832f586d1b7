"""Use cases: the words in which a reader saw who it is, from the reader to the own coordinator.

They name somebody: they are sealed, go to nobody else, and are thrown away once the case is masked.
"""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.sealing import seal, unseal
from peeraudit.extensions import db
from peeraudit.models.identities import SeenIdentifier


def keep_words(case_id: UUID, assignment_id: UUID, words: str) -> None:
    """Keep what a reader marked in a case, sealed; nothing where nothing was marked."""
    if not words.strip():
        return
    row = SeenIdentifier(id=uuid4(), case_id=case_id, assignment_id=assignment_id, seen_at=now())
    _seal(row, words.strip())
    db.session.add(row)


def words_seen(case_id: UUID) -> tuple[str, ...]:
    """Return what readers marked in a case, the latest first, for the own coordinator's check.

    Raises:
        CannotUnseal: a key is missing, or a row was changed.
    """
    rows = db.session.scalars(
        select(SeenIdentifier)
        .where(SeenIdentifier.case_id == case_id)
        .order_by(SeenIdentifier.seen_at.desc(), SeenIdentifier.id)
    )
    return tuple(dict.fromkeys(map(_open, rows)))


def forget_words(case_ids: Collection[UUID]) -> None:
    """Throw away what readers marked in cases that were checked since."""
    db.session.execute(delete(SeenIdentifier).where(SeenIdentifier.case_id.in_(case_ids)))


def seal_anew(rows: Sequence[SeenIdentifier]) -> None:
    """Seal the words of some rows under the newest key."""
    for row in rows:
        _seal(row, _open(row))


def _seal(row: SeenIdentifier, words: str) -> None:
    row.sealed_words = seal(words.encode(), _place(row))


def _open(row: SeenIdentifier) -> str:
    return unseal(row.sealed_words, _place(row)).decode()


def _place(row: SeenIdentifier) -> str:
    return f"seen_identifier/{row.id.hex}/words"
