"""How is a rule written that knows an identifier by its form?"""

import re
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.blinding.spans import Kind

MANY: Final = 20
"""From so many digits in a row on, one more makes no difference."""
CAPITAL: Final = (
    r"[A-ZÀ-ÖØ-Þ"
    r"ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ]"
)
CAPITAL_WORD: Final = rf"{CAPITAL}[\w’'\-]*\.?(?:(?<=\.)-{CAPITAL}\.)?"
PARTICLE: Final = (
    r"(?:de|du|des|d['’]|da|di|do|dos|das|del|della|le|la|l['’]|van|von|der|den|ten|ter|el|al|ben|bin|y|"
    r"e)"
)
_FIRST: Final = (
    r"(?:(?:(?:de|van|von)[ ](?:la|las|los|den|der)|de|dela|du|des|da|di|do|dos|das|del|della|"
    r"dello|"
    r"van|von|"
    r"ten|ter|el|al|ben|bin|le|la)[ ]|d['’]|l['’])?"
)
"""Small words with which a family name may begin: ``dos Santos``, ``d'Hauteville``."""
NAME: Final = (
    rf"{_FIRST}{CAPITAL_WORD}"
    rf"(?:(?:,[ \t]*|[ \t]+|(?<=\.))(?:(?:al|el|ben|bin|abu)-|(?:{PARTICLE}[ \t]*){{0,2}})"
    rf"{CAPITAL_WORD}){{0,4}}"
)
"""One to five capitalised words with their particles: ``Jean de La Tour``, ``Smith,Clara T.``"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One form: what it is, where it may begin, and the expression whose group ``x`` is hidden.

    Attributes:
        kind: what the form is.
        shape: the expression; it is tried at a trigger only, never searched for, so that the time
            for a text grows with its length and no text can make it explode. No-break spaces
            have become spaces before.
        triggers: the folded words at which it begins; empty stands for any number.
        language: it holds in this language only; empty for both.
        whole_line: where the trigger begins its line, the whole line goes.
        is_name: ``x`` is the name of a person, from which words that end no name are cut.
        with_title: the title before the name, which tells the sex, is hidden with it.
        digits: how many digits in a row it begins with, at least and at most; it is tried at no
            other number.
        then: one of these signs must stand behind these digits; empty where anything may.
        hint: what must stand right behind its trigger; asked first where the expression is slow.
        in_capitals: it is tried where its trigger stands in capitals only.
    """

    kind: Kind
    shape: re.Pattern[str]
    triggers: tuple[str, ...] = ()
    language: str = ""
    whole_line: bool = False
    is_name: bool = False
    with_title: bool = False
    digits: tuple[int, int] = (1, MANY)
    then: str = ""
    hint: re.Pattern[str] | None = None
    in_capitals: bool = False


def number_rule(
    kind: Kind,
    *parts: str,
    language: str = "",
    digits: tuple[int, int] = (1, MANY),
    then: str = "",
) -> Rule:
    """Return a rule that is tried where a number begins.

    Args:
        kind: what the form is.
        parts: the expression, cut where it reads best.
        language: the only language in which it holds.
        digits: how many digits in a row it begins with, at least and at most.
        then: the signs of which one must stand behind these digits.
    """
    return Rule(kind, re.compile("".join(parts)), language=language, digits=digits, then=then)


def word_rule(
    kind: Kind,
    triggers: str,
    *parts: str,
    language: str = "",
    hint: str = "",
    in_capitals: bool = False,
) -> Rule:
    """Return a rule that is tried where one of some words begins.

    Args:
        kind: what the form is.
        triggers: the words, folded, with spaces between.
        parts: the expression, cut where it reads best.
        language: the only language in which it holds.
        hint: what must stand right behind the trigger for the expression to fit.
        in_capitals: the trigger must stand in capitals.
    """
    return Rule(
        kind,
        re.compile("".join(parts)),
        tuple(triggers.split()),
        language=language,
        hint=re.compile(hint) if hint else None,
        in_capitals=in_capitals,
    )


def name_rule(
    kind: Kind,
    triggers: str,
    *parts: str,
    whole_line: bool = False,
    with_title: bool = False,
    hint: str = "",
) -> Rule:
    """Return a rule like `word_rule` whose group ``x`` is a person's name.

    Args:
        kind: what the form is.
        triggers: the words, folded, with spaces between.
        parts: the expression, cut where it reads best.
        whole_line: where the trigger begins its line, the whole line goes.
        with_title: the title goes with the name.
        hint: what must stand right behind the trigger for the expression to fit.
    """
    return Rule(
        kind,
        re.compile("".join(parts)),
        tuple(triggers.split()),
        whole_line=whole_line,
        is_name=True,
        with_title=with_title,
        hint=re.compile(hint) if hint else None,
    )
