"""Which canonical code does a sender's modality, region, status or urgency mean?"""

import re
from functools import lru_cache
from typing import Final

from peeraudit.domain.intake.reports import Laterality, Status, Urgency

MODALITIES: Final = ("CT", "MR", "US", "CR", "MG", "NM", "PT", "XA", "RF", "OT")
REGIONS: Final = (
    "brain",
    "head_neck",
    "chest",
    "abdomen",
    "pelvis",
    "spine",
    "musculoskeletal",
    "breast",
    "vascular",
    "cardiac",
    "whole_body",
    "other",
)
# DICOM PS3.3 C.7.3.1.1.1 codes, and the words that information systems use for them.
_MODALITY_CODES: Final[dict[str, str]] = {
    code: canonical
    for canonical, codes in {
        "CT": "CT TDM SCANNER SCAN TOMODENSITOMETRIE",
        "MR": "MR MRI IRM RM",
        "US": "US ECHO ECHOGRAPHIE ULTRASOUND SONOGRAPHY DOPPLER IVUS",
        "CR": "CR DX XR RX RAD RADIO RADIOGRAPHIE RADIOGRAPHY DR CONVENTIONAL IO PX",
        "MG": "MG MAMMO MAMMOGRAPHIE MAMMOGRAPHY",
        "NM": "NM MN SCINTI SCINTIGRAPHIE SPECT TEMP",
        "PT": "PT PET TEP PETCT TEPSCAN PET-CT TEP-TDM PET/CT",
        "XA": "XA IR RI ANGIO DSA",
        "RF": "RF FLUORO FLUOROSCOPY SCOPIE",
    }.items()
    for code in codes.split()
}
# The order matters: a PET/CT is a PET, a CT-guided drainage is a CT.
_MODALITY_WORDS: Final = tuple(
    (canonical, re.compile(pattern, re.IGNORECASE | re.VERBOSE))
    for canonical, pattern in {
        "PT": r"\b(?:pet|tep)\b | petct | pet[/-]ct | tep[/-]?(?:scan|tdm) | positron",
        "NM": r"\b(?:spect|mpi|scinti\w*|nm|bone[ ]scan)\b",
        "MG": r"mammo | \bmamm\b | breast[ ]tomo | tomosynth[eè]se | \bmg\b",
        "US": r"\b(?:us|ultraso\w+|sono\w*|[eé]cho\w*|doppler)\b",
        "MR": r"""\b(?:mri?a?|rmn?|irm|mrcp
            |arm(?=[ ](?:des?|du|polygone|c[eé]r[eé]br|enc|r[eé]nale|tsa))
            |(?:angio|cholangio|bili|arthro|entero|uro)-?irm)\b
            | magnetic[ ]reson | r[eé]sonance[ ]magn""",
        "CT": r"""\b(?:ct\w?|cta|tdm|scanner|scan|tomodens\w+|denta-?scan\w*|cone[ ]beam|cbct
            |(?:angio|uro|colo|entero|arthro|coro)-?(?:scanner|tdm|ct))\b""",
        "XA": r"""\b(?:ir|angio\w*|art[eé]rio\w*|phl[eé]bo\w*|cath[eé]ter\w*
            |emboli[sz]ation|dsa)\b""",
        "RF": r"""\b(?:fluoro\w*|to?gd|opacification|barium|lavement|swallow|cystogra\w*
            |hsg|hyst[eé]rosalpingo\w*|enema|transit)\b""",
        "CR": r"""\b(?:xr|x-?rays?|radiogra\w+|radio|rx|asp|panoramique|views?\w*|\d+views?|ap|pa
            |screen\w*[ ]unilateral|skull|clich[eé]s?|incidences?)\b""",
    }.items()
)
_REGION_WORDS: Final = tuple(
    (canonical, re.compile(pattern, re.IGNORECASE | re.VERBOSE))
    for canonical, pattern in {
        "whole_body": r"""(?:whole|total)[ ]?body
            | (?:head|skull\W*base)[ ]to[ ](?:mid[- ]?)?thigh | \bfdg\b
            | corps[ ]entier | \btap\b | body[ ]scan
            | thoraco[- ]?abdomino | (?:chest|thorax)\W*abd.*pelvi | my[eé]lome
            | bone[ ]scan | scintigraphie[ ]osseuse""",
        "breast": r"breast | mamm | \bseins?\b | screen\w*[ ]unilateral",
        "cardiac": r"card | \bcoro | heart | c[oœ]e?ur | \bmpi\b | myocard | \bcmr",
        "vascular": r"""^(?!.*pulmon).*(?:aort | angio | art[eè]r | vascul | vein | phl[eé]b
            | doppler | carotid
            | troncs?[ ]supra | \btsa\b | cath[eé]ter | embol)""",
        "brain": r"""brain | c[eé]r[eé]br | enc[eé]phal | crani | \bcr[aâ]ne | \bhead\b | skull
            | hypophys | pituitar | willis | stroke | \bavc\b | t[eê]te""",
        "spine": r"spine | spinal | rachis | vert[eè]b | lumb | dorsal | sacr | \bcerv\b",
        "chest": r"chest | \bcxr\b | thora | poumon | pulmon | lung | \bribs?\b | c[oô]tes |"
        " m[eé]diast",
        "head_neck": r"""neck | \bcou\b | cervical | sinus | orbit | thyro | parotid | salivai
            | larynx | pharynx | \borl\b | \bear\b | \biac\b | rocher | temporal | maxillo
            | (?:^|massif|de[ ]la|os|irm|mri?|ct|tdm|scanner)[ ]?face\b
            | facial | dent | panoram | mandib | tmj""",
        "musculoskeletal": r"""knee | genou | shoulder | [eé]paule | \bhip\b | hanche | ankle
            | cheville | \bfoot | \bpied | \bhand\b | \bmains?\b | wrist | poignet | elbow | coude
            | f[eé]mur | tibia | hum[eé]r | bone | osseu | joint | articul | extremit | membre
            | muscul | arthro | \bleg\b | jambe | \barm\b | \bbras | finger | doigt | \btoe
            | orteil | clavic | scapul | cuisse | thigh | calcan""",
        "abdomen": r"""abdo | \babd | \bkub\b | \b[rl]uq\b | mrcp | swallow | [oœ]e?soph
            | liver | foie | h[eé]pat | kidney | \breins? | r[eé]nal | pancr
            | bili | chol | \buro | ent[eé]ro | \basp\b | colo | gastr | bowel | gr[eê]le | togd
            | splen | \brate\b""",
        "pelvis": r"""pelvi | bassin | prosta | ut[eé]r | ovar | bladder | vessie | endovag | gyn
            | obst | \bob\b | salping | \bhsg\b | rectum | testi | scrot""",
    }.items()
)
_LOCAL_CODES: Final = re.compile(
    r"^(?:OM|J|ED|BED|BHC|S)?(?P<kind>CT|MR|XR|US|PET|MG)(?=[A-Z]{2,})"
)

