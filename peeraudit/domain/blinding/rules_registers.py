"""How are the numbers of registers, forms and addresses written that are no mere digits?"""

from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, Rule, number_rule, word_rule

_NO_UNIT: Final = r"(?![\w]|[.,]\d|[ ]?(?:mm|cm|ml|mL|mg|mGy|g|kg|kV|mA|UI|IU|HU|UH|ans|years|%)\b)"
_SLASHED: Final = (
    r"(?=(?:[A-Z./_-]{0,8}\d){4})(?:[A-Z]{1,6}[./_-]){0,3}[A-Z]{0,4}\d{1,10}"
    r"(?:[./_-][A-Z\d]{1,10}){0,5}"
)
"""Four digits or more, with letters and signs between: ``NH/KN/22/04418``."""

REGISTER_RULES: Final[tuple[Rule, ...]] = (
    word_rule(
        "id",
        "number numero no reg registration uhid hospital dossier ref reference adm id case uid pid"
        " file chart record admission accession examen exam visit lic licence license crno opd ipd"
        " study acc cristal protocol protocole inclusion scanner",
        r"(?i:\w+)(?:[ ](?i:no|n[°º]|number|num[ée]ro)\b)?\.?[ ]{0,3}[:#]?[ ]{0,3}"
        rf"(?P<x>(?!(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d\d?)?(?![\w/-]))"
        rf"(?!\d\d?[-/.]\d\d?[-/.](?:\d\d){{1,2}}(?![\w/-])){_SLASHED}){_NO_UNIT}",
        hint=r"[^\n\d]{0,24}\d",
    ),
    # Behind "N°" and the word of a system: "N°SCAN 88412", "n° EOS 23 4471", "N° AME : 75 0 1995".
    word_rule(
        "id",
        "n",
        r"(?<!cret )[nN][ ]?[°º][ ]?(?:[A-Za-zÀ-ÿ.]{2,12}(?:[ ](?:de|du|d['’])[ ]?\w{2,12})?)?"
        rf"[ ]?:?[ ]{{0,2}}(?P<x>(?=(?:[A-Z]{{0,4}}[ ./_-]?\d){{4}})(?:[A-Z]{{1,4}}[ ])?\d{{1,10}}"
        rf"(?:[ ./-]\d{{1,8}}){{0,6}}){_NO_UNIT}",
        hint=r"[ ]?[°º]",
    ),
    # A council of doctors, dentists or radiographers behind a name: "(MDCN 34471)", "GDC 118273".
    word_rule(
        "id",
        "mdcn mcrn gdc gphc hcpc nmc pmdc mci smc mcr prc msp dci kmc tnmc dmc hpcsa mdpcz crm gmc"
        " imc medical council ahpra cpso cpsbc cmq acls sonologist registration regn rcpsc nmcn"
        " adeli",
        r"[^\W\d_]+(?:[ ](?i:no|n[°º]|lic(?:en[cs]e)?|number|reg)\.?){0,2}[ ]{0,2}[:#.]?[ ]{0,2}"
        rf"(?P<x>[A-Z]{{0,4}}[-/]?\d{{4,10}}[A-Z]?){_NO_UNIT}",
        hint=r"[^\n\d]{0,16}\d{4}",
    ),
    # Numbers in groups, with letters before and behind: "HRN 0 338 172", "GMS G 44 18 207 A".
    word_rule(
        "id",
        "hosp hrn pin hcc mhsc billing lot chart hcpc practice gms medicare ppsn sn"
        " phin account acct dossier chez",
        r"\w+(?:[ ](?:no|nous|code|number)\b)?\.?[ ]?[:#]?[ .]{0,14}[:#]?[ ]?"
        r"(?P<x>(?=(?:[A-Z/]{0,4}[ ./_-]?\d){5})(?:[A-Z]{1,4}\d?[/ ])?(?:[A-Z][ -]?)?"
        rf"[A-Z\d]{{1,10}}(?:[ ./-]\d{{1,8}}){{0,5}}(?:[ ]?[A-Z]\b)?){_NO_UNIT}",
        hint=r"[^\n\d]{0,24}\d",
    ),
    word_rule(
        "id",
        "s h",
        r"(?:[sS]/[nN]|[hH]\.[nN]\.)[ ]?:?[ ]?"
        rf"(?P<x>(?:[A-Z]{{1,4}}[ -]?)?\d{{1,8}}(?:[ -]\d{{1,6}}){{0,4}}){_NO_UNIT}",
        hint=r"(?:/[nN]|\.[nN]\.)",
    ),
    # Who is known to a machine: "printed by user kmorrow2", "login: j.doe".
    word_rule(
        "id",
        "user username login utilisateur identifiant userid",
        r"\w+[ ]?(?:name|id)?[ ]?[:=]?[ ](?P<x>(?=[a-z.]*\d|[a-z]+\.[a-z])[a-z][a-z\d._-]{2,30})"
        r"(?![\w@])",
        hint=r"[ :=]",
    ),
    # Health insurances of Québec and Ontario: "RAMQ ELIF 9352 1417", "4821-337-906-KT".
    word_rule(
        "id",
        "ramq nam",
        r"\w+[ ]?:?[ ]?(?P<x>[A-Z]{4}[ ]?\d{4}[ ]?\d{4})(?!\w)",
        hint=r"[ :]",
    ),
    number_rule(
        "id",
        r"(?<![\w.,/-])(?P<x>\d{4}[ -]\d{3}[ -]\d{3}[ -][A-Z]{2})(?!\w)",
        digits=(4, 4),
        then="-",
    ),
    number_rule(
        "id",
        r"(?<![\w.,/-])(?P<x>(?:19|20)\d\d-\d{2}-\d{3,6}(?:-[A-Z]{1,2})?)(?![\w-])",
        digits=(4, 4),
        then="-",
    ),
    number_rule(
        "id", r"(?<![\w.,/-])(?P<x>\d{2,3}-\d{4,6}-\d)(?![\w/-]|[.,]\d)", digits=(2, 3), then="-"
    ),
    # Telephones of Indian towns, "07700-900 552", and the inner number that was phoned.
    number_rule(
        "phone",
        r"(?<![\d.,/-])(?P<x>0\d{2,4}-(?:\d{3,4}[ -]?\d{4}|\d{3}[ ]\d{3}))(?!\d|[.,/-]\d)",
        digits=(3, 5),
        then="-",
    ),
    # With other gaps: "99999-31847", "404 - 555 - 0114", "02 6 1 9 1 7 1 0 3".
    number_rule(
        "phone", r"(?<![\d.,/-])(?P<x>[6-9]\d{4}-\d{5})(?![\w/-]|[.,]\d)", digits=(5, 5), then="-"
    ),
    number_rule(
        "phone", r"(?<![\d.,/-])(?P<x>[2-9]\d\d[ ]-[ ]\d{3}[ ]-[ ]\d{4})(?!\w)", digits=(3, 3)
    ),
    number_rule(
        "phone",
        r"(?<![\d.,/-])(?<!\d )(?P<x>0[1-9](?:[ .]?\d){8})(?!\w|[ .,]?\d)",
        language="fr",
        digits=(2, 10),
    ),
    word_rule(
        "phone",
        "phoned called told rang paged",
        r"\w+[ ](?:at[ ])?(?P<x>[xX]\d{4,5})(?!\w)",
        hint=r"[ ](?:at[ ])?[xX]\d",
    ),
    # The postal codes of Ireland and India: "Tralee V92 X4T1", "Hyderabad - 500081".
    number_rule(
        "address",
        r"(?<![A-Za-z][A-Z])(?<=[AC-FHKNPRTV-Y])"
        r"(?P<x>\d[\dW][ ](?=[A-Z\d]{0,3}\d)(?=[\d]{0,3}[A-Z])"
        r"(?![LSTC]\d[LSTC]?\d|RR|HR|SP|TR|TE|FA)[AC-FHKNPRTV-Y\d]{4})(?!\w)",
        digits=(2, 2),
    ),
    number_rule(
        "address",
        r"(?:(?<=[a-z] - )|(?<=[a-z]-)|(?<=[A-Z]\. )|(?<=[A-Z]{2} - ))(?P<x>[1-8]\d{5})"
        r"(?=[ ]?(?:[\n,.;]|$))",
        digits=(6, 6),
    ),
    # Houses of India and Ireland: "H.No. 12-4-87, Gali Masjid", "Apt 9 The Maltings".
    word_rule(
        "address",
        "apt flat apartment plot house door h",
        rf"(?P<x>(?:(?:[Aa]pt|[Ff]lat|[Aa]partment)\.?[ ]\w{{1,4}},?[ ](?:The[ ])?{CAPITAL}[\w’'-]+"
        rf"(?:[ ]{CAPITAL}[\w’'-]+){{0,2}}|(?:H\.?[ ]?No|Plot[ ]No|Door[ ]No|House[ ]No)\.?[ ]?"
        rf"\d[\d/-]{{0,12}}(?:,[ ](?:\d{{1,2}}(?:st|nd|rd|th)[ ])?{CAPITAL}[\w’'-]+"
        rf"(?:[ ]{CAPITAL}[\w’'-]+){{0,3}}){{1,3}}))",
        hint=r"[.]?[ ]?(?:No|\w)",
    ),
)
