"""How do reports write days, and ages that few people reach?"""

from typing import Final

from peeraudit.domain.blinding.shapes import Rule, number_rule, word_rule

_MONTHS: Final = (
    "janvier janv fevrier fevr fev mars avril avr mai juin juillet juil aout septembre sept octobre"
    " novembre decembre jan january feb february mar march apr april may june jun july jul aug"
    " august sep september oct october nov november dec december"
)
MONTH: Final = (
    r"(?i:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|"
    r"mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|september|october|november|december)\b\.?"
)
_WHOLE_MONTH: Final = (
    r"(?:(?i:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|"
    r"d[ée]cembre)|January|February|March|April|May|June|July|August|September|October|November|"
    r"December)"
)
_CLOCK: Final = (
    r"(?:[ \n]?[,T]?[ ]?(?:(?:à|at|@|-)[ ])?\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?|[hH]"
    r"\d{0,2}(?![a-z]))"
    r"(?:[ ]?[aApP]\.?[mM]\b\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR: Final = r"(?:19|20)\d{2}"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_NUMBER: Final = r"(?:1[0-2]|0?[1-9])"
_LATER: Final = (
    rf"(?:(?:,[ \n]?|[ \n]{{1,2}})(?:of[ ])?(?:{_YEAR}\b|['’]\d{{2}}\b)|-(?:{_YEAR}|\d{{2}})\b)"
)
_SPELT: Final = (
    r"(?i:mille|deux[ ]mille)(?:[ -](?i:neuf|cent|cents|et|un|deux|trois|quatre|cinq|six|sept|"
    r"huit|dix|onze|douze|treize|quatorze|quinze|seize|vingt|vingts|trente|quarante|cinquante|"
    r"soixante)\b){0,8}"
)
_FREE: Final = r"(?<![\w/.,-])(?<!\d[ ])"
_ORDINAL: Final = r"(?:er|st|nd|rd|th)?"
_WRITTEN: Final = (
    r"(?i:(?:premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|"
    r"quinze|seize|vingt|trente|first|second|third|fourth|fifth)(?:[- ](?:et[- ])?"
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?)"
)
_BEFORE_YEAR: Final = (
    r"(?:(?<=\b[eE]n )|(?<=\b[dD]e )|(?<=\b[iI]n )|(?<=epuis )|(?<=ince )|(?<=\b[fF]in )|"
    r"(?<=[ée]but )|(?<=rom )|(?<=uring )|(?<=\bof )|(?<=rint )|(?<=ate )|(?<=arly )|(?<=until )|"
    r"(?<=efore )|"
    r"(?<=n [ée]t[ée] )|(?<=utomne )|(?<=iver )|(?<=emps )|(?<=all )|(?<=ummer )|(?<=inter ))"
)
_NO_UNIT: Final = (
    r"(?![\w/]|[.,:-]\d|[ ]?(?:mm|ml|mL|cc|cm|UI|IU|HU|UH|mGy|g|mg|kg|µg|images?|coupes|m/s|Hz)\b)"
)

