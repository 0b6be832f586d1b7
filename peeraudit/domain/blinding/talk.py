"""Which words are people, since what is said of them is only said of people?

A family name that is in no list, or that is a word too, gives itself away by its neighbours:
``Mehrudin shouted at Todd``, ``Asya's son``, ``Marrero and Murphy were there``, ``thanks, Roy!``.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.chains import is_inside, is_latin
from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Span

_PEOPLE: Final = frozenset("GFOA")
"""Marks of words that may be somebody's name; see `lexicon.Word`."""
_PARTNERS: Final = frozenset("GFOAW")
_SHORTEST: Final = 3
_REACH: Final = 40

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
_VERBS: Final = frozenset(f"{_SPEECH} {_ADVERBS} is was has had a avait est était etait se".split())
"""The words with which `_OF_PEOPLE` may begin; asked first, since it is slow."""
_OWNED: Final = re.compile(
    r"['’]s?[ ](?:own[ ]|older[ ]|younger[ ]|elder[ ]|first[ ]|late[ ])?(?:kids?|sons?|"
    r"daughters?|wife|husband|mother|father|mom|dad|mum|"
    r"parents?|brothers?|sisters?|child|children|baby|family|friends?|boyfriend|girlfriend|"
    r"partner|spouse|fianc[ée]e?|uncle|aunt|cousin|nephew|niece|grand\w{4,9}|house|home|"
    r"apartment|car|birthday|address|e-?mail|cell|phone|telephone|mobile|employer|boss|"
    r"neighbou?r|roommate|caregiver|carer|guardian|lawyer|insurance|signature|passport|dog|cat|"
    r"killers?|music|song|songs|voice|office|chart)\b"
)
_TOGETHER: Final = re.compile(
    r"[ ](?:were|are|have|had|both|"
    rf"{'|'.join(_SPEECH.split())}|ont|[ée]taient|sont[ ](?:venus|d['’]accord))\b"
)
_SPEAKS: Final = re.compile(r"[ ]?:[ \n]{0,2}[\"“«]")
_FIRST_WORD: Final = re.compile(r"[ ]([a-zà-ÿ]+)")


def find_spoken(text: str, capitals: Sequence[Token]) -> Iterator[Span]:
    """Yield the words that what stands beside them shows to be somebody.

    Args:
        text: the text, its no-break spaces made spaces.
        capitals: its words with a capital, in order.
    """
    last: Token | None = None
    for token in capitals:
        if last is not None and _are_together(text, last, token):
            yield Span(last.start, last.end, "person", "rule")
            yield Span(token.start, token.end, "person", "rule")
        last = token
        if token.word.mark in _PEOPLE and _is_told(text, token):
            yield Span(token.start, token.end, "person", "rule")


def _is_told(text: str, token: Token) -> bool:
    """Return whether the neighbours of a word are those of a person."""
    word = token.word
    if len(word.folded) < _SHORTEST or word.is_upper:
        return False
    end = token.end
    after = text[end : end + 1]
    if after == " ":
        first = _FIRST_WORD.match(text, end)
        told = bool(first and first[1] in _VERBS and _OF_PEOPLE.match(text, end))
    elif after in {"'", "’"}:
        told = bool(_OWNED.match(text, end))
    elif after == ":":
        is_first = not text[text.rfind("\n", 0, token.start) + 1 : token.start].strip()
        return is_first and bool(_SPEAKS.match(text, end)) and not _is_latin(text, token)
    elif after in {"!", "?"}:
        return text[max(0, token.start - 2) : token.start] == ", "
    else:
        return False
    return told and not _is_latin(text, token) and not is_meant(text, token.start, end)


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
