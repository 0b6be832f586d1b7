"""Which words are people, since what is said of them is only said of people?

A family name that is in no list, or that is a word too, gives itself away by its neighbours:
``Mehrudin shouted at Todd``, ``Asya's son``, ``Marrero and Murphy were there``, ``thanks, Roy!``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.chains import is_inside, is_latin
from peeraudit.domain.blinding.introduced import KIN
from peeraudit.domain.blinding.lexicon import THINGS, is_meant
from peeraudit.domain.blinding.reach import is_first_on_line
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Span

_PEOPLE: Final = frozenset("GFOA")
"""Marks of words that may be somebody's name; see `lexicon.Word`."""
_WORDS: Final = frozenset("WE")
_SIGNS: Final = frozenset([" ", "'", "’", ":", "!", "?"])
"""What may follow a name and tell that it is one."""
_GAPS: Final = frozenset(map(len, (" ", " & ", " et ", " and ")))
_PARTNERS: Final = frozenset("GFOAW")
_SHORTEST: Final = 3
_FOREIGN_LENGTH: Final = 4
_REACH: Final = 40
_OF_THING: Final = re.compile(r"[ ](?:de|du|des|of|d['’])[ ]?(?:[Dd]e[ ]|[Vv]an[ ])?[A-ZÀ-Ý]")
_DISEASE: Final = (
    r"\w{3,}(?:itis|osis|oses|oma|omas|ome|omes|pathy|pathies|pathie|trophy|trophie|plasty|plastie|"
    r"ectomy|ectomie|otomy|otomie|ostomy|ostomie|plasia|plasie|sclerosis|scl[ée]rose|ites?|"
    r"plications?|plicatures?|algies?|algia|[ée]mie|emia|graphy|graphie|scopy|scopie|phagy|phage|"
    r"signs?|zones?|pads?|humps?|testing|vaccine|virus)"
)
_WORDS_AFTER: Final = re.compile(r"['’]?s?[ ](\w+)(?:[ ](\w+))?")
_DISEASE_WORD: Final = re.compile(rf"(?i:{_DISEASE}|signe?s?)")
_OF_WORDS: Final = ("de", "du", "des", "of", "d'", "d’", "De", "von", "Von")
_DISEASE_BEFORE: Final = re.compile(
    rf"(?<!\w)(?i:{_DISEASE})[ ](?:\w+[ ])?(?:de|du|des|of|d['’])[ ]?(?:[Dd]e[ ]|[Vv]on[ ])?$"
)
_WITHIN: Final = re.compile(r"\w[,;]?[ ]$")
_NO_NAMES_WORDS: Final[str] = (
    "april august avril beta brain chase delta gene golden january june karma mars may mai sante"
    " summer winter autumn spring north south east west sunday friday river street avenue park"
)
_NO_NAMES: Final = frozenset(_NO_NAMES_WORDS.split())
"""Given names that bear a capital more often as another word."""
_DOSE: Final = re.compile(r"[ ](?:\d|tab|cap|cream|infusion|injection|therapy|drip|patch)", re.I)

_KIN_BEFORE: Final = re.compile(rf"(?<![\w-])(?i:{KIN}|son[ ]in[ ]law)(?:[ ]is)?,?[ ]\Z")
_KIN_LETTERS: Final = frozenset("rdmteynwusilx")
"""With which letters these words end; asked first, for few words follow one."""
_KIN_REACH: Final = 16

