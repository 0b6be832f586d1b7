"""How do reports write the names of hospitals, clinics and towns?"""

from typing import Final

from peeraudit.domain.blinding.shapes import Rule, rule

_FRENCH: Final = (
    r"CHU|CHRU|CHR|CHI|CHG|CH|GHU|GHT|HOP|H[ôo]pital|HOPITAL|HÔPITAL|Clinique|CLINIQUE|"
    r"Polyclinique|(?i:Centre hospitalier)(?:[ ](?:universitaire|r[ée]gional|intercommunal|"
    r"g[ée]n[ée]ral))*|Maison m[ée]dicale|Cabinet"
)
_OF: Final = r"(?:de la|de l['’]|de|du|des|d['’]|la|le|les)[ ]?"
_ENGLISH: Final = (
    r"Hospital|Medical Cent(?:er|re)|Health Cent(?:er|re)|Clinic|Infirmary|Imaging Cent(?:er|re)|"
    r"Hospice|HOSPITAL|INFIRMARY|MEDICAL CENTER"
)

PLACE_RULES: Final[tuple[Rule, ...]] = (
    rule(
        "place",
        rf"\b(?P<x>(?:{_FRENCH})[ ]+(?:{_OF})?[A-ZÀ-Ý][\w’'.-]*",
        r"(?:[ -](?:(?:de|du|des|la|le|en|sur|et|d['’])[ -])*[A-ZÀ-Ý][\w’'.-]*){0,4})",
    ),
    rule(
        "place",
        rf"\b(?P<x>(?:[A-Z][\w’'&.]*[ ]+(?:(?:of|and|the)[ ]+)*){{1,5}}(?:{_ENGLISH})s?\b)",
    ),
    rule("place", r"^[ \t]*(?P<x>[A-ZÀ-Ý][\w’' -]{2,30}),[ ]+le[ ]+(?=\d|⟦)"),
)
