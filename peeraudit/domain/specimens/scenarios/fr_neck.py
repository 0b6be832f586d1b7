"""How do French reports on the neck and the thyroid read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "CT",
        "head_neck",
        "TDM cervico-faciale avec injection",
        (
            ("{Masse|Tuméfaction} latéro-cervicale d'apparition récente, tabagisme <n:20:50> PA."),
            "Dysphagie {fébrile|avec trismus}. {Abcès ?|Collection péri-amygdalienne ?}",
            "{Dysphonie|Otalgie réflexe}, tabagisme actif.",
        ),
        (
            "Acquisition {de la base du crâne à l'arc aortique|du cavum à l'ouverture "
            "supérieure du thorax} après injection IV de <n:80:100> mL de produit de "
            "contraste iodé."
        ),
        (
            (
                "muqueuse",
                (
                    "{Pas d'asymétrie muqueuse pharyngo-laryngée.|Cavum, oropharynx et larynx "
                    "sans lésion décelable.|Axe pharyngo-laryngé symétrique.}"
                ),
            ),
            (
                "ganglions",
                (
                    "{Pas d'adénomégalie cervicale.|Ganglions cervicaux infracentimétriques, "
                    "de morphologie conservée.}"
                ),
            ),
            (
                "salivaires",
                (
                    "{Glandes parotides et sous-mandibulaires symétriques, sans lésion "
                    "focale.|Glandes salivaires homogènes.}"
                ),
            ),
            ("thyroide", "{Thyroïde homogène.|Loge thyroïdienne sans anomalie.}"),
            (
                "vaisseaux",
                (
                    "{Axes jugulo-carotidiens perméables.|Bonne opacification des axes "
                    "vasculaires cervicaux.}"
                ),
            ),
            ("apex", "{Apex pulmonaires libres.|Pas de nodule des sommets pulmonaires.}"),
        ),
        (
            Finding(
                "muqueuse",
                "un épaississement suspect de l'amygdale <droite>",
                (
                    "Épaississement asymétrique {rehaussé|infiltrant} de la loge amygdalienne "
                    "<droite> de <mm> mm{, étendu au voile|}."
                ),
                "Lésion amygdalienne <droite> suspecte de <mm> mm.",
                "Panendoscopie avec biopsies.",
                "Hypertrophie amygdalienne <droite> d'allure inflammatoire.",
                size=(16, 38),
                grave=True,
            ),
            Finding(
                "ganglions",
                "une adénopathie nécrotique du secteur IIA <droit>",
                (
                    "Adénopathie {à centre nécrotique|hypodense en son centre} du secteur "
                    "<site> de <mm> mm de petit axe."
                ),
                "Adénopathie <site> suspecte de <mm> mm.",
                "Avis ORL et cytoponction.",
                "Kyste <site> d'allure congénitale.",
                ("IIA <droit>", "III <droit>"),
                (12, 29),
                grave=True,
            ),
            Finding(
                "muqueuse",
                "une collection péri-amygdalienne <droite>",
                (
                    "Collection péri-amygdalienne <droite> de <mm> x <mm2> mm, à paroi "
                    "rehaussée, {avec infiltration de la graisse para-pharyngée|refoulant la "
                    "lumière oropharyngée}."
                ),
                "Abcès péri-amygdalien <droit> de <mm> mm.",
                "Avis ORL en urgence.",
                "",
                size=(14, 34),
                grave=True,
            ),
            Finding(
                "thyroide",
                "un nodule du lobe thyroïdien <droit>",
                "Nodule hypodense du lobe thyroïdien <droit> de <mm> mm.",
                "Nodule du lobe thyroïdien <droit> de <mm> mm de découverte fortuite.",
                "Échographie thyroïdienne.",
                "",
                size=(8, 24),
                chronic=True,
            ),
            Finding(
                "apex",
                "un nodule de l'apex pulmonaire <droit>",
                "Nodule de l'apex pulmonaire <droit> de <mm> mm.",
                "Nodule de l'apex pulmonaire <droit> de <mm> mm.",
                "TDM thoracique.",
                "",
                size=(6, 14),
                grave=True,
                chronic=True,
            ),
        ),
        (
            "{Pas de lésion cervicale suspecte.|Pas d'adénopathie ni de masse "
            "cervicale.|Examen cervical sans anomalie.}"
        ),
        (
            "{Pas de lésion des voies aéro-digestives supérieures ni "
            "d'adénopathie.|Pas de collection ni d'adénopathie cervicale.}"
        ),
        urgent=30,
    ),
    Scenario(
        "US",
        "head_neck",
        "Échographie thyroïdienne et cervicale",
        (
            "{Nodule palpé|Goitre|Dysthyroïdie}{, TSH à <d:0.2:6.8> mUI/L|}.",
            "Surveillance échographique annuelle.",
            "Hyperthyroïdie. Maladie de Basedow ?",
            "Hypothyroïdie. Thyroïdite de Hashimoto ?",
        ),
        "Exploration à la sonde linéaire {haute fréquence|12 MHz} avec étude Doppler.",
        (
            (
                "volume",
                (
                    "Lobe droit : <n:38:52> x <n:13:19> x <n:12:18> mm, lobe gauche : "
                    "<n:37:51> x <n:12:18> x <n:12:18> mm, isthme de <n:2:4> mm."
                ),
            ),
            ("echo", "{Parenchyme homogène, d'échogénicité normale.|Échostructure homogène.}"),
            (
                "nodules",
                (
                    "{Pas de nodule individualisable.|Absence de nodule thyroïdien.|Quelques "
                    "nodules spongiformes infracentimétriques EU-TIRADS 2.}"
                ),
            ),
            ("vasc", "{Vascularisation normale en Doppler couleur.|Pas d'hypervascularisation.}"),
            (
                "ganglions",
                (
                    "{Pas d'adénopathie cervicale suspecte.|Aires ganglionnaires "
                    "jugulo-carotidiennes libres.}"
                ),
            ),
        ),
        (
            Finding(
                "nodules",
                "un nodule EU-TIRADS 5 du lobe <droit>",
                (
                    "Nodule {du tiers moyen|du pôle inférieur|du pôle supérieur} du lobe "
                    "<droit>, de <mm> x <mm2> mm, {fortement hypoéchogène, plus épais que "
                    "large|hypoéchogène, à contours irréguliers, avec microcalcifications}, "
                    "EU-TIRADS 5."
                ),
                "Nodule lobaire <droit> de <mm> mm EU-TIRADS 5.",
                "Cytoponction échoguidée.",
                "Nodule lobaire <droit> EU-TIRADS 3.",
                size=(11, 27),
                grave=True,
                chronic=True,
            ),
            Finding(
                "nodules",
                "un nodule EU-TIRADS 3 du lobe <droit>",
                (
                    "Nodule {isoéchogène|mixte à prédominance solide} du lobe <droit> de <mm> "
                    "x <mm2> mm, à contours réguliers, EU-TIRADS 3."
                ),
                "Nodule lobaire <droit> de <mm> mm EU-TIRADS 3.",
                "Contrôle échographique dans {12|18} mois.",
                "",
                size=(8, 19),
                chronic=True,
            ),
            Finding(
                "echo+vasc",
                "un aspect de thyroïdite",
                (
                    "Parenchyme {hypoéchogène hétérogène, d'aspect "
                    "pseudo-nodulaire|hétérogène, parcouru de septa hyperéchogènes}, "
                    "{hypervascularisé|à vascularisation modérément augmentée}."
                ),
                "Aspect de thyroïdite chronique{ de type Hashimoto|}.",
                "Contrôle biologique.",
                chronic=True,
            ),
            Finding(
                "ganglions",
                "une adénopathie suspecte du secteur IV <droit>",
                (
                    "Adénopathie du secteur IV <droit> de <mm> mm, {sans hile visible, avec "
                    "microcalcifications|globuleuse, à vascularisation périphérique}."
                ),
                "Adénopathie suspecte du secteur IV <droit>.",
                "Cytoponction avec dosage de la thyroglobuline in situ.",
                "Ganglion réactionnel du secteur IV <droit>.",
                size=(8, 18),
                grave=True,
            ),
        ),
        (
            "{Échographie thyroïdienne normale.|Pas de nodule suspect (EU-TIRADS 2 au "
            "plus).|Pas d'anomalie thyroïdienne.}"
        ),
        "{Pas de nodule suspect.|Pas de nodule relevant d'une cytoponction.}",
        urgent=2,
    ),
)
