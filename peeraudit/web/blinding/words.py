"""How do masks and stages read in the language of the page?"""

from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from peeraudit.domain.blinding.spans import Kind, Layer
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.services.checking import CaseLine, CheckedCase
from peeraudit.web.sheets import label_of, side_and_urgency

# In the order in which a coordinator needs them when something was missed.
HIDDEN_KINDS: Final[tuple[Kind, ...]] = (
    "person", "patient", "clinician", "id", "phone", "date", "age", "address", "place",
    "department", "email", "url", "signature", "other",
)  # fmt: skip
KIND_WORDS: Final[dict[Kind, Any]] = {
    "person": lazy_gettext("Name"),
    "patient": lazy_gettext("Patient’s name"),
    "clinician": lazy_gettext("Doctor’s name"),
    "id": lazy_gettext("Identifier"),
    "phone": lazy_gettext("Telephone number"),
    "date": lazy_gettext("Date"),
    "age": lazy_gettext("Age"),
    "address": lazy_gettext("Address"),
    "place": lazy_gettext("Place"),
    "department": lazy_gettext("Department"),
    "email": lazy_gettext("E-mail address"),
    "url": lazy_gettext("Web address"),
    "signature": lazy_gettext("Signature"),
    "other": lazy_gettext("Something else"),
}
LAYER_WORDS: Final[dict[Layer, Any]] = {
    "known": lazy_gettext("named in the message"),
    "rule": lazy_gettext("found by a rule"),
    "dictionary": lazy_gettext("in the lists of names and words"),
    "coordinator": lazy_gettext("added by hand"),
}


VERSION_WORDS: Final[dict[str, Any]] = {
    "preliminary": lazy_gettext("preliminary"),
    "final": lazy_gettext("validated"),
    "corrected": lazy_gettext("corrected"),
    "addendum": lazy_gettext("with an addendum"),
    "cancelled": lazy_gettext("cancelled"),
}


def exam_words(case: CaseLine | CheckedCase) -> str:
    """Return what is known of an examination; what was worked out is marked as such."""
    known = (
        ("modality", label_of(MODALITY_LABELS, case.modality)),
        ("region", label_of(REGION_LABELS, case.region)),
    )
    places = [
        gettext("%(fact)s (derived)", fact=words) if name in case.facts.derived else words
        for name, words in known
        if words
    ]
    return " · ".join([*places, *side_and_urgency(case.facts)])


def version_word(status: str) -> str:
    """Return what a version of a report is."""
    return str(VERSION_WORDS.get(status, status))


def kind_word(kind: Kind) -> str:
    """Return what a mask hides."""
    return str(KIND_WORDS[kind])


def layer_word(layer: Layer) -> str:
    """Return how a mask came about."""
    return str(LAYER_WORDS[layer])


def piece_title(kind: Kind, layer: Layer, *, is_doubt: bool, shown: str) -> str:
    """Return what a marked stretch of the original is, for its tooltip."""
    if is_doubt:
        return gettext("Not masked. Could be: %(kind)s", kind=kind_word(kind))
    if shown:
        return gettext("Date, shifted to %(day)s for reviewers", day=shown)
    return gettext("%(kind)s, %(layer)s", kind=kind_word(kind), layer=layer_word(layer))
