"""How do French reports on radiographs of bones read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "CR",
        "musculoskeletal",
        "Radiographies du poignet et de la main",
        (
            (
                "{Chute sur la main|Chute à vélo|Chute de sa hauteur}, douleur {de la "
                "tabatière anatomique|du poignet}. Fracture ?"
            ),
            "Douleur post-traumatique du poignet.",
        ),
        "Face, profil{ et incidences scaphoïde|}. Côté <droit>.",
        (
            (
                "radius",
                (
                    "{Radius distal sans fracture.|Pas de fracture de l'extrémité inférieure "
                    "du radius.}"
                ),
            ),
            ("scaphoide", "{Scaphoïde intègre.|Pas de trait scaphoïdien visible.}"),
            (
                "carpe",
                (
                    "{Alignement carpien conservé, arcs de Gilula réguliers.|Pas de diastasis "
                    "scapho-lunaire.}"
                ),
            ),
            (
                "doigts",
                "{Métacarpiens et phalanges sans fracture.|Pas de lésion osseuse des rayons.}",
            ),
            ("mou", "{Parties molles sans particularité.|Tuméfaction modérée des parties molles.}"),
        ),
        (
            Finding(
                "radius",
                "une fracture du radius distal <droit>",
                (
                    "Fracture {métaphysaire|articulaire} du radius distal <droit>, bascule "
                    "dorsale de <n:8:25>°, {type Pouteau-Colles|arrachement de la styloïde "
                    "ulnaire}."
                ),
                "Fracture du radius distal <droit> à bascule dorsale.",
                "Avis orthopédique.",
                "",
                grave=True,
            ),
            Finding(
                "scaphoide",
                "une fracture du scaphoïde <droit>",
                "Trait {de la taille|corporéal} du scaphoïde <droit>, non déplacé.",
                "Fracture non déplacée du scaphoïde <droit>.",
                "Immobilisation et TDM.",
                "Noyau vasculaire du scaphoïde <droit>.",
                grave=True,
            ),
            Finding(
                "carpe",
                "un diastasis scapho-lunaire <droit>",
                "Écart scapho-lunaire <droit> de <mm> mm, signe de Terry-Thomas.",
                "Dissociation scapho-lunaire <droite>.",
                "Arthroscanner.",
                "",
                size=(4, 7),
                grave=True,
            ),
            Finding(
                "doigts",
                "une fracture du 5e métacarpien <droit>",
                "Fracture du col du 5e métacarpien <droit>, angulation de <n:15:40>°.",
                "Fracture du 5e métacarpien <droit>.",
            ),
        ),
        "{Pas de fracture visible.|Pas de lésion osseuse traumatique.}",
        "{Pas de fracture déplacée du radius.}",
        ages=(5, 95),
        urgent=65,
    ),
    Scenario(
        "CR",
        "musculoskeletal",
        "Radiographies de la cheville",
        (
            ("{Entorse de cheville|Traumatisme en varus équin}, critères d'Ottawa positifs."),
            "Douleur post-traumatique, impotence.",
        ),
        "Face en rotation interne, profil. Côté <droit>.",
        (
            ("malleoles", "{Malléoles intègres.|Pas de fracture malléolaire.}"),
            ("mortaise", "{Mortaise congruente.|Interligne tibio-talien régulier.}"),
            ("talus", "{Dôme talien sans lésion.|Talus et calcanéus sans fracture.}"),
            ("m5", "{Base du 5e métatarsien intègre.|Base de M5 sans arrachement.}"),
            (
                "mou",
                ("{Tuméfaction latérale des parties molles.|Parties molles sans particularité.}"),
            ),
        ),
        (
            Finding(
                "malleoles+mortaise",
                "une fracture bimalléolaire <droite>",
                (
                    "Fracture bimalléolaire <droite>, Weber {B|C}, {diastasis "
                    "tibio-fibulaire|mortaise élargie}."
                ),
                "Fracture bimalléolaire <droite> instable.",
                "Avis chirurgical.",
                "",
                grave=True,
            ),
            Finding(
                "malleoles",
                "un arrachement de la pointe malléolaire latérale <droite>",
                "Petit arrachement de la pointe de la malléole latérale <droite>, <mm> mm.",
                "Arrachement de la malléole latérale <droite>.",
                size=(2, 6),
            ),
            Finding(
                "m5",
                "une fracture de la base du 5e métatarsien <droit>",
                "Fracture de la base de M5 <droit>, {tubérositaire|de Jones}.",
                "Fracture de la base du 5e métatarsien <droit>.",
                "Décharge et avis orthopédique.",
                "",
            ),
            Finding(
                "talus",
                "une lésion ostéochondrale du dôme talien <droit>",
                "Lésion ostéochondrale du dôme talien médial <droit>, <mm> mm.",
                "Lésion ostéochondrale du dôme talien <droit>.",
                "IRM ou arthroscanner.",
                "Irrégularité du dôme talien <droit> sans signification.",
                size=(6, 14),
                grave=True,
            ),
        ),
        "{Pas de lésion osseuse traumatique visible.|Pas de fracture.}",
        "{Pas de fracture instable.}",
        ages=(6, 95),
        urgent=65,
    ),
    Scenario(
        "CR",
        "musculoskeletal",
        "Radiographies du bassin et de la hanche",
        (
            "{Chute de sa hauteur|Chute}, impotence fonctionnelle. Fracture du col ?",
            "Coxalgie {mécanique|inflammatoire}. Coxarthrose ?",
            "Douleur inguinale à la marche.",
        ),
        "Bassin de face{ debout|}, hanche <droite> de profil.",
        (
            ("col", "{Cols fémoraux sans trait de fracture.|Travées des cols fémoraux continues.}"),
            ("coxo", "{Interlignes coxo-fémoraux conservés.|Coxarthrose débutante, symétrique.}"),
            (
                "cadre",
                ("{Cadre obturateur intègre.|Branches ilio- et ischio-pubiennes sans fracture.}"),
            ),
            ("sacro", "{Sacro-iliaques régulières.|Sacro-iliaques sans anomalie.}"),
            (
                "trame",
                (
                    "{Pas de lésion lytique ou condensante.|Trame osseuse raréfiée, sans "
                    "lésion focale.}"
                ),
            ),
        ),
        (
            Finding(
                "col",
                "une fracture du col fémoral <droit>",
                (
                    "Fracture {cervicale vraie <droite>|du col fémoral <droit>}, Garden "
                    "{I|II|III|IV}."
                ),
                "Fracture du col fémoral <droit>.",
                "Avis orthopédique en urgence.",
                "Remaniement ostéophytique cervical <droit>.",
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "col",
                "une fracture pertrochantérienne <droite>",
                "Fracture pertrochantérienne <droite> {peu déplacée|à plusieurs fragments}.",
                "Fracture pertrochantérienne <droite>.",
                "Avis orthopédique.",
                "",
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "cadre",
                "une fracture de la branche ischio-pubienne <droite>",
                "Fracture peu déplacée de la branche ischio-pubienne <droite>.",
                "Fracture de la branche ischio-pubienne <droite>.",
                ages=(55, 120),
            ),
            Finding(
                "coxo",
                "une coxarthrose <droite> évoluée",
                (
                    "Pincement coxo-fémoral <droit> {supéro-latéral|polaire supérieur}, "
                    "ostéophytose, géodes."
                ),
                "Coxarthrose <droite> évoluée.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "trame",
                "une lésion lytique de l'aile iliaque <droite>",
                "Lésion lytique de l'aile iliaque <droite> de <mm> mm, mal limitée.",
                "Lésion lytique iliaque <droite> suspecte.",
                "TDM ou IRM.",
                "Superposition digestive.",
                size=(18, 44),
                grave=True,
                ages=(40, 120),
            ),
        ),
        "{Pas de fracture visible.|Pas de lésion osseuse.}",
        "{Pas de fracture de l'extrémité supérieure du fémur.}",
        ages=(35, 99),
        urgent=55,
    ),
)
