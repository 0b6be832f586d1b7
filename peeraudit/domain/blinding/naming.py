"""Where does the name of a person end, and which words in a row are one?"""

import re
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.described import is_described
from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.blinding.lexicon import (
    HOMOGRAPHS,
    REACH_AFTER,
    REACH_BEFORE,
    Word,
    is_meant,
    is_only_anatomy,
    look_up,
)
from peeraudit.domain.blinding.rules_people import CREDENTIALS, SOMEBODY_WORDS
from peeraudit.domain.blinding.rules_talk import GREETED
from peeraudit.domain.blinding.shapes import CAPITAL

_PIECE: Final = re.compile(r"[^\s,]+")
_SMALL: Final = re.compile(
    r"(?P<comma>,)?[ ](?:(?:di|de|da|du|van|von|el|al|ben|le|la)[ ])?"
    r"(?P<x>[^\W\d_A-Z]{3,20}(?:-[^\W\d_A-Z]{2,20})?)(?![\w’'])"
)
_CLOSED_SMALL: Final = re.compile(r"[ ]?(?:[,(:\n]|$)")
_SAINT: Final = re.compile(
    rf"(?<!, )S[tT][eE]?\.?[ ]{CAPITAL}[\w-]{{2,30}}(?!['’]s|[ ](?:Hospital|Clinic|Medical|Health|"
    r"Infirmary|University))"
)
"""The family name of some, where it is no hospital: ``Dr J. St. Clair``."""
_TITLE: Final = re.compile(r"[^\W\d_]+\.?[ \t\n]{0,3}")
_NEXT: Final = re.compile(r"\s+([^\W\d_]+)")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TITLES_WORDS: Final[str] = (
    "dr drs pr prof professeur docteur doctor mme mr mrs ms m mlle miss monsieur madame le la the"
)
_TITLES: Final = frozenset(_TITLES_WORDS.split())
_PARTICLES_WORDS: Final[str] = (
    "de du des d dela da di do dos das del della dello la las los le l van von der den ten ter el"
    " al ben"
    " bin y e ait abu mac ould"
)
PARTICLES: Final = frozenset(_PARTICLES_WORDS.split())
"""Small words that stand within a family name, or begin it."""
_STOPS_WORDS: Final[str] = (
    "findings technique indication conclusion impression resultat resultats examen"
    " examination exam comparison clinical history dob mrn accession date born ne nee ipp irm"
    " tdm mri ct md the and et pour avec no not normal there chest thorax abdomen pelvis spine"
    " knee hand foot skull wrist ankle shoulder hip le la a au aux du des les un une est sont"
    " service tel telephone fax age sex sexe medical patient nom prenom radiologue radiologist"
    " consultant resident interne physician phone id on at in of from with by for as this that"
    " was is has had will he she his her electronically signed reported dictated verified left"
    " transcribed typed dicte dictee tape tapee frappe frappee transcrit transcrite"
    " right droite gauche room ward unit department hospital clinic imaging report exam study"
    " reason order ordering referring requested visit compte rendu copie rdv madame monsieur"
    " hopital clinique adresse rue avenue dossier ddn fr us st nda nir rpps consultation pt pts"
    " urgences"
)
_STOPS: Final = frozenset(_STOPS_WORDS.split())
_FAMILY_TOO: Final = frozenset(["foot", "hand", "st", "ward"])
"""Words that end a name, and are the family name of some: ``Dr Foot``, ``Mrs St. John``."""
_STRONG_WORDS: Final[str] = (
    "dr drs dre dresse pr prs prof docteur docteurs docteure doctor doctors professeur professeure"
    " professeurs professor m mm mr mrs ms miss mme mmes mlle melle monsieur madame"
    " mademoiselle mister mesdames messieurs messrs officer officers nom noms prenom"
    " prenoms name names surname firstname lastname nomme"
    " nommee named called s appelle nee"
)
_STRONG: Final = frozenset(_STRONG_WORDS.split())
_DEGREE: Final = re.compile(rf",?[ ]{CREDENTIALS.pattern}")
_OF_BODY: Final = re.compile(
    r"(?:BRAIN|NECK|HEAD|LEG|ARM|ELBOW|HEART|LIVER|PROSTATE|CARDIAC|BREASTS?|SINUS|ORBITS?|IAC|"
    r"PITUITARY|ANGIO\w*|VENO\w*|ENTERO\w*|ARTHRO\w*|FEMUR|TIBIA|HUMERUS|THIGH|CALF|SACR\w*|"
    r"CERVICAL|LUMBAR|THORACIC|TMJ|FINGER|TOE|FOREARM|UPPER|LOWER|LEFT|RIGHT|BILATERAL)\b",
    re.IGNORECASE,
)
"""What an examination shows, where "MR" is no title."""
_ABBREVIATED_WORDS: Final[str] = "MR MRS mRS MS Ms M MM PR Pr DR Dr"
_ABBREVIATED: Final = frozenset(_ABBREVIATED_WORDS.split())
"""Titles that are other things too: magnetic resonance, a muscle, an interval, the right side."""
_LIMBS_WORDS: Final[str] = (
    "genou epaule hanche main pied coude poignet cheville jambe cuisse bras rein sein ovaire poumon"
    " doigt pouce oeil oreille cou"
)
_LIMBS: Final = frozenset(_LIMBS_WORDS.split())
_NOBODY_WORDS: Final[str] = (
    "team all radiology imaging everyone everybody department doctor doctors staff colleagues folks"
    " dear equipe tous toutes secretariat service radiologie imagerie reception please again much"
)
_SOMEBODYS: Final = frozenset({"pt", "patient", "patiente"})
_MODALS: Final = frozenset({"may", "will", "can"})
_FRENCH_DEAR: Final = frozenset({"cher", "chere"})
_FRIENDS: Final = frozenset({"ami", "amie", "amis", "amies"})
_SIGNS_NOBODY: Final = frozenset(_NOBODY_WORDS.split())
"""Words that close a letter and name nobody."""
_BRETON: Final = re.compile(r"[cC]['’][hH]")
"""Letters that only the names of Brittany have: ``Le Floc'h``."""
_SAINTS: Final = frozenset({"st", "ste"})
_SMALL_TITLES: Final = frozenset({"mrs", "mme", "mlle"})
_SELDOM_NAMES: Final = frozenset(
    ["will", "note", "rest", "case", "cases", "post", "plain", "case", "mean", "place"]
)
_SOMEBODY: Final = frozenset(SOMEBODY_WORDS.split())
_LAW_GIVERS: Final = frozenset({"selon", "per", "according"})
"""Behind these a method stands as often as a person: ``selon Fleischner``."""
_ACRONYM: Final = 5
_BORN: Final = re.compile(r"[ ]{1,3}n[ée]e?[ ]")
_MAY_BE_SMALL: Final = GREETED | {
    "nurse", "sister", "matron", "infirmiere", "infirmier", "dicte", "dictee", "dictees"
}  # fmt: skip
"""Words behind which a given name is one in small letters too."""
_DOERS: Final = frozenset({"par", "by"})
_COPIED: Final = frozenset({"cc", "copie", "copies", "attn"})
_SELDOM_LABELS: Final = frozenset({"cc", "called", "client", "concerne", "a", "à"})
"""Labels behind which one plain word is no name: ``CC: Pain``, ``called Negative``."""
_LABELS: Final = frozenset({"nom", "noms", "prenom", "prenoms", "name", "names"})
_LONGEST_ABBREVIATION: Final = 3
_SHORTEST: Final = 2
_WEAK_BEFORE_SMALL: Final = frozenset({"m", "mm", "ms", "s"})
"""Titles that stand for something else before a small letter: ``M. supra-épineux``."""


