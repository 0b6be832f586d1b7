"""Use cases: what came over the network message by message, told by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.jobs import JobState
from peeraudit.extensions import db
from peeraudit.models.intake import Upload
from peeraudit.models.jobs import Job
from peeraudit.services import jobs
from peeraudit.services.intake_keeping import STATUSES
from peeraudit.services.intake_uploads import UploadView, as_views

CHANNEL = "mllp"
_STOPPED = (JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class MessageDay:
    """The messages of one day.

    Attributes:
        began: the beginning of the day.
        messages: how many came.
        waiting: how many of them are not read yet.
        stopped: how many could not be read at all.
        counts: how many reports ended in each way.
        size: bytes of all of them.
        last_at: when the last one came.
    """

    began: datetime
    messages: int
    waiting: int
    stopped: int
    counts: dict[str, int]
    size: int
    last_at: datetime


def list_days(begins: Sequence[datetime], *, by: Actor) -> list[MessageDay]:
    """Return the days on which messages came for the actor's department, newest first.

    Args:
        begins: when each day that is asked for begins, newest first; the first one lasts until
            now, and what came before the last one is not told.
        by: who asks, for one's department.
    """
    by.require(Permission.READ_INTAKE)
    # The days are the reader's own: their lengths differ, and no database knows them.
    number = case(
        *((Upload.uploaded_at >= moment, place) for place, moment in enumerate(begins)), else_=-1
    ).label("number")
    rows = db.session.execute(
        _of_department(
            by,
            select(
                number,
                func.count(),
                func.count().filter(Job.state.in_(jobs.LIVE)),
                func.count().filter(Job.state.in_(_STOPPED)),
                func.sum(Upload.size),
                func.max(Upload.uploaded_at),
                *(func.sum(getattr(Upload, status)) for status in STATUSES),
            ),
        )
        .where(Upload.uploaded_at >= begins[-1])
        .group_by(number)
        .order_by(number)
    )
    return [_day(begins[row[0]], row[1:]) for row in rows]


def list_messages(
    begin: datetime,
    end: datetime,
    *,
    by: Actor,
    only_unsettled: bool = False,
    before: datetime | None = None,
    limit: int = 100,
) -> list[UploadView]:
    """Return the messages of a span of time, newest first.

    Args:
        begin: the first moment.
        end: the first moment after it.
        by: who asks, for one's department.
        only_unsettled: only those that were refused, or could not be read.
        before: goes on from there: older ones than this alone.
        limit: the most that is returned.
    """
    by.require(Permission.READ_INTAKE)
    until = min(end, before) if before is not None else end
    statement = _of_department(by, select(Upload)).where(
        Upload.uploaded_at >= begin, Upload.uploaded_at < until
    )
    if only_unsettled:
        statement = statement.where(_is_unsettled())
    newest = statement.order_by(Upload.uploaded_at.desc(), Upload.id).limit(limit)
    return as_views(db.session.scalars(newest).all())


def _is_unsettled() -> ColumnElement[bool]:
    return or_(Upload.refused > 0, Job.state.in_(_STOPPED))


def _of_department(by: Actor, statement: Select[Any]) -> Select[Any]:
    statement = statement.outerjoin(Job, Job.id == Upload.job_id).where(Upload.channel == CHANNEL)
    if by.department_id is not None:
        statement = statement.where(Upload.department_id == by.department_id)
    return statement


def _day(began: datetime, row: Sequence[Any]) -> MessageDay:
    messages, waiting, stopped, size, last_at, *counts = row
    return MessageDay(
        began=began,
        messages=messages,
        waiting=waiting,
        stopped=stopped,
        counts=dict(zip(STATUSES, counts, strict=True)),
        size=size,
        last_at=last_at,
    )
