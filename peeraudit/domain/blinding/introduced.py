"""Which words in a row are somebody, since what stands before or behind them presents a person?

Given names that are words too (``Mark``, ``Hope``) and family names that are (``Short``, ``Petit``)
tell nothing by themselves: ``discussed with Mark Short, MD`` does.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.reach import is_first_on_line, line_start
from peeraudit.domain.blinding.scanning import Token

KIN: Final = (
    r"fils|daughter|fille|wife|husband|[ée]pouse|[ée]poux|mari|femme|mother|m[èe]re|mom|mum|father|"
    r"p[èe]re|dad|brother|fr[èe]re|sister|s(?:oe|œ)ur|niece|nephew|neveu|ni[èe]ce|friend|amie?|"
    r"partner|conjointe?|compagne|compagnon|carer|neighbou?r|voisine?|spouse|aunt|uncle|cousine?|"
    r"nanny|pacs|roommate"
)
"""Who somebody is to somebody else; not ``son``, which is a French word for his or her."""
_BEFORE_REACH: Final = 40
_BEFORE: Final = re.compile(
    r"(?:(?<![\w-])(?i:by|with|through|par|avec|chez|accord de|avis de|de la part de|aupr[èe]s de|"
    r"pr[ée]sence de|"
    r"personne de|service de|[ée]quipe de|copied to|handed to|results? to|copy to|report to|"
    r"sought from|from dr|examined|soussign[ée]e?|under|voir|ask|(?:irm|mri|scanner|ct|tdm|dossier|"
    r"cas|case|pet|tep|us|[ée]chographie) (?:de|of)|slides to|sent to|called to|given to|"
    r"spoken to|known to|per|d/w|w/|veteran|gentleman|"
    r"lady|jeune|nomm[ée]e?|transmis(?:e?s?)? [àa]|adress[ée]e?s? [àa]|confi[ée]e?s? [àa])[ ]|"
    rf"(?i:son|{KIN}),?[ ]|"
    r"(?<!\w)(?i:(?:signed|secretary|radiologist|teleradiologist|present|pr[ée]sents?|director|"
    r"nurse|referrer|subject|cc|attn|concerne|personne de confiance|next of kin|"
    r"t[ée]l[ée]-?radiologue|urgentiste|r[ée]f[ée]rente?|secr[ée]taire|patient pr[ée]sent[ée]|"
    r"case|cas|from|to|de|[àa]|objet|destinataires?|praticiens?|docteurs?|doctors?|verified|"
    r"phys|physician|provider|md|gp|patient\(e\)|identit[ée]|nom|name|pt|client|contact|copies?"
    r"(?: [àa])?)[ ]?[:(][ ]{0,3})|"
    r"(?:,|[ ]et|[ ]and|;|[ ][–/-])[ ])$"
)
_AFTER: Final = re.compile(
    r"(?:,[ ]?|[ ])(?:M\.?D\.?(?![\w.])|D\.?O\.?(?![\w.])|RN\b|NP\b|PA-C\b|FRC[RSP]\w{0,4}|MBBS|"
    r"BDS\b|MBChB|"
    r"MRCP|Ph\.?D|ARRT|RDMS|CNP\b|LPN\b|APRN\b|RRT\b|CRNA\b|R\.?Ph\b|PharmD\b|DNP\b|BSN\b|MSN\b|FACR\b|"
    r"RT\(R\)|MERM\b)|"
    r",?[ ]\(?(?i:petite?[- ](?:fille|fils)|grand-?(?:daughter|son|mother|father)|"
    r"[ée]poux|[ée]pouse|mari|conjointe?|radiologist|physician|doctor|midwife|sage-femme|"
    r"son (?:[ée]poux|[ée]pouse|mari|fils)|"
    r"sa (?:femme|fille|m[èe]re|s(?:oe|œ)ur)|"
    r"son p[èe]re|"
    r"interne|externe|consultant|manipulat(?:eur|rice)|secr[ée]taire|infirmi[eè]re?|"
    r"m[ée]decin|chirurgien(?:ne)?|radiologue|sonographer|registrar|resident|fellow|nurse|radiographer|"
    r"technologist|daughter|wife|husband|brother|sister|son\b(?![ ][a-z]))\b"
)
_NUMBERED: Final = re.compile(
    r"(?:[ \t]{1,8}|[ \t]*\n[ \t]*|[ ]?[-–,][ ]?)(?:\(?[FMHfm]\)[ ]?|\(\d{1,3}[ ]?(?:ans|"
    r"y\w*)\)[ ]?)?"
    r"(?:[-–,][ ]?)?(?:n[ée]e?(?:\(e\))?[ ](?:le[ ])?|(?:DOB|DDN|MRN|IPP|NHS)\b:?[ ]?)?\(?"
    r"(?:\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}|\d{4}-\d{2}-\d{2}|[A-Z]{0,3}\d{6,}|"
    r"\d{2,3}-\d{2,3}-\d{3}|\d(?:[ ]\d){7}|"
    r"\d{1,3}[ ](?:ans|years?|y/?o)\b|\d{3}[ ]\d{3}[ ]\d{3}|"
    r"\d{1,2}(?:[a-z]{2})?[ ](?:of[ ])?[A-Za-zéû]{3,9}\.?[ ]\d{4}|⟦(?:date|id))"
)
_IDENTIFIED: Final = re.compile(
    r"(?:[ \t]{1,8}|[ \t]*\n[ \t]*|[ ]?[-–,(][ ]?)"
    r"(?:n[ée]e?(?:\(e\))?[ ]le|DOB|D\.O\.B|DDN|MRN|IPP|NHS)\b"
)
"""What is said of nobody but a person, right behind their name."""
_OF_NAMES: Final = frozenset("GFOAUI")
_RECORDED: Final = re.compile(
    r"[ ]\((?:\d{5,}|\d{1,3}[ ]?(?:y|ans)\b|⟦(?:date|id|age))|[ ][\[<][\w.-]{1,40}@|[ ][\[<]⟦email|"
    r",[ ]\d{2,3}(?:,|[ ](?:ans|y))|"
    r"[ ](?:pr[ée]sente|presents|favou?rs|[ée]voque|agrees|accepte|propose|suggests|recommends|"
    r"recommande|confirms?e?)[ ]"
)
"""A number, an age or an address of theirs in brackets, or what they do in a meeting."""
_RELATED: Final = re.compile(
    r",[ ](?:sa|son|his|her|the|la|le)?[ ]?(?i:(?:petite-)?fille|(?:petit-)?fils|[ée]pouse|"
    r"[ée]poux|mari|"
    r"conjointe?|(?:grand)?daughter|(?:grand)?son|wife|husband|ni[èe]ce|nephew|neveu|sister|brother|"
    r"m[èe]re|p[èe]re|mother|father|s(?:oe|œ)ur|fr[èe]re)(?=[,);.\n]|[ ][(])"
)
_LABELLED: Final = re.compile(r"(?<![^\W\d_])(?P<label>[^\W\d_]{2,20})[ ]?:[ ]{0,3}$")
_FIELD_END: Final = re.compile(r"[ ]?(?:[\n,;|/(.]|$|[ ]{2}|[–-][ ]|(?:le|on|at|à)[ ]|[ ]*⟦)")
_SECTION_WORDS: Final[str] = (
    "allergies autre bones clinical clinique comparaison comparison conclusion contrast"
    " contraste cote diagnosis diagnostic exam examen examination finding findings foie heart"
    " history impression incidence indication indications liver lungs medication motif note"
    " notes organe os other plan position poumons procedure protocol protocole reason region"
    " result resultat resultats results sequence sequences serie series side study technique"
    " traitement type view views"
)
_OF_SECTIONS: Final = frozenset(_SECTION_WORDS.split())
"""Labels behind which a thing stands, not somebody."""
_MAY_BE: Final = frozenset(
    {"GW", "OA", "GE", "GT", "GU", "AW", "AA", "AE", "AF", "AO", "OW", "OO", "OF", "OE", "FA", "WO"}
)
_INITIALLED: Final = frozenset({"IW", "IO", "IF", "IE", "IG", "IA"})
_ONLY_WITH_DEGREE: Final = frozenset({"OO", "OF", "WO"})
_MONTHS: Final = frozenset({"april", "june", "may", "august"})
"""Months that are given names too."""
_LISTING: Final = frozenset({",", "et", "and", ";", "–", "/", "-"})
_ENDS: Final = frozenset({" ", "(", ":"})
_NUMERAL: Final = 4
_RECORD_WORDS: Final = range(2, 5)


def is_introduced(text: str, one: Token, other: Token) -> bool:
    """Return whether a given name and a word behind it are somebody who is presented."""
    first = "A" if one.word.folded in _MONTHS and not one.word.is_upper else one.word.mark
    pair = first + other.word.mark
    if not (pair in _MAY_BE or pair in _INITIALLED) or is_meant(text, one.start, other.end):
        return False
    if _AFTER.match(text, other.end) or (first in "GA" and _RECORDED.match(text, other.end)):
        return True
    if first in "GA" and fills_field(text, one.start, other.end):
        return True
    before = _presenter(text[max(0, one.start - _BEFORE_REACH) : one.start])
    if pair in _ONLY_WITH_DEGREE or before not in _LISTING:
        return bool(before) and pair not in _ONLY_WITH_DEGREE
    is_cased = not other.word.is_upper or one.word.is_upper
    # "Evans III" is no person.
    is_whole = is_cased or len(other.word.folded) > _NUMERAL
    return (
        (first == "G" or pair in {"AW", "AA", "AO", "AF"}) and is_whole and _is_listed(text, other)
    )


_BORN: Final = re.compile(
    r"(?:,?[ ]|[ ]?[|(][ ]?)(?:\(?[FMHfm]\)?,?[ ])?(?:n[ée]e?(?:\(e\))?[ ](?:(?:le|en|à)[ ]|\d)|"
    r"DDN\b|DOB\b|ddn\b|dob\b|D\.O\.B|born[ ](?:on|in)[ ])"
)


_NUMBER_HEADS: Final = frozenset(" \t\n-–,")
_BORN_HEADS: Final = frozenset("nDdb(| FMHfm")


def is_born(text: str, token: Token) -> bool:
    """Return whether a day of birth follows a word: ``Penhouet Ervad, né le 3 mai``."""
    # Asked first, for every row of words.
    at = token.end + (2 if text[token.end : token.end + 1] == "," else 1)
    return text[at : at + 1] in _BORN_HEADS and _BORN.match(text, token.end) is not None


def is_numbered(text: str, end: int) -> bool:
    """Return whether a day of birth or a number follows, as it follows a patient's name."""
    return text[end : end + 1] in _NUMBER_HEADS and _NUMBERED.match(text, end) is not None