_STATUS_WORDS: Final[dict[Status, str]] = {
    "final": "f,final,finalized,finalised,définitif,definitif,validé,valide,signed,signé,u,"
    "complete,completed,attested,validated,verified,approved,authenticated,approuvé,vérifié",
    "preliminary": "p,i,r,s,a,n,o,prelim,preliminary,wet read,provisoire,préliminaire,"
    "preliminaire,partial,draft,unverified,non validé,dicté",
    "corrected": "c,corrected,corrigé,corrige,amended,rectifié,rectifie,modifié,correction",
    "addendum": "addendum,addended,complément,appended,add",
    "cancelled": "x,d,w,cancelled,canceled,annulé,annule,deleted,entered-in-error,"
    "entered in error,supprimé",
}
_STATUSES: Final[dict[str, Status]] = {
    word: status for status, words in _STATUS_WORDS.items() for word in words.split(",")
}
_STATUS_IN_TEXT: Final[tuple[tuple[Status, re.Pattern[str]], ...]] = (
    ("cancelled", re.compile(r"\*{2,}\s*(?:report )?cancel", re.IGNORECASE)),
    (
        "preliminary",
        re.compile(
            r"preliminary report|wet read|rapport pr[eé]liminaire|compte[- ]rendu provisoire",
            re.IGNORECASE,
        ),
    ),
    ("corrected", re.compile(r"corrected report|compte[- ]rendu (?:corrig|rectif)", re.I)),
    ("addendum", re.compile(r"^\W*addendum\b", re.IGNORECASE | re.MULTILINE)),
)
_URGENCY_WORDS: Final[dict[Urgency, str]] = {
    "stat": "s,stat,immediate,vital",
    "urgent": "a,u,asap,urgent,urgente,urgence,oui,yes,1,priority,high,expedited",
    "routine": "r,o,routine,normal,normale,scheduled,programmé,programme,non,no,0,elective",
}
_URGENCIES: Final[dict[str, Urgency]] = {
    word: urgency for urgency, words in _URGENCY_WORDS.items() for word in words.split(",")
}


