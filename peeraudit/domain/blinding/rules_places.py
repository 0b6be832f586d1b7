"""How do reports write the names of hospitals, clinics and towns?"""

import re
from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, Rule, word_rule

_OF: Final = r"(?:de la |de l['’]|de |du |des |d['’]|la |le |les |l['’])"
_REST: Final = (
    rf"(?:[ -](?:(?:de|du|des|la|le|les|en|sur|sous|et|of|the|and)[ -]|[dl]['’]){{0,3}}"
    rf"{CAPITAL}[\w’'.-]*){{0,4}}"
)

PLACE_RULES: Final[tuple[Rule, ...]] = (
    word_rule(
        "place",
        "chuv hug chu chru chr chi chg ch chic chir ghu ght ghi hop hopital hopitaux clinique"
        " cliniques "
        "centre polyclinique maison"
        " cabinet institut ehpad hegp hia groupe pole",
        r"(?P<x>(?:CHU|CHRU|CHR|CHI|CHIC|CHG|CH|GHU|GHI|GHT|HIA|HOP|[Hh][ôo]pit(?:al|aux)|H[OÔ]"
        r"PITAL|Cliniques?|cliniques?(?=[ ](?:d[eu]|des|l[ae]|[A-ZÀ-Ý][a-zà-ÿ])[a-zà-ÿ’' ])|"
        r"CLINIQUE|"
        r"[Pp]olyclinique|POLYCLINIQUE|(?i:centre)[ ](?i:hospitalier|anti-?canc[ée]reux|m[ée]"
        r"dical|d['’]imagerie(?:[ ]m[ée]dicale)?|de radiologie)"
        r"(?:[ ](?i:universitaire|r[ée]gional|intercommunal|g[ée]n[ée]ral|priv[ée])){0,2}|[Mm]"
        r"aison (?:m[ée]dicale|de sant[ée]|de retraite)|"
        r"[Cc]abinet(?: de radiologie| d['’]imagerie)?|[Ii]nstitut|EHPAD|"
        r"(?i:groupe hospitalier|groupement hospitalier)|"
        r"Centre(?=[ ][A-ZÀ-Ý][a-zà-ÿ]+-[A-ZÀ-Ý]))"
        r"(?:[ ](?i:priv[ée]e?s?|universitaires?|mutualistes?|g[ée]n[ée]rale?s?|r[ée]gionale?s?|"
        r"communale?s?|chirurgicale?s?|internationale?s?|m[ée]dico-chirurgicale?)){0,2}[ ]{1,2}"
        rf"(?:{_OF}){{0,2}}{CAPITAL}[\w’'.-]*{_REST})",
    ),
    word_rule("place", "chuv hug", r"(?P<x>CHUV|HUG)\b"),
    word_rule(
        "place",
        "royal university western general infirmary",
        rf"(?P<x>(?:{CAPITAL}[\w’'-]+[ ]){{0,3}}(?:Hospital|"
        rf"Infirmary)[ ]of[ ](?:the[ ])?{CAPITAL}[\w’'-]+)",
    ),
    word_rule(
        "place",
        "hospital hospitals",
        rf"(?P<x>Hospitals?(?:[ ]of)?[ ](?:the[ ])?{CAPITAL}[\w’'.-]*{_REST})",
    ),
)

_FACILITIES_WORDS: Final[str] = (
    "hospital hospitals clinic clinics infirmary hospice center centre office sanatorium healthcare"
    " trust associates"
)
FACILITIES: Final = frozenset(_FACILITIES_WORDS.split())
"""English words that close the name of a facility."""
_WORD: Final = rf"(?:{CAPITAL}[\w’'&-]*|St\.|Mt\.|Ft\.)"
FACILITY_BEFORE: Final = re.compile(
    rf"(?:(?<=\s)|(?<=^)|(?<=[(,:;])){_WORD}(?:[ ](?:of|and|the|for|&)(?:[ ]the)?[ ]{_WORD}|[ "
    rf"]{_WORD}){{0,5}}['’]?s?[ ]"
    rf"(?:(?:Medical|Health|Imaging|Cancer|Heart|Surgical|Surgery|Care|Community|Memorial|General|"
    rf"Foundation|NHS|Regional|University|Children's|Rehabilitation|Wellness|Treatment|Trauma|"
    rf"Dental|Radiology)[ "
    rf"]){{0,3}}$"
)
"""The name of an English facility, up to the word that closes it; searched in a short stretch."""
FACILITY_REACH: Final = 70
CLOSERS: Final = re.compile(
    r"(?:Hospitals?|HOSPITAL|Clinics?|CLINIC|Infirmary|INFIRMARY|Cent(?:er|re)s?|CENTER|Hospice|"
    r"Office|Sanatorium|Healthcare|(?<=NHS )Trust|(?<=Foundation )Trust|(?<=Radiology )Associates|"
    r"(?<=Imaging )Associates)\b"
)
TOWN_LINE: Final = re.compile(
    rf"^[ \t]*(?P<x>{CAPITAL}[\w’' -]{{2,30}}),[ ]{{1,3}}le[ ]{{1,3}}(?=\d|⟦)", re.MULTILINE
)
"""A letter's town and day, ``Reims, le 12/03/2026``; searched in the lines, each at its start."""
