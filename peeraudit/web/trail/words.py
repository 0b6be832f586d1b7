"""How does an act of the trail read in plain words?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from flask_babel import gettext

from peeraudit.adapters.wording import number
from peeraudit.domain.accounts import ROLE_LABELS, Role
from peeraudit.domain.blinding.checks import EXCLUSION_LABELS, REVEAL_LABELS
from peeraudit.domain.workflow import (
    ASSIGNMENT_LABELS,
    CAMPAIGN_LABELS,
    CASE_LABELS,
    DECLINE_LABELS,
)
from peeraudit.services.trail import Entry
from peeraudit.web.trail.acts import ACTS, DETAILS, OBJECTS

# A hash is told by its beginning: enough to compare by eye, the whole is where it is proved.
HASH_SHOWN = 12
REASONS = {
    str(key): label
    for key, label in chain(DECLINE_LABELS.items(), EXCLUSION_LABELS.items(), REVEAL_LABELS.items())
}
STATES: Mapping[str, Mapping[str, str]] = {
    "campaign": {state.value: label for state, label in CAMPAIGN_LABELS.items()},
    "case": {state.value: label for state, label in CASE_LABELS.items()},
    "assignment": {state.value: label for state, label in ASSIGNMENT_LABELS.items()},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as a page shows it."""

    at: datetime
    who: str
    actor_id: UUID | None
    role: str
    act: str
    object_word: str
    object_id: UUID | None
    object_name: str
    reason: str
    details: str


def read(entry: Entry) -> Line:
    """Return an act in plain words, in the language of the page."""
    return Line(
        at=entry.at,
        who=_who(entry),
        actor_id=entry.actor_id,
        role=_role(entry.role) if entry.role else "",
        act=act_word(entry.act),
        object_word=object_word(entry.object_kind),
        object_id=entry.object_id,
        object_name=entry.object_name,
        reason=entry.reason,
        details=_details(entry),
    )


def act_word(act: str) -> str:
    """Return an act in words; one that has none yet reads as it was written down."""
    return str(ACTS[act]) if act in ACTS else act.replace("_", " ")


def object_word(kind: str) -> str:
    """Return a kind of object in words."""
    return str(OBJECTS[kind]) if kind in OBJECTS else kind.replace("_", " ")


def _who(entry: Entry) -> str:
    # A person without any role signs in as nobody in particular, and is the object only.
    own = entry.object_name if entry.act == "sign_in" else ""
    return entry.actor_name or own or gettext("The system")


def _details(entry: Entry) -> str:
    told = [
        gettext("%(what)s: %(value)s", what=str(label), value=_value(name, value, entry))
        for name, label in DETAILS.items()
        if (value := entry.details.get(name)) not in (None, "", [], False)
    ]
    return ", ".join(told)


def _value(name: str, value: object, entry: Entry) -> str:
    if value is True:
        return gettext("yes")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, int | float):
        return number(value)
    return _word(name, str(value), entry)


def _word(name: str, text: str, entry: Entry) -> str:
    if name == "role":
        return _role(text)
    if name.endswith("sha256"):
        return f"{text[:HASH_SHOWN]}…"
    if name in {"why", "decline_reason"}:
        return gettext(REASONS[text]) if text in REASONS else text.replace("_", " ")
    if name in {"from", "to", "state"}:
        labels = STATES.get(entry.object_kind, {})
        return gettext(labels[text]) if text in labels else text.replace("_", " ")
    return text


def _role(role: str) -> str:
    return gettext(ROLE_LABELS[Role(role)]) if role in set(Role) else role
