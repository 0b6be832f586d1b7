"""To whom does a text speak, and whom does it list?"""

from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, PARTICLE, Rule, name_rule, word_rule

_PART: Final = rf"{CAPITAL}[\w’'-]*[a-zà-ÿ’][\w’'-]*"
_ROW: Final = rf"{_PART}(?:[ ](?:{CAPITAL}\.[ ])?(?:{PARTICLE}[ ]){{0,2}}{_PART}){{0,3}}"

GREETED_WORDS: Final = (
    "hello hi hey dear thanks thank thanked regards wishes sincerely amicalement"
    " confraternellement respectueusement cheers bye goodbye bonjour bonsoir"
    " merci cher chere cordialement shouted yelled screamed told asked hugged kissed invited"
    " married divorced met calls call aunt uncle tante oncle"
)
GREETED: Final = frozenset(GREETED_WORDS.split())
"""Words behind which somebody is named, though the name may be an ordinary word."""
_GREETINGS: Final = (
    r"(?i:(?:hello|hi|hey|bonjour|bonsoir|merci|thanks|bye|goodbye|cheers)(?:,|[ ]there,?|"
    r"[ ]again,?)?|dear|ch[eè]re?|thank[ ]you,?|thanked|"
    r"(?:best[ ])?regards,?|wishes,?|(?:bien[ ])?(?:amicalement|confraternellement|"
    r"respectueusement)[,.]?|"
    r"sincerely(?:[ ]yours)?,?|cordialement,?|"
    r"(?:shouted|yelled|screamed)[ ](?:at|to)|told|asked|hugged|kissed|invited|"
    r"(?:married|divorced)(?:[ ]to)?|met(?:[ ]with)?|calls?[ ]me|aunt|uncle|tante|oncle)"
)
_GROUPS: Final = (
    "founders authors members staff attendees participants witnesses readers reviewers"
    " radiologists physicians doctors surgeons nurses residents technologists observers children"
    " sons daughters brothers sisters siblings parents friends employees colleagues partners"
    " directors owners fondateurs auteurs membres témoins lecteurs relecteurs radiologues"
    " médecins chirurgiens infirmiers infirmières internes externes manipulateurs manipulatrices"
    " enfants fils filles frères soeurs sœurs amis collègues associés convives"
)
_GROUP_TRIGGERS: Final = _GROUPS.replace("é", "e").replace("è", "e").replace("œ", "oe")

TALK_RULES: Final[tuple[Rule, ...]] = (
    name_rule(
        "person",
        GREETED_WORDS,
        rf"{_GREETINGS}(?:[ ]|(?<=,)\n{{1,3}}[ ]{{0,3}})(?P<x>{_ROW}|[a-zà-ÿ]{{3,20}})",
    ),
    # All of a list, though some of its names are words too: "the founders: Petit, Graves and Reed".
    word_rule(
        "person",
        _GROUP_TRIGGERS,
        rf"\w+[ ]{{0,2}}:[ ]{{0,2}}(?P<x>{_ROW}(?:,[ ]{_ROW}){{0,12}},?[ ](?:and|et|&)[ ]{_ROW})",
    ),
)