def is_related(text: str, token: Token) -> bool:
    """Return whether a word is followed by whose relative it is: ``Selam, granddaughter``."""
    return text[token.end : token.end + 1] == "," and _RELATED.match(text, token.end) is not None


def has_degree(text: str, token: Token) -> bool:
    """Return whether a degree or an office stands behind a word: ``NOBLE, ANNE MD``."""
    return _AFTER.match(text, token.end) is not None


def is_presented(text: str, token: Token) -> bool:
    """Return whether a lone word is presented as somebody: ``informed by Wei``."""
    if _RELATED.match(text, token.end):
        return True
    before = _presenter(text[max(0, token.start - _BEFORE_REACH) : token.start])
    return before[-1:].isalpha() and before not in _LISTING


def fills_field(text: str, start: int, end: int) -> bool:
    """Return whether a stretch is all that stands behind a label: ``Conjoint : Olive Brun``."""
    if ":" not in text[max(0, start - 4) : start] or not _FIELD_END.match(text, end):
        return False
    label = _LABELLED.search(text[max(0, start - _BEFORE_REACH) : start])
    return label is not None and fold_word(label["label"]) not in _OF_SECTIONS


def is_alone_on_line(text: str, token: Token) -> bool:
    """Return whether a word has its line to itself, below an empty one: a greeting or signature."""
    low = line_start(text, token.start)
    if low < 0 or text[low : token.start].strip():
        return False
    is_first = low == 0 or text[max(0, low - 2) : low] == "\n\n"
    end = token.end + (text[token.end : token.end + 1] == ",")
    return is_first and text[end : end + 1] in {"", "\n"}


