"""Which parts is a report made of?"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

SectionKind = Literal["indication", "technique", "comparison", "findings", "conclusion", "other"]

_HEADINGS: Final[dict[SectionKind, tuple[str, ...]]] = {
    "indication": (
        "indications?", "motif(?: de l'examen)?", "renseignements? cliniques?",
        r"rens\.? clin\.?", "contexte(?: clinique)?", "histoire(?: clinique)?",
        "antécédents?", "antecedents?", r"atcd\.?", "question posée", "demande", "clinique",
        "reason for (?:the )?(?:exam|examination|study)",
        "clinical (?:history|information|indication|data|details)",
        "history", "clinical", "reason",
    ),
    "technique": (
        "techniques?(?: d'examen)?", r"tech\.?", "protocoles?", "protocol", "procedure",
        "procédure", "méthode", "acquisition", "contrast(?: agent)?", "injection", "dose",
        "dosimétrie", "réalisation(?: de l'examen)?",
    ),
    "comparison": (
        "comparisons?(?: study| studies)?", "comparaison", "comparatif", "examens? comparatifs?",
        "examens? antérieurs?", "examens? précédents?", "antériorités?", "prior stud(?:y|ies)",
        "compared with", "élément de comparaison",
    ),
    "findings": (
        "findings?", "résultats?", "resultats?", r"rés\.?", "description", "constatations?",
        "analyse", "interprétation", "interpretation", "observations?", "report", "result",
        "étude",
    ),
    "conclusion": (
        "conclusions?", "en conclusion", r"ccl\.?", r"concl\.?", "synthèse", "synthese",
        "au total", "impressions?", r"imp\.?", "opinion", "summary", "assessment", "diagnosis",
    ),
    "other": (
        "exam", "examination", "examen", "study", "type d'examen", "recommendations?",
        "recommandations?", "addendum", "complément", "note", "remarques?", "titre",
    ),
}  # fmt: skip
_ORDERED: Final = sorted(
    ((pattern, kind) for kind, patterns in _HEADINGS.items() for pattern in patterns),
    key=lambda pair: -len(pair[0]),
)
_ANY: Final = "|".join(pattern.replace("'", "['’]") for pattern, _ in _ORDERED)
_BODY_MARK: Final = r"[ \t\u00a0\u202f]*(?::|\.[ \t]?[-–—]|[-–—](?=\s))"
# A heading that opens a line needs a mark or the line for itself; one inside a line, where
# heads have run together, must be in capitals and carry a colon.
_AT_LINE: Final = re.compile(
    rf"^[ \t*#_•>-]*(?P<head>{_ANY})(?:{_BODY_MARK}|[ \t*#_]*$)", re.IGNORECASE | re.MULTILINE
)
_INSIDE: Final = re.compile(
    rf"(?:(?<=[.,;:!?)\]*])|(?<=[a-zà-ÿ0-9]))[ \t,]*(?P<head>(?i:{_ANY}))[ \t\u00a0\u202f]*:"
)
_EXACT: Final = tuple(
    (re.compile(pattern.replace("'", "['’]"), re.IGNORECASE), kind) for pattern, kind in _ORDERED
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: what it is, its heading as written, and its words."""

    kind: SectionKind
    heading: str
    body: str


def _kind(heading: str) -> SectionKind:
    for pattern, kind in _EXACT:
        if pattern.fullmatch(heading):
            return kind
    return "other"


def _heads(text: str) -> list[re.Match[str]]:
    found = {match.start("head"): match for match in _AT_LINE.finditer(text)}
    for match in _INSIDE.finditer(text):
        if match["head"].isupper():
            found.setdefault(match.start("head"), match)
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
    first = heads[0].start("head") if heads else len(text)
    sections: list[Section] = []
    opening = text[:first].strip(" \t\n*#_•>-,")
    if opening:
        sections.append(Section("other", "", opening))
    ends = [*(head.start("head") for head in heads[1:]), len(text)]
    for match, end in zip(heads, ends, strict=False):
        body = text[match.end() : end].strip(" \t\n*#_,:")
        sections.append(Section(_kind(match["head"]), match["head"].strip(), body))
    return _settle(sections, language)


def _settle(sections: list[Section], language: str) -> list[Section]:
    if language != "fr" or any(section.kind == "findings" for section in sections):
        return sections
    return [
        Section("findings", s.heading, s.body)
        if s.kind == "other" and s.heading.lower() == "examen" and "\n" in s.body
        else s
        for s in sections
    ]