_SPEECH: Final = (
    "shouted shouts said says told tells asked asks replied replies answered whispered yelled"
    " screamed laughed smiled cried joked sighed nodded texted emailed phoned wrote writes thinks"
    " thought believes believed hopes hoped worries worried loves loved likes liked hates hated"
    " wants wanted wishes wished knows knew remembers forgot complained complains apologized"
    " apologised agreed refused insisted explained promised denies denied lives lived resides"
    " works worked studies studied drives drove flew walked married divorced retired graduated"
    " spent earned bought sold ate drank slept smokes smoked drinks enjoys enjoyed plays"
    " dit habite travaille vit nie souhaite voulait pense pensait croit explique"
    " raconte affirme refuse fume aime déteste rappellera"
)
_ADVERBS: Final = "just really never always often usually also still already once"
_OF_PEOPLE: Final = re.compile(
    rf"[ ](?:(?:{'|'.join(_ADVERBS.split())})[ ](?:(?:has|had|have)[ ]to|needs[ ]to)\b|"
    rf"(?:(?:{'|'.join(_ADVERBS.split())})[ ])?(?:{'|'.join(_SPEECH.split())})\b|"
    r"(?:is|was)[ ](?:(?:very|so|really|quite|now|currently|still|always)[ ])?"
    r"(?:reliable|kind|nice|friendly|angry|happy|sad|pregnant|retired|married|single|divorced|"
    r"widowed|cooperative|anxious|homeless|unemployed|worried|tired|thirsty|hungry|born|"
    r"hospitali[sz]ed|accompanied|my|her|his|our|their|an?[ ]\d{1,2}[ -]year|\d{1,2}[ -]years?)\b|"
    r"(?:has|had)[ ](?:given|told|said|asked|called|promised|married|lived|worked)\b|"
    r"(?:a|avait)[ ](?:dit|appel[ée]|demand[ée]|expliqu[ée]|refus[ée]|v[ée]cu|travaill[ée])\b|"
    r"(?:est|[ée]tait)[ ](?:n[ée]e?|venue?|mari[ée]e?|retrait[ée]e?|c[ée]libataire|veuve?|"
    r"divorc[ée]e?|enceinte|d[ée]c[ée]d[ée]e?|all[ée]e?|rentr[ée]e?)\b|se[ ]plaint\b)"
)
_HIS: Final = re.compile(
    r"[ ](?:had|has|was|is|will|would|could|can|did|does|[a-z]{2,12}(?:ed|s))[ ]"
    r"[^\n.]{0,40}?\b(?:his|he|him|himself|she|herself)\b"
)
_VERBS: Final = frozenset(f"{_SPEECH} {_ADVERBS} is was has had a avait est était etait se".split())
"""The words with which `_OF_PEOPLE` may begin; asked first, since it is slow."""
_OWNED: Final = re.compile(
    r"['’]s?[ ](?:own[ ]|older[ ]|younger[ ]|elder[ ]|first[ ]|late[ ])?(?:kids?|sons?|"
    r"daughters?|wife|husband|mother|father|mom|dad|mum|"
    r"parents?|brothers?|sisters?|child|children|baby|family|friends?|boyfriend|girlfriend|"
    r"partner|spouse|fianc[ée]e?|uncle|aunt|cousin|nephew|niece|grand\w{4,9}|house|home|"
    r"apartment|car|birthday|address|e-?mail|cell|phone|telephone|mobile|employer|boss|"
    r"neighbou?r|roommate|caregiver|carer|guardian|lawyer|insurance|signature|passport|dog|cat|case|notes?|file|record|records|appointment|"
    r"killers?|music|song|songs|voice|office|chart)\b"
)
_TOGETHER: Final = re.compile(
    r"[ ](?:were|are|have|had|both|"
    rf"{'|'.join(_SPEECH.split())}|ont|[ée]taient|sont[ ](?:venus|d['’]accord))\b"
)
_SPEAKS: Final = re.compile(r"[ ]?:[ \n]{0,2}[\"“«]")
_FIRST_WORD: Final = re.compile(r"[ ]([a-zà-ÿ]+)")


def find_spoken(text: str, capitals: Sequence[Token], lowers: Sequence[Token]) -> Iterator[Span]:
    """Yield the words that what stands beside them shows to be somebody.

    Args:
        text: the text, its no-break spaces made spaces.
        capitals: its words with a capital, in order.
        lowers: its other words that no dictionary of words holds, in order.
    """
    for token in lowers:
        is_name = token.word.mark in "GFO"
        if is_name and (
            _is_told(text, token, is_small=True)
            or (token.word.mark == "G" and _is_of_kin(text, token))
        ):
            yield _person(token)
    last: Token | None = None
    for token in capitals:
        before, last = last, token
        if before is not None and token.start - before.end in _GAPS:
            yield from _beside(text, before, token)
        if token.word.is_upper or token.word.mark not in _PEOPLE:
            continue
        if _is_told(text, token) or _is_foreign(text, token) or _is_of_kin(text, token):
            yield _person(token)


def _is_of_kin(text: str, token: Token) -> bool:
    """Return whether a word is called somebody's relative: ``daughter maria``, ``partner Jye``."""
    start = token.start
    before = text[start - 1 : start] == " " and text[start - 2 : start - 1]
    if not before or (before not in _KIN_LETTERS and before != ","):
        return False
    is_kin = bool(_KIN_BEFORE.search(text, max(0, start - _KIN_REACH), start))
    return is_kin and not token.word.is_term and not is_meant(text, start, token.end)


