"""Which words are names of people, and which only look so?"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.blinding.lists import read_list, read_long_list
from peeraudit.domain.blinding.phrases import is_phrase


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


HOMOGRAPHS: Final = _words(
    """able acute adam ail air alba ami ange angle arch arm art aube bail bain bal banks bar bas
    base bay beau bell bella bel belle best bird bishop black blanc blanche blanchet blond blood
    blue boeuf bois bold bon bone bonnet bord bouche boule bourg bow boy bras bridge bright bris
    brook brown brun brush bull burn burns bush butler calm camp can carter cash castle cave chance
    charge chase chest chevalier christian clair claire clear clement clot cloud coin col cold cole
    cook cord corde core corner cou coude cour court cox crane cross cure cut cyst dame day dean
    den dent dental doigt dolent don dore dos double drew droit droite drain duke dur east edge
    end est faible fat feu field fields fine fish fisher flat fleur flow foot force ford forest
    fort foie fosse fox france franc frank free french frost fuller gain garde gauche gay glass
    gold good grace grand grande grant gras gray green grey gris gros grove guy hall hand hard
    hardy harper haut head heart height high hill hip holly holmes hope house humble hunt hunter
    hurt iris iron jambe jaune jean jolie joly judge june jury just keen key king knight lac lake
    lamb lambert lame land lane large law lawn leger lemaitre lent leroy leg line lite little loin
    lobe london long longue lot love low lung lune mace mai main maitre male man march marche
    marin mark marks marron mars martel mason may mean mer merry met mild miller mine mole mont
    moon moore more moss moulin mur neck negro new noble noel noir nord norm normal north note
    novel oak ocean oeil or orange os ouest page pain palm park parker part pas passe pate pavie
    payne peace pearl pers petit petite pied pierre pike piquet place plain plane plat poivre pole
    pont pool poor porte porter post power price prince puis pure quick rain ray red reed reid
    rein rest rice rich ring rios river robin roche rock roi rose rouge rousseau roux ruby sage
    sain salle salt sand sang sauvage savage sec sein self serre sharp shaw short simple site
    skinner small snow soleil soft solid son south spine spring stable star stark steel stein
    stone storm street strong sud summer swan taille tail temple tendre tete thorn tissue todd
    tour tower town train travers trois true tube turner valley veil vein verre vert vessel vial
    vide vidal vieux ville violet vital voie voix walker wall ward wade waters wave way weak weeks
    wells west white wild will willis winter wise wolf wood woods world worth wright york young
    black deux quatre cinq six sept huit neuf dix mercier boulanger boucher berger meunier
    charpentier couturier tailleur fournier carpentier barbier masson potier marchand pelletier
    tissier texier lefort legrand legros lebrun leblanc lenoir bonne contraste contrast case cases
    aime aimee desire andre lea max alma sa do an to in he no so le la les de du des da di el al
    van von san st saint sainte ben ali ng li lu ma ho wu xu yu xi bo my ha an vu le"""
)
"""Names that are words too and so short or so frequent that the lists may not tell."""


GIVEN: Final = read_long_list("given")
"""Given names, words like Rose and Clair among them."""
_FAMILY: Final = read_long_list("family")
_WORDS: Final = read_long_list("words")
_ANATOMY: Final = read_list("anatomy")
_TERMS: Final = read_list("terms") | read_list("drugs")
TOWNS: Final = read_list("towns")
"""Larger towns and regions."""
EPONYMS: Final = read_list("eponyms")
"""Names that stand for a sign, a disease or a piece of anatomy."""
COMMON_EPONYMS: Final = read_list("eponyms_common")
"""Eponyms that are frequent family names: hidden when known, unless a disease or sign is meant."""
_SURE_GIVEN: Final = _words(
    """alexandra aline angelique baptiste benjamin benoit brandon carol charlotte clemence diane
    doris elise fanny florence frank germaine gloria guillaume heather henry jack jean john joseph
    jules julien lea louis madeleine manuel marc maria marie martin maxime micheline olivier oscar
    pascal pascale paulette peter pierre renee richard robert roger romain rosa sabine serge sylvain
    tony veronique victor victoria virginie"""
)
_NOT_GIVEN: Final = _words(
    """so an do can you love star major see long july france paris london austria asia india china
    america israel jordan kenya angola egypt chad my mi pa le la les de du des san van al el in no
    may june april august sunday friday sol mar sun min max van hai thorax normal male female mri
    paget ester essie page rest long wide ray max ana ante mica carina patella aorta axis atlas
    brain rein miel antero hemi hila melena valves
    iris cornea cilia clava era via sella turcica septum dorsum sinus vena cava portal jugular
    aura vita sana samu carotid concha plica lamina ischia sylvia-n"""
)
_MEDICAL: Final = re.compile(
    r"(?:itis|osis|oses|oma|omas|omata|ectomy|otomy|ostomy|graphy|graphic|scopy|scopic|plasty|"
    r"algia|"
    r"emia|uria|pathy|pathies|genic|logy|logic|logical|plegia|phasia|trophy|trophic|ectasis|"
    r"ectasia|megaly|ular|eal|iform|oid|lysis|listhesis|stenosis|sclerosis|ation|ations|tion|"
    r"ite|ites|ose|ome|omes|ectomie|otomie|ostomie|graphie|graphique|scopie|plastie|algie|emie|"
    r"urie|pathie|logie|logique|plegie|trophie|ectasie|megalie|ulaire|ulaires|iforme|oide|lyse|"
    r"iasis|gram|grams|gramme|grammes|thoracic|cardiac|cranial|lumbar|sacral|"
    r"tomodensitometrique|metrique|metric|aemia|cele|cyte|blastic|blastique)$"
    r"|^(?:trans|sub|supra|infra|retro|peri|intra|inter|extra|cardio|neuro|osteo|echo|angio|pneumo|"
    r"hemo|haemo|thoraco|hepato|nephro|broncho|arthro|radio|cysto|utero|hydro|hyper|hypo|micro|"
    r"macro|"
    r"cholecysto|laryngo|pharyngo|gastro|entero|colo|spleno|lympho|adeno|fibro|lipo|myo|myelo|"
    r"encephalo|meningo|ventriculo|veno|arterio|phlebo|thrombo|tomo|mammo|sono|opacif|calcif)\w{5,}"
)
_LONG_ENOUGH: Final = 7
_ABBREVIATION: Final = 4
_SHORT_GIVEN: Final = 3


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a word, however it is written.

    Attributes:
        folded: in small letters, without accents.
        parts: what hyphens keep apart in it.
        is_capital: it begins with a capital.
        is_upper: it is all capitals.
        is_ordinary: the dictionaries of English and French, or of medicine, hold it.
        is_given: it is a given name, and seldom anything else.
        may_be_given: it is a given name, and a word too.
        is_family: it is a family name, and nothing else.
        is_eponym: signs and diseases are named after it.
        is_common: it is an eponym and a frequent family name.
        is_term: a mark, a society, a heading or the like.
        is_town: a larger town or a region bears it.
        mark: what it may be where it bears a capital, as one letter: ``T`` a term, ``E`` an
            eponym, ``I`` an initial, ``G`` a given name, ``A`` a given name that is a word too,
            ``F`` a family name, ``W`` an ordinary word, ``O`` a word of no list, ``U`` such a
            word that may be an abbreviation.
    """

    folded: str
    parts: tuple[str, ...]
    is_capital: bool
    is_upper: bool
    is_ordinary: bool
    is_given: bool
    may_be_given: bool
    is_family: bool
    is_eponym: bool
    is_common: bool
    is_term: bool
    is_town: bool
    mark: str = ""


