"""How would a reviewer of known severity score a report whose truth is known?"""

import math
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.truths import Truth

_SENSITIVITY: Final = 0.75
_FALSE_ALARMS: Final = 0.03
_MEDIAN_SECONDS: Final = 48.0
_SPREAD: Final = 0.62
# The class that a reviewer gives to a discrepancy he saw, by the true class.
_SEEN: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "2a": (("2a", 0.78), ("2b", 0.1), ("3a", 0.1), ("3b", 0.02)),
    "2b": (("2a", 0.15), ("2b", 0.66), ("3a", 0.04), ("3b", 0.15)),
    "3a": (("2a", 0.2), ("2b", 0.04), ("3a", 0.66), ("3b", 0.1)),
    "3b": (("2a", 0.03), ("2b", 0.17), ("3a", 0.1), ("3b", 0.7)),
}
_FALSE: Final = (("2a", 0.8), ("3a", 0.1), ("2b", 0.08), ("3b", 0.02))
_FALSE_TYPES: Final = (
    ("recommendation", 0.35),
    ("communication", 0.3),
    ("overcall", 0.15),
    ("missed_finding", 0.2),
)
_FALSE_COMMENTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "fr": {
        "recommendation": (
            "J'aurais proposé un contrôle.",
            "Conduite à tenir à préciser en conclusion.",
        ),
        "communication": (
            "Conclusion trop longue, le message principal se perd.",
            "La question posée n'a pas de réponse explicite.",
        ),
        "overcall": ("Aspect à mon sens banal, conclusion trop affirmative.",),
        "missed_finding": (
            "Doute sur une anomalie non décrite, à revoir.",
            "Petite image aspécifique non mentionnée.",
        ),
    },
    "en": {
        "recommendation": ("I would have suggested follow-up.", "Next step should be stated."),
        "communication": (
            "The impression does not answer the question directly.",
            "Impression too long, the main message is lost.",
        ),
        "overcall": ("I would call this normal; the impression is too firm.",),
        "missed_finding": ("Possible finding not described, worth a second look.",),
    },
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One score sheet: class, error type and comment (empty for 1), seconds of work, urgency."""

    score: str
    error_type: str
    comment: str
    active_seconds: int
    urgent: bool


def _shifted(share: float, severity: float) -> float:
    """Return ``share`` moved by ``severity`` on the log-odds scale."""
    return 1.0 / (1.0 + (1.0 / share - 1.0) * math.exp(-severity))


def _seconds(dice: Dice, *, discrepant: bool) -> int:
    median = _MEDIAN_SECONDS * (1.9 if discrepant else 1.0)
    return min(900, max(6, round(median * math.exp(_SPREAD * dice.normal()))))


def read(truth: Truth, severity: float, dice: Dice, *, language: str = "fr") -> Reading:
    """Return what one reviewer says of one report.

    A reviewer of severity 0 finds 75 % of the discrepancies and calls 3 % of the sound reports
    discrepant; the time of work is log-normal, with a mean of about 60 s on sound reports
    (Maurer et al., RöFo 2021, 193, 160, found 60.4 s, from 5 to 245 s).

    Args:
        truth: what is wrong with the report.
        severity: shift of the log-odds of calling a discrepancy.
        dice: a stream of this reviewer and this report alone.
        language: of the comment on a false alarm; a true one bears the truth's comment.
    """
    if truth.score != "1" and dice.chance(_shifted(_SENSITIVITY, severity)):
        score = dice.weighted(_SEEN[truth.score])
        urgent = score == "3b" and dice.chance(0.5)
        seconds = _seconds(dice, discrepant=True)
        return Reading(score, truth.error_type, truth.comment, seconds, urgent)
    if truth.score == "1" and dice.chance(_shifted(_FALSE_ALARMS, severity)):
        kind = dice.weighted(_FALSE_TYPES)
        comment = dice.pick(_FALSE_COMMENTS[language][kind])
        return Reading(
            dice.weighted(_FALSE), kind, comment, _seconds(dice, discrepant=True), urgent=False
        )
    return Reading("1", "", "", _seconds(dice, discrepant=False), urgent=False)
