"""Use cases: telling people what waits for them, once each, on the page and by e-mail."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, true, update

from peeraudit.adapters import mailer
from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.notifications import (
    WORDINGS,
    NoticeKind,
    check_params,
    kinds_for,
    sentence_of,
)
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.messages import Message
from peeraudit.services.mail_choices import wants_mail


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one person.

    Attributes:
        sentence: what it says; its days are dates.
        path: where on this site the thing is; empty for the first page of the role.
    """

    id: UUID
    kind: NoticeKind
    sentence: Sentence
    path: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What is needed to write a notice as an e-mail."""

    message_id: UUID
    email: str
    language: str
    sentence: Sentence
    path: str


def tell(
    account_id: UUID,
    kind: NoticeKind,
    *,
    key: str,
    params: Mapping[str, object] | None = None,
    path: str = "",
) -> None:
    """Tell a person something, once for each key.

    Args:
        account_id: whom.
        kind: what it is about; its sentence says which values are needed.
        key: tells two notices of a kind to one person apart, such as the case and its version.
        params: counts, codes, days and names of campaigns; nothing else may be told.
        path: where on this site the thing is; empty for the first page of the role.

    Raises:
        InvalidInput: the values are not those that the sentence needs.
    """
    values = dict(params or {})
    check_params(kind, values)
    if was_told(account_id, kind, key=key):
        return
    message = Message(
        id=uuid4(),
        account_id=account_id,
        kind=kind.value,
        effect_key=_effect_key(account_id, kind, key),
        params=json.dumps(values, default=_as_text, ensure_ascii=False, sort_keys=True),
        path=path,
        created_at=now(),
    )
    db.session.add(message)
    db.session.flush()  # a rival's notice with the same key must be refused here
    if mailer.is_set_up() and wants_mail(account_id, kind):
        enqueue(TaskName.SEND_MESSAGE, message.id)


def was_told(account_id: UUID, kind: NoticeKind, *, key: str) -> bool:
    """Return whether a person was told something already; the key is that of ``tell``."""
    effect_key = _effect_key(account_id, kind, key)
    known = select(Message.id).where(Message.effect_key == effect_key)
    return db.session.scalar(known) is not None


def tell_all(
    department_id: UUID | None,
    kind: NoticeKind,
    *,
    key: str,
    params: Mapping[str, object] | None = None,
    path: str = "",
    but: UUID | None = None,
) -> int:
    """Tell everybody who reads this kind of notice; return how many people that is.

    Args:
        department_id: for roles of a department, which one; None for roles of the network.
        kind: what it is about; it says under which role it is read.
        key: as for ``tell``.
        params: as for ``tell``.
        path: as for ``tell``.
        but: an account that is not told, such as who caused it.
    """
    holders = db.session.scalars(
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == WORDINGS[kind].role,
            RoleGrant.department_id.is_(None)
            if department_id is None
            else RoleGrant.department_id == department_id,
            Account.active,
            RoleGrant.account_id != but if but else true(),
        )
        .order_by(RoleGrant.account_id)
    ).all()
    for account_id in holders:
        tell(account_id, kind, key=key, params=params, path=path)
    return len(holders)


def inbox(*, by: Actor, limit: int = 50, only_unread: bool = False) -> list[Notice]:
    """Return the notices that a person reads in the role in use, newest first."""
    statement = _mine(by).order_by(Message.created_at.desc(), Message.id).limit(limit)
    if only_unread:
        statement = statement.where(Message.read_at.is_(None))
    return [_notice(m) for m in db.session.scalars(statement)]


def count_unread(*, by: Actor) -> int:
    """Return how many notices a person has not read yet, in the role in use."""
    unread = _mine(by).where(Message.read_at.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(unread)) or 0


def mark_read(message_id: UUID, *, by: Actor) -> Notice:
    """Write down that a notice was read; return it.

    Raises:
        NotFound: the person has no such notice in the role in use.
    """
    message = db.session.scalar(_mine(by).where(Message.id == message_id).with_for_update())
    if message is None:
        raise NotFound(N_("There is no such message."))
    message.read_at = message.read_at or now()
    return _notice(message)


def mark_all_read(*, by: Actor) -> None:
    """Write down that every notice of the role in use was read."""
    db.session.execute(
        update(Message)
        .where(
            Message.account_id == by.account_id,
            Message.kind.in_(_kinds(by.role)),
            Message.read_at.is_(None),
        )
        .values(read_at=now())
    )


def find_letter(message_id: UUID) -> Letter | None:
    """Return what is to be mailed; None where it was, or the person's account is closed."""
    row = db.session.execute(
        select(Message, Account)
        .join(Account, Account.id == Message.account_id)
        .where(Message.id == message_id, Message.mailed_at.is_(None), Account.active)
    ).one_or_none()
    if row is None:
        return None
    message, account = row
    notice = _notice(message)
    return Letter(message.id, account.email, account.language, notice.sentence, notice.path)


def note_mailed(message_id: UUID) -> None:
    """Write down that a notice went out by e-mail."""
    db.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.mailed_at.is_(None))
        .values(mailed_at=now())
    )


def _mine(by: Actor) -> Select[Message]:
    return select(Message).where(
        Message.account_id == by.account_id, Message.kind.in_(_kinds(by.role))
    )


def _kinds(role: Role) -> list[str]:
    return sorted(kind.value for kind in kinds_for(role))


def _notice(message: Message) -> Notice:
    kind = NoticeKind(message.kind)
    return Notice(
        id=message.id,
        kind=kind,
        sentence=sentence_of(kind, json.loads(message.params)),
        path=message.path,
        created_at=message.created_at,
        read_at=message.read_at,
    )


def _effect_key(account_id: UUID, kind: NoticeKind, key: str) -> str:
    return f"{kind.value}:{account_id}:{key}"


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