def _is_mixed(written: str) -> bool:
    """Return whether a word has capitals inside, as HBs and mRNA have and McCoy may."""
    inside = written[1:]
    mixed = inside != inside.lower() and written != written.upper() and "-" not in written
    return mixed and not _PREFIXED.match(written)


_LETTERED: Final = re.compile(r"(?!Mc|De|Di|La|Le|El|Al|Mac|Van|Von|Fitz)[A-Z][a-z]+[A-Z]{2,}")
"""A score that is written like no name: ``MaRIA``."""
_PREFIXED: Final = re.compile(r"(?:Mc|Mac|De|Du|La|Le|Van|Von|Fitz|Di|Da|Del|Saint|Ben|El|Al)[A-Z]")


def is_ordinary(folded: str) -> bool:
    """Return whether a folded word is a word of a language, and not only a name."""
    if folded in _WORDS or folded in HOMOGRAPHS or folded in _ANATOMY:
        return True
    if folded[-1:] == "s" and (folded[:-1] in _WORDS or folded[:-1] in _ANATOMY):
        return True
    return len(folded) >= _LONG_ENOUGH and bool(_MEDICAL.search(folded))


def is_only_anatomy(folded: str) -> bool:
    """Return whether a folded word is one of anatomy, and nobody's name."""
    return folded in _ANATOMY and folded not in _FAMILY and folded not in GIVEN