_LONGEST_KEPT: Final = 400
"""Longer stretches are not remembered, so that no text can fill the memory."""
_MONTHS_AND_NAMES: Final = frozenset(["mai", "may", "april", "june", "august", "avril"])
_CLOSED: Final = re.compile(r"[ \t]*(?:[\n.,;:()]|$)")
_OF_A_DAY: Final = re.compile(r",?[ ]+\d")


def trim_name(text: str, trigger: int, start: int, end: int) -> tuple[int, int]:
    """Return a name without titles before it and without words that cannot be a part of it.

    Args:
        text: the text.
        trigger: where the title or label before the name begins.
        start: where the name could begin.
        end: where it could end.

    Returns:
        Its first character and one past its last; the same twice where it is no name.
    """
    low = max(0, trigger - REACH_BEFORE)
    near = text[low : end + REACH_AFTER]
    trim = _trim if len(near) <= _LONGEST_KEPT else _trim.__wrapped__
    found = trim(near, trigger - low, start - low, end - low)
    return found[0] + low, found[1] + low


@lru_cache(maxsize=16384)
def _trim(text: str, trigger: int, start: int, end: int) -> tuple[int, int]:
    """Return the same for a name and what stands around it: reports repeat their sentences."""
    kept: list[re.Match[str]] = []
    title = _TITLE.match(text, trigger) if start == trigger else None
    start = title.end() if title else start
    lead = _LETTERS.match(text, trigger)
    # "MR FOOT" is an examination.
    titled = lead is not None and lead[0] != "MR" and lead[0].lower() in _TITLES
    for piece in _PIECE.finditer(text, start, end):
        found = _LETTERS.search(piece[0])
        if not found:
            break
        word = look_up(found[0])
        is_initial = len(found[0]) == 1 and word.is_capital
        is_title = word.folded in _TITLES and not (word.is_capital and word.folded in PARTICLES)
        if not kept and not is_initial and is_title and piece[0][-1:] != ",":
            continue
        is_day = _OF_A_DAY.match(text, piece.end()) or not word.is_capital or not kept
        is_month = word.folded not in _MONTHS_AND_NAMES or bool(is_day)
        is_titled = not kept and _is_family_too(word, lead[0] if lead else "", titled=titled)
        is_titled = is_titled or (word.folded in _SAINTS and _is_saint(text, piece.start()))
        is_whole = not kept and not word.is_capital and _precedes_given(text, trigger, piece)
        is_kept = is_initial or not is_month or is_titled or is_whole
        if not is_kept and _ends_name(word, is_first=not kept):
            break
        kept.append(piece)
        if piece[0].endswith(".") and len(found[0]) > _LONGEST_ABBREVIATION:
            break
    kept = _without_last_particles(text, kept)
    if not kept or _is_no_title(text, lead, start) or not _is_name(text, trigger, kept):
        return start, start
    is_strong = lead is not None and lead[0].lower() in _STRONG
    return kept[0].start(), _with_small_letters(text, kept, is_strong=is_strong)


