"""How do French reports on CT of the abdomen read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_FOIE = ("du segment IV", "du segment VI", "du segment VII", "du segment VIII")
_PELVIS = (
    "<sex:{Utérus et annexes sans anomalie.|Pas de masse annexielle, utérus de "
    "taille normale.}:{Prostate de volume normal, vésicules séminales "
    "symétriques.|Prostate augmentée de volume, d'aspect banal.}>"
)
_REIN = Finding(
    "reins",
    "une masse tissulaire rénale <droite> de <mm> mm",
    (
        "Masse tissulaire du {pôle supérieur|pôle inférieur} du rein <droit> de "
        "<mm> mm{, rehaussée de façon hétérogène|}."
    ),
    "Masse rénale <droite> de <mm> mm suspecte de carcinome.",
    "Avis urologique et RCP.",
    "Kyste rénal <droit> Bosniak II.",
    size=(21, 58),
    grave=True,
    chronic=True,
)
_KYSTE = Finding(
    "reins",
    "un kyste rénal <droit> Bosniak IIF",
    ("Kyste rénal <droit> de <mm> mm, à cloisons {multiples|fines et nombreuses}, Bosniak IIF."),
    "Kyste rénal <droit> Bosniak IIF.",
    "Contrôle à 6 mois puis annuel.",
    "",
    size=(19, 62),
    chronic=True,
)
_LITHIASE = Finding(
    "vesicule",
    "une lithiase vésiculaire",
    (
        "{Lithiase vésiculaire|Calcul vésiculaire} de <mm> mm, {sans "
        "épaississement pariétal|paroi fine}, signe de Murphy négatif."
    ),
    "Lithiase vésiculaire non compliquée.",
    size=(5, 22),
    chronic=True,
)

SCENARIOS = (
    Scenario(
        "CT",
        "abdomen",
        "TDM abdomino-pelvienne avec injection",
        (
            (
                "Douleur de la fosse iliaque droite, {fièvre à 38,<n:2:9> °C|CRP à "
                "<n:40:180> mg/L}. {Appendicite ?|Appendicite ou pathologie iléale ?}"
            ),
            "Douleur de la FIG{ fébrile|}. Diverticulite ?",
            (
                "{Arrêt des matières et des gaz|Vomissements}, antécédent de laparotomie. "
                "Occlusion ?"
            ),
            "Douleurs abdominales diffuses, lipase à <n:3:12> N.",
        ),
        (
            "Acquisition {abdomino-pelvienne|des coupoles à la symphyse} au temps "
            "portal après injection IV de <n:90:120> mL de produit de contraste iodé. "
            "DFG : <n:62:98> mL/min. PDL : <n:420:860> mGy.cm."
        ),
        (
            (
                "foie",
                (
                    "{Foie homogène, de contours réguliers.|Foie sans lésion focale. Tronc "
                    "porte perméable.}"
                ),
            ),
            (
                "vesicule",
                (
                    "{Vésicule alithiasique à paroi fine, voies biliaires non dilatées.|Pas de "
                    "dilatation des voies biliaires.}"
                ),
            ),
            (
                "pancreas",
                (
                    "{Pancréas homogène, sans infiltration de la graisse "
                    "péri-pancréatique.|Pancréas et rate sans anomalie.}"
                ),
            ),
            (
                "reins",
                (
                    "{Reins symétriques, sans dilatation pyélo-calicielle.|Pas de lésion "
                    "rénale suspecte ni de dilatation.}"
                ),
            ),
            ("surrenales", "{Surrénales fines.|Pas de nodule surrénalien.}"),
            ("appendice", "{Appendice vu, fin, aéré.|Appendice de calibre normal (<n:4:6> mm).}"),
            (
                "colon",
                (
                    "{Cadre colique sans épaississement pariétal.|Quelques diverticules "
                    "sigmoïdiens non compliqués.}"
                ),
            ),
            ("grele", "{Pas de distension digestive.|Anses grêles non dilatées.}"),
            (
                "peritoine",
                (
                    "{Pas d'épanchement ni de pneumopéritoine.|Cul-de-sac de Douglas libre, "
                    "pas de pneumopéritoine.}"
                ),
            ),
            ("pelvis", _PELVIS),
            ("bases", "{Bases pulmonaires libres.|Pas d'anomalie des bases.}"),
            ("os", "{Pas de lésion osseuse suspecte.|Discopathies lombaires banales.}"),
        ),
        (
            Finding(
                "appendice",
                "une appendicite aiguë",
                (
                    "Appendice {latéro-cæcal|rétro-cæcal|pelvien} épaissi à <mm> mm, "
                    "{infiltration de la graisse péri-appendiculaire|avec stercolithe basal et "
                    "infiltration de la graisse adjacente}{, sans collection|}."
                ),
                "Appendicite aiguë non compliquée (<mm> mm).",
                "Avis chirurgical.",
                "Iléite terminale{, maladie de Crohn à discuter|}.",
                size=(9, 15),
                grave=True,
            ),
            Finding(
                "colon",
                "une diverticulite sigmoïdienne",
                (
                    "Épaississement sigmoïdien centré sur un diverticule{ avec bulles "
                    "extra-digestives de contact|}, Hinchey Ia."
                ),
                "Diverticulite sigmoïdienne Hinchey Ia.",
                "Coloscopie à distance.",
                "Colite sigmoïdienne aspécifique.",
                grave=True,
            ),
            Finding(
                "colon",
                "un épaississement tumoral du <site>",
                (
                    "Épaississement {court et irrégulier|sténosant} du <site> sur <mm> mm, "
                    "avec {adénopathies de voisinage|infiltration de la graisse}."
                ),
                "Épaississement tumoral du <site>.",
                "Coloscopie et bilan d'extension.",
                "Spasme du <site>.",
                ("sigmoïde", "côlon ascendant", "côlon transverse"),
                (32, 64),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "grele",
                "une occlusion grêlique sur bride",
                (
                    "Distension grêlique jusqu'à <mm> mm avec {zone de transition en FID|feces "
                    "sign et zone transitionnelle pelvienne}, {pas de signe de "
                    "souffrance|paroi rehaussée}."
                ),
                "Occlusion grêlique mécanique sur bride, sans signe de souffrance.",
                "Avis chirurgical en urgence.",
                "Iléus réflexe.",
                size=(29, 46),
                grave=True,
            ),
            Finding(
                "pancreas",
                "une pancréatite aiguë",
                (
                    "Pancréas {œdématié|augmenté de volume}, coulées de nécrose {dans l'espace "
                    "pararénal antérieur gauche|péri-pancréatiques}, Balthazar D."
                ),
                "Pancréatite aiguë, Balthazar D.",
                "Contrôle TDM à J7-J10.",
                "",
                grave=True,
            ),
            Finding(
                "foie",
                "un angiome hépatique <site>",
                "Lésion <site> de <mm> mm à rehaussement {périphérique en mottes|globulaire}.",
                "Angiome hépatique <site>.",
                "",
                "",
                _FOIE,
                (10, 42),
                chronic=True,
            ),
            Finding(
                "surrenales",
                "un nodule surrénalien <droit> de <mm> mm",
                "Nodule surrénalien <droit> de <mm> mm{, homogène|}.",
                "Nodule surrénalien <droit> de <mm> mm de découverte fortuite.",
                "TDM surrénalienne sans injection pour mesure de densité.",
                "",
                size=(12, 29),
                chronic=True,
            ),
            _REIN,
            _KYSTE,
            _LITHIASE,
        ),
        (
            "{Pas d'anomalie abdomino-pelvienne expliquant la symptomatologie.|Pas "
            "d'urgence chirurgicale décelable.|TDM abdomino-pelvienne sans "
            "particularité.}"
        ),
        "{Pas d'urgence abdominale.|Appendice normal, pas d'occlusion.}",
        urgent=70,
    ),
    Scenario(
        "CT",
        "abdomen",
        "Uroscanner sans injection",
        (
            (
                "{Colique néphrétique fébrile|Douleur lombaire unilatérale}, hématurie{ à "
                "la BU|}. Calcul ?"
            ),
        ),
        ("Acquisition basse dose abdomino-pelvienne sans injection. PDL : <n:110:290> mGy.cm."),
        (
            ("dilatation", "{Pas de dilatation pyélo-calicielle.|Cavités excrétrices fines.}"),
            (
                "ureteres",
                "{Pas de calcul sur le trajet des uretères.|Uretères fins, sans lithiase.}",
            ),
            ("reins", "{Pas de calcul caliciel.|Reins de taille normale, sans lithiase.}"),
            ("vessie", "{Vessie sans calcul.|Vessie en semi-réplétion, sans anomalie.}"),
            ("aorte", "{Aorte de calibre normal.|Pas d'ectasie aortique.}"),
            (
                "appendice",
                "{Appendice normal.|Pas d'anomalie digestive sur cet examen sans injection.}",
            ),
            ("pelvis", _PELVIS),
        ),
        (
            Finding(
                "dilatation+ureteres",
                "un calcul urétéral <site>",
                (
                    "{Calcul de la jonction urétéro-vésicale <droite>|Calcul de l'uretère "
                    "lombaire <droit>|Calcul de l'uretère pelvien <droit>} de <mm> mm "
                    "({<n:480:980>|<n:1000:1300>} UH) avec dilatation pyélo-calicielle à "
                    "<n:12:25> mm."
                ),
                "Calcul urétéral <site> de <mm> mm obstructif.",
                "Avis urologique.",
                "Calcification vasculaire lombaire.",
                ("<droit>",),
                (3, 9),
                grave=True,
            ),
            Finding(
                "reins",
                "un calcul caliciel inférieur <droit>",
                "Calcul caliciel inférieur <droit> de <mm> mm, non obstructif.",
                "Lithiase calicielle <droite> non obstructive.",
                "",
                "",
                size=(3, 8),
                chronic=True,
            ),
            Finding(
                "aorte",
                "un anévrisme de l'aorte sous-rénale de <mm> mm",
                (
                    "Anévrisme de l'aorte sous-rénale de <mm> mm{, infiltration de la graisse "
                    "péri-aortique|}."
                ),
                "Anévrisme de l'aorte sous-rénale de <mm> mm.",
                "Angioscanner et avis vasculaire en urgence.",
                "",
                size=(39, 66),
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "appendice",
                "une hernie inguinale <droite>",
                "Hernie inguinale <droite> à contenu graisseux, sans signe de souffrance.",
                "Hernie inguinale <droite> non compliquée.",
                chronic=True,
            ),
        ),
        "{Pas de lithiase urinaire ni de dilatation.|Pas d'obstacle lithiasique.}",
        "{Pas de syndrome obstructif.|Pas de dilatation des cavités excrétrices.}",
        urgent=75,
    ),
)
