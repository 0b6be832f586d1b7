"""How do reports write days, and ages that few people reach?"""

from typing import Final

from peeraudit.domain.blinding.shapes import Rule, digit_rule

_MONTH: Final = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|"
    r"mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|september|october|november|december)\b\.?"
)
_CLOCK: Final = (
    r"(?:[\s,T]+(?:à|at)?[ ]?\d{1,2}(?::\d{2}(?::\d{2})?|h\d{0,2})[ ]?(?:[ap]\.?m\b\.?)?)?"
)
_YEAR: Final = r"(?:19|20)\d{2}"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTH_NUMBER: Final = r"(?:1[0-2]|0?[1-9])"
_LATER: Final = rf"(?:,?\s{{1,2}}(?:of\s)?(?:{_YEAR}\b|['’]\d{{2}}\b))"

DAY_RULES: Final[tuple[Rule, ...]] = (
    digit_rule(
        "date", rf"(?<![\w/.-])(?P<x>{_YEAR}[-/.|]{_MONTH_NUMBER}[-/.|]{_DAY}{_CLOCK})(?![\d/])"
    ),
    digit_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{_DAY}(?P<s>[-/.|]){_MONTH_NUMBER}(?P=s)(?:{_YEAR}|\d{{2}})",
        rf"{_CLOCK})(?![\w/])",
    ),
    digit_rule(
        "date",
        rf"(?<![\w/.,-])(?P<x>{_MONTH_NUMBER}(?P<s>[-/]){_DAY}(?P=s)(?:{_YEAR}|\d{{2}})",
        rf"{_CLOCK})(?![\w/])",
    ),
    digit_rule(
        "date",
        rf"(?<![\w/.-])(?P<x>{_DAY}(?:er|st|nd|rd|th)?(?:\s|-)(?:of\s)?{_MONTH}{_LATER}?{_CLOCK})",
        any_case=True,
    ),
    digit_rule(
        "date",
        rf"\b(?P<x>{_MONTH}\s{_DAY}(?:st|nd|rd|th)?\b{_LATER}?{_CLOCK})",
        any_case=True,
    ),
    digit_rule("date", rf"\b(?P<x>{_MONTH}[\s,]+(?:of\s)?{_YEAR})\b", any_case=True),
    digit_rule("date", rf"(?<![\w/.,-])(?P<x>{_MONTH_NUMBER}/{_YEAR})(?![\d/])"),
    digit_rule(
        "date",
        r"\b(?:n[ée]e?(?:\(e\))?|born|birth|naissance)\b[^\d\n]{0,20}",
        rf"(?P<x>{_YEAR}|\d{{8}}\b)",
        any_case=True,
    ),
    digit_rule("date", rf"\b(?:le|du|au|on|of|dated)\s(?P<x>{_DAY}/{_MONTH_NUMBER})(?![\d/])"),
    digit_rule(
        "age",
        r"(?<![\d.,])(?P<x>9\d|1[01]\d)(?=[ -]?(?:ans\b|years?\b|year-old|y/?o\b|y\.o))",
        any_case=True,
    ),
)