def _precedes_given(text: str, trigger: int, piece: re.Match[str]) -> bool:
    """Return whether a plain word behind a label is a name by the next one: ``meunier gérard``."""
    after = _NEXT.match(text, piece.end())
    return ":" in text[trigger : piece.start()] and bool(after and look_up(after[1]).is_given)


def _is_no_title(text: str, lead: re.Match[str] | None, start: int) -> bool:
    """Return whether a title stands for a thing: ``MR Venogram``, ``M. biceps``, ``Genou Dr Face``.

    Behind them is then a word that is nobody's name.
    """
    if lead is None or lead[0] not in _ABBREVIATED:
        return False
    first = _LETTERS.search(text, start, start + REACH_AFTER)
    if first is None:
        return False
    word = look_up(first[0])
    is_dotted = text[lead.end() : lead.end() + 1] == "."
    is_image = not is_dotted and _is_of_image(text, lead)
    is_shown = is_image and lead[0] == "MR" and _OF_BODY.match(text, start)
    if is_shown or is_only_anatomy(word.folded):
        return True
    second = _NEXT.match(text, first.end())
    return is_image and _is_thing(word) and not (second and look_up(second[1]).is_given)


def _is_thing(word: Word) -> bool:
    """Return whether a word is nobody's name: of the trade, of a language, or an abbreviation."""
    may_be_name = word.is_family or word.folded in HOMOGRAPHS or word.folded in PARTICLES
    if may_be_name or word.is_given or word.may_be_given or word.is_eponym:
        return False
    is_short = word.is_upper and len(word.folded) <= _LONGEST_ABBREVIATION
    return is_short or word.is_term or word.is_ordinary


def _is_of_image(text: str, lead: re.Match[str]) -> bool:
    """Return whether a title is all capitals, or the side of a limb: ``Genou Dr``."""
    if lead[0] != "Dr":
        return lead[0][1:].isupper()
    before = text[: lead.start()].rstrip().rpartition(" ")[2]
    limb = fold_word(before.rpartition("\n")[2])
    return limb in _LIMBS or is_only_anatomy(limb)


