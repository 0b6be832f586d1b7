"""How is a rule written that knows an identifier by its form?"""

import re
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.blinding.spans import Kind

CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ]"
CAPITAL_WORD: Final = rf"{CAPITAL}[\w’'\-]*\.?"
_PARTICLE: Final = r"(?:de|du|des|d['’]|da|di|le|la|van|von|der|den|el|al|ben|y)"
NAME: Final = (
    rf"{CAPITAL_WORD}(?:(?:,[ \t]*|[ \t]+)(?:{_PARTICLE}[ \t]*){{0,2}}{CAPITAL_WORD}){{0,3}}"
)
"""One to four capitalised words with their particles: ``Jean de La Tour``, ``Smith,Clara T.``"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One form: what it is, and the expression whose group ``x`` is hidden.

    Attributes:
        kind: what the form is.
        shape: the expression; no-break spaces have become spaces before it is tried.
        digits: it can only match near a digit, so the rest of the text is spared.
        language: it holds in this language only; empty for both.
    """

    kind: Kind
    shape: re.Pattern[str]
    digits: bool = False
    language: str = ""


def rule(kind: Kind, *parts: str, any_case: bool = False, language: str = "") -> Rule:
    """Return a rule; its expression is the parts joined.

    Args:
        kind: what the form is.
        parts: the expression, cut where it reads best.
        any_case: capitals and small letters are the same.
        language: the only language in which it holds.
    """
    flags = re.MULTILINE | (re.IGNORECASE if any_case else 0)
    return Rule(kind, re.compile("".join(parts), flags), language=language)


def digit_rule(kind: Kind, *parts: str, any_case: bool = False, language: str = "") -> Rule:
    """Return a rule like `rule` that can only match within 45 characters of a digit."""
    made = rule(kind, *parts, any_case=any_case, language=language)
    return Rule(made.kind, made.shape, digits=True, language=language)