_STRANGE: Final = re.compile(r"[^\W\d_a-zA-ZàâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ]")
"""A letter that neither English nor French writes, as in Kárpáthy."""


@lru_cache(maxsize=65536)
def look_up(written: str) -> Word:
    """Return what is known of a word as it is written, hyphens included."""
    folded = fold_word(written)
    parts = tuple(part for part in folded.split("-") if part)
    strict = any(part in EPONYMS and part not in COMMON_EPONYMS for part in parts)
    given = parts[:1] != () and parts[0] in GIVEN and parts[0] not in _NOT_GIVEN
    ordinary = all(map(is_ordinary, parts)) and not (set(parts) & _SURE_GIVEN)
    ordinary = ordinary and not (_STRANGE.search(written) and folded not in _WORDS)
    word = Word(
        folded=folded,
        parts=parts,
        is_capital=written[0].isupper(),
        is_upper=len(written) > 1 and written.isupper(),
        is_ordinary=ordinary,
        is_given=given and not ordinary and not strict and not _LETTERED.fullmatch(written),
        may_be_given=given and ordinary,
        is_family=any(part in _FAMILY and part not in _ANATOMY for part in parts),
        is_eponym=any(part in EPONYMS for part in parts),
        is_common=any(part in COMMON_EPONYMS for part in parts) and not strict,
        is_term=folded in _TERMS or any(part in _TERMS for part in parts) or _is_mixed(written),
        is_town=folded in TOWNS,
    )
    return replace(word, mark=_mark(word))


def _mark(word: Word) -> str:
    length = len(word.folded)
    is_short = word.is_upper and length <= _ABBREVIATION
    is_triple = is_short and length < _ABBREVIATION
    is_sure = word.is_given and not (is_short and length < _SHORT_GIVEN)
    cases = (
        ("I", length == 1),
        ("T", word.is_term and not word.is_given),
        ("E", word.is_eponym and not word.is_common and not word.is_given),
        ("T", is_triple and not is_sure and (length < _SHORT_GIVEN or word.is_ordinary)),
        ("U", is_triple and not is_sure),
        ("G", word.is_given),
        ("A", word.may_be_given),
        ("F", word.is_family or word.is_common),
        ("W", word.is_ordinary),
        ("U", is_short),
    )
    return next((mark for mark, holds in cases if holds), "O")


