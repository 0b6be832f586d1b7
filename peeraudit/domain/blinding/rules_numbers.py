"""How do reports write the numbers, telephones and addresses of people and papers?"""

from typing import Final

from peeraudit.domain.blinding.shapes import Rule, digit_rule, rule

_LABELS: Final = (
    r"(?:IPP|NIP|NDA|IEP|INS|NIR|RPPS|ADELI|FINESS|MRN|MC|NHS|SSN|ACC(?:ESSION)?|ID|"
    r"dossier|hospital|patient id|examen|exam|venue|visit|s[ée]jour|account|acct|order|unit|"
    r"insurance|policy|plan|n[°ºo]|num[ée]ro)"
)

NUMBER_RULES: Final[tuple[Rule, ...]] = (
    # French social security number: sex, year, month, department, commune, rank, key.
    digit_rule(
        "id",
        r"(?<!\d)(?P<x>[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[AB])[ .]?\d{3}",
        r"[ .]?\d{3}(?:[ .]?\d{2})?)(?!\d)",
    ),
    digit_rule("id", r"(?<!\d)(?P<x>(?:\d ){9,}\d)(?!\d)"),
    digit_rule("id", r"(?<![\d-])(?P<x>\d{3}-\d{2}-\d{4})(?![\d-])"),
    digit_rule(
        "id",
        rf"\b{_LABELS}[ \t]*(?:n?[°º]|no\.?|number|num\.?|id|is)?[ \t:#=]*",
        r"(?P<x>(?=[\w-]*\d{3})[A-Z0-9][\w-]{3,})",
        any_case=True,
    ),
    digit_rule("id", r"(?<![\d.])(?P<x>\d+(?:\.\d+){5,})(?![\d.])"),
    digit_rule("id", r"(?<![\w.,])(?P<x>[A-Z]{0,5}\d{7,})(?!\w|[.,]\d)"),
    rule("email", r"(?P<x>\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"),
    rule("url", r"(?P<x>(?:https?://|www\.)[^\s<>⟦⟧]+)", any_case=True),
    # Telephones that the numbering plans do not vouch for, but that are written like one.
    digit_rule(
        "phone",
        r"(?<![\d.])(?P<x>(?:\+33|0033|0)[ .\-]?(?:\(0\))?[ ]?[1-9](?:[ .\-]?\d{2}){4})(?!\d)",
    ),
    digit_rule(
        "phone",
        r"(?<![\d.])(?P<x>0(?:\d{4}[ ]?\d{6}|\d{3}[ ]\d{3}[ ]\d{4}|2\d[ ]\d{4}[ ]\d{4}))(?!\d)",
    ),
    digit_rule(
        "phone",
        r"(?<![\d.])(?P<x>(?:(?:\+|00)?1[ .-])?\(?\d{3}\)?[ .-]?\d{3}[-.]\d{4}",
        r"(?:[ ]?(?:x|ext\.?|poste)[ ]?\d{1,6})?)(?!\d)",
    ),
    digit_rule(
        "phone",
        r"\b(?:t[ée]l(?:[ée]phone)?|phone|fax|poste|ext(?:ension)?|bip|pager|dect|bleep)",
        r"[ \t.]*(?:n°|:)?[ \t]*(?P<x>\+?\d[\d .()/-]{2,18}\d(?:[ ]?x\d{1,6})?)",
        any_case=True,
    ),
    digit_rule(
        "address",
        r"(?<!\w)(?P<x>\d{1,4}(?:[-/]\d{1,4})?(?:[ ]?(?:bis|ter|quater))?,?[ ]+",
        r"(?i:rue|avenue|av\.?|boulevard|bd|place|impasse|all[ée]e|chemin|route|quai|cours|square|",
        r"passage|faubourg|r[ée]sidence)[ ]+",
        r"(?:[^\n,;.]{2,40}(?=[,;\n]|$)|(?:(?:de|du|des|la|le|les|l['’]|d['’])[ ]?)*",
        r"[A-ZÀ-Ý][\w’'-]*(?:[ -](?:(?:de|du|des|la)[ ])?[A-ZÀ-Ý][\w’'-]*){0,3})",
        r"(?:,?[ ]+\d{5},?[ ]+[A-ZÀ-Ý][\w’'-]+)?)",
        language="fr",
    ),
    digit_rule(
        "address",
        r"(?<![\w.])(?P<x>\d{1,5}[ ]+(?:[A-Z][\w.]*[ ]+){1,4}",
        r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Lane|Ln|Court|Blvd|Boulevard|Way|Square|Crescent|",
        r"Close|Parkway|Pkwy)\b\.?(?:,?[ ](?:[A-Z][\w.]+[ ,]*){1,4}\d{5}(?:-\d{4})?)?)",
    ),
    digit_rule(
        "address",
        r"\b(?P<x>[A-Z][a-zA-Z]+(?:[ ][A-Z][a-zA-Z]+)?,[ ][A-Z]{2},?[ ]\d{5}(?:-\d{4})?)(?!\d)",
    ),
    digit_rule(
        "address",
        r"(?<![\w.,])(?P<x>(?:0[1-9]|[1-8]\d|9[0-8])\d{3},?[ ]+",
        r"[A-ZÀ-Ý][\w’'-]{2,}(?:[ -][A-ZÀ-Ý][\w’'-]+){0,3}(?:[ ]cedex)?)",
        language="fr",
    ),
    # British postal codes; their last two letters are never C, I, K, M, O or V (nor "mm").
    digit_rule("address", r"(?<!\w)(?P<x>[A-Z]{1,2}\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2})(?!\w)"),
)
