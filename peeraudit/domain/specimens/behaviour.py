"""How do invented people go about an audit: who reads when, who settles how, who answers what?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from peeraudit.domain.recognition import Recognised, Recognition, RecognitionAnswer
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.truths import Truth

_SURE: Final = 0.85
_ANSWERS: Final = 0.7
_DISAGREES: Final = 0.22
_ASKS_AGAIN: Final = 0.25
_FEWEST_A_DAY: Final = 1
_MOST_A_DAY: Final = 3
_FREE_DAYS: Final = 0.3
_RECOGNISES: Final = 0.06
_REPLIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "fr": {
        "agree": (
            "D'accord, je l'avais manqué. Merci.",
            "Juste. Un addendum a été fait.",
            "Je suis d'accord ; lecture faite en fin de garde.",
            "Effectivement visible a posteriori.",
        ),
        "disagree": (
            "L'anomalie me paraît à la limite de la visibilité sur cet examen.",
            "La conclusion était orale, le correspondant avait été appelé.",
            "Je maintiens : l'aspect est resté stable sur les examens antérieurs.",
        ),
    },
    "en": {
        "agree": (
            "Agreed, I missed it. Thank you.",
            "Fair point; an addendum has been issued.",
            "Agreed. Read at the end of a night on call.",
        ),
        "disagree": (
            "In my view this is at the limit of what can be seen on this examination.",
            "The result was telephoned to the referrer at once.",
            "I stand by the report: unchanged on the earlier examinations.",
        ),
    },
}


_WORDING: Final[dict[str, str]] = {
    "fr": "La conclusion pouvait être plus explicite ; rien à revoir sur le fond.",
    "en": "The impression could be more explicit; the reading itself stands.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an author answers to an outcome."""

    stance: str
    text: str
    asks_reconsideration: bool


def recognise(dice: Dice, places: Sequence[UUID]) -> RecognitionAnswer:
    """Return what a reader recognised: mostly nobody, now and then a department, by a guess."""
    if not places or not dice.chance(_RECOGNISES):
        return RecognitionAnswer(Recognition.NO)
    return RecognitionAnswer(Recognition.GUESS, Recognised.DEPARTMENT, dice.pick(places))


def readings_on(dice: Dice) -> int:
    """Return how many cases a reviewer reads on one day, in cases; on some days none.

    Args:
        dice: a stream of this reviewer and this day alone.
    """
    if dice.chance(_FREE_DAYS):
        return 0
    return dice.between(_FEWEST_A_DAY, _MOST_A_DAY)


def settle(scores: tuple[str, ...], truth: Truth, dice: Dice) -> str:
    """Return the score to which an adjudicator comes.

    Args:
        scores: what the reviewers gave.
        truth: what is wrong with the report; found in most cases.
        dice: a stream of this case alone.
    """
    return truth.score if dice.chance(_SURE) else dice.pick(scores)


def comment_on(score: str, truth: Truth, *, language: str) -> tuple[str, str]:
    """Return the error type and the comment of an adjudicator; empty for a concordant score.

    Args:
        score: what was decided.
        truth: what is wrong with the report.
        language: ``fr`` or ``en``.
    """
    if score == "1":
        return "", ""
    if truth.score == "1":
        return "communication", _WORDING[language]
    return truth.error_type, truth.comment


def answer(score: str, dice: Dice, *, language: str) -> Answer | None:
    """Return what an author answers to an outcome; None where no answer comes.

    Args:
        score: the settled score.
        dice: a stream of this case alone.
        language: ``fr`` or ``en``.
    """
    if not dice.chance(_ANSWERS):
        return None
    disagrees = dice.chance(_DISAGREES)
    stance = "disagree" if disagrees else "agree"
    again = disagrees and score != "2a" and dice.chance(_ASKS_AGAIN)
    return Answer(stance, dice.pick(_REPLIES[language][stance]), again)