_THINGS: Final = (
    "syndrome maladie signe test kyste classification score fracture fractures triade tumeur"
    " sarcome lymphome ligament nerf canal cul-de-sac espace hiatus foramen stade grade type angle"
    " ligne lignes phénomène manœuvre opération intervention nodule nodosité névrome lésion hernie"
    " diverticule faisceau polygone scissure glande trou poche point méthode critères index indice"
    " échelle thyroïdite neuropathie corps chorée arthrite ostéochondrite encéphalopathie ampoule"
    " tubercule bandelette gouttière fascia tendon séquence anomalie malformation ulcère "
    "tubérosité loge"
    " aponévrose membrane cercle polygone arcade arc aire zone plexus ganglion cellule cellules"
    " appareil drain sonde cathéter prothèse clou vis plaque incision abord procédé technique règle"
    " loi test épreuve phénomène paralysie contracture déformation luxation rupture pseudarthrose"
    " dystrophie dysplasie ostéopathie myopathie ataxie démence purpura rétinite cirrhose hépatite"
    " anémie sinus valvule valve sphincter papille anse crête apophyse ligne colonne colonnes"
    " triangle bacille bacilles anneau pince niveau groupe œsophagite protéine mutation tache "
    "calcul"
    " virus fièvre pouch cul mélanome prothèse stérilet score scores"
    " tubes tube facteur factor canaux carcinome carcinomes carcinoma abcès"
    " recommandations consensus stades échelles indices syndromes tumor tumour disease node"
)
_LATER: Final = (
    "disease syndrome sign cyst fracture lesion lesions node nodes classification score grade"
    " tumor tumour sarcoma lymphoma ligament canal pouch space line lines deformity criteria"
    " neuroma thyroiditis contracture palsy hernia diverticulum esophagus oesophagus type category"
    " fascia tendon fissure fossa duct procedure view angle body bodies unit units cells scale"
    " flow ultrasound imaging society recommendations guidelines nodule chorea arthropathy joint"
    " anomaly malformation phenomenon aneurysm ulcer test maneuver manoeuvre ligament triangle"
    " catheter tube drain stent shunt clip filter screw plate nail needle prosthesis rod wire port"
    " dissection stage grading staging variant triad tetralogy dystrophy dysplasia cirrhosis"
    " cell nucleus gland valve sinus artery vein bundle loop rule law index ratio method technique"
    " virus bacilli bacillus protein proteins proteinuria antigen antibody sequencing heart stain"
    " position projection rupture dislocation thrombosis anastomosis repair operation bypass"
    " sequence bandage murmur pupil protocol"
)
_CAPITAL: Final = "[A-ZÀ-ÖØ-Þ][\\w’'.]*"
_CHAIN: Final = rf"(?:{_CAPITAL}(?:[ ]?[-–][ ]?|\s(?:et|and|&)\s|\s)){{0,3}}"
_BEFORE: Final = re.compile(
    rf"(?<!\w)(?i:{'|'.join(_THINGS.split())})(?i:s?)\s{{1,3}}"
    rf"(?:[A-Z\d]{{1,4}}\s)?(?:(?:de|du|des|of|von|selon)\s(?:la\s)?|d['’])?{_CHAIN}$"
)
_AFTER: Final = re.compile(
    rf"(?:[ ]?[-–][ ]?{_CAPITAL}){{0,3}}(?:['’]s?|s['’]?)?\s{{1,3}}(?i:{'|'.join(_LATER.split())})"
    rf"s?\b"
)
_THING_WORDS: Final = frozenset(form for word in _THINGS.split() for form in (word, f"{word}s"))
THINGS: Final = frozenset(fold_word(form) for form in _THING_WORDS)
"""Folded words for diseases, signs and pieces of anatomy behind which a name stands."""
REACH_BEFORE: Final = 56
REACH_AFTER: Final = 48
"""How many characters around a name `is_meant` looks at."""


def is_meant(text: str, start: int, end: int) -> bool:
    """Return whether a name in a text means a disease, a sign or a place, as its neighbours tell.

    Args:
        text: the text.
        start: the first character of the name.
        end: one past its last.
    """
    return is_beside_thing(text, start, end) or is_phrase(text, start, end)


def is_beside_thing(text: str, start: int, end: int) -> bool:
    """Return whether what stands before or behind a name tells that a thing is meant.

    Args:
        text: the text.
        start: the first character of the name.
        end: one past its last.
    """
    before, after = text[max(0, start - REACH_BEFORE) : start], text[end : end + REACH_AFTER]
    return _is_thing(before, after)


@lru_cache(maxsize=16384)
def _is_thing(before: str, after: str) -> bool:
    """Return whether what stands before and after a name tells that it is not a person's."""
    # A set is asked first: the expression is slow, and most names follow no such word.
    if not _THING_WORDS.isdisjoint(before.lower().replace("(", " ").split()) and _BEFORE.search(
        before
    ):
        return True
    return bool(_AFTER.match(after))
