"""How do French reports on the chest and on staging CT read?"""

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
_FOIE = Finding(
    "abdomen",
    "une lésion hépatique <site> suspecte",
    ("Lésion hypodense <site> de <mm> mm, {mal limitée|à rehaussement périphérique}."),
    "Lésion hépatique <site> de <mm> mm suspecte de localisation secondaire.",
    "IRM hépatique et discussion en RCP.",
    "Kyste hépatique <site>.",
    ("du segment VI", "du segment VIII", "du segment IV"),
    (11, 38),
    grave=True,
)

SCENARIOS = (
    Scenario(
        "CT",
        "whole_body",
        "TDM thoraco-abdomino-pelvienne",
        (
            (
                "{Bilan d'extension|Surveillance} d'un {adénocarcinome colique|cancer "
                "<sex:du sein:bronchique>|mélanome}{, sous immunothérapie|, cycle "
                "<n:2:8>|}."
            ),
            "Lymphome de Hodgkin, évaluation {à mi-traitement|de fin de traitement}.",
            (
                "Altération de l'état général, amaigrissement de <n:5:14> kg. {Néoplasie "
                "?|Recherche de néoplasie profonde.}"
            ),
        ),
        (
            "Acquisition thoraco-abdomino-pelvienne au temps portal après injection IV "
            "de <n:90:120> mL de produit de contraste iodé. PDL : <n:640:1150> mGy.cm."
        ),
        (
            (
                "nodules",
                "{Pas de nodule pulmonaire suspect.|Absence de lésion pulmonaire secondaire.}",
            ),
            ("plevre", "{Pas d'épanchement pleural ou péricardique.|Plèvres libres.}"),
            (
                "mediastin",
                (
                    "{Pas d'adénopathie médiastinale, hilaire ou axillaire.|Aires "
                    "ganglionnaires thoraciques libres.}"
                ),
            ),
            (
                "abdomen",
                (
                    "{Foie homogène, sans lésion focale suspecte. Surrénales fines.|Foie sans "
                    "lésion suspecte ; quelques kystes biliaires infracentimétriques. "
                    "Surrénales normales.}"
                ),
            ),
            (
                "rate",
                (
                    "{Rate, pancréas et reins sans anomalie.|Pancréas et rate homogènes. Reins "
                    "symétriques, sans dilatation.}"
                ),
            ),
            (
                "ganglions",
                (
                    "{Pas d'adénopathie rétropéritonéale ou pelvienne.|Aires ganglionnaires "
                    "sous-diaphragmatiques libres.}"
                ),
            ),
            (
                "peritoine",
                "{Pas d'épanchement ni de nodule péritonéal.|Cul-de-sac de Douglas libre.}",
            ),
            ("os", "{Pas de lésion osseuse suspecte.|Pas de lésion lytique ou condensante.}"),
        ),
        (
            _NODULE,
            _CANCER,
            _SURRENALE,
            _FOIE,
            Finding(
                "ganglions",
                "une adénopathie <site>",
                "Adénopathie <site> de <mm> mm de petit axe{, à centre nécrotique|}.",
                "Adénopathie <site> de <mm> mm suspecte.",
                "TEP-TDM au 18F-FDG (SUV de référence à reporter).",
                "",
                ("latéro-aortique gauche", "iliaque externe <droite>", "inguinale <droite>"),
                (12, 31),
                grave=True,
            ),
            Finding(
                "peritoine",
                "des nodules de carcinose péritonéale",
                (
                    "{Nodules péritonéaux|Infiltration nodulaire du grand omentum} jusqu'à "
                    "<mm> mm, avec épanchement du cul-de-sac de Douglas."
                ),
                "Carcinose péritonéale.",
                "Discussion en RCP.",
                "",
                size=(8, 24),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "os",
                "une lésion condensante <site>",
                "Lésion {ostéocondensante|lytique} <site> de <mm> mm.",
                "Lésion osseuse <site> suspecte.",
                "Scintigraphie osseuse ou IRM.",
                "Îlot condensant bénin <site>.",
                ("de l'aile iliaque <droite>", "du corps de L2", "du corps de T9"),
                (9, 24),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "nodules",
                "une embolie pulmonaire fortuite <site>",
                "Défect endoluminal d'une artère pulmonaire <site>, de découverte fortuite.",
                "Embolie pulmonaire <site> de découverte fortuite.",
                "Contact du prescripteur ce jour.",
                "",
                ("lobaire inférieure <droite>", "segmentaire basale <droite>"),
                grave=True,
            ),
            Finding(
                "rate",
                "un kyste rénal <droit> Bosniak II",
                "Kyste rénal <droit> de <mm> mm à fines cloisons, Bosniak II.",
                "Kyste rénal <droit> Bosniak II, sans surveillance nécessaire.",
                size=(18, 55),
                chronic=True,
            ),
        ),
        (
            "{Pas de localisation secondaire décelable.|Pas d'argument pour une "
            "évolution de la maladie.|Pas de lésion suspecte "
            "thoraco-abdomino-pelvienne.}"
        ),
        "{Pas de localisation secondaire certaine.|Pas de progression.}",
        urgent=6,
    ),
    Scenario(
        "CR",
        "chest",
        "Radiographie thoracique de face",
        (
            "{Toux fébrile|Fièvre à 39 °C et toux}. {Pneumopathie ?|Foyer ?}",
            "{Dyspnée|Douleur thoracique}. {Pneumothorax ?|Épanchement ?}",
            "Bilan préopératoire{ d'une prothèse de hanche|}.",
            "Contrôle de BPCO.",
            "Toux chronique{, tabagisme actif|}.",
        ),
        "Cliché de face {debout en inspiration|au lit|en position assise}.",
        (
            (
                "parenchyme",
                (
                    "{Pas de foyer parenchymateux.|Transparence pulmonaire normale.|Absence "
                    "d'opacité parenchymateuse.}"
                ),
            ),
            (
                "plevre",
                (
                    "{Culs-de-sac pleuraux libres.|Pas d'épanchement pleural.|Pas de "
                    "décollement pleural.}"
                ),
            ),
            (
                "coeur",
                (
                    "{Silhouette cardio-médiastinale normale.|Index cardio-thoracique à "
                    "0,<n:42:49>.|Médiastin non élargi.}"
                ),
            ),
            ("nodules", "{Hiles de taille et de densité normales.|Pas d'image nodulaire.}"),
            ("os", "{Pas de lésion costale visible.|Cadre osseux sans particularité.}"),
        ),
        (
            Finding(
                "parenchyme",
                "un foyer <site>",
                "Opacité {alvéolaire|systématisée} <site>{ effaçant la coupole|}.",
                "Foyer <site> compatible avec une pneumopathie.",
                "Contrôle à 4-6 semaines.",
                "",
                _BASE,
                grave=True,
            ),
            Finding(
                "plevre",
                "un pneumothorax apical <droit>",
                (
                    "Pneumothorax apical <droit> de <mm> mm de décollement{, sans déviation "
                    "médiastinale|}."
                ),
                "Pneumothorax <droit>.",
                "Résultat transmis au service.",
                "Bulle apicale <droite>.",
                size=(9, 34),
                grave=True,
            ),
            Finding(
                "plevre",
                "un épanchement pleural <droit>",
                "Comblement du cul-de-sac costo-diaphragmatique <droit>.",
                "Épanchement pleural <droit> de {faible|moyenne} abondance.",
                chronic=True,
            ),
            Finding(
                "nodules",
                "une opacité nodulaire <site>",
                "Opacité nodulaire <site> d'environ <mm> mm.",
                "Opacité nodulaire <site>.",
                "TDM thoracique.",
                "Superposition vasculaire.",
                ("du lobe supérieur <droit>", "sous-claviculaire <droite>"),
                (11, 28),
                grave=True,
                chronic=True,
            ),
            Finding(
                "coeur",
                "une cardiomégalie",
                (
                    "Index cardio-thoracique à 0,<n:54:63>, {redistribution vasculaire vers "
                    "les sommets|lignes de Kerley B aux bases}."
                ),
                "Cardiomégalie avec signes de surcharge.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "os",
                "une fracture costale <droite>",
                (
                    "Fracture {peu déplacée|non déplacée} de l'arc {moyen|postérieur} de la "
                    "{6e|7e|8e} côte <droite>."
                ),
                "Fracture costale <droite>.",
            ),
        ),
        (
            "{Pas d'anomalie pleuro-parenchymateuse.|Radiographie thoracique sans "
            "anomalie.|Pas de foyer.}"
        ),
        "{Pas de foyer systématisé.|Pas de foyer parenchymateux constitué.}",
        urgent=45,
    ),
)
