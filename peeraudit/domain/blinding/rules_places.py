"""How do reports write the names of hospitals, clinics and towns?"""

import re
from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, Rule, word_rule

_OF: Final = r"(?i:de la |de l['’]|de |du |des |d['’]|la |le |les |l['’])"
_REST: Final = (
    rf"(?:[ -](?:(?:de|du|des|la|le|les|en|sur|sous|et|of|the|and)[ -]|[dl]['’]){{0,3}}"
    rf"{CAPITAL}[\w’'.-]*){{0,4}}"
)

_STATES: Final = (
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm"
    " ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr"
)
STATES: Final = frozenset(_STATES.upper().split())
"""The states of the United States, as the post writes them."""
_STATE_WORDS: Final = (
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia"
    " hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts"
    " michigan minnesota mississippi missouri montana nebraska nevada new north ohio oklahoma"
    " oregon pennsylvania rhode south tennessee texas utah vermont virginia washington west"
    " wisconsin wyoming"
)

PLACE_RULES: Final[tuple[Rule, ...]] = (
    word_rule(
        "place",
        "eph epsp ensemble reseau etablissement gh chuv hug chu chru chr chi chg ch chic chir"
        " ghu ght ghi hop hopital hopitaux clinique"
        " cliniques "
        "centre polyclinique maison"
        " cabinet institut ehpad hegp hia groupe pole fondation maternite",
        r"(?P<x>(?:EPH|EPSP|(?:Ensemble|R[ée]seau|[ÉE]tablissement)[ ][hH]ospitalier|"
        r"GH(?=[ ]d)|CHU|CHRU|CHR|CHI|CHIC|CHG|CH|GHU|GHI|GHT|HIA|HOP|[Hh][ôo]pit(?:al|aux)|H[OÔ]"
        r"PIT(?:AL|AUX)|Cliniques?|cliniques?(?=[ ](?:d[eu]|des|l[ae]|"
        r"[A-ZÀ-Ý][a-zà-ÿ])[a-zà-ÿ’' ])|"
        r"CLINIQUE|"
        r"[Pp]olyclinique|POLYCLINIQUE|(?i:centre)[ ](?i:hospitalier|anti-?canc[ée]reux|m[ée]"
        r"dical|d['’]imagerie(?:[ ]m[ée]dicale)?|de radiologie)"
        r"(?:[ ](?i:universitaire|r[ée]gional|intercommunal|g[ée]n[ée]ral|priv[ée])){0,2}|[Mm]"
        r"aison (?:m[ée]dicale|de sant[ée]|de retraite)|"
        r"[Cc]abinet(?: de radiologie| d['’]imagerie)?|CABINET(?: DE RADIOLOGIE|"
        r" D['’]IMAGERIE)?|[Ii]nstitut|EHPAD|"
        r"(?i:groupe hospitalier|groupement hospitalier)|"
        r"Centre(?=[ ][A-ZÀ-Ý][a-zà-ÿ]+-[A-ZÀ-Ý])|(?i:centre)[ ](?i:de[ ]m[ée]decine[ ]"
        r"nucl[ée]aire)|Fondation|Maternit[ée](?![ ]de[ ]Niveau)|MATERNIT[ÉE](?![ ]DE[ ]N)|"
        r"Groupe[ ](?:[Rr]adiologique|"
        r"d['’][Ii]magerie(?:[ ][Mm][ée]dicale)?))"
        r"(?:[ ](?i:priv[ée]e?s?|universitaires?|mutualistes?|g[ée]n[ée]rale?s?|r[ée]gionale?s?|"
        r"communale?s?|chirurgicale?s?|internationale?s?|m[ée]dico-chirurgicale?)){0,2}[ ]{1,2}"
        rf"(?:{_OF}){{0,2}}{CAPITAL}[\w’'.-]*{_REST}(?:[ ]\d(?=[ ]?[,;).\n]|$))?)",
    ),
    # A practice by the place where it is: "Imagerie Médicale du Lac".
    word_rule(
        "place",
        "imagerie",
        rf"(?P<x>Imagerie[ ][Mm][ée]dicale[ ](?:du|de[ ]la|de[ ]l['’]|des)[ ]?{CAPITAL}[a-zà-ÿ’'-]+"
        rf"(?:[ -]{CAPITAL}[a-zà-ÿ’'-]+){{0,3}})(?=[ ]?(?:[,;)\n–-]|$))",
        language="fr",
        hint=r"[ ][Mm][ée]dicale[ ]d",
    ),
    # "Transfer to Lakeshore General", "Pt from Slough;".
    word_rule(
        "place",
        "to at from",
        rf"\w+[ ](?P<x>(?!Attorney|Surgeon|Solicitor|Director|Inspector)"
        rf"{CAPITAL}[a-z]+[ ]General)\b(?![ ][A-Z])",
        language="en",
        hint=r"[ ][A-Z][a-z]+[ ]G",
    ),
    word_rule(
        "place",
        "pt patient",
        rf"\w+[ ]from[ ](?P<x>{CAPITAL}[a-z]{{3,}}(?:[ ]{CAPITAL}[a-z]+)?)(?=[;,.])",
        language="en",
        hint=r"[ ]from[ ]",
    ),
    # A pavilion, a prison, and a house of a saint: "Pavillon Lisfort", "HMP Exton", "St Edda's".
    word_rule(
        "place",
        "pavillon hmp prison",
        rf"(?P<x>(?:[Pp]avillon|PAVILLON|HMP|[Pp]rison)[ ](?:{_OF}){{0,2}}{CAPITAL}[\w’'-]+"
        rf"(?:[ ]{CAPITAL}[\w’'-]+)?)",
        hint=r"[ ]",
    ),
    word_rule(
        "place",
        "st saint",
        rf"(?P<x>(?:St\.?|Saint)[ ]{CAPITAL}[\w-]+['’]s)(?!\w|[ ](?i:dance|fire|disease|sign))",
        hint=r"\.?[ ][A-Z]",
    ),
    # A state and its postal code; what stands beside it is a town.
    word_rule(
        "address",
        _STATES,
        r"(?P<x>[A-Z]{2}[ ]{1,2}\d{5}(?:-\d{4})?)(?![\w/]|[.,]\d)",
        hint=r"[ ]{1,2}\d{5}",
        in_capitals=True,
    ),
    word_rule(
        "address",
        "nsw vic qld tas act sa wa nt",
        r"(?P<x>[A-Z]{2,3}[ ]{1,2}\d{4})(?![\w/]|[.,]\d)",
        hint=r"[ ]{1,2}\d{4}\b",
        in_capitals=True,
    ),
    word_rule(
        "address",
        _STATE_WORDS,
        rf"(?P<x>(?:(?:New|North|South|West|"
        rf"Rhode)[ ])?{CAPITAL}[a-z]+,?[ ]{{1,2}}\d{{5}}(?:-\d{{4}})?)"
        r"(?![\w/]|[.,]\d)",
        hint=r"(?:[ ][A-Z][a-z]+)?,?[ ]{1,2}\d{5}",
    ),
    word_rule(
        "address",
        "eircode postcode",
        r"\w+[ ]?:?[ ]{1,2}(?P<x>[A-Z]{1,2}\d[\dA-Z]?[ ]?[A-Z\d]{3,4})(?!\w)",
        hint=r"[ :]",
    ),
    word_rule("place", "chuv hug chum cusm muhc", r"(?P<x>CHUV|HUG|CHUM|CUSM|MUHC)\b"),
    # A practice of radiologists, a company or a laboratory: "Pôle Imagerie Kerlan".
    word_rule(
        "place",
        "pole gie scm selarl scp sel radiologie imagerie laboratoire laboratoires",
        r"(?P<x>(?:(?:P[ôo]le|P[ÔO]LE|GIE|SCM|SELARL|SCP|SEL)[ ](?:d['’])?(?i:imagerie|radiologie|"
        r"irm|scanner)(?:[ ](?i:m[ée]dicale))?[ ](?!(?i:service|unit[ée]|secteur|irm|scanner|"
        r"interventionnel|m[ée]dical|diagnosti))|"
        r"(?:Radiologie|Imagerie(?:[ ][Mm][ée]dicale)?)[ ](?=Sainte?-)|"
        r"Imagerie[ ][Mm][ée]dicale[ ](?=[A-ZÀ-Ý][a-zà-ÿ]{3})(?!Scanner|Service|Centre|Unit|"
        r"Docteur|Compte|Examen|Radio|[EÉ]chog|Interv|Diagn|Numér|P[ôo]le|Secteur|Tel|Tél)|"
        r"[Ll]aboratoires?[ ](?=[A-ZÀ-Ý][a-zà-ÿ]{3})"
        r"(?!\w*(?:logie|chimie|tique|dical|yses|tral)\b))"
        rf"(?:{_OF})?{CAPITAL}[\w’'.-]*{_REST})",
        hint=r"[ ][^\n]{3}",
    ),
    # "Seen at our Harlow clinic", "lives in Harlow", "née à Kerlan".
    word_rule(
        "place",
        "our",
        rf"[oO]ur[ ](?P<x>{CAPITAL}[a-z]+(?:[ -]{CAPITAL}[a-z]+)?)(?=[ ](?:clinic|office|branch|"
        r"hospital|site|campus|location|facility|practice)\b)",
        hint=r"[ ][A-Z]",
    ),
    word_rule(
        "place",
        "lives living resides residing resident moved relocated native",
        rf"\w+[ ](?:in|at|near|to|of|from)[ ](?!Assist|Nurs|Senior|Skilled|Group|Long|Inter|"
        rf"Radio|Emerg|Intens|Oper|Recov|Surg|Medic|Cardi|Neuro|Our|The)"
        rf"(?P<x>{CAPITAL}[a-zà-ÿ]{{2,}}(?:[ -]"
        rf"{CAPITAL}[a-zà-ÿ]+){{0,2}}(?:,[ ](?:[A-Z]{{2}}\b|{CAPITAL}[a-z]{{3,}}))?)",
        hint=r"[ ](?:in|at|near|to|of|from)[ ]",
    ),
    word_rule(
        "place",
        "ne nee habite habitant demeurant domicilie domiciliee reside residant originaire natif"
        " native",
        rf"(?i:\w+)[ ](?:à|au|aux|en|de|près de|d['’])[ ]?(?!EHPA|SSR|SMR|USLD|FAM|MAS|ESAT|IME|"
        rf"CHU|HAD|UCSA|MAPA)(?P<x>(?:{_OF})?{CAPITAL}[\w’'-]{{2,}}"
        rf"(?:[ ]{CAPITAL}[\w’'-]+){{0,2}})",
        language="fr",
        hint=r"[ ](?:à|a|en|de|pr|d)",
    ),
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
    " trust associates home practice surgery school lane street road avenue system radiology"
    " imaging mammography diagnostics unit service institute lab hosp"
)
FACILITIES: Final = frozenset(_FACILITIES_WORDS.split())
"""English words that close the name of a facility."""
_WORD: Final = rf"(?:{CAPITAL}[\w’'&-]*|St\.|Mt\.|Ft\.)"
FACILITY_BEFORE: Final = re.compile(
    rf"(?:(?<=\s)|(?<=^)|(?<=[(,:;])){_WORD}(?:[ ](?:of|and|the|for|&)(?:[ ]the)?[ ]{_WORD}|[ "
    rf"]{_WORD}){{0,5}}['’]?s?[ ]"
    rf"(?:(?:Medical|Health|Imaging|Cancer|Heart|Surgical|Surgery|Care|Community|Memorial|General|"
    rf"Foundation|NHS|Regional|University|Children's|Rehabilitation|Wellness|Treatment|Trauma|"
    rf"Dental|Radiology|Nursing|Residential|Retirement|Family|Group|Primary|High|Grammar)[ "
    rf"]){{0,3}}$"
)
"""The name of an English facility, up to the word that closes it; searched in a short stretch."""
FACILITY_REACH: Final = 70
CLOSERS: Final = re.compile(
    r"(?:Hospitals?|HOSPITAL|Clinics?|CLINIC|Infirmary|INFIRMARY|Cent(?:er|re)s?|CENTER|Hospice|"
    r"(?<=Breast )Unit|(?<=Cancer )Unit|(?<=Screening )Service|(?<=Vascular )Lab|Institute|"
    r"CENTRE|HOSP(?![A-Z])|Hosp(?![a-z])|"
    r"Office|Sanatorium|Healthcare|(?<=NHS )Trust|(?<=Foundation )Trust|(?<=Radiology )Associates|"
    r"(?<=Imaging )Associates|(?<=Nursing )Home|(?<=Care )Home|(?<=Residential )Home|"
    r"(?<=Retirement )Home|Practice|Surgery|School|(?<=Health )System|(?<=HSC )TRUST|"
    r"(?<=HSC )Trust|(?:Radiology|Imaging|Mammography|Diagnostics)(?:[ ](?:Associates|Group|"
    r"Partners|LLC|Services|Network|Specialists|Institute))?)\b"
)
TOWN_LINE: Final = re.compile(
    rf"^[ \t]*(?!(?:IRM|TDM|TEP|CT|Scanner|SCANNER|[ÉEée]chographie|Radio\w*|Examen|EXAMEN)\b)"
    rf"(?P<x>{CAPITAL}[\w’' -]{{2,30}}),[ ]{{1,3}}le[ ]{{1,3}}(?=\d|⟦date)",
    re.MULTILINE,
)
"""A letter's town and day, ``Reims, le 12/03/2026``; searched in the lines, each at its start."""

ROADS: Final = frozenset({"lane", "street", "road", "avenue"})
"""English words that close the name of a street."""
ROAD_BEFORE: Final = re.compile(
    rf"(?:(?<=\n)|(?<=\A)|(?<=, )|(?<=  )|(?<=: )|(?<=\bin )|(?<=\bat )|(?<=\bof )|"
    rf"(?<=\bon )|(?<=off ))"
    rf"(?:{CAPITAL}[\w.’'-]*[ ]){{1,3}}\Z"
)
ROAD_BEHIND: Final = re.compile(r"(?:Lane|Street|Road|Avenue)(?=[ ]?(?:,|\n|\Z|[ ]{2}))")
"""A street without a number: it stands where a part of an address does."""

IMAGING: Final = frozenset({"radiology", "imaging", "mammography", "diagnostics"})
DOUBTFUL: Final = IMAGING | {
    "practice", "surgery", "school", "unit", "service", "institute", "lab", "hosp"
}  # fmt: skip
"""Closing words that name a trade as often: a name must stand before."""
TRUST: Final = re.compile(r"(?:[ ]NHS)?(?:[ ](?i:foundation))?[ ](?i:trust)\b")
"""What may follow the name of a British hospital."""
