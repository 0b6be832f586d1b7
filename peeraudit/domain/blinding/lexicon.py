"""Which words are names of people, and which only look so?"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ACCENTED: Final = "".join(chr(code) for code in range(0xC0, 0x250))


def _plain_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


_PLAIN: Final = str.maketrans(
    {letter: _plain_letter(letter) for letter in _ACCENTED}
    | {chr(code): chr(code + 32) for code in range(65, 91)}
    | {"’": "'", "‘": "'", "–": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " "}
    | {"Œ": "œ", "Æ": "æ", "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d"}
)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, letter for letter, so offsets stay."""
    folded = text.translate(_PLAIN)
    if folded.isascii():
        return folded
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """Return one word folded, with ligatures opened (Lebœuf is Leboeuf)."""
    return fold(word).replace("œ", "oe").replace("æ", "ae")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


EPONYMS: Final = _words(
    """balthazar gilula
    achille addison adson albers albright alzheimer arnold ascher baastrup babinski baker
    bankart barlow barrett barton bartter basedow bassen bazin behcet bennett berger bertrand
    binswanger blount bochdalek boehler bohler bosniak bouchard bowen bright broca brodie bronner
    buerger budd burkitt cantlie caroli castleman chance charcot chiari chilaiditi child chopart
    coats cobb codman colles conn cooper couinaud cowper creutzfeldt crohn cushing dandy dega
    denonvilliers destot dietl doppler douglas down dressler duchenne dupuytren ebstein ehlers
    eisenmenger essex ewing fabry fahr fallot fallope fanconi fazekas felty fick fisher fleischner
    freiberg fuchs galeazzi gallien galien gardner garre gartner gaucher gerota gilbert glasgow
    gleason glenohumeral goodpasture gorham gorlin graves guillain guyon hamartin hampton hartmann
    hashimoto haversian heberden henle henoch herring heschl hill hirschsprung hodgkin hoffa
    horner hounsfield huntington jacob jakob jefferson jones jumper kaposi kartagener kawasaki
    kellgren kerley kienbock killian klatskin klippel kohler krukenberg kummell langerhans larrey
    lauge lawrence ledderhose legg leigh leriche lhermitte lisfranc little luschka luxembourg
    mackenzie maffucci maisonneuve malgaigne mallory marfan marie marshall mason mayer meckel
    meigs menetrier meniere merkel mikulicz milwaukee mirizzi mondor monro monteggia morel morgagni
    morison morquio morrison morton muller mullerian naboth neer nelaton osgood ogilvie ollier
    outerbridge paget pancoast pappenheim parkinson parsonage pellegrini perthes peyer peyronie
    pfannenstiel pfirrmann phalen pick poirier poland pott pouteau recklinghausen retzius riedel
    reiter rendu robin rokitansky rolando romanus rosai rosenthal roth roussy ruysch sachs
    sanders santorini sarmiento scarpa scheuermann schatzker schlatter schmorl schonlein schwann
    segond sever sharpey sheehan sjogren smith spigel spiegel stafne stener steida stieda stewart
    stieglitz stiller sturge sylvius takayasu tarlov tate terry thornwaldt tillaux tornwaldt
    tourette treitz trousseau turner valsalva vater virchow waldenstrom waldeyer wallenberg ward
    warthin weber wegener wernicke wertheim whipple wiberg willis wilms wilson winslow wirsung
    wolf wormian zenker zollinger ellison gibbon riolan drummond graaf batson cloquet bertin
    pourcelot tanner whitehouse greulich pyle nash mayo kadish stanford debakey fontaine rutherford
    evans gustilo garden pauwels vancouver salter harris rockwood tile judet letournel dorsey
    hawkins frykman ideberg goutallier hamada patte sugaya lodwick enneking kanavel linton"""
)
"""Family names that stand for a sign, a disease or a piece of anatomy, never for a person alone."""

COMMON_FAMILY: Final = _words(
    """smith jones wilson turner evans hawkins sanders mason marshall cooper weber morel fisher
    harris bennett berger gardner barrett barton lawrence mackenzie morrison nash mayo linton
    douglas huntington jefferson hampton conn salter tanner lewis leigh jacob muller"""
)
"""Eponyms that are frequent family names: hidden when known, unless a disease or sign is meant."""

