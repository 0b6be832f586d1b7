"""Is a lone year that of somebody's history, or that of a guideline, or no year at all?

``Tumorectomie 2015`` and ``the 2018 CT`` narrow down who it is; ``RECIST 2009``, ``DLP 2018`` and
``image 2014`` do not.
"""

import re
from typing import Final

from peeraudit.domain.blinding.lexicon import look_up

_STANDARD: Final = (
    r"classification|crit[èe]res?|criteria|guidelines?|recommandations?|recommendations?|rads|"
    r"consensus|fleischner|lugano|society|soci[ée]t[ée]|version|conference|conf[ée]rence|esur|tnm|"
    r"score|grade|stade|oms|who|esc|figo|recist|atlanta|esmo|revised|r[ée]vis[ée]e?s?|ajcc|uicc|acr|[ée]dition|"
    r"protocole?|trial|essai|loi|law|d[ée]cret|et al|update|mise à jour|"
    r"r[ée]f[ée]rentiel|standards?|norme"
)
_STANDARDS: Final = re.compile(rf"\b(?i:{_STANDARD})(?:[^.\n]|\.\d){{0,30}}$")
_BEHIND: Final = re.compile(
    r"(?:['’]s)?[ )]{1,2}(?:[A-Z]{2,6}[ ]|international[ ]|revised[ ]|updated?[ ]){0,2}"
    r"(?i:classification|crit[èe]r|guideline|recomm|consensus|edition|version|update|revision|"
    r"trial|standard|staging)"
)
_REACH: Final = 48
_BEHIND_REACH: Final = 40
_WORD_BEFORE: Final = re.compile(r"(?P<x>[^\W\d_]+(?:[-'’][^\W\d_]+)*)[ ]?[.:,]?[ (]{1,2}\Z")
_WORD_REACH: Final = 40
_MEASURES_WORDS: Final[str] = (
    "dlp pdl dose doses image images im img serie series slice slices coupe coupes vue frame frames"
    " level niveau tr te ti tes fov matrix matrice ctdi ctdivol mgy kv kvp ma mas hu uh pds dap adc"
    " b room chambre lot page pages ref no num numero number volume vol poids weight mass masse"
    " psa crp bnp ldh cpk ferritin ferritine ferritinemie d-dimer d-dimere d-dimeres d-dimers"
    " dimers dimeres alt ast platelets plaquettes leucocytes leukocytes wbc count score total"
    " elevated elevee eleve under above below approximately nearly model modele code box bp cs"
    " soit plus minus than que"
)
_MEASURES: Final = frozenset(_MEASURES_WORDS.split())
"""Words before a number of four digits that is no year."""
_MORE: Final = re.compile(r"(?:(?:19|20)\d\d[ ]?(?:à|au|to|et|and|-|–|/|,)[ ]?){1,4}\Z")
"""The years before, with which it stands or falls: ``images 2012 à 2020``."""
_DONE: Final = re.compile(r"(?:\b(?i:s/p|post|after|de|of)[ ]|d['’])\Z")
"""Behind these an eponym is an operation, or whoever did it."""
_ROUND: Final = "2000"
"""A round number is a quantity more often than a year."""


def is_public_year(text: str, start: int, end: int) -> bool:
    """Return whether a lone year is that of a guideline: ``RECIST 2009``, ``2023 guidelines``."""
    if _STANDARDS.search(text[max(0, start - _REACH) : start]):
        return True
    behind = text[end : end + _BEHIND_REACH]
    return behind[:1] in {" ", ")", "'", "’"} and bool(_BEHIND.match(behind))


def is_lone_year(text: str, start: int) -> bool:
    """Return whether a number of four digits is a year, by the word before it alone."""
    before = text[max(0, start - _WORD_REACH) : start]
    if before[-5:-4].isdigit() or before[-4:-3].isdigit() or before[-3:-2].isdigit():
        before = _MORE.sub("", before)
    found = _WORD_BEFORE.search(before)
    if text.startswith(_ROUND, start) or found is None:
        return False
    word = look_up(found["x"])
    # "McDonald 2017", "Bosniak 2019": whoever wrote it, not when it happened.
    is_author = word.is_eponym and word.is_capital and not word.is_upper
    is_author = is_author and not _DONE.search(before[: found.start()])
    return word.folded not in _MEASURES and not is_author