def _without_last_particles(text: str, kept: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return a name without the small words at its end, unless it is one of them: ``Dr Le Van``."""
    count = len(kept)
    while count and look_up(kept[count - 1][0].strip(".'’") or "x").folded in PARTICLES:
        count -= 1
    last = kept[count:]
    if not last or not all(
        piece[0][0].isupper() and len(piece[0]) > _SHORTEST - 1 for piece in last
    ):
        return kept[:count]
    # "LE VAN" is a name of two small words, and so is what ends its line.
    is_whole = len(last) > 1 or count == 0 or bool(_CLOSED.match(text, last[-1].end()))
    is_whole = is_whole and last[-1][0].strip(".'’").isalpha() and len(last[-1][0].strip(".")) > 1
    return kept if is_whole and not _OF_A_DAY.match(text, last[-1].end()) else kept[:count]


def _is_family_too(word: Word, lead: str, *, titled: bool) -> bool:
    """Return whether a word that ends no name is one behind a title: ``Dr Foot``, ``mme petit``."""
    is_family = word.is_capital and word.folded in _FAMILY_TOO and titled
    return is_family or _is_small_family(lead.lower(), word)


def _is_saint(text: str, at: int) -> bool:
    return _SAINT.match(text, at) is not None


def _is_small_family(title: str, word: Word) -> bool:
    """Return whether a plain word in small letters is a family name: ``mme petit``."""
    is_plain = not word.is_capital and word.folded in HOMOGRAPHS - _SELDOM_NAMES
    return is_plain and title in _SMALL_TITLES and len(word.folded) > _LONGEST_ABBREVIATION


def _with_small_letters(text: str, kept: list[re.Match[str]], *, is_strong: bool) -> int:
    """Return where a name ends, with a family name in small letters behind a given name."""
    end = kept[-1].end()
    last = _LETTERS.search(kept[-1][0])
    if last and kept[-1][0].endswith(".") and len(last[0]) > _LONGEST_ABBREVIATION:
        return end - 1
    if len(kept) > 1 or not last:
        return end
    after = _SMALL.match(text, end)
    word = look_up(after["x"]) if after else None
    if not after or not word or after["x"] in _STOPS or (word.is_ordinary and word.mark != "A"):
        return end
    # "Reçu M. Toller zbigniew, né": behind a title, what the name's end shows.
    if after["comma"] and not (is_strong and word.is_given):
        return end
    is_closed = word.is_given or bool(_CLOSED_SMALL.match(text, after.end()))
    is_whole = (is_strong and is_closed) or look_up(last[0]).is_given
    return after.end() if is_whole else end


def _ends_name(word: Word, *, is_first: bool) -> bool:
    if word.folded in PARTICLES:
        return False
    if word.folded in _STOPS or (word.is_term and not word.is_given and not is_first):
        return True
    return not word.is_capital and word.is_ordinary


def _did_on_a_day(text: str, trigger: int, word: Word) -> bool:
    """Return whether a word behind "by" may be a name, as the day before tells: ``3/4 by Hill``."""
    before = text[max(0, trigger - 2) : trigger - 1]
    is_thing = word.is_term or word.is_eponym or word.is_upper or len(word.folded) < _SHORTEST
    return (before.isdigit() or before == "⟧") and not is_thing


def _is_name(text: str, trigger: int, kept: list[re.Match[str]]) -> bool:
    """Return whether words after a title or label are a name, by how strong the title is."""
    words = [look_up(found[0]) for piece in kept for found in _LETTERS.finditer(piece[0])]
    if any(word.is_capital for word in words):
        while words[0].folded in PARTICLES and not words[0].is_capital:
            words.pop(0)
    lead = _LETTERS.match(text, trigger)
    title = look_up(lead[0]).folded if lead else ""
    is_thing = _may_label_a_thing(text, trigger) and words[0].is_term and not words[0].is_given
    if is_thing or (title in _SELDOM_LABELS and len(words) == 1 and _is_plain(words[0])):
        return False
    strong = title in _STRONG
    label = text[trigger : kept[0].start()]
    labelled = ":" in label or " name " in label
    if title in _SOMEBODY:
        own = [word for word in words if word.folded not in PARTICLES]
        return is_described(own) and not is_meant(text, kept[0].start(), kept[-1].end())
    if not words[0].is_capital:
        return _is_small_name(text, title, label, kept)
    if strong or labelled or (title in _DOERS and _did_on_a_day(text, trigger, words[0])):
        is_long = len(words[0].folded) >= _SHORTEST or len(words) > 1 or "." in kept[0][0]
        return is_long or title in _DOERS
    # "Thanks,\nPetal": a plain word alone behind a greeting that closes a letter.
    is_signed = "," in label and len(words) == 1 and text[kept[0].end() :][:1] in {"", "\n"}
    is_signed = is_signed and words[0].mark == "W" and words[0].folded not in _SIGNS_NOBODY
    is_breton = any(_BRETON.search(piece[0]) for piece in kept)
    likely = _is_weakly_named(title, words, is_signed=is_signed, is_breton=is_breton)
    return likely and not is_meant(text, kept[0].start(), kept[0].end())


def _is_plain(word: Word) -> bool:
    return word.mark == "W" and word.folded not in HOMOGRAPHS and not word.is_family


def _is_weakly_named(title: str, words: list[Word], *, is_signed: bool, is_breton: bool) -> bool:
    """Return whether words with capitals behind a weak label are a name."""
    if title in GREETED:
        is_friend = title in _FRENCH_DEAR and words[0].folded in _FRIENDS
        return (not is_friend and _may_be_greeted(words[0])) or is_signed
    if title in _LAW_GIVERS and (words[0].is_eponym or _is_acronym(words[0])):
        return False
    is_copied = title in _COPIED and len(words) > 1 and all(word.is_capital for word in words)
    likely = any(map(_is_likely, words[:3])) or is_breton
    # "pt Mark Major": two plain words, of which the first is a given name as well.
    is_pt = title in _SOMEBODYS and len(words) > 1 and words[0].folded not in _MODALS
    likely = likely or (is_pt and words[0].may_be_given and words[1].is_capital)
    return likely or (is_copied and any(word.may_be_given for word in words))


def _is_acronym(word: Word) -> bool:
    return word.is_upper and len(word.folded) <= _ACRONYM and not word.is_given


def _is_small_name(text: str, title: str, label: str, kept: list[re.Match[str]]) -> bool:
    """Return whether words of which the first is in small letters are a name behind a title."""
    words = [look_up(found[0]) for piece in kept for found in _LETTERS.finditer(piece[0])]
    strong = title in _STRONG
    if any(word.is_capital for word in words):
        first = next(word for word in words if word.folded not in PARTICLES or word.is_capital)
        is_family = first.is_capital or first.is_given or strong
        return is_family or bool(_DEGREE.match(text, kept[-1].end()))
    is_weak = title in _WEAK_BEFORE_SMALL and not label.lower().startswith("ms.")
    is_born = _BORN.match(text, kept[-1].end()) is not None
    is_sure = (strong or ":" in label or " name " in label or is_born) and not is_weak
    if is_sure and (any(map(_is_likely, words)) or _is_small_family(title, words[0])):
        return True
    return title in _MAY_BE_SMALL and _may_be_greeted(words[0])


def _may_be_greeted(word: Word) -> bool:
    """Return whether a word that is spoken to may be a name: ``shouted at Todd``."""
    if not word.is_capital:
        return word.is_given
    return word.mark in {"A", "F", "G"} or (word.mark == "O" and _is_likely(word))


def _may_label_a_thing(text: str, trigger: int) -> bool:
    """Return whether a label may stand before the name of a thing: ``Name of procedure``."""
    lead = _LETTERS.match(text, trigger)
    return lead is not None and look_up(lead[0]).folded in _LABELS


def _is_likely(word: Word) -> bool:
    """Return whether a word may be a name where a weak label says so."""
    if word.is_term or len(word.folded) < _SHORTEST:
        return False
    if word.is_upper and len(word.folded) <= _LONGEST_ABBREVIATION:
        return word.is_given or word.is_family
    return word.is_given or word.is_family or word.is_common or not word.is_ordinary
