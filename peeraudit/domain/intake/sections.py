"""Which parts is a report made of?"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

SectionKind = Literal["indication", "technique", "comparison", "findings", "conclusion", "other"]

_HEADINGS: Final[dict[SectionKind, tuple[str, ...]]] = {
    "indication": (
        "indications?(?: cliniques?| de l'examen)?",
        "motifs?(?: de (?:l'examen|la demande|consultation|venue))?", "justification",
        "(?:renseignements?|données|informations?) cliniques?", r"rens\.? clin(?:iques?|\.)?",
        r"rc",
        "anamn[èe]se", "presenting complaint", "patient history",
        "contexte(?: clinique)?", "histoire(?: clinique| de la maladie)?", r"ind\.?",
        "antécédents?", "antecedents?", r"atcd\.?", "question posée", "demande", "clinique",
        "reason for (?:the )?(?:exam|examination|study|referral|request|consult(?:ation)?)",
        "clinical (?:history|hx|info|information|indications?|data|details|question|background)",
        "clinical (?:context|problem)",
        "history", "clinical", "reason", "hx",
    ),
    "technique": (
        "techniques?(?: d'examen| of (?:procedure|examination)| used)?", r"tech\.?",
        "protocoles?(?: d'(?:examen|acquisition|exploration))?",
        "techniques? (?:utilisée?s?|d'imagerie)",
        "modalités (?:techniques|de réalisation)", "mat[ée]riels? et (?:techniques?|méthodes?)",
        "acquisitions", "séquences(?: réalisées)?", "sequences", "views",
        "incidences(?: réalisées)?", "(?:imaging|scan|scanning|exam|examination|study) technique",
        "methodology", "protocol", "procedure(?: details)?", "procédure", "méthode", "acquisition",
        "contrast(?: agent)?", "injection", "dose", "dosimétrie", "réalisation(?: de l'examen)?",
        "technical (?:details|factors)", "conditions techniques", "methods?",
    ),
    "comparison": (
        "comparisons?(?: study| studies| exams?| examinations?)?", "comparaisons?",
        "comparatif", "examens? comparatifs?",
        "examens? (?:de comparaison|de référence|antérieurs?|précédents?|anterieurs?)",
        "documents? de comparaison", "imagerie (?:antérieure|de comparaison)", "correlation",
        r"comp\.?",
        "antériorités?(?: disponibles?)?", "anteriorites?(?: disponibles?)?",
        "(?:relevant )?prior (?:stud(?:y|ies)|exams?|examinations?|imaging)",
        "compared with", "élément de comparaison", "priors?",
        "previous (?:stud(?:y|ies)|exams?|examinations?|imaging)",
    ),
    "findings": (
        "findings?", "résultats?", "resultats?", r"rés\.?", "description(?: de l'examen)?",
        "constatations?", "analyse(?: des images)?", "signes observés", "discussion",
        "interprétations?", "interpretations?", "observations?",
        "report", "results?", "étude", "narrative", "constats?", "aspects?(?: observés)?",
        "(?:radiological|radiology|radiographic|imaging|detailed|sonographic) findings",
        "(?:ct|mri?|us|ultrasound|mammographic|pet|pet/ct|x-ray) findings",
    ),
    "conclusion": (
        "conclusions?(?: et (?:recommandations|cat|conduite à tenir))?",
        "conclusions? (?:générale|finale)", "impression diagnostique", "final impression",
        "bottom line", "(?:key )?findings and impression", "en conclusion", r"ccl[.°]?",
        r"concl\.?", "synthèse",
        "synthese", "au total", "(?:diagnostic )?impressions?(?: and recommendations?)?", r"imp\.?",
        "opinion", "summary", "assessment", "diagnosis", "en résumé", "résumé", "en synthèse",
        "avis", "conclusions? diagnostiques?", "interpretation summary",
    ),
    "other": (
        "exam", "examination", "examen", "study", "type d'examen", "recommendations?",
        "recommandations?", "addendum", "complément", "note", "remarques?", "titre",
        "procedures? performed", "name of procedure", "plan",
        # How a report ends: no part of its conclusion.
        "(?:dictated|requested|read|reviewed|approved|transcribed|verified|authorised) by",
        "(?:this document has been )?(?:electronically )?signed by", "pending review by",
        "(?:compte[- ]rendu )?(?:validé|signé|dicté|relu|rédigé|saisi)(?: électroniquement)? par",
    ),
}  # fmt: skip
_ORDERED: Final = sorted(
    ((pattern, kind) for kind, patterns in _HEADINGS.items() for pattern in patterns),
    key=lambda pair: -len(pair[0]),
)
_ONE: Final = "|".join(pattern.replace("'", "['’]") for pattern, _ in _ORDERED)
# Two heads may stand as one: ``TECHNIQUE AND FINDINGS``, ``Indication / Clinical history``.
_JOINT: Final = r"[ \t\u00a0]*(?:/|&|\+|\bet\b|\band\b|[-–—]|\(|,)[ \t\u00a0]*"
_ANY: Final = rf"(?:{_ONE})(?:{_JOINT}(?:{_ONE})\)?)?"
_NUMBER: Final = r"(?:\(?(?:\d{1,2}|[IVX]{1,4})[ \t]?[.)°/:–—-]+[ \t]*|[A-F][.)][ \t]*)?"
_BODY_MARK: Final = r"[ \t\u00a0\u202f]*(?:[*_]{0,3}:|\.[ \t]?[-–—]|[-–—](?=\s))"
# A heading that opens a line needs a mark or the line for itself; one inside a line must carry
# a colon, and either be in capitals, where heads have run together, or begin a sentence.
_AT_LINE: Final = re.compile(
    rf"^[ \t*#_•>=-]*(?P<lead>{_NUMBER})[*_]*(?P<head>{_ANY})(?:{_BODY_MARK}|[ \t*#_=-]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_STARTS: Final = re.compile(
    r"(?<=[.!?…;)])(?P<sentence>[ \t\u00a0]+)|(?<=[.,;:!?)\]*])[ \t,]*|(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])"
)
_INSIDE: Final = re.compile(
    rf"(?P<lead>)(?P<head>{_ANY})[ \t\u00a0\u202f]*:(?=(?P<more>\d?))", re.IGNORECASE
)
# No head is longer; nothing further from its colon is looked at.
_REACH: Final = 90
_EXACT: Final = tuple(
    (re.compile(pattern.replace("'", "['’]"), re.IGNORECASE), kind) for pattern, kind in _ORDERED
)
_APART: Final = re.compile(_JOINT, re.IGNORECASE)
# The parts of a joint head in the order in which they decide on its kind.
_RANK: Final[tuple[SectionKind, ...]] = (
    "findings", "conclusion", "indication", "technique", "comparison", "other",
)  # fmt: skip
_TITLE_LENGTH: Final = 160
_TOLD: Final = 80


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: what it is, its heading as written, and its words."""

    kind: SectionKind
    heading: str
    body: str


