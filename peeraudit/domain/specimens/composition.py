"""What do the sections of one report say, given what is there and what went wrong?"""

from dataclasses import dataclass, replace
from typing import Final

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.phrases import Scene, sentence
from peeraudit.domain.specimens.scenario import Finding, Scenario

_HEADS: Final = {
    "fr": (
        ("INDICATION", "TECHNIQUE", "COMPARAISON", "RÉSULTATS", "CONCLUSION"),
        ("Indication", "Technique", "Antériorité", "Résultats", "Conclusion"),
        ("MOTIF", "TECHNIQUE", "EXAMEN DE COMPARAISON", "RESULTATS", "CONCLUSION"),
    ),
    "en": (
        ("INDICATION", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"),
        ("Clinical details", "Technique", "Comparison", "Findings", "Impression"),
        ("CLINICAL INFORMATION", "TECHNIQUE", "COMPARISON", "FINDINGS", "CONCLUSION"),
    ),
}
_NO_PRIOR: Final = {
    "fr": "{Pas d'examen antérieur disponible.|Aucun antérieur disponible.|Néant.}",
    "en": "{None available.|No prior imaging.|None.}",
}
_UNREAD_PRIOR: Final = {
    "fr": "{Examen du <prior> non récupéré.|Antérieur du <prior> non disponible au moment de "
    "l'interprétation.}",
    "en": "{Prior study of <prior> not retrieved.|Study of <prior> not available for review.}",
}
_STABLE: Final = {
    "fr": "{Stable depuis le <prior>.|Aspect inchangé par rapport au <prior>.|Sans modification "
    "significative depuis l'examen du <prior>.}",
    "en": "{Unchanged since <prior>.|Stable compared with <prior>.}",
}
_GROWN: Final = {
    "fr": "{En augmentation|Déjà visible, en augmentation} par rapport à l'examen du <prior>.",
    "en": "{Larger than on|Increased since} <prior>.",
}
_MISSED: Final = frozenset({"missed_finding", "satisfaction_of_search"})
_SILENT: Final = frozenset({"communication", "dictation"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One abnormality of this patient, and the error made about it (an error type or nothing)."""

    finding: Finding
    scene: Scene
    error: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """An author's habits: which headings, one line or one paragraph, how points are marked."""

    heads: int
    paragraph: bool
    bullet: int


def indication(scenario: Scenario, scene: Scene) -> str:
    """Return a reason for the examination that suits the patient's age."""
    fitting = []
    for template in scenario.indications:
        bounds, _, rest = template.rpartition("]")
        low, high = bounds[1:].split("-") if bounds else ("0", "120")
        if int(low) <= scene.age <= int(high):
            fitting.append(rest)
    return sentence(scene.dice.pick(fitting or [scenario.indications[0].rpartition("]")[2]]), scene)


def _comparison(scenario: Scenario, signs: list[Sign], scene: Scene) -> str:
    language = scene.language
    if not scene.prior:
        return sentence(_NO_PRIOR[language], scene)
    if any(sign.error == "prior_comparison" for sign in signs):
        return sentence(_UNREAD_PRIOR[language], scene)
    link, verb = ("du", "décrivant") if language == "fr" else ("dated", "which described")
    text = f"{scenario.exam} {link} {scene.prior}"
    known = [s for s in signs if s.error in _MISSED and s.finding.chronic]
    if known:
        return sentence(f"{text}, {verb} {known[0].finding.label}.", known[0].scene)
    return text + "."


def _result(sign: Sign) -> str:
    text = sentence(sign.finding.text, sign.scene)
    change = _GROWN if sign.finding.grave else _STABLE
    if sign.finding.chronic and sign.scene.prior and sign.error != "prior_comparison":
        text += " " + sentence(change[sign.scene.language], sign.scene)
    return text


def results(scenario: Scenario, signs: list[Sign], scene: Scene) -> list[str]:
    """Return the sentences of the findings section, organ by organ."""
    told: dict[str, Sign] = {}
    for sign in signs:
        if sign.error not in _MISSED:
            told |= dict.fromkeys(sign.finding.organ.split("+"), sign)
    lines = []
    for organ, normal in scenario.lines:
        if organ not in told:
            lines.append(sentence(normal, scene))
        elif told[organ].finding.organ.split("+")[0] == organ:
            lines.append(_result(told[organ]))
    return lines


def _wrong_size(size: int) -> int:
    swapped = int(str(size)[::-1]) if 10 < size < 100 else size
    return swapped if swapped > 3 and abs(swapped - size) > 4 else size + 10


def _point(sign: Sign) -> str:
    finding, scene = sign.finding, sign.scene
    if sign.error == "misinterpretation":
        return sentence(finding.wrong, scene)
    if sign.error == "laterality":
        scene = replace(scene, right=not scene.right)
    if sign.error == "measurement":
        scene = replace(scene, size=_wrong_size(scene.size))
    text = sentence(finding.conclusion, scene)
    if finding.advice and sign.error != "recommendation":
        text += " " + sentence(finding.advice, scene)
    return text


def conclusion(scenario: Scenario, signs: list[Sign], scene: Scene, bullet: int) -> str:
    """Return the conclusion, with the errors that were planted in it."""
    told = [s for s in signs if s.error not in _MISSED | _SILENT]
    if not told:
        return sentence(scenario.normal, scene)
    told.sort(key=lambda sign: not sign.finding.grave)
    points = [_point(sign) for sign in told]
    if not any(sign.finding.grave for sign in told):
        points.insert(0, sentence(scenario.negative, scene))
    if len(points) == 1:
        return points[0]
    if bullet == 0:
        return "\n".join(f"{place}. {point}" for place, point in enumerate(points, start=1))
    return "\n".join(("" if bullet == 1 else "- ") + point for point in points)


def sections(scenario: Scenario, signs: list[Sign], scene: Scene, style: Style) -> str:
    """Return the five sections with their headings.

    Args:
        scenario: the examination.
        signs: the abnormalities, with the errors made about them.
        scene: the patient and the dice of what is normal.
        style: the author's habits.
    """
    heads = _HEADS[scene.language][style.heads]
    lines = results(scenario, signs, scene)
    body = " ".join(lines) if style.paragraph else "\n".join(lines)
    parts = (
        indication(scenario, scene),
        sentence(scenario.technique, scene),
        _comparison(scenario, signs, scene),
        body,
        conclusion(scenario, signs, scene, style.bullet),
    )
    colon = " :" if scene.language == "fr" else ":"
    short = [f"{h}{colon} {p}" for h, p in zip(heads[:3], parts[:3], strict=True)]
    long = [f"{h}{colon}\n{p}" for h, p in zip(heads[3:], parts[3:], strict=True)]
    return "\n\n".join(short + long)


def draw_style(dice: Dice) -> Style:
    """Return one author's habits."""
    return Style(dice.below(3), dice.chance(0.3), dice.below(4))
