"""Use cases: writing down who did what, when, in which role, and why."""

import json
from collections.abc import Mapping
from uuid import UUID

from peeraudit.adapters.clock import now
from peeraudit.domain.actors import Actor
from peeraudit.extensions import db
from peeraudit.models.trail import TrailEntry


def record(
    act: str,
    actor: Actor | None,
    *,
    object_kind: str,
    object_id: UUID | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one act to the trail.

    Args:
        act: what was done, as verb and object with an underscore, such as ``lock_campaign``.
        actor: who did it; None is the system itself.
        object_kind: a word of the product's vocabulary.
        object_id: the row it was done to.
        reason: why, in the actor's words where there are any.
        details: counts, codes and states; never a name, a score of a person, or report text.
    """
    db.session.add(
        TrailEntry(
            at=now(),
            actor_id=actor.account_id if actor else None,
            role=actor.role.value if actor else "",
            act=act,
            object_kind=object_kind,
            object_id=object_id,
            reason=reason,
            details=json.dumps(dict(details or {}), default=str, sort_keys=True),
        )
    )