def _kind(heading: str) -> SectionKind:
    whole = _kind_of_one(heading)
    if whole:
        return whole
    parts = {_kind_of_one(part.strip(" )")) for part in _APART.split(heading)}
    return next((kind for kind in _RANK if kind in parts), "other")


def _kind_of_one(heading: str) -> SectionKind | None:
    return next((kind for pattern, kind in _EXACT if pattern.fullmatch(heading)), None)


def _inside(text: str) -> Iterator[re.Match[str]]:
    """Yield the heads inside lines: each ends at a colon, so only what leads to one is read."""
    before, colon = 0, text.find(":")
    while colon >= 0:
        first = max(text.rfind("\n", before, colon) + 1, colon - _REACH, before)
        for start in _STARTS.finditer(text, first, colon):
            match = _INSIDE.match(text, start.end(), colon + 2)
            if match is None or match.end("head") > colon:
                continue
            opens_sentence = start["sentence"] and match["head"][0].isupper() and not match["more"]
            if match["head"].isupper() or opens_sentence:
                yield match
        before, colon = colon + 1, text.find(":", colon + 1)


def _heads(text: str) -> list[re.Match[str]]:
    found = {match.start("lead"): match for match in _AT_LINE.finditer(text)}
    for match in _inside(text):
        found.setdefault(match.start("lead"), match)
    chosen: list[re.Match[str]] = []
    for start in sorted(found):
        if not chosen or start >= chosen[-1].end():
            chosen.append(found[start])
    return chosen


def split_sections(text: str, language: str = "") -> list[Section]:
    """Return the parts of a report in their order; no word of ``text`` is lost.

    What stands before the first heading, and a text without any, is of the kind ``other``.

    Args:
        text: a report, masked or not, with line feeds.
        language: ``fr`` or ``en``; headings of both languages are always known, and the
            language only settles ``Examen``, which opens the findings of a French report
            that has no other heading for them.
    """
    text = unicodedata.normalize("NFC", text)
    heads = _heads(text)
    first = heads[0].start("lead") if heads else len(text)
    sections: list[Section] = []
    opening = text[:first].strip(" \t\n*#_•>-,=")
    if opening:
        sections.append(Section("other", "", opening))
    ends = [*(head.start("lead") for head in heads[1:]), len(text)]
    for match, end in zip(heads, ends, strict=False):
        body = text[match.end() : end].strip(" \t\n*#_,:=")
        heading = f"{match['lead']}{match['head']}".strip()
        sections.append(Section(_kind(match["head"]), heading, body))
    return _settle(sections, language)


def _settle(sections: list[Section], language: str) -> list[Section]:
    """Return the sections, findings found below a bare title where no head announces them."""
    if any(section.kind == "findings" for section in sections):
        return sections
    if language == "fr":
        for number, section in enumerate(sections):
            if _is_title(section) and "\n" in section.body:
                told = Section("findings", section.heading, section.body)
                return [*sections[:number], told, *sections[number + 1 :]]
        return sections
    for number, section in enumerate(sections):
        title, mark, rest = section.body.partition("\n\n")
        if _is_title(section) and mark and len(title) <= _TITLE_LENGTH and len(rest) >= _TOLD:
            head = Section("other", section.heading, title)
            told = Section("findings", "", rest.strip())
            return [*sections[:number], head, told, *sections[number + 1 :]]
    return sections


def _is_title(section: Section) -> bool:
    return section.kind == "other" and section.heading.lower() in {
        "examen", "examination", "exam", "study",
    }  # fmt: skip
