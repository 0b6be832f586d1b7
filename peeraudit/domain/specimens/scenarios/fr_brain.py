"""How do French reports on the brain read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_LOBES = ("frontale <droite>", "pariétale <droite>", "temporale <droite>", "occipitale <droite>")
_MENINGIOME = Finding(
    "espaces",
    "un processus extra-axial <site> de <mm> mm",
    (
        "{Processus expansif|Nodule} extra-axial <site>, {à large base "
        "d'implantation durale|à base d'implantation durale}, {spontanément "
        "hyperdense|calcifié en périphérie}, mesurant <mm> x <mm2> mm, sans œdème "
        "péri-lésionnel."
    ),
    "Processus extra-axial <site> de <mm> mm, en faveur d'un méningiome.",
    "IRM cérébrale avec injection et avis neurochirurgical à discuter.",
    "Calcification durale <site>, sans signification pathologique.",
    (
        "de la convexité frontale <droite>",
        "de la région pariétale parasagittale <droite>",
        "de l'aile sphénoïdale <droite>",
    ),
    (11, 34),
    chronic=True,
)

SCENARIOS = (
    Scenario(
        "CT",
        "brain",
        "TDM cérébrale sans injection",
        (
            (
                "Traumatisme crânien {sans perte de connaissance|avec perte de "
                "connaissance initiale} chez <sex:une patiente:un patient> de <age> ans{ "
                "sous anticoagulants| sous AVK| sous Kardégic|}."
            ),
            "{Céphalées brutales|Céphalées inhabituelles} depuis <n:2:9> {jours|heures}.",
            (
                "{Chute de sa hauteur|Chute à domicile}, {confusion|GCS 14|plaie du cuir "
                "chevelu}. {Recherche de saignement.|Hémorragie intracrânienne ?}"
            ),
            (
                "Syndrome confusionnel {fébrile|apyrétique}. {Lésion intracrânienne "
                "?|Cause focale ?}"
            ),
        ),
        (
            "Acquisition hélicoïdale {de la base au vertex|du trou occipital au "
            "vertex} sans injection de produit de contraste. PDL : <n:680:990> mGy.cm."
        ),
        (
            (
                "espaces",
                (
                    "{Pas de collection péri-cérébrale.|Absence d'hématome extra-dural ou "
                    "sous-dural.|Pas d'épanchement sous-dural ni extra-dural visible.}"
                ),
            ),
            (
                "sah",
                (
                    "{Pas d'hémorragie sous-arachnoïdienne.|Citernes de la base libres, sans "
                    "hyperdensité spontanée.|Absence d'hyperdensité spontanée des espaces "
                    "sous-arachnoïdiens.}"
                ),
            ),
            (
                "parenchyme",
                (
                    "{Pas de lésion parenchymateuse focale spontanément hyperdense.|Bonne "
                    "différenciation substance blanche – substance grise.|Pas de contusion ni "
                    "d'anomalie de densité du parenchyme sus ou sous-tentoriel.}"
                ),
            ),
            (
                "ventricules",
                (
                    "{Système ventriculaire de taille et de morphologie normales.|Structures "
                    "médianes en place, ventricules non dilatés.|Pas d'hydrocéphalie.}"
                ),
            ),
            (
                "os",
                (
                    "{Pas de trait de fracture de la voûte ni de la base.|Pas de lésion "
                    "osseuse visible en fenêtre osseuse.|Intégrité de la voûte crânienne.}"
                ),
            ),
            (
                "sinus",
                (
                    "{Bonne pneumatisation des cavités sinusiennes et mastoïdiennes.|Sinus de "
                    "la face et mastoïdes libres.|Sinus et oreilles moyennes bien aérés.}"
                ),
            ),
        ),
        (
            Finding(
                "espaces+ventricules",
                "un hématome sous-dural aigu hémisphérique <droit>",
                (
                    "Collection péri-cérébrale hémisphérique <droite> spontanément hyperdense, "
                    "en croissant, {de|mesurant} <mm> mm d'épaisseur maximale, avec "
                    "{effacement des sillons en regard|effet de masse sur le ventricule "
                    "latéral homolatéral} et déviation de la ligne médiane de <n:3:7> mm. {Pas "
                    "d'engagement.|Citernes de la base perméables.}"
                ),
                (
                    "Hématome sous-dural aigu hémisphérique <droit> de <mm> mm d'épaisseur "
                    "avec effet de masse."
                ),
                "Avis neurochirurgical en urgence.",
                (
                    "Collection sous-durale hémisphérique <droite> chronique sans caractère "
                    "d'urgence."
                ),
                size=(6, 17),
                grave=True,
            ),
            Finding(
                "sah",
                "une hémorragie sous-arachnoïdienne de la vallée sylvienne <droite>",
                (
                    "Hyperdensité spontanée {de la vallée sylvienne <droite>|des sillons de la "
                    "convexité fronto-pariétale <droite>} {évocatrice|témoignant} d'une "
                    "hémorragie sous-arachnoïdienne{ de faible abondance|}."
                ),
                "Hémorragie sous-arachnoïdienne <droite>.",
                "Angioscanner du polygone de Willis et avis neurochirurgical en urgence.",
                "Aspect d'artefact de durcissement sylvien <droit>.",
                grave=True,
            ),
            Finding(
                "parenchyme",
                "une ischémie constituée du territoire sylvien <droit>",
                (
                    "Hypodensité cortico-sous-corticale <site> avec {dédifférenciation "
                    "cortico-sous-corticale|effacement des sillons}, dans le territoire de "
                    "l'artère cérébrale moyenne, sans transformation hémorragique."
                ),
                (
                    "Accident ischémique {récent|en voie de constitution} du territoire "
                    "sylvien <droit>."
                ),
                "IRM cérébrale {sans délai|en urgence} et avis neurovasculaire.",
                "Séquelle ischémique sylvienne <droite>.",
                ("insulaire et temporale <droite>", "fronto-insulaire <droite>"),
                grave=True,
            ),
            Finding(
                "parenchyme",
                "une leucopathie vasculaire",
                (
                    "Hypodensités {péri-ventriculaires|de la substance blanche "
                    "sus-tentorielle} {bilatérales et symétriques|confluentes}, {d'allure "
                    "vasculaire|en rapport avec une leucoaraïose}{, Fazekas 2|}."
                ),
                "Leucopathie d'allure vasculaire chronique.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "os",
                "un trait de fracture non déplacé du rocher <droit>",
                (
                    "Trait de fracture {longitudinal|extra-labyrinthique} du rocher <droit>, "
                    "non déplacé, avec comblement partiel des cellules mastoïdiennes."
                ),
                "Fracture non déplacée du rocher <droit>.",
                "Avis ORL.",
                "",
                grave=True,
            ),
            Finding(
                "sinus",
                "un comblement du sinus maxillaire <droit>",
                (
                    "{Comblement partiel|Épaississement muqueux polypoïde} du sinus maxillaire "
                    "<droit>{ avec niveau hydro-aérique|}."
                ),
                "Sinusopathie maxillaire <droite>.",
                chronic=True,
            ),
            _MENINGIOME,
        ),
        (
            "{Pas de lésion traumatique intracrânienne.|TDM cérébrale sans anomalie "
            "significative.|Pas de saignement intracrânien ni d'effet de masse.|Examen "
            "sans particularité.}"
        ),
        "{Pas de saignement intracrânien.|Pas d'hémorragie intracrânienne visible.}",
        urgent=70,
    ),
    Scenario(
        "MR",
        "brain",
        "IRM cérébrale",
        (
            (
                "{Céphalées chroniques|Céphalées rebelles au traitement|Vertiges et "
                "céphalées} chez <sex:une patiente:un patient> de <age> ans."
            ),
            (
                "{Première crise convulsive|Crise comitiale inaugurale}. {Bilan "
                "étiologique.|Lésion épileptogène ?}"
            ),
            (
                "[58-99]Trouble {mnésique|cognitif} {progressif|d'installation récente}, "
                "MMSE à <n:19:27>/30."
            ),
            "Acouphènes et hypoacousie unilatérale. Schwannome ?",
        ),
        (
            "Séquences {T1, T2 FLAIR, diffusion et T2*|sagittale T1, axiales T2 FLAIR, "
            "diffusion, SWI}{, puis 3D T1 après injection de gadolinium|, 3D T1 EG "
            "après injection de chélates de gadolinium| et TOF du polygone de Willis}. "
            "Appareil 1,5 T."
        ),
        (
            (
                "diffusion",
                (
                    "{Pas d'anomalie de signal en diffusion.|Absence de lésion ischémique "
                    "récente en diffusion.|Pas d'hypersignal b1000 avec restriction de l'ADC.}"
                ),
            ),
            (
                "blanche",
                (
                    "{Pas d'anomalie de signal de la substance blanche en T2 FLAIR.|Signal "
                    "normal du parenchyme sus et sous-tentoriel.|Quelques hypersignaux FLAIR "
                    "punctiformes aspécifiques, en nombre normal pour l'âge.}"
                ),
            ),
            (
                "hippo",
                (
                    "{Hippocampes de volume et de signal symétriques.|Pas d'atrophie "
                    "hippocampique (Scheltens <n:0:1>).|Volumes temporaux internes conservés.}"
                ),
            ),
            (
                "t2",
                (
                    "{Pas de stigmate hémorragique en T2*.|Pas de microsaignement en "
                    "pondération magnétique.|Absence de dépôt d'hémosidérine.}"
                ),
            ),
            (
                "cai",
                (
                    "{Conduits auditifs internes libres.|Paquets acoustico-faciaux "
                    "symétriques, pas de lésion de l'angle ponto-cérébelleux.}"
                ),
            ),
            (
                "ventricules",
                (
                    "{Ventricules de taille normale, ligne médiane en place.|Espaces "
                    "liquidiens de morphologie normale pour l'âge.}"
                ),
            ),
            (
                "sellaire",
                (
                    "{Région sellaire sans particularité.|Hypophyse de volume normal, tige "
                    "médiane.|Charnière cervico-occipitale en place.}"
                ),
            ),
        ),
        (
            Finding(
                "blanche",
                "une lésion expansive <site>",
                (
                    "{Lésion expansive|Lésion tumorale} <site> de <mm> x <mm2> mm, en "
                    "{hypersignal T2 FLAIR hétérogène|signal intermédiaire T2}, {rehaussée en "
                    "couronne après injection|se rehaussant de façon annulaire}, entourée d'un "
                    "œdème vasogénique{ étendu|}."
                ),
                (
                    "Lésion expansive <site> de <mm> mm, {évoquant une lésion gliale de haut "
                    "grade ou une métastase|à discuter entre gliome de haut grade et "
                    "métastase}."
                ),
                "Discussion en RCP de neuro-oncologie et TDM thoraco-abdomino-pelvienne.",
                "Séquelle gliotique <site>.",
                _LOBES,
                (15, 46),
                grave=True,
            ),
            Finding(
                "diffusion",
                "un accident ischémique récent <site>",
                (
                    "Hypersignal en diffusion <site> de <mm> mm avec restriction de l'ADC, "
                    "{visible en FLAIR|encore peu visible en FLAIR}."
                ),
                "AVC ischémique récent <site>.",
                "Prise en charge en unité neurovasculaire.",
                "",
                (
                    "capsulo-lenticulaire <droit>",
                    "thalamique <droit>",
                    "de la couronne rayonnante <droite>",
                ),
                (6, 16),
                grave=True,
            ),
            Finding(
                "cai",
                "un schwannome vestibulaire <droit>",
                (
                    "{Formation nodulaire|Nodule} intra-canalaire <droit> de <mm> mm, "
                    "rehaussé{ de façon intense|}, {sans extension à l'angle "
                    "ponto-cérébelleux|n'atteignant pas le fond du conduit}."
                ),
                "Schwannome vestibulaire <droit> de <mm> mm (Koos 1).",
                "Contrôle par IRM dans 6 mois et avis ORL.",
                "",
                size=(4, 10),
                grave=True,
                chronic=True,
            ),
            Finding(
                "blanche",
                "une leucopathie vasculaire",
                (
                    "Hypersignaux FLAIR {péri-ventriculaires et sous-corticaux|de la substance "
                    "blanche} {à tendance confluente|bilatéraux}, Fazekas 2."
                ),
                "Leucopathie d'origine vasculaire, Fazekas 2.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "sellaire",
                "un microadénome hypophysaire <droit> de <mm> mm",
                (
                    "Image {nodulaire|arrondie} hypophysaire latéralisée à <droite>, de <mm> "
                    "mm, {en hyposignal relatif|de rehaussement retardé}."
                ),
                "Image compatible avec un microadénome hypophysaire <droit>.",
                "Bilan hormonal{ et IRM hypophysaire dédiée|}.",
                "",
                size=(3, 8),
                chronic=True,
            ),
            Finding(
                "hippo",
                "une sclérose hippocampique <droite>",
                (
                    "Hippocampe <droit> de volume réduit, en hypersignal T2 FLAIR, avec {perte "
                    "de son architecture interne|élargissement de la corne temporale}."
                ),
                "Aspect de sclérose hippocampique <droite>.",
                "Corrélation à l'EEG.",
                "",
                chronic=True,
            ),
            Finding(
                "ventricules",
                "un kyste arachnoïdien temporal <droit>",
                (
                    "Kyste arachnoïdien {de la fosse temporale|temporo-polaire} <droit> de "
                    "<mm> mm, de signal identique au LCR sur toutes les séquences."
                ),
                "Kyste arachnoïdien temporal <droit>, {banal|sans caractère suspect}.",
                size=(15, 42),
                chronic=True,
            ),
        ),
        (
            "{IRM cérébrale sans anomalie.|Pas de lésion intracrânienne expliquant la "
            "symptomatologie.|Examen normal pour l'âge.}"
        ),
        (
            "{Pas de processus expansif intracrânien.|Pas de lésion ischémique récente "
            "ni de processus expansif.}"
        ),
        urgent=15,
    ),
)
