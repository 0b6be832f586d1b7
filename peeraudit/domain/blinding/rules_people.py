"""By which titles, labels and signatures does a report name people?"""

from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, NAME, Rule, rule

_SIGNERS: Final = "|".join(
    (
        r"compte[- ]rendu (?:valid|sign|dict|relu|r[ée]dig)[^\n:]{0,30}? par",
        (
            r"(?:valid|sign|dict|relu|interpr[ée]t|r[ée]dig|transcri|frapp)(?:[ée]e?|te?)?"
            r"(?: [ée]lectroniquement| num[ée]riquement)?(?: et \w+)? par"
        ),
        r"[ée]lectroniquement sign[ée]",
        (
            r"(?:this (?:document|report) has been )?electronically "
            r"(?:signed|verified|authenticated)(?: and \w+)?(?: by)?"
        ),
        (
            r"(?:reported|verified|dictated|signed|read|reviewed|transcribed|interpreted|"
            r"authenticated|approved|finali[sz]ed|typed)(?: and \w+)? by"
        ),
        r"pending review by",
        (
            r"(?:attending(?: radiologist| physician)?|resident|radiologue|radiologist|signataire|"
            r"signature|op[ée]rateur|interpreting (?:physician|radiologist))[ \t]*:"
        ),
    )
)
_ASKERS: Final = "|".join(
    (
        r"(?:requested|referred|ordered) by",
        r"(?:ordering|requesting|referring)(?: physician| provider| clinician| doctor)?",
        r"m[ée]decin (?:demandeur|prescripteur|traitant|correspondant)",
        r"prescripteur|demandeur|primary care physician|attending|adress[ée]e? par",
        r"internes?|externes?|senior|cc|copies?(?: [àa])?|[àa] l['’]attention (?:de|du)",
    )
)
_DOCTOR: Final = r"(?:le[ \t]+)?(?:Dr|DR|Pr|PR)\.?[ \t]+"
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

PEOPLE_RULES: Final[tuple[Rule, ...]] = (
    # A signature goes with its whole line and with the day and hour on the next.
    rule(
        "signature",
        rf"^[ \t*_-]*(?P<x>(?i:{_SIGNERS})[ \t]*:?[^\n]*",
        rf"(?:\n[ \t]*(?:(?i:{_MONTHS})\w*|\d{{1,2}}[/.-])[^\n]{{0,40}}\d[^\n]{{0,12}}$)?)",
    ),
    rule("signature", rf"\b(?P<x>(?i:{_SIGNERS})[ \t]*:?[ \t]*(?:{_DOCTOR})?{NAME})"),
    rule("clinician", rf"\b(?i:{_ASKERS})[ \t]*:?[ \t]+(?:{_DOCTOR})?(?P<x>{NAME})"),
    rule(
        "clinician",
        r"\b(?:D[rR]s?\.?|Docteure?|Doctor|P[rR]\.?|Prof(?:esseure?|essor)?\.?|DOCTEUR|PROFESSEUR)",
        rf"[ \t]+(?P<x>(?:{CAPITAL}\.-)?{NAME})",
    ),
    rule(
        "clinician",
        rf"\b(?P<x>{NAME}),?[ \t]+(?:M\.D\.|MD\b|D\.O\.|FRCR|FRCPC|FFRRCSI|Ph\.?D|DNP|RN\b)",
    ),
    rule(
        "clinician",
        rf"^[ \t]*(?P<x>{NAME})[ \t]*,[ \t]*(?i:consultant|radiologue|radiologist|resident)",
    ),
    rule("clinician", rf"(?<![\w.])(?P<x>{CAPITAL}\.{CAPITAL}[\w’'-]{{2,}})", language="fr"),
    rule(
        "patient",
        r"(?<![\w.])(?:M\.|MM\.|Mr\.?|MR\.|Mrs\.?|Ms\.?|Miss|Mme\.?|MME|Mlle\.?|Monsieur|Madame|",
        rf"Mademoiselle)[ \t]+(?P<x>{NAME})",
    ),
    rule(
        "patient",
        r"\b(?i:patiente?(?: name)?|nom(?: (?:de naissance|d['’]usage|du patient|patient))?|",
        rf"pr[ée]noms?|name|pt|concerne|re)[ \t]*:[ \t]*(?P<x>{NAME})",
    ),
    rule(
        "patient",
        r"\b(?i:enfant|nomm[ée]e?|named|called|s['’]appelle)",
        rf"[ \t]+(?P<x>{NAME})",
    ),
    # Initials of who dictated and who typed, alone on a line; days of dictation and typing.
    rule(
        "signature",
        r"^[ \t]*(?P<x>[A-Z]{2,4}[ ]?[/:][ ]?[A-Za-z]{2,4}(?:[ ]+\d[\d/ :.-]*)?)[ \t]*$",
    ),
    rule(
        "signature",
        r"^[ \t]*(?P<x>(?:D|T|DD|DT|R|JOB)[ ]?[:#][ ]*(?=[^\n]*\d)[\d/ :.\-APMapm]+)$",
    ),
)
