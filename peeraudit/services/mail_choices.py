"""Use cases: which notices a person gets by e-mail."""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.domain.actors import Actor
from peeraudit.domain.notifications import NoticeKind, mutable_for
from peeraudit.extensions import db
from peeraudit.models.messages import MutedMail


def list_choices(*, by: Actor) -> dict[NoticeKind, bool]:
    """Return what a person may choose in the role in use, and whether it comes by e-mail."""
    muted = set(
        db.session.scalars(select(MutedMail.kind).where(MutedMail.account_id == by.account_id))
    )
    return {kind: kind.value not in muted for kind in mutable_for(by.role)}


def choose(wanted: Collection[NoticeKind], *, by: Actor) -> None:
    """Set which of the notices of the role in use come by e-mail; the page shows all of them.

    What is no matter of choice comes in any case, whatever is named here.
    """
    own = mutable_for(by.role)
    db.session.execute(
        delete(MutedMail).where(
            MutedMail.account_id == by.account_id,
            MutedMail.kind.in_([kind.value for kind in own]),
        )
    )
    for kind in own:
        if kind not in wanted:
            db.session.add(MutedMail(id=uuid4(), account_id=by.account_id, kind=kind.value))


def wants_mail(account_id: UUID, kind: NoticeKind) -> bool:
    """Return whether a person gets a kind of notice by e-mail."""
    muted = select(MutedMail.id).where(
        MutedMail.account_id == account_id, MutedMail.kind == kind.value
    )
    return db.session.scalar(muted) is None
