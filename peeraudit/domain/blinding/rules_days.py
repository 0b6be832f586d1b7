"""How do reports write days, and ages that few people reach?"""

from typing import Final

from peeraudit.domain.blinding.shapes import Rule, number_rule, word_rule

_MONTHS: Final = (
    "janvier janv fevrier fevr fev mars avril avr mai juin juillet juil aout septembre sept octobre"
    " novembre decembre jan january feb february mar march apr april may june jun july jul aug"
    " august sep september oct october nov november dec december"
)
MONTH: Final = (
    # The first letter is asked first: most words are no month.
    r"(?=[adfjmnosADFJMNOS])(?i:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|"
    r"mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|september|october|november|december)\b\.?"
)
_WHOLE_MONTH: Final = (
    r"(?:(?i:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|"
    r"d[ée]cembre)|January|February|March|April|May|June|July|August|September|October|November|"
    r"December)"
)
GLUED: Final = r"(?i:jan|feb|f[ée]v|mar|apr|avr|may|mai|jun|jul|jui|aug|ao[uû]|sep|oct|nov|d[ée]c)"
"""A month between a day and a year without a gap."""
_HALF: Final = r"[ ]?[aApP]\.?[mM]\b\.?"
HOUR: Final = (
    r"(?:[ \n]?[,.T]?[ ]?(?:(?:à|at|vers|@|--?|–)[ ]?)?(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?"
    rf"(?:{_HALF}|[ap]\b)?(?:Z|[+-]\d{{2}}:?\d{{2}})?|(?:[01]?\d|2[0-3])(?:[ ]?[hH](?:[ ]?[0-5]\d)?"
    rf"(?![a-zA-Z\d])|{_HALF}))(?:[ ](?:[ECMP][SD]T|GMT|UTC|BST|CES?T)\b)?)"
)
CLOCK: Final = rf"{HOUR}?"
_CLOCK_OF_FOUR: Final = (
    rf"(?:{HOUR}|[ ](?:@[ ]?)?(?:[01]\d|2[0-3])[0-5]\d(?:[ ]?(?:hrs?|h)\b)?(?![\w/%-]|[.,]\d|[ ]"
    r"(?:m[lLmg]|cc|UI|IU|HU|UH|mGy)\b))?"
)
"""The same, or an hour of four digits, which takes a day with its year before it."""
YEAR: Final = r"(?:19|20)\d{2}"
DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
NUMBER: Final = r"(?:1[0-2]|0?[1-9])"
_LATER: Final = (
    rf"(?:(?:,[ \n]?|[ \n]{{1,2}})(?:of[ ])?(?:{YEAR}\b|['’]\d{{2}}\b)|-(?:{YEAR}|\d{{2}})\b)"
)
SPELT: Final = (
    r"(?i:mille|mil|deux[ ]mille)(?:[ -](?i:neuf|cent|cents|et|un|deux|trois|quatre|cinq|six|sept|"
    r"huit|dix|onze|douze|treize|quatorze|quinze|seize|vingt|vingts|trente|quarante|cinquante|"
    r"soixante)\b){0,8}"
)
FREE: Final = r"(?<![\w/.,-])(?<!\d[ ])"
_ORDINAL: Final = r"(?i:er|st|nd|rd|th)?"
_WRITTEN: Final = (
    r"(?i:(?:premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|"
    r"quinze|seize|vingt|trente|first|second|third|fourth|fifth)(?:[- ](?:et[- ])?"
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?)"
)
_BEFORE_YEAR: Final = (
    r"(?=(?:19|20)\d\d)(?:(?<=\b[eE]n )|(?<=\b[dD]e )|(?<=\b[iI]n )|(?<=epuis )|"
    r"(?<=ince )|(?<=\b[fF]in )|"
    r"(?<=[ée]but )|(?<=rom )|(?<=uring )|(?<=\bof )|(?<=rint )|(?<=ate )|(?<=arly )|(?<=until )|"
    r"(?<=efore )|"
    r"(?<=n [ée]t[ée] )|(?<=Q[1-4] )|(?<=utomne )|(?<=iver )|(?<=emps )|(?<=all )|"
    r"(?<=ummer )|(?<=inter )|(?<=[pP]ose )|(?<=[pP]os[ée] )|(?<=os[ée]e )|(?<=p[ée]r[ée] )|"
    r"(?<=p[ée]r[ée]e )|(?<=laced )|(?<=urgery )|(?<=hirurgie )|(?<= T[1-4] ))"
)
NO_UNIT: Final = (
    r"(?![\w/]|[.,:-]\d|[ ]?(?:mm|ml|mL|cc|cm|UI|IU|HU|UH|mGy|g|mg|kg|µg|images?|coupes|m/s|Hz)\b)"
)