def _beside(text: str, one: Token, other: Token) -> Iterator[Span]:
    """Yield two people, or the name of one: ``Marrero and Murphy were``, ``Zbrunek Green told``."""
    if one.end + 1 != other.start:
        if _are_together(text, one, other):
            yield _person(one)
            yield _person(other)
        return
    # An ordinary word is the family name behind a given name of no list.
    is_word = other.word.mark in _WORDS and text[one.end] == " "
    if is_word and _may_be_given(text, one) and _is_told(text, other):
        yield Span(one.start, other.end, "person", "rule")


def _person(token: Token) -> Span:
    return Span(token.start, token.end, "person", "rule")


def _may_be_given(text: str, token: Token) -> bool:
    """Return whether a word may be a given name, though it is in no list."""
    word = token.word
    return not word.is_upper and word.mark in {"G", "O"} and not _is_latin(text, token)


def _is_foreign(text: str, token: Token) -> bool:
    """Return whether a word of no list that bears a capital within a sentence looks like a name.

    A rare name is the one that tells most; drugs and Latin words, which look alike, end otherwise
    or stand in the list of terms.
    """
    word, start = token.word, token.start
    if word.is_upper or len(word.folded) < _FOREIGN_LENGTH or word.is_town:
        return False
    is_within = bool(_WITHIN.search(text[max(0, start - 3) : start]))
    if word.mark == "O":
        likely = is_within and len(word.parts) == 1 and not is_latin(text, token)
    elif word.mark == "A":
        likely = is_within and not word.is_eponym and word.folded not in _NO_NAMES
    else:
        # Inside a sentence the dictionary has seen to it.
        likely = word.mark == "F" and not word.is_common and not is_inside(text, start)
    if not likely or word.folded in THINGS or _OF_THING.match(text, token.end):
        return False
    return not is_meant(text, start, token.end) and not _is_beside_medicine(text, token)


def _is_beside_medicine(text: str, token: Token) -> bool:
    """Return whether a disease, an operation or a dose stands beside a word."""
    after = text[token.end : token.end + _REACH]
    before = text[max(0, token.start - _REACH) : token.start]
    if _DOSE.match(after):
        return True
    following = _WORDS_AFTER.match(after)
    if following and any(map(_is_disease, filter(None, following.groups()))):
        return True
    # The expression is slow, and few words follow "of".
    return before.rstrip(" \n").endswith(_OF_WORDS) and bool(_DISEASE_BEFORE.search(before))


@lru_cache(maxsize=16384)
def _is_disease(word: str) -> bool:
    return _DISEASE_WORD.fullmatch(word) is not None


def _is_told(text: str, token: Token, *, is_small: bool = False) -> bool:
    """Return whether the neighbours of a word are those of a person."""
    word = token.word
    end, after = token.end, text[token.end : token.end + 1]
    if after not in _SIGNS or len(word.folded) < _SHORTEST or word.is_upper:
        return False
    if after == ":":
        speaks = is_first_on_line(text, token.start) and _SPEAKS.match(text, end)
        return bool(speaks) and not _is_latin(text, token)
    if is_small and word.mark == "O":
        return False
    told = False
    if after == " ":
        verb = _FIRST_WORD.match(text, end)
        told = verb is not None and _does(text, end, verb[1])
    elif after in {"'", "’"}:
        told = bool(_OWNED.match(text, end))
    elif after in {"!", "?"}:
        told = text[max(0, token.start - 2) : token.start] == ", "
    return told and not _is_latin(text, token) and not is_meant(text, token.start, end)


def _does(text: str, end: int, verb: str) -> bool:
    """Return whether the word behind a name begins something that people do or are."""
    if verb in _VERBS and _OF_PEOPLE.match(text, end):
        return True
    return bool(_HIS.match(text, end))


def _is_latin(text: str, token: Token) -> bool:
    return token.word.mark == "O" and is_latin(text, token)


def _are_together(text: str, one: Token, other: Token) -> bool:
    """Return whether two words are two people who do something: ``Marrero and Murphy were``."""
    gap = text[one.end : other.start]
    if gap not in {" and ", " et ", " & "} or is_inside(text, one.start):
        return False
    pair = (one, other)
    if any(token.word.is_upper or token.word.mark not in _PARTNERS for token in pair):
        return False
    # A word of no list ends as Latin words and drugs do: "Visipaque and Buscopan were given".
    if any(_is_latin(text, token) for token in pair):
        return False
    if not any(token.word.mark in "GFO" for token in pair):
        return False
    return bool(_TOGETHER.match(text, other.end)) and not is_meant(text, one.start, other.end)