DAY_RULES: Final[tuple[Rule, ...]] = (
    number_rule(
        "date",
        rf"(?<![\w/.-])(?P<x>{_YEAR}([-/.|]){_NUMBER}\2{_DAY}{_CLOCK})(?![\d/])",
        digits=(4, 4),
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>(?:{_DAY}[ ]?(?:au|et|-|to|and|&)[ ]?)?{_DAY}(?:[ ]?[-/.|][ "
        rf"]?{_NUMBER}[ ]?[-/.|][ ]?{_YEAR}|"
        rf"([-/.|]){_NUMBER}\2\d{{2}}(?![\d.]\d|[A-Za-z])){_CLOCK})(?![\d/])",
        digits=(1, 2),
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{_NUMBER}([-/]){_DAY}\2(?:{_YEAR}|\d{{2}}){_CLOCK})(?![\w/])",
        digits=(1, 2),
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{_DAY}{_ORDINAL}(?:(?:[ ](?:et|and|au|to|&)[ ]|[ ]?[-/,][ ]?)"
        rf"{_DAY}{_ORDINAL})?(?:[ \n-]|,[ ])?(?:of[ ]|de[ ])?"
        rf"{MONTH}(?:[ ]{_SPELT}|{_LATER}?{_CLOCK})(?:[ ](?i:dernier|prochain|pass[ée]|"
        rf"courant)\b)?)",
        digits=(1, 2),
    ),
    # "19 05 1950", and "25 Oct 53" where the phrase ends behind it.
    number_rule(
        "date",
        rf"{_FREE}(?P<x>(?:0[1-9]|[12]\d|3[01])[ ](?:0[1-9]|1[0-2])[ ]{_YEAR})(?![\d/.,]\d|\d|"
        rf"[ ]\d)",
        digits=(2, 2),
    ),
    number_rule(
        "date",
        rf"{_FREE}(?P<x>{_DAY}[ ]?{MONTH}[ ]?\d{{2}}(?:\d{{2}})?)(?=[,.;)|\n]|[ ]{{2}}|[ ][|–(-]|"
        rf"$)",
        digits=(1, 2),
    ),
    number_rule("date", rf"{_FREE}(?P<x>{_NUMBER}/{_YEAR})(?![\d/])", digits=(1, 2)),
    # Eight digits in a row: a day as machines write it, after a word that says so.
    number_rule(
        "date",
        rf"(?<=[ :])(?<!\d )(?P<x>(?:{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|"
        rf"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_YEAR})(?:\d{{4,6}})?)(?![\w.,-])",
        digits=(8, 14),
    ),
    number_rule(
        "date",
        r"(?:(?<=\b[lL]e )|(?<=\bdu )|(?<=\bau )|(?<=\b[oO]n )|(?<=ated ))"
        rf"(?P<x>{_DAY}/{_NUMBER})(?![\d/])",
        digits=(1, 2),
    ),
    # The month first, as in "study of 12/20"; a day past the twelfth, for the rest are scores.
    number_rule(
        "date",
        r"(?:(?<=\b[oO]n )|(?<=rom )|(?<=\bof )|(?<=ated )|(?<=ince )|(?<=ntil )|(?<=efore )|"
        rf"(?<=fter )|(?<=\b[dD]u )|(?<=\b[lL]e ))(?P<x>{_NUMBER}/(?:3[01]|2\d|1[3-9])|"
        rf"(?:3[01]|2\d|1[3-9])/{_NUMBER})(?![\w/]|[.,]\d|[ ]?(?:mm|cm|images?|slices?|"
        rf"patients?)\b)",
        digits=(1, 2),
    ),
    # A year beside another day: "with March 2014 and 2004".
    number_rule(
        "date",
        rf"(?:(?<=\d and )|(?<=⟧ and )|(?<=\d et )|(?<=⟧ et )|(?<=\d puis )|(?<=⟧ puis )|"
        rf"(?<=ared with )|(?<=ared to ))"
        rf"(?P<x>{_YEAR}){_NO_UNIT}",
        digits=(4, 4),
    ),
    number_rule(
        "date",
        r"(?:\A|(?<=\n)|(?<=- )|(?<=\n-)|(?<=• ))"
        rf"(?P<x>{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?)(?=[ ]?[:-])",
        digits=(4, 4),
    ),
    # A history by years, ``2018 fracture``, one a line.
    number_rule(
        "date",
        rf"(?:\A|(?<=\n)|(?<=\n- )|(?<=• ))(?P<x>{_YEAR})(?=[ ][a-zà-ÿ]{{3}}){_NO_UNIT}",
        digits=(4, 4),
    ),
    # A month and a year of two digits that is no day and no part of a score.
    number_rule(
        "date",
        r"(?:(?<=\b[iI]n )|(?<=ince )|(?<=rom )|(?<=ntil )|(?<=hrough )|(?<=\bdx )|(?<=epuis )|"
        rf"(?<=\b[eE]n ))(?P<x>{_NUMBER}/(?:3[2-9]|[4-9]\d))(?![\w/.,]\d|\w)",
        digits=(1, 2),
    ),
    number_rule("date", rf"(?<![\w.,])(?P<x>{_YEAR}[ ]{MONTH})", digits=(4, 4)),
    number_rule("date", rf"{_BEFORE_YEAR}(?P<x>{_YEAR}){_NO_UNIT}", digits=(4, 4)),
    number_rule(
        "age",
        r"(?<![\d.,/])(?P<x>9\d|1[01]\d)(?=[ -]?(?:ans\b|[aA]n\b|years?\b|yrs?\b|year-old|"
        r"y/?o\b|y\.o|yo\b|Y\b))",
        digits=(2, 3),
    ),
    word_rule(
        "age",
        "age aged agee ages",
        r"(?i:aged?|âg[ée]e?)[ ](?:de[ ])?(?P<x>9\d|1[01]\d)\b(?![.,/]\d|[ ]?m)",
    ),
    word_rule(
        "date",
        _MONTHS,
        rf"(?P<x>{MONTH}[ \n]{_DAY}(?:st|nd|rd|th)?(?:[ ]?-[ ]?{_DAY})?\b(?!/){_LATER}?{_CLOCK})",
        hint=r"\.?[ \n]\d",
    ),
    # A day without its year behind a label: "Prochain rendez-vous : 12/03".
    word_rule(
        "date",
        "visit appointment rendez-vous rdv date controle consultation review scan echographie"
        " rcp mdt",
        rf"[^\W\d_]+(?:-[^\W\d_]+)?[ ]?:[ ]{{0,2}}(?P<x>{_DAY}/{_DAY})(?![\w/]|[.,]\d)",
        hint=r"[ ]?:[ ]{0,2}\d",
    ),
    word_rule("date", _MONTHS, rf"(?P<x>{MONTH}[ \n,]{{1,2}}(?:of[ ])?{_YEAR})\b"),
    word_rule(
        "date",
        _MONTHS,
        rf"(?P<x>{MONTH}[ ]['’]?(?:3[2-9]|[4-9]\d))(?![\w,.%]|[ ]?(?:mm|cm|mg|ml|ans|years))",
    ),
    word_rule("date", _MONTHS, rf"(?P<x>{MONTH}[ ]?(?:à|au|et|to|and|-)[ ]?{MONTH}[ ]{_YEAR})\b"),
    word_rule(
        "date",
        _MONTHS,
        r"(?:(?<=\b[eE]n )|(?<=epuis )|(?<=\b[dD]e )|(?<=\b[dD]['’])|(?<=\b[iI]n )|(?<=ince )|"
        rf"(?<=\bof )|(?<=[lL]ast ))(?P<x>{_WHOLE_MONTH})\b(?![ ,]{{0,2}}(?:\d|of\b))",
    ),
    word_rule(
        "date",
        "fin debut courant mi mid late early",
        rf"(?P<x>(?i:fin|d[ée]but|courant|mi|mid|late|early)[ -](?:de[ ])?(?:{MONTH}(?:[ "
        rf"]{_YEAR})?|{_YEAR}\b))",
    ),
    word_rule("date", _MONTHS, rf"(?P<x>{MONTH}[-/.](?:{_DAY}[-/.])?(?:{_YEAR}|\d{{2}}))\b"),
    word_rule(
        "date",
        "premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
        " seize vingt trente vingt-deux vingt-trois vingt-quatre vingt-cinq vingt-six vingt-sept"
        " vingt-huit vingt-neuf first second third fourth fifth",
        rf"(?P<x>{_WRITTEN}[ ](?:of[ ])?{MONTH}(?:[ ](?:{_YEAR}|{_SPELT}))?)",
    ),
    word_rule(
        "date",
        "ne nee born birth naissance dob ddn",
        r"(?i:n[ée]e?(?:\(e\))?|born|birth|naissance|dob|ddn)\b[^\d\n]{0,20}"
        rf"(?P<x>{_YEAR}|\d{{6,8}})\b",
    ),
)
