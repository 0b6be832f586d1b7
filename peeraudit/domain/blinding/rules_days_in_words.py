"""How do reports write days in words: weekdays, holidays, seasons, spelt days, and rare ages?"""

from typing import Final

from peeraudit.domain.blinding.rules_days import CLOCK, DAY, HOUR, MONTH, NO_UNIT, SPELT, YEAR
from peeraudit.domain.blinding.shapes import Rule, number_rule, word_rule
from peeraudit.domain.blinding.weekdays import LONG, PARTS, SHORT

_LONG_WORDS: Final = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday"
    " saturday sunday"
)
_SHORT_WORDS: Final = "lun mar mer jeu ven sam dim mon tue tues wed weds thu thur thurs fri sat sun"
_CUE: Final = (
    r"(?:(?<=\b[oO]n )|(?<=\b[lL]ast )|(?<=\b[nN]ext )|(?<=\b[tT]his )|(?<=\b[pP]ast )|"
    r"(?<=\b[cC]oming )|(?<=\b[sS]ince )|(?<=\b[uU]ntil )|(?<=\b[bB]y )|(?<=\b[cC]e )|"
    r"(?<=\b[dD]epuis )|(?<=\b[dD][èe]s ))"
)
_SHORT_CAPITAL: Final = r"(?:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun)\b(?![-’'])"
_HOLIDAYS: Final = (
    r"(?:No[ëe]l|NO[EË]L|P[âa]ques|Toussaint|Pentec[ôo]te|Assomption|Ramadan|Christmas|Xmas|Easter|"
    r"Thanksgiving|Halloween|Hanukkah|Passover|Diwali|Eid)"
)
_HOLIDAY_WORDS: Final = (
    "noel paques toussaint pentecote assomption ramadan christmas xmas easter thanksgiving"
    " halloween hanukkah passover diwali eid"
)
_HOLIDAY_CUE: Final = (
    r"(?:(?<=\b[aA]t )|(?<=[àA] )|(?<=\b[oO]n )|(?<=epuis )|(?<=ince )|(?<=fter )|(?<=efore )|"
    r"(?<=vant )|(?<=pr[èe]s )|(?<= la )|(?<=jour de )|(?<=eille de )|(?<=end de )|(?<=undi de )|"
    r"(?<=êtes de )|(?<=acances de )|(?<=uring )|(?<=round )|(?<=over ))"
)
_ONES: Final = "one two three four five six seven eight nine"
_ORDINALS: Final = (
    "sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
    " seventeenth eighteenth nineteenth twentieth thirtieth thirty-first twenty-first"
    " twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh"
    " twenty-eighth twenty-ninth first second third fourth fifth"
)
_SPELT_ENGLISH: Final = (
    r"(?i:nineteen|two[ ]thousand|twenty)(?:[ -](?i:hundred|and|oh|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    rf"seventy|eighty|ninety|{_ONES.replace(' ', '|')})\b){{1,4}}"
)
_OLD_FRENCH: Final = (
    "quatre-vingt-dix quatre-vingt-onze quatre-vingt-douze quatre-vingt-treize"
    " quatre-vingt-quatorze quatre-vingt-quinze quatre-vingt-seize quatre-vingt-dix-sept"
    " quatre-vingt-dix-huit quatre-vingt-dix-neuf nonante nonante-et-un nonante-deux nonante-trois"
    " nonante-quatre nonante-cinq nonante-six nonante-sept nonante-huit nonante-neuf"
)
_OLD_ENGLISH: Final = " ".join(("ninety", *(f"ninety-{one}" for one in _ONES.split())))

_DAYS_OF_THE_YEAR: Final = (
    r"(?:(?:Labou?r|Memorial|Boxing|Independence|Veterans?['’]?|Presidents['’]?|Columbus|Canada|"
    r"Victoria|ANZAC|Anzac|Australia|Remembrance|Martin Luther King|MLK|"
    r"(?:Mother|Father|Valentine|Patrick)['’]?s)[ ]Day(?:[ ][Ww]eekend)?|Good[ ]Friday|"
    r"Ash[ ]Wednesday|Mardi[ ][Gg]ras)"
)
_OF_THE_YEAR: Final = (
    "labor labour memorial boxing independence veteran veterans presidents columbus canada victoria"
    " anzac australia remembrance martin mlk mother father valentine patrick mother's father's"
    " valentine's patrick's good ash mardi"
)
_ONE_OF_FOUR: Final = (
    r"(?:(?:[1-4](?:er|e|[eè]me|st|nd|rd|th)|[pP]remier|[dD]euxi[èe]me|[tT]roisi[èe]me|"
    r"[qQ]uatri[èe]me|[fF]irst|[sS]econd|[tT]hird|[fF]ourth)[ ]"
    r"(?:trimestre|semestre|quarter|half)(?:[ ](?:of|de)(?:[ ]the[ ]year)?)?[ ])"
)

