"""How are days written in other orders and with other signs than usual?"""

from typing import Final

from peeraudit.domain.blinding.rules_days import DAY, FREE, GLUED, NUMBER, YEAR
from peeraudit.domain.blinding.shapes import Rule, number_rule, word_rule

_LATE: Final = r"(?:1[3-9]|2\d|3[01])"
"""A day that no month may be taken for."""

OTHER_DAY_RULES: Final[tuple[Rule, ...]] = (
    # The year first, with a month in letters: "1990-Dec-04".
    number_rule(
        "date",
        rf"{FREE}(?P<x>{YEAR}[-/. ]{GLUED}[a-zû]{{0,7}}[-/. ]{DAY})(?![\w/-])",
        digits=(4, 4),
    ),
    # Signs with gaps, and points between month, day and two digits of a year.
    number_rule("date", rf"{FREE}(?P<x>{NUMBER}[ ]/[ ]{DAY}[ ]/[ ]{YEAR})(?![\w/])", digits=(1, 2)),
    number_rule("date", rf"{FREE}(?P<x>{NUMBER}[ ]/[ ]{YEAR})(?![\w/])", digits=(1, 2)),
    number_rule(
        "date",
        rf"{FREE}(?P<x>0?[1-9]\.{_LATE}\.\d\d|1[0-2]\.{_LATE}\.\d\d)(?![\w.]|[ ]?(?:mm|cm)\b)",
        digits=(1, 2),
        then=".",
    ),
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}[./-](?:i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})[./-](?:{YEAR}|\d\d))(?!\w)",
        digits=(1, 2),
        then="./-",
    ),
    # A year and a month: "prior 2021-02".
    number_rule(
        "date",
        r"(?:(?<=[:(,] )|(?<=\()|(?<=rom )|(?<=\bof )|(?<=\b[iI]n )|(?<=rior )|(?<=\bdu )|"
        r"(?<=\bde ))"
        rf"(?P<x>{YEAR}-(?:0[1-9]|1[0-2]))(?![\w-]|[.,]\d)",
        digits=(4, 4),
        then="-",
    ),
    # Zeros before a month are written in days, hardly ever in scores: "MAMMO 14/02".
    number_rule(
        "date",
        rf"{FREE}(?<!TA )(?<!PA )(?<!BP )(?<!on )(?<!core )(?<!atio )(?<!rille )(?<!uité )"
        rf"(?<!cuity )(?<!dose )(?<!AST )(?<!PAS )(?P<x>{_LATE}/0[1-9]|0[1-9]/{_LATE})"
        r"(?![\w/]|[.,]\d|[ ]?(?:mm|cm|mmHg|%|slices|images|views|nodes|lymph|points|coupes|"
        r"ganglions|patients|cases|cas|of|positi)\b)",
        digits=(2, 2),
        then="/",
    ),
    # Both with a zero: no blood pressure either, but perhaps the number of a page or an image.
    number_rule(
        "date",
        rf"{FREE}(?<!\d )(?<!age )(?<!mage )(?<!rie )(?<!ries )(?<!oupe )(?<!lice )(?<!lm )"
        rf"(?<!core )(?<!iew )(?<!art )(?<!euillet )(?<!heet )(?<!cuity )(?<!uité )(?<!grade )"
        rf"(?<!stade )(?<!n° )(?<!P )(?<!gar )(?<!EVA )(?<!OD )(?<!OG )(?P<x>0[1-9]/0[1-9])"
        r"(?![\w/]|[.,]\d|[ ]?(?:mm|cm|mmHg|%|slices|images|views|nodes|points|coupes|"
        r"ganglions|of|positi)\b)",
        digits=(2, 2),
        then="/",
    ),
    # "Last dose 12/06 in the evening"; behind what is done or given on a day.
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}/0?[1-9]|{DAY}/1[0-2])(?=[ ](?:au[ ](?:soir|matin)|matin\b|soir\b|"
        r"(?:in[ ]the[ ])?(?:evening|morning)\b))",
        digits=(1, 2),
        then="/",
    ),
    number_rule(
        "date",
        r"(?=\d{1,2}/\d)(?:(?<=iven )|(?<=aken )|(?<=\b[dD]ue )|(?<=\bvs )|(?<=PET )|(?<=OGD )|"
        r"(?<=\b[bB]io )|(?<=heatre )|(?<=EBUS )|(?<=TDM )|(?<=IRM )|(?<=prise )|(?<=\bON )|"
        r"(?<=\b[tT]ill ))"
        rf"(?P<x>{NUMBER}/{_LATE}|{_LATE}/{NUMBER})(?![\w/]|[.,]\d|[ ]?(?:mm|cm|images?|"
        r"doses?|ganglions?|nodes?|lymph|patients?|cases|cas|points?|cycles?|cures?|s[ée]ances?|"
        r"sessions?|positi\w+|of|sur)\b)",
        digits=(1, 2),
        then="/",
    ),
    number_rule(
        "date",
        rf"(?:(?<=⟧ to )|(?<=⟧ au )|(?<=⟧ until )|(?<=⟧ et )|(?<=⟧ and ))(?P<x>{DAY}/{NUMBER})"
        r"(?![\d/]|[.,]\d)",
        digits=(1, 2),
        then="/",
    ),
    # Other signs behind the article: "revu le 18-10", "le 15.10." at the end of a sentence.
    number_rule(
        "date",
        rf"(?<=\b[lL]e )(?P<x>{DAY}(?:-(?:0[1-9]|1[0-2])(?=[ ]?(?:[,;:)\n]|\.?$|\.\s)|[ ][àa]\b)|"
        r"(?<=\d\d)\.(?:0[1-9]|1[0-2])(?=[ ]?(?:[,;:)\n]|$)|\.(?:\s|$))))",
        digits=(1, 2),
    ),
    number_rule("date", rf"{FREE}(?P<x>1er/{NUMBER}/{YEAR})(?![\d/])", digits=(1, 1)),
    word_rule(
        "date",
        "dob ddn naissance birth born ne nee",
        r"[^\W\d_]+[ ]?:?[ ]{1,3}(?P<x>\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w/-])",
        hint=r"[ ]?:?[ ]{1,3}\d",
    ),
    number_rule(
        "date",
        rf"(?:(?<=\bLE )|(?<=\bDU )|(?<=\bAU ))(?P<x>{DAY}/{NUMBER})(?![\d/]|[.,]\d)",
        digits=(1, 2),
        then="/",
    ),
    # Ordinals in capitals: "JULY 1ST 2024".
    word_rule(
        "date",
        "january february march april may june july august september october november december"
        " jan feb mar apr jun jul aug sep sept oct nov dec",
        rf"(?P<x>[A-Z]{{3,9}}\.?[ ]{DAY}(?:ST|ND|RD|TH)(?:,?[ ]{YEAR}|(?<=[A-Z]{{4}}[ ]\d[SNRT]"
        rf"[TDH])|(?<=[A-Z]{{4}}[ ]\d\d[SNRT][TDH])))(?!\w)",
        hint=r"\.?[ ]\d{1,2}[SNRT]",
        in_capitals=True,
    ),
)
