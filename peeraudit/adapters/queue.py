"""How is background work asked for by name, so that nothing asked for is lost?"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from uuid import UUID, uuid4

from celery import current_app as celery_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from sqlalchemy import Engine, String, UniqueConstraint, or_, select, update
from sqlalchemy.exc import OperationalError as DatabaseError
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.adapters.clock import now
from peeraudit.adapters.database import writing
from peeraudit.adapters.unit_of_work import after_commit
from peeraudit.extensions import Base, db

logger = logging.getLogger(__name__)

# A duty whose worker has said nothing for this long is taken up by another.
CLAIM_LASTS = timedelta(seconds=15)
CLAIM_RENEWED_EVERY = timedelta(seconds=4)
MAX_ATTEMPTS = 8


class TaskName(StrEnum):
    """Every background task; the name is part of the wire format, so it never changes."""

    SWEEP = "peeraudit.sweep"
    RUN_INTAKE = "peeraudit.run_intake"
    PURGE_INTAKE = "peeraudit.purge_intake"
    MASK_CASES = "peeraudit.mask_cases"
    MASK_TAUGHT = "peeraudit.mask_taught"
    PLAN_ASSIGNMENT = "peeraudit.plan_assignment"
    RESPECT_ABSENCE = "peeraudit.respect_absence"
    ROUTE_CASE = "peeraudit.route_case"
    EXPIRE_DUTIES = "peeraudit.expire_duties"
    COMPUTE_STATISTICS = "peeraudit.compute_statistics"
    COMPUTE_NIGHTLY = "peeraudit.compute_nightly"
    REMIND_REVIEWERS = "peeraudit.remind_reviewers"
    SEND_MESSAGE = "peeraudit.send_message"
    ROTATE_KEYS = "peeraudit.rotate_keys"
    RUN_RETENTION = "peeraudit.run_retention"
    PURGE_IDENTITIES = "peeraudit.purge_identities"


class Outbox(Base):
    """A duty: one piece of background work that somebody must do."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("effect_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    task: Mapped[str] = mapped_column(String(64))
    args: Mapped[str] = mapped_column(String(1000))
    effect_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that was claimed: its row, its task, the ids it is about, and the attempt."""

    id: UUID
    task: TaskName
    args: tuple[str, ...]
    attempt: int


def enqueue(task: TaskName, *ids: UUID, key: str = "", delay: timedelta = timedelta()) -> UUID:
    """Write down a duty in this transaction and wake a worker after the commit.

    Args:
        task: the work to do.
        ids: rows that the work is about; no text and no name ever goes into the broker.
        key: tells two duties with the same ids apart; the same task, ids and key give one duty.
        delay: how long to wait before the duty is due.

    Returns:
        The id of the duty; that of the earlier one where it was already written down.
    """
    effect_key = ":".join([task.value, *(str(i) for i in ids), key])
    known = db.session.scalar(select(Outbox.id).where(Outbox.effect_key == effect_key))
    if known is not None:
        return known
    moment = now()
    row = Outbox(
        id=uuid4(),
        task=task.value,
        args=json.dumps([str(i) for i in ids]),
        effect_key=effect_key,
        created_at=moment,
        due_at=moment + delay,
    )
    db.session.add(row)
    duty_id = row.id
    if not delay:
        after_commit(lambda: wake(task, duty_id))
    return duty_id


def wake(task: TaskName, duty_id: UUID) -> None:
    """Hint to a worker that a duty waits; a broker that is away costs time, never the duty."""
    try:
        celery_app.send_task(task.value, args=[str(duty_id)], retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the broker is away (%s); the sweeper will find the duty", error)


def claim(duty_id: UUID) -> Duty | None:
    """Take a duty that is due and that nobody works on; None when it is done or taken.

    Commits nothing: the door's unit of work does, before the duty is carried out.
    """
    moment = now()
    waiting = (
        select(Outbox)
        .where(
            Outbox.id == duty_id,
            Outbox.done_at.is_(None),
            Outbox.attempts < MAX_ATTEMPTS,
            or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < moment),
        )
        .with_for_update(skip_locked=True)
    )
    row = db.session.scalar(waiting)
    if row is None:
        return None
    # The condition is asked again: SQLite has no row locks, and two may have read the same row.
    taken = db.session.execute(
        update(Outbox)
        .where(Outbox.id == row.id, Outbox.attempts == row.attempts, Outbox.done_at.is_(None))
        .values(claimed_until=moment + CLAIM_LASTS, attempts=row.attempts + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return Duty(row.id, TaskName(row.task), tuple(json.loads(row.args)), row.attempts + 1)


@contextmanager
def holding(duty_id: UUID) -> Iterator[None]:
    """Keep a claimed duty from others for as long as the body runs and this process lives.

    A killed process stops renewing its claim, and another takes the duty up.
    """
    engine, done = db.engine, Event()
    renewer = Thread(target=_renew, args=(engine, duty_id, done), daemon=True)
    renewer.start()
    try:
        yield
    finally:
        done.set()
        renewer.join()


def _renew(engine: Engine, duty_id: UUID, done: Event) -> None:
    renewal = update(Outbox).where(Outbox.id == duty_id, Outbox.done_at.is_(None))
    while not done.wait(CLAIM_RENEWED_EVERY.total_seconds()):
        try:
            with writing(), engine.begin() as connection:
                connection.execute(renewal.values(claimed_until=now() + CLAIM_LASTS))
        except DatabaseError:
            # A long write of the duty itself may hold the lock; nobody else can claim then.
            logger.debug("the claim of duty %s could not be renewed", duty_id)


def due_duties(limit: int = 50) -> list[UUID]:
    """Return the ids of duties that wait for somebody, oldest first; shape (n,), n <= limit."""
    moment = now()
    waiting = select(Outbox.id).where(
        Outbox.done_at.is_(None),
        Outbox.due_at <= moment,
        Outbox.attempts < MAX_ATTEMPTS,
        or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < moment),
    )
    return list(db.session.scalars(waiting.order_by(Outbox.due_at, Outbox.id).limit(limit)))


def settle(duty_id: UUID) -> None:
    """Write down that a duty is done."""
    db.session.execute(
        update(Outbox)
        .where(Outbox.id == duty_id)
        .values(done_at=now(), claimed_until=None, last_error=None)
    )


def put_back(duty_id: UUID, error: str, *, after: timedelta) -> None:
    """Give a failed duty back, to be tried again after ``after``."""
    db.session.execute(
        update(Outbox)
        .where(Outbox.id == duty_id)
        .values(claimed_until=None, due_at=now() + after, last_error=error[:500])
    )


def broker_answers() -> bool:
    """Return whether the broker can be reached within a second."""
    try:
        with celery_app.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, RedisError, OSError):
        return False
    return True
