"""How do French reports on the breast read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_QUADRANTS = (
    "du quadrant supéro-externe <droit>",
    "du quadrant supéro-interne <droit>",
    "de l'union des quadrants externes <droits>",
    "du quadrant inféro-externe <droit>",
)
_MASSE = Finding(
    "masse",
    "une masse ACR 5 <site> de <mm> mm",
    (
        "{Masse|Opacité} {spiculée|de forme irrégulière, à contours spiculés} "
        "<site> de <mm> mm, {haute densité|avec rétraction cutanée débutante}."
    ),
    "Masse <site> de <mm> mm, classée ACR 5.",
    "Microbiopsie échoguidée.",
    "Foyer de densité asymétrique <site>, classé ACR 3.",
    _QUADRANTS,
    (9, 26),
    grave=True,
    chronic=True,
)
_CALCIFICATIONS = Finding(
    "calcifications",
    "un foyer de microcalcifications <site>",
    ("Foyer de microcalcifications {fines polymorphes|amorphes groupées} <site>, sur <mm> mm."),
    "Foyer de microcalcifications <site>, classé ACR 4.",
    "Macrobiopsie sous stéréotaxie.",
    "Calcifications <site> d'allure dystrophique, classées ACR 2.",
    _QUADRANTS,
    (6, 22),
    grave=True,
)

SCENARIOS = (
    Scenario(
        "MG",
        "breast",
        "Mammographie de dépistage",
        (
            "Dépistage organisé{, antécédent familial au 2e degré|}.",
            "Dépistage individuel{, THS|}.",
        ),
        "Face et oblique bilatérales{, tomosynthèse|}. Densité mammaire {a|b|c}.",
        (
            ("masse", "{Pas de masse suspecte.|Absence d'opacité spiculée.}"),
            (
                "calcifications",
                "{Pas de microcalcification suspecte.|Calcifications vasculaires banales.}",
            ),
            ("architecture", "{Pas de distorsion architecturale.|Trame symétrique.}"),
            ("peau", "{Pas d'anomalie du revêtement cutané ni des mamelons.|Peau fine.}"),
            ("aisselles", "{Creux axillaires libres.|Ganglions axillaires à centre graisseux.}"),
        ),
        (
            _MASSE,
            _CALCIFICATIONS,
            Finding(
                "architecture",
                "une distorsion architecturale <site>",
                (
                    "Distorsion architecturale <site>, {visible sur les deux "
                    "incidences|confirmée en tomosynthèse}."
                ),
                "Distorsion architecturale <site>, classée ACR 4.",
                "Échographie ciblée et biopsie.",
                "Superposition <site>, classée ACR 2.",
                _QUADRANTS,
                grave=True,
                chronic=True,
            ),
            Finding(
                "masse",
                "une opacité ovale <site>",
                "Opacité ovale circonscrite <site> de <mm> mm.",
                "Opacité circonscrite <site>, classée ACR 0.",
                "Échographie complémentaire.",
                "",
                _QUADRANTS,
                (7, 18),
                chronic=True,
            ),
        ),
        "{Mammographie classée ACR 1 à droite comme à gauche.|ACR 2 bilatéral.}",
        "Pas de lésion suspecte de malignité.",
        sex="F",
        ages=(42, 79),
        urgent=0,
    ),
    Scenario(
        "US",
        "breast",
        "Échographie mammaire",
        (
            "Nodule palpé. {Caractérisation.|Fibroadénome ?}",
            "Complément d'une mammographie de densité d.",
        ),
        (
            "Sonde {linéaire 15 MHz|haute fréquence}, étude bilatérale et axillaire{, "
            "élastographie|}."
        ),
        (
            ("masse", "{Pas de nodule solide suspect.|Tissu glandulaire homogène, sans nodule.}"),
            ("kyste", "{Pas de kyste complexe.|Quelques kystes simples infracentimétriques.}"),
            ("canaux", "{Pas d'ectasie galactophorique.|Canaux rétro-aréolaires fins.}"),
            ("aisselles", "{Pas d'adénopathie axillaire.|Ganglions axillaires à cortex fin.}"),
        ),
        (
            Finding(
                "masse",
                "un nodule ACR 5 <site>",
                (
                    "Nodule hypoéchogène irrégulier <site> de <mm> x <mm2> mm, {non parallèle "
                    "à la peau|cône d'ombre postérieur}."
                ),
                "Nodule <site> de <mm> mm, classé ACR 5.",
                "Microbiopsie.",
                "Fibroadénome <site>, classé ACR 3.",
                _QUADRANTS,
                (7, 24),
                grave=True,
            ),
            Finding(
                "masse",
                "un fibroadénome <site>",
                "Nodule ovale circonscrit <site> de <mm> mm, parallèle à la peau.",
                "Nodule <site> d'allure fibroadénomateuse, classé ACR 3.",
                "Contrôle à {4|6} mois.",
                "",
                _QUADRANTS,
                (8, 22),
                chronic=True,
            ),
            Finding(
                "aisselles",
                "une adénopathie axillaire <droite>",
                "Ganglion axillaire <droit> de <mm> mm, cortex épaissi.",
                "Adénopathie axillaire <droite> suspecte.",
                "Cytoponction.",
                "",
                size=(11, 24),
                grave=True,
            ),
        ),
        "{Échographie mammaire sans lésion suspecte, ACR 1.|ACR 2 bilatéral.}",
        "Pas de lésion suspecte.",
        sex="F",
        ages=(25, 80),
        urgent=1,
    ),
    Scenario(
        "MR",
        "breast",
        "IRM mammaire",
        (
            "Haut risque, {mutation BRCA1|mutation BRCA2}. Dépistage.",
            "Haut risque familial. Dépistage annuel.",
        ),
        ("T2, T1 dynamique avec injection de gadolinium, soustraction, {diffusion|MIP}."),
        (
            ("bpe", "Rehaussement matriciel {minime|modéré}, symétrique."),
            ("masse", "{Pas de masse suspecte.|Pas de prise de contraste suspecte.}"),
            ("nme", "{Pas de rehaussement non-masse.|Pas de rehaussement segmentaire.}"),
            ("aisselles", "{Aires axillaires et mammaires internes libres.|Pas d'adénopathie.}"),
        ),
        (
            Finding(
                "masse",
                "une masse rehaussée <site>",
                (
                    "Masse {irrégulière|à contours spiculés} <site> de <mm> mm, wash-out "
                    "(courbe de type 3)."
                ),
                "Masse <site> de <mm> mm, classée BI-RADS 5.",
                "Échographie ciblée et biopsie.",
                "Ganglion intra-mammaire <site>.",
                _QUADRANTS,
                (6, 28),
                grave=True,
            ),
            Finding(
                "nme",
                "un rehaussement non-masse <site>",
                "Rehaussement non-masse segmentaire <site> sur <mm> mm.",
                "Rehaussement non-masse <site>, BI-RADS 4.",
                "Biopsie sous IRM à défaut de corrélat.",
                "",
                _QUADRANTS,
                (15, 45),
                grave=True,
            ),
            Finding(
                "masse",
                "un foyer <site>",
                "Foyer rehaussé <site> de <mm> mm, courbe progressive.",
                "Foyer <site>, BI-RADS 3.",
                "IRM à 6 mois.",
                "",
                _QUADRANTS,
                (3, 5),
                chronic=True,
            ),
        ),
        "{IRM mammaire classée BI-RADS 1.|BI-RADS 2 bilatéral.}",
        "Pas de lésion suspecte.",
        sex="F",
        ages=(28, 72),
        urgent=0,
    ),
)
