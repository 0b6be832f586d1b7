"""How do reports write the numbers, telephones and addresses of people and papers?"""

from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, MANY, Rule, number_rule, word_rule

_LABELS: Final = (
    "ipp nip nda iep ins nir rpps adeli finess mrn mrn# mc nhs ssn acc accession acn id ids ref"
    " dossier examen exam venue visit visite sejour account acct order unit insurance policy plan"
    " no num numero number matricule identifiant identification identifier patient record chart"
    " medical beneficiary member license licence certificate serial device vin passport hospital"
    " secu nss cni urn ur pid uhn hn chi study request demande prescription episode admission"
    " encounter case report securite sociale social security bon demandes numerodossier pat"
    " iban card carte group subscriber hicn npi dea mbi emr medrec hin nam ip membership claim"
    " hrn csn unite dl med ehr empi cpr opd file"
)
STREETS: Final = (
    r"(?i:rue|avenue|av\.?|ave\.?|boulevard|bd\.?|bld\.?|blvd|place|pl\.|impasse|imp\.|all[ée]es?|"
    r"chemin|ch\.|route|rte|quai|cours|square|passage|faubourg|fbg|r[ée]sidence|lotissement|"
    r"hameau|villa|sentier|ruelle|esplanade|mont[ée]e|voie|parvis|cit[ée]|mail)"
)
_OF: Final = r"(?:(?:de|du|des|la|le|les|La|Le|Les|DE|DU|DES|LA|LE|LES)[ ]|[lLdD]['’])"
_ROAD: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Blvd|Boulevard|Way|Square|Sq|"
    r"Crescent|Close|Parkway|Pkwy|Circle|Cir|Terrace|Trail|Turnpike|Highway|Hwy|Place|Pl|Plaza|"
    r"Loop|Wynd|Brae|Quay|Walk|Rise|Broadway|Esplanade|Grove|Gardens|Parade|Yard|Row|Mews|Alley|Pike|Ridge|Run|Path)"
)
_TOWN: Final = (
    rf"{CAPITAL}[\w’'-]+(?:[ -](?:{_OF}|sur[ -]|sous[ -]|en[ -]|lès[ -])?{CAPITAL}[\w’'-]+){{0,3}}"
)
_PAIRS: Final = r"(?:[ .\-/]{0,2}\d{2}){4}"
_EVEN_PAIRS: Final = (
    r"(?:\d{8}|(?:[ ]{1,2}\d{2}){4}|(?:\.[ ]?\d{2}){4}|(?:-\d{2}){4}|(?:/\d{2}){4})"
)

# A number stands on the line of its label, and no sign that parts phrases between the two. The
# words that may stand between have less than 70 letters; to look further from each label would
# take the square of a text's length.
_NUMBER_IN_LINE: Final = r"(?>(?:[ \t]*[^\d\s,;!?/\"«»…*+%]){0,100})[ \t]*\d"

