"""How do transactions that write of the same thing take turns?"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql import func

from peeraudit.extensions import db


def take_turn(of: UUID, *, alone: bool) -> None:
    """Wait until this transaction may write of something; its turn ends with it.

    A turn that is taken within a savepoint ends when that savepoint is rolled back. Who waits to
    be alone is served before whoever comes later, so that it cannot be passed for ever. SQLite
    has one writer at a time, which is alone already.

    Args:
        of: the row that stands for what is written of.
        alone: whether to wait for all others; else only for one that is alone.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    # A key of 64 bits with a sign: of two rows that share one, the second merely waits.
    key = int.from_bytes(of.bytes[:8], "big", signed=True)
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    db.session.execute(select(lock(key)))
