"""How do reports name people by a second name: of a marriage, of birth, of the house?"""

import re
from typing import Final

from peeraudit.domain.blinding.shapes import CAPITAL, NAME, Rule, name_rule, word_rule

_WORD: Final = rf"{CAPITAL}[\w’'-]+"
_QUOTED: Final = r"[ ]\(?[\"“«][ ]?[^\"”»\n()]{2,20}[ ]?[\"”»]\)?"
NICKNAME: Final = re.compile(rf"{_QUOTED}(?:[ ]{_WORD}(?:[ ]{_WORD})?)?")
"""A name of the house behind a given name, and the family name behind it."""
NICKNAMED: Final = re.compile(rf"(?P<x>{_WORD}{_QUOTED}[ ])\Z")
"""The given name and that of the house before a family name: ``Dorothy ("Dot") ``."""
NICKNAME_REACH: Final = 60
PARENT: Final = re.compile(rf"[ ](?P<x>(?:[sdw]/o|[SDW]/O)[ ]{_WORD}(?:[ ]{_WORD}){{0,2}})")
"""Whose child or wife somebody is, as India and Malaysia write it: ``Muthu s/o Palani``."""

KIN_RULES: Final[tuple[Rule, ...]] = (
    # The name of a marriage: "Mme Roche, épouse Lopes,", "ROUQUETTE ép. BARTHES".
    word_rule(
        "person",
        "epouse ep veuve vve",
        rf"(?<=[\w,( ][ (])(?i:[ée]pouse|[ée]p\.?|veuve|vve\.?)[ ](?P<x>{_WORD}(?:[- ]{_WORD})?)"
        r"(?=[ ]?(?:[,;)\n|]|$)|[ ]n[ée]e|[ ]{2}|[ ][A-ZÀ-Þ]|\.(?:\s|$))",
        hint=r"\.?[ ][A-ZÀ-Þ]",
    ),
    # A doctor by the name of the house: 'Dr "Robbo" Robertson'.
    word_rule(
        "clinician",
        "dr doctor docteur mr mrs ms mme prof",
        rf"(?P<x>[^\W\d_]+\.?{_QUOTED}[ ]{_WORD})",
        hint=r"\.?[ ]\(?[\"“«]",
    ),
    # A newborn bears the mother's name: "Baby boy SMYTHE", "Bébé de Mme", "BB Durand".
    word_rule(
        "patient",
        "baby bebe nouveau-ne newborn bb twin jumeau jumelle",
        rf"(?i:baby|b[ée]b[ée]|nouveau-n[ée]|newborn|bb|twin|jumeau|jumelle)"
        rf"(?:[ ](?i:boy|girl|male|female|of|[AB12]))?[ ](?P<x>(?!(?:Boy|Girl|Male|Female|Of|"
        rf"Blues|Gram|Aspirin|Cot|Clinic|Unit|MASCULIN|F[EÉ]MININ|FILLE|GAR[CÇ]ON|BOY|GIRL|MALE|"
        rf"FEMALE|PR[EÉ]MATUR[EÉ]?|NORMALE?|WELL|BORN)\b)"
        rf"(?:[A-ZÀ-Þ]{{3,}}(?:[-’'][A-ZÀ-Þ]{{2,}})?|"
        rf"{CAPITAL}[a-zà-ÿ]+(?=,[ ](?:born|n[ée]e?|DOB))))"
        rf"(?![\w’'-])",
        hint=r"[ ]",
    ),
    # Who was dictated to, in any letters: "conclusion dictée à murielle".
    name_rule(
        "clinician",
        "dicte dictee dictees",
        rf"\w+[ ]à[ ](?P<x>{NAME}|[a-zà-ÿ]{{3,20}})(?![\w’'-])",
        hint=r"[ ]à[ ]",
    ),
    # Who signed beside somebody: "contresigné J. Novy-Levrat".
    name_rule(
        "clinician",
        "contresigne contresignee cosigne cosignee contre-signe co-signe cosigned countersigned",
        rf"[\w-]+[ :]{{1,3}}(?:par[ ]|by[ ])?(?P<x>{NAME})",
        hint=r"[ :]{1,3}(?:par[ ]|by[ ])?[A-ZÀ-Þ]",
    ),
    # Initials before the day of a signature: "Protocole signé NP le 12/07".
    word_rule(
        "signature",
        "signe signee valide validee relu relue signed read checked verified approved seen vu lu",
        r"\w+[ ](?P<x>(?!(?:CT|MR|US|XR|OK|IV|PO|ED|ER|RX|TDM|IRM|PET|RAS|NAD)\b)"
        r"[A-Z]{2,3})"
        r"(?=[ ](?:le|on|at|à)[ ]\d)",
        hint=r"[ ][A-Z]",
    ),
    # Fields of a form with leaders of points: "REQ PHYS... BOUDREAUX,CELESTE A".
    word_rule(
        "person",
        "name nom prenom phys physician doctor patient radiologist tech attg attending",
        r"[A-Z]+[ ]?\.{3,20}[ ]?(?P<x>[A-Z][A-Z’'-]+(?:,[ ]?[A-Z’'-]+)?(?:[ ][A-Z’'-]+){0,3}"
        r"(?:[ ][A-Z])?)(?=[ ]{2}|[ ]?(?:\n|$))",
        hint=r"[ ]?\.\.\.",
    ),
    # In capitals behind the short marks of a department's form: "ATTG FRIEDLANDER / RAD PARK".
    word_rule(
        "clinician",
        "attg rad attn req",
        r"(?:ATTG|RAD|ATTN|REQ)[ ](?P<x>(?!(?:ONC|ONCOLOGY|MD|TECH|DEPT|ONE|SIGN|FACULTY|"
        r"FELLOW|RESIDENT|PHYS|PHYSICIAN|DATE|BY|EXAM)\b)[A-Z][A-Z’'-]{2,}"
        r"(?:,[ ][A-Z][A-Z’'-]+)?)(?=[ ]?(?:/|\n|$|\|))",
        hint=r"[ ][A-Z]{3}",
        in_capitals=True,
    ),
    # Initials and a family name behind an office: "Radiology: K Ferreira", "RN / M Osei-Tutu".
    name_rule(
        "clinician",
        "anesthesia anaesthesia sonologist sonographer radiology pathology path chair oncology"
        " surgery rn rt tech np pa md radiologue anesth anapath",
        rf"\w+[ ]?[:/,]?[ ](?P<x>(?![LRTCGN][ ])"
        r"(?!(?:CT|MR|US|IV|PO|ED|ER|OR|NP|PA|RN|XR|II|NM|MD|DO)\b)"
        rf"[A-Z]{{1,2}}\.?[ ]{_WORD})",
        hint=r"[ ]?[:/,]?[ ][A-Z]{1,2}\.?[ ]",
    ),
    # "Patient identified as Running Crane, Leonard", "Name LIM Boon Keng" on its own line.
    name_rule(
        "patient",
        "identified identifie identifiee",
        rf"(?:(?<=atient )|(?<=\bpt )|(?<=self )|(?<=tiente ))\w+[ ](?:as|comme)[ ](?P<x>{NAME})",
        hint=r"[ ](?:as|comme)[ ]",
    ),
    name_rule(
        "patient",
        "name nom",
        rf"(?:(?<=\n)|(?<=\A))(?:Name|NAME|Nom|NOM)[ ]{{1,4}}"
        rf"(?P<x>[A-ZÀ-Þ]{{2,}}(?:[ ]{_WORD}){{1,3}})",
        hint=r"[ ]{1,4}[A-ZÀ-Þ]{2}",
    ),
    # "nom de naissance MARTINEZ / prénom INÈS": fields of a form without their colons.
    word_rule(
        "patient",
        "nom prenom",
        r"(?i:nom[ ](?:de[ ]naissance|d['’]usage|marital|usuel)|pr[ée]nom)[ ]"
        r"(?P<x>[A-ZÀ-Þ]{2,}(?:[ -][A-ZÀ-Þ]{2,}){0,2})(?![\w’'])",
        hint=r"[ ]",
    ),
    # Fields with wide gaps, leaders or quotes: "Nom d'usage      : DA COSTA", '"nom": "Vaillant"'.
    name_rule(
        "person",
        "nom prenom name surname beneficiaire operateur operatrice manipulateur manipulatrice"
        " medecin referent referente prescripteur demandeur assure nee",
        rf"(?i:noms?(?:[ ](?:d['’]usage|marital|usuel|de[ ]naissance))?|pr[ée]noms?|(?:sur)?name|"
        rf"b[ée]n[ée]ficiaire|op[ée]rat(?:eur|rice)|manipulat(?:eur|rice)|assur[ée]e?|n[ée]e|"
        rf"m[ée]decin(?:[ ](?:effecteur|op[ée]rateur|senior|responsable|r[ée]f[ée]rent))?|"
        rf"r[ée]f[ée]rente?(?:[ ]technique)?|prescripteur|demandeur)"
        rf"(?:[ ]?\.{{2,24}}[ ]?:?[ ]|[ ]{{1,40}}:[ ]{{0,4}}|:[ ]{{1,4}}|[ ]{{4,40}})"
        rf"(?P<x>{NAME})(?=[ ]{{2}}|[ ]?(?:[\n,;(|]|$)|[ ](?:[ée]pouse|n[ée]e)\b)",
        hint=r"(?:[^\n:]{0,20}:|[ ]{4}|[^\n.]{0,14}\.\.)",
    ),
    word_rule(
        "person",
        "nom prenom name surname given family patient medecin medecins author auteur physician",
        r"[\w-]+\"[ ]?:[ ]?\[?\"(?P<x>[^\"\n{}\[\]]{2,40})\"",
        hint=r"[\w-]{0,10}\"[ ]?:[ ]?\[?\"",
    ),
    word_rule(
        "patient",
        "nom name surname prenom",
        r"(?:(?<=\n)|(?<=\A))(?:Nom|NOM|Name|NAME|Surname|Pr[ée]nom)[ ]{0,3}:[ ]{0,3}"
        r"(?P<x>(?!(?:inconnue?|unknown|non|none|nil|idem|voir|see|vide|empty)\b)"
        r"[a-zà-ÿ][\w’'-]{2,24}(?:[ ][a-zà-ÿ][\w’'-]{1,24})?)(?=[ ]*(?:\n|$))",
        hint=r"[ ]{0,3}:",
    ),
    # To whom a letter goes: "Dear Duc,".
    word_rule(
        "person",
        "dear hi hello bonjour cher chere",
        rf"(?:Dear|Hi|Hello|Bonjour|Ch[eè]re?)[ ](?P<x>(?!(?:Coll|Conf|Doct|Sir|Madam|Mada|"
        rf"Mons|All|Team|Every|Patient|Parent|Friend|Ami|Amie|Ma[îi]tre|Prof|Dr|Mr|Ms|Mrs|"
        rf"M\b|Mme|Tou|Editor|Staff|Nurs|Ladies|Gentle|GP|Secr|Equipe|[ÉE]quipe)){_WORD})"
        rf"(?=[ ]?[,!\n])",
        hint=r"[ ][A-ZÀ-Þ]",
    ),
    # Who signed, with an initial: "Verified S. Haq", "DICTÉ V. ROMERO, FRAPPE SB, 19".
    word_rule(
        "signature",
        "verified signed read validated dictated reported dicte dictee valide validee signe signee",
        rf"\w+[ ](?P<x>(?![AVNMLRDG]\.[ ][a-z])(?:[A-Z]\.[ -]?){{1,2}}{CAPITAL}[\w’'-]{{2,}})"
        r"(?=[ ]?[,.;\n]|[ ]\d|[ ]⟦|$)",
        hint=r"[ ][A-Z]\.",
    ),
    word_rule(
        "signature",
        "frappe typed",
        r"\w+[ ](?P<x>[A-Z]{2,3})(?=,[ ](?:\d|⟦))",
        hint=r"[ ][A-Z]{2}",
    ),
    # At the end of a note: "thanks, kd".
    word_rule(
        "signature",
        "thanks thx thank merci cordialement cdt regards",
        r"\w+(?:[ ]you)?[ ]?[,.!-]{1,2}[ ](?P<x>(?!(?:ok|ras|bon)\b)[a-z]{2,3}|[A-Z]{2,3})"
        r"(?=[ ]*(?:\n|$))",
        hint=r"(?:[ ]you)?[ ]?[,.!-]",
    ),
    # Initials of who typed, behind the day or before another mark.
    word_rule(
        "signature",
        "typed dictated transcribed tape dicte transcrit frappe",
        r"\w+[ ]⟦date⟧[ ](?:by|par)[ ](?P<x>[A-Z]{2,4}|[a-z]{2,3})(?![\w’'-])",
        hint=r"[ ]⟦date",
    ),
    word_rule(
        "signature",
        "transcription transcribed typed frappe dactylo dictee dicte",
        r"\w+(?:[ ](?:by|par)|[ ]?:)[ ](?P<x>[A-Z]{2,3}|[a-z]{3})(?=[ ]?(?:/|\n|$))",
        hint=r"[ ]?(?:by|par|:)",
    ),
)
