"""How do French reports on CT of the chest read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_LUNG = (
    "du lobe supérieur <droit>",
    "du lobe inférieur <droit>",
    "du segment apical du lobe inférieur <droit>",
    "du segment antérieur du lobe supérieur <droit>",
)
_BASE = ("de la base <droite>", "du lobe inférieur <droit>", "du lobe supérieur <droit>")
_NODULE = Finding(
    "nodules",
    "un nodule solide <site> de <mm> mm",
    (
        "Nodule solide <site> de <mm> mm, à contours {réguliers|discrètement "
        "lobulés}{, non calcifié|}."
    ),
    "Nodule solide <site> de <mm> mm.",
    ("Contrôle par TDM à {3 mois|6 mois} selon les recommandations de la Fleischner Society."),
    "Granulome <site> sans suivi nécessaire.",
    _LUNG,
    (6, 9),
    chronic=True,
)
_CANCER = Finding(
    "nodules",
    "une lésion spiculée <site> de <mm> mm",
    (
        "Lésion {tissulaire spiculée|nodulaire spiculée} <site> de <mm> x <mm2> "
        "mm, {avec rétraction pleurale|au contact de la plèvre}."
    ),
    "Lésion spiculée <site> de <mm> mm hautement suspecte.",
    "TEP-TDM et présentation en RCP d'oncologie thoracique.",
    "Lésion <site> d'allure séquellaire.",
    _LUNG,
    (13, 42),
    grave=True,
    chronic=True,
    ages=(40, 120),
)
_EMPHYSEMA = Finding(
    "parenchyme",
    "un emphysème centrolobulaire",
    (
        "Emphysème centrolobulaire {à prédominance apicale|des deux sommets}{, "
        "avec bulles sous-pleurales|}, dans le cadre d'une BPCO connue ou probable."
    ),
    "Emphysème centrolobulaire {modéré|à prédominance apicale}.",
    chronic=True,
    ages=(40, 120),
)
_SURRENALE = Finding(
    "abdomen",
    "un nodule surrénalien <droit> de <mm> mm",
    (
        "Nodule surrénalien <droit> de <mm> mm, {de densité spontanée à <n:2:8> "
        "UH|hypodense homogène}."
    ),
    "Nodule surrénalien <droit> de <mm> mm, en faveur d'un adénome.",
    "",
    "",
    size=(12, 26),
    chronic=True,
)

SCENARIOS = (
    Scenario(
        "CT",
        "chest",
        "Angioscanner des artères pulmonaires",
        (
            (
                "Dyspnée {aiguë|d'apparition brutale}, {tachycardie|désaturation}{, "
                "D-dimères à <n:980:4200> ng/mL|}. {Embolie pulmonaire ?|EP ?}"
            ),
            (
                "Douleur thoracique {basithoracique|latéralisée} {à J<n:5:21> d'une "
                "chirurgie orthopédique|avec hémoptysie}. Suspicion d'EP."
            ),
            "Bilan d'HTAP. {Maladie thrombo-embolique chronique ?|EP chronique ?}",
        ),
        (
            "Acquisition hélicoïdale au temps artériel pulmonaire après injection IV "
            "de <n:55:80> mL de produit de contraste iodé ({350|400} mg I/mL). "
            "{Opacification satisfaisante.|Densité du tronc pulmonaire : <n:260:430> "
            "UH.|Quelques artéfacts respiratoires aux bases.} PDL : <n:180:420> mGy.cm."
        ),
        (
            (
                "ap",
                (
                    "{Pas de défect endoluminal artériel pulmonaire jusqu'à l'étage "
                    "sous-segmentaire.|Bonne opacification des artères pulmonaires, sans image "
                    "de thrombus.|Absence d'embolie pulmonaire proximale ou distale.}"
                ),
            ),
            (
                "vd",
                (
                    "{Pas de dilatation des cavités droites, rapport VD/VG inférieur à "
                    "1.|Cavités cardiaques droites non dilatées.|Tronc de l'artère pulmonaire "
                    "de calibre normal.}"
                ),
            ),
            (
                "aorte",
                (
                    "{Aorte thoracique de calibre normal.|Pas d'anomalie de l'aorte sur cette "
                    "acquisition au temps pulmonaire.}"
                ),
            ),
            (
                "parenchyme",
                (
                    "{Pas de foyer de condensation.|Parenchyme pulmonaire sans lésion en "
                    "foyer.|Troubles ventilatoires en bande des bases.}"
                ),
            ),
            ("nodules", "{Pas de nodule pulmonaire suspect.|Absence de nodule parenchymateux.}"),
            (
                "plevre",
                (
                    "{Pas d'épanchement pleural ni péricardique.|Plèvres libres.|Absence "
                    "d'épanchement pleural liquidien ou gazeux.}"
                ),
            ),
            (
                "mediastin",
                (
                    "{Pas d'adénomégalie médiastinale ou hilaire.|Médiastin sans masse ni "
                    "adénopathie.}"
                ),
            ),
            (
                "abdomen",
                (
                    "{Étage abdominal supérieur sans anomalie sur les coupes passant par "
                    "lui.|Coupes abdominales hautes sans particularité.}"
                ),
            ),
            ("os", "{Pas de lésion osseuse suspecte.|Cadre osseux sans anomalie.}"),
        ),
        (
            Finding(
                "ap+vd",
                "une embolie pulmonaire <site>",
                (
                    "{Défects endoluminaux|Thrombus endoluminal} de l'artère pulmonaire "
                    "<site>, {étendus aux branches segmentaires|avec extension basale}. "
                    "{Dilatation des cavités droites, rapport VD/VG à 1,<n:1:4>.|Rapport VD/VG "
                    "inférieur à 1.}"
                ),
                "Embolie pulmonaire <site>.",
                "Résultat communiqué au clinicien.",
                "Adénopathie hilaire refoulant l'artère pulmonaire.",
                (
                    "lobaire inférieure <droite>",
                    "interlobaire <droite>",
                    "segmentaire latéro-basale <droite>",
                ),
                grave=True,
            ),
            Finding(
                "ap",
                "une embolie sous-segmentaire isolée <site>",
                "Petit défect endoluminal {isolé |}d'une artère sous-segmentaire <site>.",
                "Embolie pulmonaire sous-segmentaire isolée <site>.",
                "Écho-Doppler veineux des membres inférieurs.",
                "",
                ("latéro-basale <droite>", "postéro-basale <droite>"),
                grave=True,
            ),
            Finding(
                "parenchyme",
                "un foyer de condensation <site>",
                (
                    "Condensation alvéolaire <site> avec bronchogramme aérique{, verre dépoli "
                    "périphérique|}."
                ),
                "Pneumopathie <site>.",
                "Contrôle radiographique à 6 semaines.",
                "",
                _BASE,
            ),
            Finding(
                "plevre",
                "un épanchement pleural <droit>",
                (
                    "Épanchement pleural <droit> {de moyenne abondance|de faible abondance}, "
                    "de <mm> mm d'épaisseur, avec {atélectasie passive|trouble ventilatoire} "
                    "en regard."
                ),
                "Épanchement pleural <droit>.",
                "",
                "",
                size=(12, 48),
            ),
            Finding(
                "aorte",
                "une dissection de l'aorte descendante",
                (
                    "Voile intimal de l'aorte thoracique descendante naissant en aval de "
                    "l'artère sous-clavière gauche."
                ),
                "Dissection aortique de type B de Stanford.",
                "Prise en charge vasculaire en urgence.",
                "Artéfact de battement aortique.",
                grave=True,
            ),
            _NODULE,
            _CANCER,
            _EMPHYSEMA,
            _SURRENALE,
        ),
        (
            "{Pas d'embolie pulmonaire.|Pas d'embolie pulmonaire décelable jusqu'à "
            "l'étage sous-segmentaire.|Absence d'embolie pulmonaire ; pas de "
            "diagnostic différentiel.}"
        ),
        "{Pas d'embolie pulmonaire.|Absence d'argument pour une embolie pulmonaire.}",
        urgent=80,
    ),
    Scenario(
        "CT",
        "chest",
        "TDM thoracique sans injection",
        (
            (
                "{Recherche de nodule pulmonaire|Dépistage du cancer bronchique}{, "
                "tabagisme <n:20:45> PA|}."
            ),
            ("Toux {persistante|chronique}, {tabagisme actif|altération de l'état général}."),
            "Opacité {du lobe supérieur|apicale} sur la radiographie. À explorer.",
        ),
        (
            "Acquisition {basse dose|hélicoïdale} en inspiration sans injection, "
            "reconstructions {MIP|MPR et MIP}. PDL : <n:65:210> mGy.cm."
        ),
        (
            (
                "nodules",
                (
                    "{Pas de nodule pulmonaire suspect.|Micronodule calcifié sous-pleural "
                    "d'allure séquellaire.|Absence de nodule parenchymateux non calcifié.}"
                ),
            ),
            (
                "parenchyme",
                (
                    "{Pas d'emphysème ni d'anomalie interstitielle.|Parenchyme pulmonaire de "
                    "densité normale.}"
                ),
            ),
            (
                "bronches",
                (
                    "{Arbre bronchique libre.|Pas de dilatation des bronches.|Pas "
                    "d'épaississement bronchique.}"
                ),
            ),
            ("plevre", "{Pas d'épanchement pleural.|Plèvre fine.}"),
            (
                "mediastin",
                (
                    "{Pas d'adénomégalie médiastinale, sous réserve de l'absence "
                    "d'injection.|Médiastin sans masse.}"
                ),
            ),
            (
                "coeur",
                (
                    "{Pas de calcification coronaire.|Calcifications coronaires "
                    "modérées.|Silhouette cardiaque normale.}"
                ),
            ),
            ("abdomen", "{Coupes abdominales hautes sans particularité.|Surrénales fines.}"),
            ("os", "{Pas de lésion osseuse suspecte.|Arthrose dorsale banale.}"),
        ),
        (
            _NODULE,
            _CANCER,
            _EMPHYSEMA,
            _SURRENALE,
            Finding(
                "nodules",
                "un nodule en verre dépoli <site>",
                (
                    "Nodule en verre dépoli <site> de <mm> mm{ avec composante solide de "
                    "<n:2:4> mm|}."
                ),
                "Nodule en verre dépoli <site> de <mm> mm.",
                "Contrôle TDM à 6 mois (Fleischner 2017).",
                "",
                _LUNG,
                (7, 19),
                chronic=True,
            ),
            Finding(
                "bronches",
                "des dilatations des bronches <site>",
                (
                    "Dilatations des bronches {cylindriques|variqueuses} <site>{ avec "
                    "impactions mucoïdes|}."
                ),
                "Dilatations des bronches <site>.",
                "",
                "",
                _BASE,
                chronic=True,
            ),
            Finding(
                "os",
                "une lésion lytique costale <droite>",
                (
                    "Lésion ostéolytique de l'arc {latéral|postérieur} de la {5e|7e|8e} côte "
                    "<droite> de <mm> mm."
                ),
                "Lésion lytique costale <droite> suspecte.",
                "Bilan d'extension{ et biopsie|}.",
                "Séquelle de fracture costale <droite>.",
                size=(11, 28),
                grave=True,
                ages=(40, 120),
            ),
        ),
        (
            "{TDM thoracique sans anomalie significative.|Pas de nodule suspect.|Pas "
            "de lésion pulmonaire évolutive.}"
        ),
        ("{Pas de lésion hautement suspecte.|Pas d'opacité pulmonaire suspecte de malignité.}"),
        urgent=5,
    ),
)
