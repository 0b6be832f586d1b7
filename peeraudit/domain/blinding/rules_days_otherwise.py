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