WORDED_DAY_RULES: Final[tuple[Rule, ...]] = (
    # A weekday with the day of the month, or with a day that nothing else tells from a score.
    word_rule(
        "date",
        f"{_LONG_WORDS} {_SHORT_WORDS}",
        rf"(?P<x>(?:{LONG}|{SHORT}),?[ ](?:(?:le|the)[ ])?{DAY}/{DAY}(?:/(?:\d{{4}}|\d{{2}}))?"
        rf"{CLOCK})(?![\w/])",
        hint=r"\.?,?[ ](?:le |the )?\d",
    ),
    word_rule(
        "date",
        f"{_LONG_WORDS} {_SHORT_WORDS}",
        rf"(?P<x>(?:{LONG},?[ ](?:(?:le|the)[ ])?{DAY}(?:st|nd|rd|th|er)?|"
        rf"{SHORT},?[ ](?:the[ ])?{DAY}(?:st|nd|rd|th)))(?![ ]?(?:[hH](?![a-z])|:)){NO_UNIT}",
        hint=r"\.?,?[ ](?:le |the )?\d",
    ),
    word_rule(
        "date",
        "tue tues wed weds thu thur thurs fri mon sun lun mer jeu ven sam dim",
        rf"(?P<x>(?:(?:Tues?|Weds?|Thu(?:rs?)?|Fri|Mon|Sun|tues?|weds?|thu(?:rs?)?|fri)\.?,?[ ]|"
        rf"(?:(?<=\b[lL]e )|(?<=\b[cC]e ))(?:lun|mer|jeu|ven|sam|dim)\.?[ ]){DAY})"
        r"(?=[ ]?(?:[,.;)\n]|$|à[ ]|at[ ]))(?![.,]\d)",
        hint=r"\.?,?[ ]\d",
    ),
    # A weekday alone: the last one, this one, or one since when something is.
    word_rule(
        "date",
        f"{_LONG_WORDS} {_SHORT_WORDS}",
        rf"{_CUE}(?P<x>(?:{LONG}(?!\w)|{_SHORT_CAPITAL})(?:[ ]{PARTS}(?!\w)){{0,2}}{CLOCK})",
    ),
    word_rule(
        "date",
        _LONG_WORDS,
        rf"(?P<x>{LONG}(?:(?:[ ]{PARTS}(?!\w)){{1,2}}{CLOCK}|{HOUR}))",
        hint=rf"[ ,]{{1,2}}(?:{PARTS}|\d|at[ ]|à[ ])",
    ),
    word_rule(
        "date",
        "spring summer autumn fall winter printemps ete automne hiver",
        rf"(?P<x>\w+[ ](?:of[ ]|de[ ])?{YEAR})(?![\w.,-]\d)",
        hint=r"[ ](?:of |de )?[12]",
    ),
    word_rule(
        "date",
        _HOLIDAY_WORDS,
        rf"(?P<x>{_HOLIDAYS}(?:[ ](?:Day|Eve|[Ww]eekend))?[ ]{YEAR}|"
        rf"{_HOLIDAYS}[ ](?:Day|Eve|[Ww]eekend|[Mm]onday|break))\b",
        hint=r"[ ]",
    ),
    word_rule(
        "date",
        _HOLIDAY_WORDS,
        rf"{_HOLIDAY_CUE}(?P<x>{_HOLIDAYS})\b(?!['’-])",
    ),
    word_rule(
        "date", _OF_THE_YEAR, rf"(?P<x>{_DAYS_OF_THE_YEAR}(?:[ ]{YEAR})?)(?!\w)", hint=r"['’ ]"
    ),
    word_rule(
        "date", "fourth", rf"(?P<x>[Ff]ourth[ ]of[ ]July(?:[ ]{YEAR})?)\b", hint=r"[ ]of[ ]J"
    ),
    number_rule("date", r"(?<=\b[lL]e )(?P<x>1er[ ]de[ ]l['’][aA]n)\b", digits=(1, 1)),
    word_rule("date", "jour", r"(?P<x>[jJ]our[ ]de[ ]l['’][aA]n)\b", hint=r"[ ]de[ ]l"),
    # A quarter or half of a year: "Q4 2018", "au T3 2022", "4e trimestre 2022".
    word_rule(
        "date",
        "q t s",
        rf"(?P<x>[QTS][1-4][ ]?(?:of[ ]|de[ ]|[-/'’])?{YEAR})(?![\w.,-]\d)",
        hint=r"[1-4]",
    ),
    number_rule("date", rf"(?<![\w.,])(?P<x>{_ONE_OF_FOUR}{YEAR})\b", digits=(1, 1)),
    word_rule(
        "date",
        "premier deuxieme troisieme quatrieme first second third fourth",
        rf"(?P<x>{_ONE_OF_FOUR}{YEAR})\b",
        hint=r"[ ](?:tri|sem|qua|hal)",
    ),
    # A day of the month: "this 4th day of May, 2021", "le 12 courant", "on the 7th, repeat CT".
    number_rule(
        "date",
        rf"(?<![\w.,-])(?P<x>{DAY}(?:st|nd|rd|th)[ ]day[ ]of[ ]{MONTH}(?:,?[ ]{YEAR})?)",
        digits=(1, 2),
    ),
    number_rule("date", rf"(?<=\b[lL]e )(?P<x>{DAY}[ ](?:courant|du[ ]mois))\b", digits=(1, 2)),
    number_rule(
        "date",
        r"(?=\d{1,2}[snrt])"
        rf"(?:(?<=\b[oO]n the )|(?<=ntil the )|(?<=\bby the )|(?<=ince the )|(?<=have the )|"
        rf"(?<=or the ))(?P<x>{DAY}(?:st|nd|rd|th))"
        r"(?=[;)?]|,(?![ ]?\d)|[ ](?:at|he|she|they|we|and|instead|please)\b)",
        digits=(1, 2),
    ),
    word_rule(
        "date",
        "new",
        rf"(?P<x>[Nn]ew[ ][Yy]ear['’]?s?[ ](?:[Dd]ay|[Ee]ve)(?:[ ]{YEAR})?)\b",
        hint=r"[ ][Yy]ear",
    ),
    word_rule(
        "date",
        _ORDINALS,
        rf"(?P<x>[^\W\d_]+(?:-[^\W\d_]+)?[ ](?:of[ ])?{MONTH}"
        rf"(?:,?[ ](?:{YEAR}|{_SPELT_ENGLISH}))?)",
        hint=r"[ ](?:of )?[A-Za-z]{3}",
    ),
    word_rule(
        "date",
        "sem semaine week wk",
        rf"(?P<x>(?i:sem\.?|semaine|week|wk)[ ](?:n[°º][ ]?)?\d{{1,2}},?[ ](?:of[ ]|"
        rf"de[ ])?{YEAR})\b",
        hint=r"\.?[ ](?:n[°º][ ]?)?\d",
    ),
    word_rule(
        "date",
        "vingt-et-un trente-et-un",
        rf"(?P<x>[^\W\d_]+(?:-[^\W\d_]+)*[ ]{MONTH}(?:[ ](?:{YEAR}|{SPELT}))?)",
        hint=r"[ ]",
    ),
    word_rule("age", _OLD_FRENCH, r"(?P<x>[\w-]+)(?=[ ]ans\b)", hint=r"[ ]ans"),
    word_rule(
        "age",
        _OLD_ENGLISH,
        rf"(?P<x>[nN]inety(?:[- ](?:{_ONES.replace(' ', '|')}))?)(?=[ -]years?\b|[ ]y)",
        hint=r"[ -]",
    ),
    word_rule("age", "centenaire centenaires centenarian", r"(?P<x>[cC]enten\w+)"),
    word_rule(
        "age",
        "age aged",
        rf"[aA]ged?[ ](?P<x>ninety(?:[- ](?:{_ONES.replace(' ', '|')}))?)\b",
        hint=r"[ ]ninety",
    ),
)