DAY_HEADS: Final = frozenset(f"{_MONTHS} mi mid fin debut late early".split())
"""Words with which a day may begin that is written in one: ``March-June``, ``mi-juin``."""

# A year of somebody's history, or two: what stands beside it tells whether it is one at all.
LONE_YEAR: Final = number_rule(
    "date",
    r"(?:(?<=[^\W\d_][ (\n])|(?<=[,):;][ (\n]))(?P<x>(?:19[3-9]|20[0-3])\d"
    r"(?:[ ]?(?:-|–|/|à|au|to|et|and|&)[ ]?(?:19[3-9]|20[0-3])\d)?)"
    r"(?![\w/+×°]|[.,:-]\d|[ ]?(?:[x*%×<>=]|(?:"
    r"[mcµpn]?[mlgsL]|[pnµ]?mol|k?cal|kV|U?I?U|UI|HU|UH|mGy|"
    r"m?Sv|Hz|cc|mSv|mL|kg|cells?|copies|images?|coupes|slices|frames|patients?|cases|"
    r"cas|sujets)[23³²]?\b))",
    digits=(4, 4),
)

DAY_RULES: Final[tuple[Rule, ...]] = (
    number_rule(
        "date",
        rf"(?<![\w/.-])(?P<x>{YEAR}([-/.|]){NUMBER}\2{DAY}{_CLOCK_OF_FOUR})(?![\d/])",
        digits=(4, 4),
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>(?:{DAY}[ ]?(?:au|et|-|to|and|&)[ ]?)?{DAY}(?:[ ]?[-/.|][ "
        rf"]?{NUMBER}[ ]?[-/.|][ ]?{YEAR}|"
        rf"([-/.|]){NUMBER}\2\d{{2}}(?![\d.]\d|[A-Za-z])){_CLOCK_OF_FOUR})(?![\d/])",
        digits=(1, 2),
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{NUMBER}([-/]){DAY}\2(?:{YEAR}|\d{{2}}){_CLOCK_OF_FOUR})(?![\w/])",
        digits=(1, 2),
        then="-/",
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{NUMBER}\.{DAY}\.{YEAR}{_CLOCK_OF_FOUR})(?![\d/])",
        digits=(1, 2),
        then=".",
    ),
    # Days without a year before one that has it: "3/2, 5/2 et 9/2/24".
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}/{DAY}(?:,[ ]{DAY}/{DAY}){{0,5}},?[ ](?:et|and|&|puis)[ ]{DAY}/{DAY}/"
        rf"(?:{YEAR}|\d{{2}}))(?![\d/])",
        digits=(1, 2),
        then="/",
    ),
    # An hour of four digits takes a day with its year before it: "03APR2024 0915".
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{DAY}(?:{GLUED}{YEAR}|[ -]?{MONTH}[ -]?{YEAR}"
        r"(?=[ ](?:@[ ]?)?[0-2]\d[0-5]\d))"
        rf"{_CLOCK_OF_FOUR})(?![\d/])",
        digits=(1, 2),
    ),
    # A month and its year up to another: "04/2023 à 06/2023".
    number_rule(
        "date",
        rf"{FREE}(?P<x>{NUMBER}/{YEAR}[ ]?(?:-|–|à|au|to|et|and)[ ]?{NUMBER}/{YEAR})(?![\d/])",
        digits=(1, 2),
        then="/",
    ),
    number_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{DAY}{_ORDINAL}(?:(?:[ ](?:et|and|au|to|puis|ou|or|&)[ ]"
        rf"(?:(?:le|the)[ ])?|[ ]?[-/,][ ]?)"
        rf"{DAY}{_ORDINAL})?(?:[ \n-]|,[ ])?(?:of[ ]|de[ ])?"
        rf"{MONTH}(?:[ ]{SPELT}|{_LATER}?{CLOCK})(?:[ ](?i:dernier|prochain|pass[ée]|"
        rf"courant)\b)?)",
        digits=(1, 2),
    ),
    # "19 05 1950", and "25 Oct 53" where the phrase ends behind it.
    number_rule(
        "date",
        rf"{FREE}(?P<x>(?:0[1-9]|[12]\d|3[01])[ ](?:0[1-9]|1[0-2])[ ]{YEAR})(?![\d/.,]\d|\d|"
        r"[ ]\d(?!\d?[:hH]\d))",
        digits=(2, 2),
    ),
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}[ ]?{MONTH}[ ]?\d{{2}}(?:\d{{2}})?)(?=[,.;)|\n]|[ ]{{2}}|[ ][|–(-]|"
        rf"$)",
        digits=(1, 2),
    ),
    number_rule("date", rf"{FREE}(?P<x>{NUMBER}/{YEAR})(?![\d/])", digits=(1, 2), then="/"),
    # Eight digits in a row: a day as machines write it, after a word that says so.
    number_rule(
        "date",
        rf"(?<=[ :])(?<!\d )(?P<x>(?:{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|"
        rf"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){YEAR})(?:\d{{4,6}})?)(?![\w.,-])",
        digits=(8, 14),
    ),
    number_rule(
        "date",
        r"(?=\d{1,2}/\d)(?:(?<=\b[lL]e )|(?<=\bdu )|(?<=\bau )|(?<=\b[oO]n )|(?<=ated )|"
        r"(?<=eported )|"
        r"(?<=ollected )|(?<=eceived )|(?<=igned )|(?<=yped )|(?<=\b[nN]ext )|(?<=w/c )|(?<=evu )|"
        r"(?<=evue ))"
        rf"(?P<x>{DAY}/{NUMBER})(?![\d/])",
        digits=(1, 2),
        then="/",
    ),
    # The month first, as in "study of 12/20"; a day past the twelfth, for the rest are scores.
    number_rule(
        "date",
        r"(?=\d{1,2}/\d)(?:(?<=\b[oO]n )|(?<=rom )|(?<=\bof )|(?<=ated )|(?<=ince )|"
        r"(?<=ntil )|(?<=efore )|"
        rf"(?<=fter )|(?<=\b[dD]u )|(?<=\b[lL]e )|(?<=\b[nN]ext )|(?<=eported )|(?<=eceived )|"
        rf"(?<=ollected )|(?<=igned )|(?<=yped )|(?<=erformed )|(?<=een )|"
        rf"(?<=\b[cC]ath )|(?<=cho )|"
        rf"(?<=\b(?:CT|XR|US|MR) )|(?<=\b(?:MRI|CXR) )|(?<=ilms )|(?<=urgery )|(?<=dmitted )|"
        rf"(?<=ischarged )|(?<=hrs )|(?<=\b[àa]u )|(?<=alled ))"
        rf"(?P<x>{NUMBER}/(?:3[01]|2\d|1[3-9])|"
        rf"(?:3[01]|2\d|1[3-9])/{NUMBER})(?![\w/]|[.,]\d|[ ]?(?:mm|cm|images?|slices?|"
        rf"patients?)\b)",
        digits=(1, 2),
        then="/",
    ),
    # Two days without more than a hyphen between, and a month in Roman numbers.
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}[/.]{DAY}(?:[/.](?:{YEAR}|\d{{2}}))?[ ]?[-–][ ]?{DAY}[/.]{DAY}[/.]"
        rf"(?:{YEAR}|\d{{2}}))(?![\d/])",
        digits=(1, 2),
        then="/.",
    ),
    number_rule(
        "date",
        rf"{FREE}(?P<x>{DAY}[./-](?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})[./-]{YEAR})",
        digits=(1, 2),
        then="./-",
    ),
    number_rule("date", rf"{FREE}(?P<x>{NUMBER}-{YEAR}){NO_UNIT}", digits=(1, 2), then="-"),
    # What has an hour behind it is a day, and no score.
    number_rule(
        "date", rf"{FREE}(?P<x>{DAY}/{DAY}(?=[ ,@]){HOUR})(?![\w/])", digits=(1, 2), then="/"
    ),
    number_rule(
        "date",
        rf"(?<=\b[lL]e )(?P<x>{DAY}(?:[ ](?:à|vers){HOUR}|[ ]de[ ]ce[ ]mois\b))",
        digits=(1, 2),
    ),
    # A year in brackets, or that begins an item of a history.
    number_rule("date", rf"(?<=\()(?P<x>{YEAR})(?=\))", digits=(4, 4)),
    number_rule(
        "date", rf"(?:(?<=[;:•] )|(?<=• ))(?P<x>{YEAR})(?=[ ][a-zà-ÿ]{{4}}){NO_UNIT}", digits=(4, 4)
    ),
    # A year behind somebody in a list, and a day of the month that closes a signature.
    number_rule(
        "date",
        rf"(?:(?<=patient⟧, )|(?<=person⟧, ))(?P<x>{YEAR})(?=[ ]?(?:[\n,;.)]|$))",
        digits=(4, 4),
    ),
    number_rule(
        "date",
        rf"(?=\d{{1,2}}(?:st|nd|rd|th))(?:(?<=clinician⟧ )|(?<=person⟧ )|"
        rf"(?<=signature⟧ ))(?P<x>{DAY}(?:st|nd|rd|"
        rf"th))(?=[ ]?(?:\n|$))",
        digits=(1, 2),
    ),
    # A year beside another day: "with March 2014 and 2004".
    number_rule(
        "date",
        rf"(?:(?<=\d and )|(?<=⟧ and )|(?<=\d et )|(?<=⟧ et )|(?<=\d puis )|(?<=⟧ puis )|"
        rf"(?<=ared with )|(?<=ared to ))"
        rf"(?P<x>{YEAR}){NO_UNIT}",
        digits=(4, 4),
    ),
    number_rule(
        "date",
        r"(?:\A|(?<=\n)|(?<=- )|(?<=\n-)|(?<=• ))"
        rf"(?P<x>{YEAR}(?:[ ]?[-–][ ]?{YEAR})?)(?=[ ]?[:-])",
        digits=(4, 4),
    ),
    # A history by years, ``2018 fracture``, one a line.
    number_rule(
        "date",
        rf"(?:\A|(?<=\n)|(?<=\n- )|(?<=• ))(?P<x>{YEAR})(?=[ ][a-zà-ÿ]{{3}}){NO_UNIT}",
        digits=(4, 4),
    ),
    # A month and a year of two digits that is no day and no part of a score.
    number_rule(
        "date",
        r"(?=\d{1,2}/\d)(?:(?<=\b[iI]n )|(?<=ince )|(?<=rom )|(?<=ntil )|(?<=hrough )|"
        r"(?<=\bdx )|(?<=epuis )|(?<=xamen )|(?<=exam )|"
        rf"(?<=\b[eE]n ))(?P<x>(?:{NUMBER}/(?:3[2-9]|[4-9]\d)|0[1-9]/[0-3]\d))(?![\w/.,]\d|\w)",
        digits=(1, 2),
        then="/",
    ),
    number_rule("date", rf"(?<![\w.,])(?P<x>{YEAR}[ ]{MONTH})", digits=(4, 4)),
    number_rule("date", rf"{_BEFORE_YEAR}(?P<x>{YEAR}){NO_UNIT}", digits=(4, 4)),
    LONE_YEAR,
    # A year behind an apostrophe: "DVT in '15, CABG '09".
    number_rule(
        "date",
        r"(?<=[ (]['’])(?P<x>\d\d(?:[ ](?:&|and|et)[ ](?:19|20)\d\d\b)?)"
        r"(?=[ ]?(?:[.,;)\n]|$)|[ ](?:&|(?:and|et|for|with|by|at|pour|were|was)\b))",
        digits=(2, 2),
    ),
    # What an examination is of is its day: "the study of 1/2".
    number_rule(
        "date",
        r"(?=\d\d?/)(?:(?<=study of )|(?<=xam of )|(?<=scan of )|(?<=CT of )|(?<=MRI of )|"
        r"(?<=study from )|(?<=xam from )|(?<=scan from )|(?<=CT from )|(?<=MRI from ))"
        rf"(?P<x>{DAY}/{DAY})"
        r"(?![\w/]|[.,]\d|[ ]?(?:mm|cm|of)\b)",
        digits=(1, 2),
        then="/",
    ),
    number_rule(
        "age",
        r"(?<![\d.,/-])(?P<x>9\d|1[01]\d)(?=[ -]?(?:ans\b|[aA]n\b|years?\b|yrs?\b|year-old|"
        r"y/?o\b|y\.o|yo\b|Y\b|[FM][ ,]))",
        digits=(2, 3),
    ),
    word_rule(
        "age",
        "age aged agee ages",
        r"(?i:aged?|âg[ée]e?)[ ]?:?[ ](?:de[ ])?(?P<x>9\d|1[01]\d)\b(?![.,/]\d|[ ]?m)",
    ),
    word_rule(
        "date",
        _MONTHS,
        rf"(?P<x>{MONTH}[ \n]{DAY}(?:st|nd|rd|th)?"
        rf"(?:[ ]?(?:-|–|to|and|or|&)[ ]?{DAY}(?:st|nd|rd|th)?)?"
        rf"(?:/\d\d\b|\b(?!/)){_LATER}?{CLOCK})",
        hint=r"\.?[ \n]\d",
    ),
    # A day without its year behind a label: "Prochain rendez-vous : 12/03".
    word_rule(
        "date",
        "visit appointment rendez-vous rdv date controle consultation review scan echographie"
        " rcp mdt",
        rf"[^\W\d_]+(?:-[^\W\d_]+)?(?:[ ]?:[ ]{{0,2}}|(?<=[dD]ate)[ ]{{1,3}})(?P<x>{DAY}/{DAY})"
        r"(?![\w/]|[.,]\d)",
        hint=r"[ ]?:?[ ]{0,2}\d",
    ),
    word_rule("date", _MONTHS, rf"(?P<x>{MONTH}[ \n,]{{1,2}}(?:of[ ])?{YEAR})\b"),
    word_rule(
        "date",
        _MONTHS,
        rf"(?P<x>{MONTH}[ ](?:['’]\d\d(?!\w)|"
        r"(?:3[2-9]|[4-9]\d)(?![\w,.%]|[ ]?(?:mm|cm|mg|ml|ans|years))))",
    ),
    word_rule(
        "date", _MONTHS, rf"(?P<x>{MONTH}[ ]?(?:à|au|et|to|and|-|–|/)[ ]?{MONTH}[ ]{YEAR})\b"
    ),
    word_rule(
        "date",
        _MONTHS,
        r"(?:(?<=\b[eE]n )|(?<=epuis )|(?<=\b[dD]e )|(?<=\b[dD]['’])|(?<=\b[iI]n )|(?<=ince )|"
        r"(?<=\bof )|(?<=[lL]ast )|(?<=[nN]ext )|(?<=ntil )|(?<=efore )|(?<=fter )|(?<=uring )|"
        r"(?<=\b[aA]vant )|(?<=\b[aA]pr[èe]s ))"
        rf"(?P<x>{_WHOLE_MONTH}(?:[ ](?:dernier|prochain))?)\b"
        r"(?!-\w|[ ,]{0,2}(?:\d|of\b))",
    ),
    word_rule(
        "date",
        _MONTHS,
        rf"(?P<x>{_WHOLE_MONTH}[ ](?:dernier|prochain|next|last))\b",
        hint=r"[ ][dpnl]",
    ),
    # "Since the March study": a month alone before an examination.
    word_rule(
        "date",
        _MONTHS,
        rf"(?<=[tT]he )(?P<x>{_WHOLE_MONTH})(?=[ ](?:exam|study|scan|CT|MRI|PET|MR|ultrasound|film|"
        r"radiograph|mammogram|examination|images|imaging|X-?ray|biopsy|surgery)s?\b)",
        hint=r"[ ][escMPufrXbiC]",
    ),
    word_rule(
        "date",
        "fin debut courant mi mid late early",
        rf"(?P<x>(?i:fin|d[ée]but|courant|mi|mid|late|early)[ -](?:de[ ])?(?:{MONTH}(?:[ "
        rf"]{YEAR})?|{YEAR}\b))",
    ),
    word_rule("date", _MONTHS, rf"(?P<x>{MONTH}[-/.](?:{DAY}[-/.])?(?:{YEAR}|\d{{2}}))\b"),
    word_rule(
        "date",
        "premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
        " seize vingt trente vingt-deux vingt-trois vingt-quatre vingt-cinq vingt-six vingt-sept"
        " vingt-huit vingt-neuf first second third fourth fifth",
        rf"(?P<x>{_WRITTEN}[ ](?:of[ ])?{MONTH}(?:[ ](?:{YEAR}|{SPELT}))?)",
    ),
    word_rule("date", "b", rf"b\.?[ ]?(?P<x>{YEAR})(?=[);,.])", hint=r"\.?[ ]?[12]"),
    word_rule(
        "date",
        "ne nee born birth naissance dob ddn",
        r"(?i:n[ée]e?(?:\(e\))?|born|birth|naissance|dob|ddn)\b[^\d\n]{0,20}"
        rf"(?P<x>{YEAR}|\d{{6,8}})\b",
    ),
)