ORDINARY: Final = _words(
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
"""Family and given names that are also words; alone, they are hidden only where a name stands."""

FIRST_NAMES: Final = _words(
    """adele adrien agathe agnes aisha alain albert alex alexandra alexandre alexis alfred alice
    aline alison allison amandine amelie amina amy anais andrea andree andrew angela angelique
    anita ann anna anne annick annie anthony antoine antonio april arlette arnaud arthur ashley
    aurelie aurelien axel aziz barbara baptiste bastien beatrice benedicte benjamin benoit
    bernadette bernard bertrand betty brandon brenda brian brigitte bruce bruno camille carine
    carl carla carlos carol carole caroline catherine cecile cedric celine chantal charlene charles
    charlotte cheryl chloe christelle christine christophe christopher cindy clara claude claudine
    clemence coralie corinne craig curtis cynthia cyril damien daniel daniele danielle danielle
    danny david deborah delphine denis denise dennis diana diane didier dominique donald donna
    doris dorothy douglas dylan edith edouard edward elena eliane elisabeth elise elizabeth ellen
    elodie eloise emilie emily emma emmanuel emmanuelle eric erica ernesto estelle esther etienne
    eugene eva evelyne fabien fabienne fabrice fanny fatima fatou felix fernand florence florian
    france francine francis francois francoise frank franck fred frederic frederique gabriel gaelle
    gary genevieve geoffrey george georges gerald gerard germaine ghislaine gilbert gilles gisele
    gloria gregory guillaume guy gwendoline hannah hassan heather helen helene henri henry herve
    hugo hugues ibrahim ines irene isabelle ivan jack jackie jacob jacqueline jacques james jamie
    janet janice jason jean jeanne jeannine jeffrey jennifer jeremie jeremy jerome jessica joan
    joanna joel joelle john johnny jonathan jordan jorge jose joseph josephine josette joshua joyce
    juan judith jules julia julie julien juliette justin justine karen karim karine katherine
    kathleen katia kelly kenneth kevin khadija kimberly kyle laetitia larry laura laure laurence
    laurent lea lena leo leon leonie leslie liam liliane linda lionel lisa louis louise luc lucas
    lucie lucien lucy ludovic lydia lynn madeleine mael manon manuel marc marcel marcelle margaret
    margaux maria marianne marie marilyn marine marion martha martin martine mary mathilde mathieu
    matthew matthieu maud maurice maxime megan melanie melissa mia michael michel michele micheline
    michelle miguel mireille mohamed mohammed monica monique morgane muriel mustapha myriam nadege
    nadia nadine nancy natacha natalie nathalie nathan nicholas nicolas nicole nina noemie norbert
    odette odile olga olivia olivier oscar pamela pascal pascale patricia patrick paul paule
    paulette pauline pedro peter philip philippe pierre pierrette rachel rachid ralph raphael
    raymond raymonde rebecca regine regis remi remy rene renee ricardo richard robert roberto roger
    roland romain ronald ronan rosa roy russell ruth ryan sabine sabrina salma salome samantha
    samir samira samuel sandra sandrine sara sarah scott sean sebastien serge sharon shirley simon
    simone solange solene sonia sophia sophie stephane stephanie stephen steven sue susan suzanne
    sylvain sylvie tamara tara teresa theo theodore theresa therese thibault thierry thomas timothy
    tony tracy ulysse valentin valentine valerie vanessa veronique vicente victor victoria vincent
    virginie virginia vivien walter wayne william xavier yann yannick yasmine youssef yves yvette
    yvon yvonne zoe"""
)
"""Given names that seldom stand for anything but a person."""

_THINGS = (
    "syndrome maladie signe test kyste classification score fracture fractures triade tumeur"
    " sarcome lymphome ligament nerf canal cul-de-sac espace hiatus foramen stade grade type angle"
    " ligne lignes phénomène manœuvre opération intervention nodule nodosité névrome lésion hernie"
    " diverticule faisceau polygone scissure glande trou poche point méthode critères index indice"
    " échelle thyroïdite neuropathie corps chorée arthrite ostéochondrite encéphalopathie ampoule"
    " tubercule bandelette gouttière fascia tendon"
)
_LATER = (
    "disease syndrome sign cyst fracture lesion lesions node nodes classification score grade"
    " tumor tumour sarcoma lymphoma ligament canal pouch space line lines deformity criteria"
    " neuroma thyroiditis contracture palsy hernia diverticulum esophagus oesophagus type category"
    " fascia tendon fissure fossa duct procedure view angle body bodies unit units cells scale"
    " flow ultrasound imaging society recommendations guidelines nodule chorea arthropathy joint"
    " anomaly malformation phenomenon aneurysm ulcer test maneuver manoeuvre"
)
_CAPITAL = "[A-ZÀ-ÖØ-Þ][\\w’'.]*"
_CHAIN = rf"{_CAPITAL}(?:(?:[ ]?[-–][ ]?|\s+(?:et|and|&)\s+|\s+){_CAPITAL}){{0,3}}"
Stretches = list[tuple[int, int]]
"""Pairs of a first character and one past the last."""
_BEFORE: Final = re.compile(
    rf"\b(?:{'|'.join(_THINGS.split())})s?\s+(?:(?:de|du|des|of|von)\s+(?:la\s+)?|d['’])"
    rf"?(?P<name>{_CHAIN})"
)
_AFTER: Final = re.compile(
    rf"(?P<name>{_CAPITAL}(?:[-–]{_CAPITAL}){{0,3}})['’]?s?\s+(?:{'|'.join(_LATER.split())})\b"
)


def eponym_stretches(text: str) -> Stretches:
    """Return where the text speaks of a disease, sign or place named after somebody."""
    return [found.span("name") for shape in (_BEFORE, _AFTER) for found in shape.finditer(text)]
