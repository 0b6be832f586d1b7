"""How is a database connection set up so that SQLite and PostgreSQL keep the same promises?"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError

FAULTS = (SQLAlchemyError, OSError)
"""What storing raises when the database or the disk fails, for a door that must go on."""

BUSY_SECONDS = 10
LOOK_EVERY_SECONDS = 0.002

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Let transactions that begin inside take SQLite's write lock at once.

    A transaction that reads first and writes later would be refused on the spot when another
    wrote in between; one that waits for its turn at the beginning is not.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def without_nested_loops(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL join no tables row by row for what is begun inside.

    Before it has counted the rows of tables that were just filled it takes them for next to empty,
    and minutes for what takes a second.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_nestloop TO DEFAULT")


def prepare(engine: Engine) -> None:
    """Make connections of ``engine`` enforce keys, wait for locks and time out."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)


def _set_up_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's own
    del record
    # SQLAlchemy says BEGIN itself; the driver's own, late BEGIN would break our locks.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        # What is deleted is overwritten: a purged identity must not linger in free pages.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    # SQLite itself waits in steps of up to 100 ms, in which a lock is often free and unused.
    driver.execute("PRAGMA busy_timeout=0")
    patience = time.monotonic() + BUSY_SECONDS
    try:
        while not _begun(driver) and time.monotonic() < patience:
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    if not driver.in_transaction:
        # Once more, for the error that everybody above knows.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begun(driver: sqlite3.Connection) -> bool:
    """Return whether the one write lock could be taken."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def _set_up_postgresql(connection: Any, record: object) -> None:  # noqa: ANN401 - likewise
    del record
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("SET statement_timeout = '120s'")
        cursor.execute("SET idle_in_transaction_session_timeout = '300s'")
    connection.commit()
