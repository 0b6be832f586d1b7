"""Use cases: is the installation alive, ready, and is its work being done?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from peeraudit.adapters import mailer
from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import Outbox, broker_answers
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.jobs import JobState
from peeraudit.extensions import db
from peeraudit.models.jobs import Job

# The sweeper comes every few seconds: what it leaves for minutes, nobody takes.
LATE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the parts; ages in seconds.

    Attributes:
        broker: whether Redis answers; without it work goes on, later.
        waiting: duties that nobody has done yet.
        oldest_wait: how long the oldest of them has been due.
        failing: duties that failed at least once and will be tried again.
        swept_at: when a worker last did a duty.
        mail: whether notices leave by e-mail.
    """

    broker: bool
    waiting: int
    oldest_wait: float
    failing: int
    running_jobs: int
    schema: str
    swept_at: datetime | None
    mail: bool

    @property
    def is_late(self) -> bool:
        """Return whether work waits for longer than a working worker would let it."""
        return self.oldest_wait > LATE_SECONDS


def schema_revision() -> str:
    """Return the revision of the schema in the database; raises where the database is away."""
    return str(db.session.scalar(text("SELECT version_num FROM alembic_version")))


def look(*, by: Actor) -> Health:
    """Return the state of the parts."""
    by.require(Permission.READ_HEALTH)
    moment = now()
    due = (Outbox.done_at.is_(None), Outbox.due_at <= moment)
    waiting, oldest = db.session.execute(
        select(func.count(), func.min(Outbox.due_at)).where(*due)
    ).one()
    failing = select(func.count()).where(Outbox.done_at.is_(None), Outbox.last_error.is_not(None))
    running = select(func.count()).where(Job.state == JobState.RUNNING)
    return Health(
        broker=broker_answers(),
        waiting=waiting,
        oldest_wait=(moment - oldest).total_seconds() if waiting else 0.0,
        failing=db.session.scalar(failing) or 0,
        running_jobs=db.session.scalar(running) or 0,
        schema=schema_revision(),
        swept_at=db.session.scalar(select(func.max(Outbox.done_at))),
        mail=mailer.is_set_up(),
    )