@lru_cache(maxsize=4096)
def modality_of(given: str, exam: str = "", exam_code: str = "") -> tuple[str, bool]:
    """Return the canonical modality, and whether it had to be derived.

    Args:
        given: the sender's modality, a DICOM code or a local one (OBR-24).
        exam: the examination's name.
        exam_code: the examination's local code.
    """
    code = given.strip().upper()
    if code in _MODALITY_CODES:
        return _MODALITY_CODES[code], False
    for name in (exam, given):
        for canonical, pattern in _MODALITY_WORDS:
            if pattern.search(name):
                return canonical, True
    for local in (code, exam_code.upper()):
        found = _LOCAL_CODES.match(local)
        if found:
            return _MODALITY_CODES[found["kind"]], True
    return "OT", code != "OT"


@lru_cache(maxsize=4096)
def region_of(given: str, exam: str = "") -> tuple[str, bool]:
    """Return the canonical body region, and whether it had to be derived."""
    code = given.strip().lower().replace(" ", "_").replace("-", "_")
    if code in REGIONS:
        return code, False
    for name in (given, exam):
        for canonical, pattern in _REGION_WORDS:
            if name and pattern.search(name):
                return canonical, True
    return "other", True


def status_of(given: str, text: str = "") -> tuple[Status | None, bool]:
    """Return the canonical status and whether it was derived; nothing when not understood.

    A sender that gives no status (empty, or a note in brackets) is understood from what the
    text says of itself, and counts as final when the text says nothing.
    """
    word = " ".join(given.lower().split())
    if word and not word.startswith("("):
        return _STATUSES.get(word), False
    ends = text[:600] + "\n" + text[-600:]
    for status, pattern in _STATUS_IN_TEXT:
        if pattern.search(ends):
            return _STATUSES[status], True
    return "final", True


_SIDE_WORDS: Final[dict[Laterality, str]] = {
    "left": "l left g gauche lt 7771000",
    "right": "r right d droit droite rt 24028007",
    "bilateral": "b both bilateral bilatéral bilatérale bilateraux 51440002",
}
_SIDE_CODES: Final[dict[str, Laterality]] = {
    code: side for side, codes in _SIDE_WORDS.items() for code in codes.split()
}
_LIMBS: Final = (
    "épaule|epaule|coude|poignet|main|hanche|genou|cheville|pied|jambe|bras|cuisse|doigt|sein|MI|MS"
)
_PARTS: Final = "shoulder|elbow|wrist|hand|hip|knee|ankle|foot|leg|arm|thigh|finger|toe|breast"
# A letter is a side beside a limb only: "épaule D", "L shoulder".
_LEFT: Final = re.compile(
    rf"\b(?:gauches?|gche?|left|lt)\b|\(g\)|\(l\)|\b(?:{_LIMBS})[ ]G\b|\bL[ ](?:{_PARTS})\b",
    re.IGNORECASE,
)
_RIGHT: Final = re.compile(
    rf"\b(?:droite?s?|dte?|right|rt)\b|\(d\)|\(r\)|\b(?:{_LIMBS})[ ]D\b|\bR[ ](?:{_PARTS})\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?…]\s*$|[.!?…]\s+[A-ZÀ-Ý]")