NUMBER_RULES: Final[tuple[Rule, ...]] = (
    # French social security number: sex, year, month, department, commune, rank, key.
    number_rule(
        "id",
        r"(?<![\d.,])(?P<x>[1-478][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[AB])[ "
        r".]?",
        r"\d{3}[ .]?\d{3}(?:[ ./-]{0,3}\d{2}(?![./-]\d))?)(?!\d)",
        digits=(1, 15),
    ),
    # The same in other groups, by its 15 digits.
    number_rule(
        "id",
        r"(?<![\d.,])(?<!\d )(?P<x>(?=\d(?:[ .]?\d){14}(?![ .]?\d))[12]\d?(?:[ .]\d{2,3}){4,7})"
        r"(?!\d)",
        digits=(1, 2),
    ),
    number_rule(
        "id",
        r"(?<![\d.,])(?P<x>(?!(?:0 ){4})(?!(\d)(?: \2){6})(?:\d ){7,40}\d)(?!\d|[.,]\d)",
        digits=(1, 1),
    ),
    # Groups with hyphens: a social security number, or a number of seven digits and more.
    number_rule(
        "id",
        r"(?<![\w.,/-])(?P<x>(?=\d(?:-?\d){6})(?:\d{1,3}-\d{5,7}(?<!00)|"
        r"(?!(?:19|20)\d\d-\d{4}(?!\d))\d{4}-\d{4,7}(?<!00)|"
        r"\d{1,6}(?:-\d{2,7}){2,4}(?:-\d)?))(?![\d-]|[.,/]\d|[ ]?(?:mm|ml|g)\b)",
        digits=(1, 6),
    ),
    # Groups with points behind the letters of a method: "US.2024.00136".
    number_rule("id", r"(?<=[A-Z]{2}\.)(?P<x>\d{2,6}\.\d{4,9})(?!\w|[.,]\d)", digits=(2, 6)),
    number_rule(
        "id",
        r"(?<![\w.,/-])(?P<x>(?:20)?\d{2}-[A-Z]{2,3}-\d{4,8})(?!\w|[.,]\d)",
        digits=(2, 4),
        then="-",
    ),
    # The number of whoever was just named, or that stands before the day of birth.
    number_rule("id", r"(?<=⟧ \()(?P<x>\d{5,9})(?=\))", digits=(5, 9)),
    number_rule(
        "id",
        r"(?<![\w.,/-])(?P<x>\d{5,9})(?=[ ]{1,3}(?:DOB|DDN|D\.O\.B|n[ée]e?\b|born\b))",
        digits=(5, 9),
    ),
    # The French number of a doctor at the health insurance: "75 1 01234 5".
    number_rule(
        "id",
        r"(?<![\d.,])(?<!\d )(?P<x>\d{2}[ ]\d[ ]\d{5}[ ]\d)(?!\w|[.,]\d|[ ]\d)",
        language="fr",
        digits=(2, 2),
    ),
    # A long number with its check digit behind a point.
    number_rule("id", r"(?<![\d.,])(?P<x>\d{6,12}\.\d)(?!\w|[.,]\d)", digits=(6, 12)),
    number_rule("id", r"(?<![\d.])(?P<x>\d{1,39}(?:\.\d{1,39}){5,20})(?![\d.]\d)"),
    number_rule("id", r"(?<![\w.])(?P<x>(?:\d{1,3}\.){3}\d{1,3})(?![\w]|[.]\d)", digits=(1, 3)),
    number_rule(
        "id", r"(?<!\d)(?<!\d[.,])(?P<x>\d{7,}(?:-\d{1,6})?)(?!\d|[.,]\d)", digits=(7, MANY)
    ),
    number_rule(
        "id", r"(?<![\d-])(?P<x>\d{4}[ -]\d{4}[ -]\d{4}(?:[ -]\d{1,7})?)(?![\d-])", digits=(4, 4)
    ),
    # Letters before, digits behind: the scan takes the letters in.
    number_rule(
        "id",
        r"(?:(?<=[A-Z]{2})(?=\d{4})|(?<=[A-Z])(?=\d{6}))(?P<x>\d{4,}(?:[-/]?[A-Z0-9]{1,12})*)"
        r"(?!\w)",
        digits=(4, MANY),
    ),
    number_rule(
        "id",
        r"(?:(?<=[A-Z]{2}[-_/])(?=\d{4})|(?<=[A-Z][-_/])(?=\d{5}))(?P<x>\d{4,}(?:[-/]"
        r"[A-Z0-9]{1,12})*)(?!\w|[.,]\d)",
        digits=(4, MANY),
    ),
    number_rule("id", r"(?<![\w.,])(?P<x>\d{2,12}[A-Z]{1,3}\d{4,12})(?!\w)", digits=(2, 12)),
    # A number of the year behind its year, and one that ends in letters that are no unit.
    number_rule(
        "id", r"(?<![\w.,/-])(?P<x>\d{2}/\d{5,7})(?![\w/-]|[.,]\d)", digits=(2, 2), then="/"
    ),
    number_rule("id", r"(?<=[A-Z])(?P<x>\d{2}[-/]\d{4,7})(?![\w/-]|[.,]\d)", digits=(2, 2)),
    number_rule(
        "id",
        r"(?:(?<![\w.,/-])(?=\d{6})|(?<=[A-Z]))"
        r"(?P<x>\d{4,12}(?!UI|IU|HU|UH|ML|MG|HZ|KV|MA|BQ|EH)[A-Z]{1,3})(?![\w-])",
        digits=(4, 12),
    ),
    number_rule("id", r"(?<=#)(?P<x>\d{5,}[\w-]{0,20})", digits=(5, MANY)),
    number_rule(
        "phone",
        rf"(?<![\d.,])(?P<x>(?:33\)?|0033|0|\(0\))[ .\-]?(?:\(0\)[ ]?)?[1-9]{_EVEN_PAIRS}(?:[ ]?"
        rf"(?:p\.|poste)[ ]?\d+)?)(?!\d)",
    ),
    # Pairs set apart in several ways: among other numbers it is a row of a table.
    number_rule(
        "phone",
        rf"(?<![\d.,])(?<!\d[ ])(?P<x>(?:33\)?|0033|0|\(0\))[ .\-]?(?:\(0\)[ ]?)?[1-9]{_PAIRS}"
        rf"(?:[ ]?(?:p\.|poste)[ ]?\d+)?)(?!\d|[ ]\d)",
    ),
    # A letter O read or typed for a zero.
    number_rule(
        "phone",
        r"(?<![\d.,])(?P<x>0[1-9](?:(?:\.[\dO]{2}){4}|(?:[ ][\dO]{2}){4}|(?:-[\dO]{2}){4}))(?!\w)",
        digits=(2, 2),
    ),
    number_rule(
        "phone",
        r"(?<![\d.,])(?<!\d )(?P<x>0[1-9][ .]\d{4}[ .]\d{4}|0[1-9][ .]\d{2}[ .]\d{3}[ .]\d{3}|",
        r"0[1-9]\d{2}[ .]\d{2}[ .]\d{2}[ .]\d{2}|0[1-9]\d[ .]\d{3}[ .]\d{2}[ .]\d{2})(?!\d|[ ]\d)",
        digits=(2, 4),
    ),
    number_rule(
        "phone",
        r"(?<![\d.])(?P<x>0(?:\d{4}[ ]?\d{6}|\d{3}[ ]\d{3}[ ]\d{4}|2\d[ ]\d{4}[ ]\d{4}))(?!\d)",
        digits=(3, 11),
    ),
    number_rule(
        "phone",
        r"(?<![\d.])(?P<x>(?:(?:00)?1[ .-])?\(?\d{3}\)?[ .-]{0,2}\d{3}[-. ]\d{4}",
        r"(?:,?[ ]?(?:x|ext\.?|extension|poste|p\.)[ ]?\d{1,6})?)(?![\d])",
        digits=(1, 6),
    ),
    number_rule(
        "phone",
        r"(?<=\+)(?P<x>(?=\d(?:[ .()/-]{0,3}\d){7})\d{1,3}(?:[ .\-/]{0,2}\(?\d{1,6}\)?){1,7})"
        r"(?!\d)",
    ),
    # A Belgian number, its area before a slash, and a British one with its area in brackets.
    number_rule(
        "phone",
        r"(?<![\d.,/])(?P<x>0\d{1,3}[ ]?/[ ]?(?:\d{3}[ .]\d{2}[ .]\d{2}|\d{2}[ .]\d{2}[ .]\d{2}|"
        r"\d{2}[ .]\d{3}"
        r"[ .]\d{2}|\d{6,7}))(?!\d|[.,/]\d)",
        digits=(2, 4),
    ),
    number_rule(
        "phone",
        r"(?<=\()(?P<x>0(?:\d{1,5}\)[ ]?\d{3,4}[ ]?\d{3,4}|[1-9]\)(?:[ .]?\d{2}){4}))(?!\d)",
        digits=(2, 6),
    ),
    # Area codes and groups as North America and Australia write them.
    number_rule(
        "phone",
        r"(?<![\d.,/-])(?P<x>\d{3}/\d{3}-\d{4}|1-\d{3}-\d{3}-\d{4}|0\d[ ]\d{4}[ ]\d{4}|"
        r"0\d{4}[ ]\d{3}[ ]\d{3,4}|0\d{3}[ ]\d{3}[ ]\d{4}|0\d{3}[ ]\d{7}|"
        r"0\d{2}[ ]\d{4}[ ]\d{4})(?!\d|[.,/-]\d|[ ]\d)",
        digits=(1, 5),
    ),
    # A number of the town: "called at 555-0182".
    number_rule(
        "phone",
        r"(?:(?<=\b[aA]t )|(?<=\b[oO]n )|(?<=[cC]all )|(?<=[cC]ell )|(?<=ager ))(?P<x>\d{3}-\d{4})"
        r"(?![\w-]|[.,/]\d|[ ]?(?:Hz|mm|HU)\b)",
        digits=(3, 3),
        then="-",
    ),
    # Its label stands behind it.
    number_rule(
        "phone",
        r"(?<![\d.,/-])(?<!\d )(?P<x>(?=\d(?:[ .()-]{0,2}\d){6})\d{2,5}\)?(?:[ .-]\d{2,4}){1,4})",
        r"(?=[ ]?-?[ ]?(?i:office|fax|mobile|cell|home|work|bureau|portable|domicile)\b)",
        digits=(2, 5),
    ),
    word_rule(
        "phone",
        "tel telephone phone phones fax poste ext extension reach reached reachable answering bip"
        " pager dect bleep mobile port portable standard secretariat joindre joignable"
        " joignables numero cell contact call appeler rappeler",
        r"(?i:t[ée]l(?:[ée]phone)?s?|phones?|fax|poste|ext(?:ension)?|reach(?:ed|able)?|answering|bip|pager|",
        r"dect|bleep|mobile|",
        r"port(?:able)?|standard|secr[ée]tariat|joindre|joignables?|num[ée]ro|cell|contact|call|",
        r"(?:r?appeler))[ \t.]*(?i:(?:n[°º]|no\.?|number|num[ée]ro|au|à|at|on|is|"
        r"me|us|him|her|them|back|suivant|interne|du[ ]\w+|le)[ ]?)"
        r"{0,3}[ \t]*[:#]?[ \t\n]{0,3}\+?(?P<x>\(?\+?\d[\d .()/-]{2,18}\d(?:[ ]?x\d{1,6})?)(?!\d|"
        r"[.,]\d)",
    ),
    # The inner number at which somebody was told: "prévenu au 4063", "paged on 38506", "(x5710)".
    word_rule(
        "phone",
        "prevenu prevenue appele appelee averti avertie informe informee contacte contactee joint"
        " jointe biper bipe appel called paged notified informed contacted bleeped reached am m",
        r"(?i:\w+)[ ](?i:au|on|at)[ ](?P<x>\d{4,6})(?![\w/]|[.,:]\d|[ ]?(?:h|mm|ml)\b)",
        hint=r"[ ](?:au|on|at)[ ]\d",
    ),
    number_rule("phone", r"(?<=[ (]x)(?P<x>(?:\d-)?\d{4,6})(?![\w.,]\d|\w)", digits=(1, 6)),
    number_rule("phone", r"(?<=⟧ )(?P<x>\d\d(?:[ .]\d\d){3,4})(?![.,]?\d)", digits=(2, 2)),
    number_rule("phone", r"(?<=[\wà-ÿ⟧] \()(?P<x>\d{4,5})(?=\)[ ]?(?:\n|$))", digits=(4, 5)),
    word_rule(
        "id",
        _LABELS,
        r"(?i:\w+)(?:(?:[ \t]|(?<=['’]))(?i:(?:patient|examen|record|number|num|no|id|identifier|"
        r"permanent|card|",
        r"de|du|d['’]|dossier|rec|ending|ends|plan|identifiant|hospitalisation|s[ée]rie|mrn|étant|"
        r"accession|with|in|s[ée]jour|sociale|security|holder|beneficiary|plan|member|account|",
        r"venue|visite|demande|code|is|was|est|le|la|visit|license|licence|certificate)(?:\b|(?<=['’])))"
        r"){0,6}"
        r"[ \t]*(?:\((?:[A-Za-z]{2,6})\))?[ \t]*(?:n?[°º]|(?i:no)\.?|\.|"
        r"\#)?[ \t]*[:=#]{0,2}[ \t]*(?:is[ ]"
        r"|est[ ])?",
        r"(?P<x>(?:[A-Z]{1,5}[ .](?:[A-Z]{2,4}[ ])?(?=[A-Z]{0,4}\d(?:[ .-]?[\dA-Z]){4}))?"
        r"(?:[xX*]{2,3}-[xX*]{2}-)?"
        r"(?=[A-Za-z-]{0,6}\d)(?=[\w-]*\d[\w-]*\d[\w.-]*\d)[A-Za-z0-9][\w-]{2,40}"
        r"(?:[ /.](?=\d)[\d-]{2,12}){0,6})(?![.,]\d|[ ]?(?:mm|cm|ml|mg|mGy|g|%|ans|years)\b)",
        hint=_NUMBER_IN_LINE,
    ),
    # In groups with letters behind the label of a card, a policy or a licence.
    word_rule(
        "id",
        "medicare card carte policy police group member claim badge plate licence license permis"
        " ecrou provider medicaid passport passeport immatriculation prisoner health insurance"
        " mutuelle hcn ihi icn nhi record mrn imc gmc sn",
        r"[^\W\d_]+(?:[ ](?:card|number|num[ée]ro|plate|no|n[°º]|id|licen[cs]e)\.?)?[ ]?"
        r"[#:]{0,2}[ ]{0,2}",
        r"(?P<x>(?=(?:[A-Z]{0,4}[ -]?\d){5})(?:[A-Z]{1,4}[ -]?)?\d[\dA-Z]{0,9}"
        r"(?:[ -](?=[A-Z]{0,2}\d)[\dA-Z]{1,9}){0,6}(?:[ -][A-Z]{1,2}\b)?)"
        r"(?![\w/]|[.,]\d|[ ]?(?:mm|ml|mg|mGy)\b)",
        hint=_NUMBER_IN_LINE,
    ),
    # The last digits of a number, and short marks of cars.
    word_rule(
        "id",
        "last",
        r"[lL]ast[ ](?:four|4)(?:[ ](?:digits|of[ ](?:SSN|ssn)|"
        r"SSN))?[ :]{1,2}(?P<x>\d{4})(?![\w/]|[.,]\d)",
        hint=r"[ ](?:four|4)",
    ),
    word_rule(
        "id",
        "plate badge immatriculation plaque licence license permis",
        r"[^\W\d_]+(?:[ ](?:card|number|num[ée]ro|plate|no|n[°º]|id)\.?)?[ ]?[#:]{0,2}[ ]{0,2}",
        r"(?P<x>(?=(?:[A-Z]{0,4}[ -]?\d){3})(?=[\d -]{0,12}[A-Z])[A-Z\d]{1,8}"
        r"(?:[ -][A-Z\d]{1,8}){0,3})"
        r"(?![\w/]|[.,]\d)",
        hint=_NUMBER_IN_LINE,
    ),
    # In groups of any length behind the label of a register: "RPPS 10 004 946 430".
    word_rule(
        "id",
        "imc rpps finess adeli nir ins secu niss avs ahv insz nihii inami rcc gln nhs chi npi gmc"
        " mrn ipp iep nda nip siret siren mrn phn ohip ramq hcn gmc nmc hcpc am",
        r"\w+(?:[ ](?i:no|n[°º]|num[ée]ro|number|key|cl[ée])\.?)?[ ]{0,2}[:#]?[ ]{0,2}"
        r"(?P<x>(?=(?:\d[ .-]?){6})\d{1,5}(?:[ .-]\d{1,5}){1,7})(?!\d|[.,/]\d)",
        hint=r"[^\n\d]{0,14}\d",
    ),
    # The number of Medicare in the United States: "1EG4-TE5-MK73".
    number_rule(
        "id",
        r"(?<![\w.,-])(?P<x>\d[A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d{2})(?!\w)",
        digits=(1, 1),
    ),
    # A cell of a row of numbers: "| 3702 7932 |".
    number_rule(
        "id",
        r"(?<=\| )(?P<x>\d{3,8}[ ./-]\d{2,6})(?=[ ]?(?:\||\n|$))",
        digits=(3, 8),
    ),
    # A number that is spelt: "hospital number K 3 1 0 5 2 7".
    word_rule(
        "id",
        "number numero mrn ipp nip id dossier",
        r"\w+[ ]?:?[ ](?:is[ ]|est[ ])?(?P<x>(?:[A-Z][ ]){0,2}(?:\d[ ]){4,20}\d)(?![\w.,/]\d|\w)",
        hint=r"[^\n\d]{0,12}\d[ ]\d[ ]\d",
    ),
    # What a device bears: "S/N QX612-7791287", "SN 88120-B4", "Lot 7741B".
    word_rule(
        "id",
        "s sn lot batch",
        r"(?:S/N|SN|sn|[lL]ot|LOT|[bB]atch)(?:[ ]?(?:no|n[°º]|number)\.?)?[ ]?[:#.]?[ ]?",
        r"(?P<x>(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?=[\w-]*[A-Z-]|\d{5})[A-Z\d][\w-]{3,30})"
        r"(?![\w/]|[.,]\d|[ ]?(?:mm|cm|ml)\b)",
        hint=r"[^\n\d]{0,14}\d",
    ),
    word_rule(
        "id",
        "n",
        r"(?<!cret )[nN][ ]?[°º][ ]?:?[ ]?",
        r"(?P<x>(?=[\w/-]*\d[\w/-]*\d[\w/-]*\d)[A-Za-z0-9][\w/-]{2,30})",
    ),
    word_rule(
        "id",
        "fr gb de be ch it es lu nl",
        r"(?P<x>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?)(?!\w)",
        in_capitals=True,
    ),
    number_rule(
        "address",
        r"(?<![\w.,])(?P<x>\d{1,4}(?:[-/]\d{1,4})?(?:[ ]?(?:bis|ter|quater|BIS|TER|[A-D]\b))?,?[ "
        r"]{1,2}",
        rf"{STREETS}[ ]{{1,2}}(?:[^\n,;.()]{{2,40}}(?=[,;\n(]|[ ]\d{{5}}|$)"
        rf"|{_OF}{{0,2}}{CAPITAL}[\w’'-]*"
        rf"(?:[ -]{_OF}{{0,2}}{CAPITAL}[\w’'-]*){{0,3}})(?:,?[ ](?i:app?t|b[âa]t|esc|apt)\.?[ "
        rf"]?\w{{1,5}})?(?:,?[ \n]{{1,2}}\d{{5}},?[ ]{_TOWN})?)",
        language="fr",
        digits=(1, 4),
    ),
    word_rule(
        "address",
        "rue avenue boulevard bd impasse chemin allee quai faubourg route residence lotissement"
        " hameau",
        rf"(?P<x>{STREETS}[ ]{_OF}{{0,2}}{CAPITAL}[\w’'-]+(?:[ "
        rf"-]{_OF}{{0,2}}{CAPITAL}[\w’'-]*){{0,3}}"
        # Belgium and Switzerland write the number behind.
        r"(?:,?[ ]\d{1,4}(?:[ ]?(?:bis|ter|[A-Da-d])\b)?(?![\d/.:]|[ ]?(?:mm|cm|ans)\b))?"
        r"(?:,?[ ](?i:app?t|b[âa]t(?:iment)?|esc|apt)\.?[ ]?\w{1,5}\b)?)",
        language="fr",
    ),
    word_rule(
        "address",
        "lieu-dit lieudit za zi zac zone cedex po p",
        rf"(?P<x>(?:[Ll]ieu-?dit|ZA|ZI|ZAC|[Zz]one[ ](?:artisanale|industrielle|"
        rf"d['’]activit[ée]s?))"
        rf"[ ]{_OF}{{0,2}}{CAPITAL}[\w’'-]+(?:[ -]{_OF}{{0,2}}{CAPITAL}[\w’'-]+){{0,3}}|"
        r"(?:PO[ ]?[Bb][Oo][Xx]|P\.O\.[ ]?[Bb]ox|CEDEX|Cedex)[ ]?\d{2,6}(?![\w.,]\d|\w))",
    ),
    # In English "BP" is a pressure.
    word_rule(
        "address",
        "bp cs",
        r"(?P<x>(?:BP|CS)[ ]\d{2,6}(?=[ ]?(?:\n|$|[-–,][ ]|[ ]\d{5}[ ])))",
        language="fr",
    ),
    number_rule(
        "address",
        r"(?<![\w.])(?P<x>\d{1,6}[A-Za-z]?(?:[/-]\d{1,5})?[ ](?:(?:N|S|E|W|NE|NW|SE|SW)\.?[ ])?"
        rf"(?:\d{{1,3}}(?:st|nd|rd|th)[ ]|{CAPITAL}[\w.'’-]*[ ]){{1,4}}{_ROAD}\b\.?",
        r"(?:,?[ \n](?:Apt|Suite|Ste|Unit|Apartment|#)\.?[ ]?[\w-]{1,6})?",
        rf"(?:,?[ \n]{{1,2}}(?:{CAPITAL}[\w.]+[ ,]{{1,2}}){{1,4}}\d{{4,6}}(?:-\d{{4}})?"
        r"(?![\w/]))?)",
        digits=(1, 6),
    ),
    number_rule(
        "address",
        r"(?<![\w.,])(?P<x>(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3},?[ ]{1,2}",
        rf"{_TOWN}(?:[ ](?i:cedex))?(?:(?:(?<=[cC]edex)|(?<=CEDEX))[ ]\d{{1,2}}(?!\d))?)",
        language="fr",
        digits=(2, 5),
    ),
    number_rule(
        "address", r"(?<=, [A-Z]{2} )(?P<x>\d{5}(?:-\d{4})?)(?![\w.,]\d|\w)", digits=(5, 5)
    ),
    # A number behind the name of a town.
    number_rule(
        "address",
        r"(?:(?<=⟦place⟧ )|(?<=⟦place⟧, )|(?<=⟦address⟧ )|(?<=⟦address⟧, )|(?<=⟦address⟧,))"
        r"(?P<x>\d{4,5}(?:-\d{4})?)(?![\w.,/]\d|\w)",
        digits=(4, 5),
    ),
    # Belgium, Switzerland and Luxembourg have four digits, behind a street or their letter.
    number_rule(
        "address",
        r"(?:(?<=⟦address⟧ - )|(?<=⟦address⟧, )|(?<=⟦address⟧ )|(?<=⟦address⟧\n)|"
        rf"(?<=\bB-)|(?<=\bL-)|(?<=\bCH-))(?P<x>[1-9]\d{{3}}[ ]{_TOWN})",
        digits=(4, 4),
    ),
    # Canadian postal codes.
    number_rule("address", r"(?<=[A-Z])(?P<x>\d[A-Z][ ]\d[A-Z]\d)(?!\w)", digits=(1, 1)),
    # British postal codes; their last two letters are never C, I, K, M, O or V (nor "mm").
    number_rule(
        "address", r"(?<=[A-Z])(?P<x>\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2})(?!\w)", digits=(1, 2)
    ),
)