@lru_cache(maxsize=16384)
def _presenter(before: str) -> str:
    """Return the word or sign at the end of a stretch that presents somebody, or nothing."""
    found = _BEFORE.search(before) if before[-1:] in _ENDS else None
    return found[0].strip() if found else ""


def _is_listed(text: str, token: Token) -> bool:
    return text[token.end : token.end + 1] in {",", ";", ".", "\n", "", " ", "("}


_COMMA: Final = re.compile(r"[ ]?,[ ]?")


def is_inverted(text: str, row: Sequence[Token]) -> bool:
    """Return whether a row is a record's name with a comma: ``VENTNOR, PENNY DOB 3/4/81``.

    Args:
        text: the text.
        row: the words, all of which begin a line, before a day or a number.
    """
    if len(row) not in _RECORD_WORDS or not all(token.word.is_upper for token in row[:2]):
        return False
    if any(token.word.mark in "TE" for token in row):
        return False
    is_parted = _COMMA.fullmatch(text[row[0].end : row[1].start]) is not None
    return is_parted and _IDENTIFIED.match(text, row[-1].end) is not None


def _is_family_first(text: str, row: Sequence[Token]) -> bool:
    """Return whether a row is ``POPESCO, Lamia``, of words that no dictionary of words holds."""
    if len(row) != _RECORD_WORDS.start or not row[0].word.is_upper:
        return False
    is_parted = _COMMA.fullmatch(text[row[0].end : row[1].start]) is not None
    return is_parted and all(token.word.mark in "GFO" for token in row)


def heads_record(text: str, row: Sequence[Token]) -> bool:
    """Return whether a row of words begins its line, and a day or number follows: ``OH ANA  85``.

    Reports in capitals throughout begin so; one of the words must be a given name.
    """
    if not is_first_on_line(text, row[0].start) or not _NUMBERED.match(text, row[-1].end):
        return False
    if is_inverted(text, row) or _is_family_first(text, row):
        return True
    marks = {token.word.mark for token in row}
    if len(row) > 1 and marks <= _OF_NAMES and _IDENTIFIED.match(text, row[-1].end):
        return True
    return "G" in marks or ("A" in marks and bool(marks & {"F", "O"}) and "E" not in marks)
