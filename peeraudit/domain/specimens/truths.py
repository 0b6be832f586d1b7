"""Which error is planted in a report, and what would a reviewer write about it?"""

from dataclasses import dataclass
from typing import Final

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.phrases import Scene, sentence, worded
from peeraudit.domain.specimens.scenario import Finding

SCORES: Final = ("1", "2a", "2b", "3a", "3b")
# Shares of the planted classes among all reports before the factors of department and modality.
_SHARES: Final = (("2a", 0.05), ("2b", 0.025), ("3a", 0.03), ("3b", 0.015))
_MODALITY_FACTORS: Final = {"CT": 1.0, "MR": 1.25, "CR": 0.85, "US": 0.9, "MG": 1.1}
_KINDS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "2a": (
        ("missed_finding", 0.4),
        ("recommendation", 0.25),
        ("measurement", 0.1),
        ("prior_comparison", 0.15),
        ("communication", 0.1),
    ),
    "2b": (("missed_finding", 0.6), ("misinterpretation", 0.4)),
    "3a": (
        ("laterality", 0.35),
        ("measurement", 0.2),
        ("communication", 0.15),
        ("missed_finding", 0.3),
    ),
    "3b": (
        ("missed_finding", 0.4),
        ("misinterpretation", 0.25),
        ("dictation", 0.2),
        ("laterality", 0.15),
    ),
}
SIDED: Final = ("<droit", "<right")
"""How a template that names a side is known."""

_COMMENTS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "missed_finding": "{Non décrit|Omission} : LABEL{, visible rétrospectivement|}.",
        "satisfaction_of_search": "Une première anomalie est décrite, mais "
        "{il manque LABEL|pas LABEL}.",
        "misinterpretation": "{Anomalie vue mais mal interprétée|Erreur d'interprétation} : "
        "l'aspect {correspond à|évoque plutôt} LABEL.",
        "laterality": "{Erreur de côté en conclusion|Discordance de latéralité entre résultats "
        "et conclusion} (LABEL).",
        "measurement": "{Mesure discordante entre résultats et conclusion|Erreur de mesure en "
        "conclusion} : LABEL.",
        "prior_comparison": "L'examen antérieur{ disponible|} montrait déjà LABEL ; "
        "{comparaison non faite|pas de comparaison}.",
        "recommendation": "{Conduite à tenir non précisée|Il manque une recommandation} pour "
        "LABEL{ ; j'aurais écrit : ADVICE|}.",
        "communication": "{Anomalie décrite mais non reprise en conclusion|La conclusion ne "
        "reprend pas les résultats} : LABEL.",
        "dictation": "{La conclusion contredit les résultats|Conclusion type laissée par erreur} "
        ": LABEL décrit dans les résultats, conclusion normale.",
    },
    "en": {
        "missed_finding": "{Not reported: LABEL|Missed: LABEL|LABEL is not mentioned in the report}"
        "{, visible in retrospect|}.",
        "satisfaction_of_search": "A first finding is described but {not LABEL|LABEL was missed}.",
        "misinterpretation": "{Seen but misread|Misinterpreted}: {I would call this|this is} "
        "LABEL.",
        "laterality": "{Wrong side in the impression|Side differs between findings and impression}"
        " (LABEL).",
        "measurement": "{Size differs between findings and impression|Wrong size in the "
        "impression}: LABEL.",
        "prior_comparison": "The earlier examination already showed LABEL; "
        "{no comparison was made|not compared}.",
        "recommendation": "{No recommendation given|Next step missing} for LABEL"
        "{; I would have written: ADVICE|}.",
        "communication": "{Described but left out of the impression|The impression leaves out}: "
        "LABEL.",
        "dictation": "{The impression contradicts the findings|Normal template left in the "
        "impression}: LABEL is described above.",
    },
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is truly wrong with a report.

    Args:
        score: the true CR3 class.
        error_type: a code of ``peeraudit.domain.instruments.ERROR_TYPES_1``, or an empty text.
        comment: what a good reviewer would write, in the report's language, or an empty text.
    """

    score: str = "1"
    error_type: str = ""
    comment: str = ""


def draw_score(dice: Dice, modality: str, factor: float) -> str:
    """Return the true class of a report.

    Args:
        dice: where the draw comes from.
        modality: some are harder than others.
        factor: of the department and the author, about 1.
    """
    rest = dice.uniform() / (factor * _MODALITY_FACTORS[modality])
    for score, share in _SHARES:
        rest -= share
        if rest < 0:
            return score
    return "1"


def _suits(kind: str, finding: Finding, has_prior: bool) -> bool:  # noqa: FBT001 - a table's key
    written = finding.conclusion + "".join(finding.sites)
    return {
        "missed_finding": True,
        "communication": True,
        "dictation": finding.grave,
        "misinterpretation": bool(finding.wrong),
        "laterality": any(mark in written for mark in SIDED),
        "measurement": "<mm>" in finding.conclusion,
        "recommendation": bool(finding.advice),
        "prior_comparison": finding.chronic and has_prior,
    }[kind]


def draw_kind(dice: Dice, score: str, finding: Finding, *, has_prior: bool) -> str:
    """Return an error type that this finding can bear, for a class above 1."""
    possible = [(k, w) for k, w in _KINDS[score] if _suits(k, finding, has_prior)]
    return dice.weighted(possible) if possible else "missed_finding"


def reviewer_comment(kind: str, finding: Finding, scene: Scene) -> str:
    """Return the sentence that a reviewer who saw the error would write."""
    template = _COMMENTS[scene.language][kind]
    label = worded(finding.label, scene)
    advice = worded(finding.advice, scene).rstrip(".")
    text = worded(template, scene).replace("LABEL", label).replace("ADVICE", advice)
    return sentence(text, scene)