_BOTH: Final = re.compile(
    r"bilat[eé]ra|\bboth\b|\bdes? deux\b|\bles deux\b|\bbilat\b", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def laterality_of(given: str, exam: str = "") -> tuple[Laterality, bool]:
    """Return the side that was examined, and whether it was derived; empty when none is named.

    Args:
        given: the sender's own word or code: a letter, a word, or SNOMED CT's code.
        exam: the examination's name; the report itself, which names many sides, is not asked.
    """
    side = _SIDE_CODES.get(given.strip().lower())
    if side:
        return side, False
    left, right = bool(_LEFT.search(exam)), bool(_RIGHT.search(exam))
    if _BOTH.search(exam) or (left and right):
        return "bilateral", True
    if left or right:
        return ("left" if left else "right"), True
    return "", False


_SIDES: Final = (b"gauche", b"droit", b"left", b"right", b"bilat")
# In characters: how far a report's own title may stand, and how long it may be.
_TITLES_END: Final = 600
_LONGEST_TITLE: Final = 90


def side_of_title(text: str) -> Laterality:
    """Return the side that the title of a report names; empty where it names none.

    A title is a short line near the beginning, the first with its side, that names a modality
    and holds no colon: what a request or a finding says of a side is not what was examined.

    Args:
        text: the report.
    """
    head = text[:_TITLES_END]
    lower = head.encode("latin-1", "replace").lower()
    places = [place for side in _SIDES if (place := lower.find(side)) >= 0]
    for place in sorted(places):
        # A byte stands for a sign, so that a place in the one is a place in the other.
        line = head[head.rfind("\n", 0, place) + 1 :].partition("\n")[0]
        if len(line) > _LONGEST_TITLE or ":" in line or _SENTENCE.search(line):
            continue
        side = laterality_of("", line)[0]
        if side and modality_of("", line)[0] != "OT":
            return side
    return ""


def is_status(cell: str) -> bool:
    """Tell whether a cell holds nothing but the name or code of a status."""
    return " ".join(cell.lower().split()) in _STATUSES


def is_modality(cell: str) -> bool:
    """Tell whether a cell holds nothing but the code or name of a modality."""
    return cell.strip().upper() in _MODALITY_CODES


# Urgency as a symptom, as a phone number, or denied, is none of the examination.
_NO_URGENCY: Final = re.compile(
    r"""urgences?[ ](?:mictionnelle|f[eé]cale|urinaire|d[eé]f[eé]catoire)
    | (?:urinary|bowel|f(?:a)?ecal|bladder|voiding)[ ]urgency | urgenturie
    | (?:pas|sans|hors|aucune|no|not|without|n[’']est[ ]pas)\W+(?:d[’'])?(?:an?[ ])?
      (?:urgen\w+|emergen\w+) | non[- ]urgen\w+ | (?:t[eé]l|phone|fax)\b.*
    | urgen\w*[ ]*:?[ ]*(?:\d[ .-]?){8,}""",
    re.IGNORECASE | re.VERBOSE,
)
_STAT: Final = re.compile(
    r"\bSTAT\b|(?i:\burgences? (?:vitale|absolue)|\bextr[eê]me urgence|\blife[- ]threatening)"
)
_URGENT: Final = re.compile(
    r"""\ben[ ]urgence\b | \burgente?s?\b | \b(?:aux|des|les|aux?[ ]service[ ]des)[ ]urgences\b
    | \burgent(?:ly)?\b | \basap\b | \bemergen(?:t|tly|cy)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_URGENT_WORDS: Final = (b"urgen", b"emergen", b"threatening", b"asap")
_NOT_URGENT: Final = re.compile(r"\bnon[- ]urgente?s?\b|\bnot urgent\b", re.IGNORECASE)
# In characters: the request stands at the beginning of a report, and what was found does not.
_REQUEST: Final = 700


def urgency_of(given: str, exam: str = "", text: str = "") -> tuple[Urgency, bool]:
    """Return the canonical urgency, and whether it was derived; empty when none is known.

    Args:
        given: the sender's own word or code; what it means is never overridden.
        exam: the examination's name.
        text: the report, whose beginning may repeat what the request said.
    """
    urgency = _URGENCIES.get(given.strip().lower(), "")
    if urgency:
        return urgency, False
    head = f"{exam}\n{text[:_REQUEST]}"
    # Words are found much faster in bytes than by a pattern, and most reports have none of them.
    plain = head.encode("latin-1", "replace")
    lower = plain.lower()
    if b"STAT" not in plain and not any(word in lower for word in _URGENT_WORDS):
        return "", False
    if _NOT_URGENT.search(head):
        return "routine", True
    told = _NO_URGENCY.sub("", head)
    if _STAT.search(told):
        return "stat", True
    return ("urgent", True) if _URGENT.search(told) else ("", False)


_SMALL_WORDS: Final[dict[str, str]] = {
    "fr": "le la les des du une et est pas dans sur avec sans au aux ce cette par pour il en"
    " droit droite gauche absence résultat résultats examen compte rendu lésion",
    "en": "the of and is are no with without there in to for was has at this that by right left"
    " from findings impression history comparison examination evidence",
}
_FRENCH, _ENGLISH = (frozenset(_SMALL_WORDS[code].split()) for code in ("fr", "en"))
_WORD = re.compile(r"[^\W\d_]+")


def language_of(given: str, text: str = "") -> tuple[str, bool]:
    """Return ``fr`` or ``en``, and whether it was guessed from the text's small words."""
    code = given.strip().lower()[:2]
    if code in {"fr", "en"}:
        return code, False
    words = _WORD.findall(text[:1500].lower())
    french = sum(map(_FRENCH.__contains__, words))
    english = sum(map(_ENGLISH.__contains__, words))
    return ("fr" if french >= english else "en"), True
