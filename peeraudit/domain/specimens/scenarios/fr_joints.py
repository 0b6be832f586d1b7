"""How do French reports on joints read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "MR",
        "musculoskeletal",
        "IRM du genou",
        (
            (
                "{Entorse du genou|Traumatisme en torsion}{ en descendant un escalier|}. "
                "{Lésion méniscale ?|LCA ?}"
            ),
            "Gonalgie interne mécanique{, blocages|}.",
            ("Gonalgie {chronique|antérieure} chez <sex:une patiente:un patient> de <age> ans."),
        ),
        (
            "Genou <droit>. Séquences {DP FatSat dans les trois plans, sagittale "
            "T1|T1 et DP FatSat "
            "multiplanaires}."
        ),
        (
            (
                "menisques",
                (
                    "{Ménisques médial et latéral de morphologie et de signal normaux.|Pas de "
                    "fissure méniscale.|Hypersignaux méniscaux intra-substantiels de grade I.}"
                ),
            ),
            (
                "lca",
                (
                    "{Ligament croisé antérieur continu.|Pivot central intègre.|LCA et LCP de "
                    "signal normal.}"
                ),
            ),
            (
                "collateraux",
                (
                    "{Plans collatéraux médial et latéral continus.|Pas de lésion des "
                    "ligaments collatéraux.}"
                ),
            ),
            (
                "cartilage",
                (
                    "{Cartilages fémoro-tibiaux d'épaisseur conservée.|Pas de chondropathie "
                    "fémoro-tibiale.}"
                ),
            ),
            (
                "rotule",
                ("{Cartilage fémoro-patellaire conservé.|Rotule centrée, aileron médial continu.}"),
            ),
            ("os", "{Pas d'œdème osseux.|Pas de contusion ni de fracture sous-chondrale.}"),
            (
                "creux",
                (
                    "{Pas d'épanchement articulaire ni de kyste poplité.|Lame liquidienne "
                    "physiologique. Creux poplité libre.}"
                ),
            ),
        ),
        (
            Finding(
                "lca+os",
                "une rupture du LCA",
                (
                    "Rupture {complète|proximale} du LCA{, horizontalisé|}, contusions "
                    "osseuses {condylienne latérale et tibiale postéro-latérale|en miroir du "
                    "compartiment latéral}."
                ),
                "Rupture complète du LCA.",
                "Avis orthopédique.",
                "Distension du LCA sans rupture.",
                grave=True,
            ),
            Finding(
                "menisques",
                "une fissure de la corne postérieure du ménisque médial",
                (
                    "Fissure {horizontale|oblique} de la corne postérieure du ménisque médial{ "
                    "ouverte à la face inférieure|}."
                ),
                "Fissure dégénérative de la corne postérieure du ménisque médial.",
                "",
                "",
                chronic=True,
            ),
            Finding(
                "menisques",
                "une anse de seau du ménisque médial",
                "Anse de seau méniscale médiale luxée dans l'échancrure, signe du double LCP.",
                "Anse de seau du ménisque médial luxée.",
                "Avis chirurgical rapide.",
                "Remaniement dégénératif du ménisque médial.",
                grave=True,
            ),
            Finding(
                "os",
                "une lésion tumorale du fémur distal",
                (
                    "Lésion {médullaire infiltrante|expansive} métaphysaire du fémur distal de "
                    "<mm> mm, {rupture corticale|réaction périostée}."
                ),
                "Lésion osseuse agressive du fémur distal.",
                "Centre de référence des sarcomes, sans biopsie préalable.",
                "Infarctus osseux du fémur distal.",
                size=(24, 60),
                grave=True,
            ),
            Finding(
                "creux",
                "un kyste de Baker de <mm> mm",
                (
                    "Kyste de Baker de <mm> mm, {non rompu|à fines cloisons}. Épanchement "
                    "articulaire modéré."
                ),
                "Kyste de Baker.",
                size=(18, 62),
                chronic=True,
            ),
            Finding(
                "cartilage",
                "une chondropathie fémoro-tibiale médiale",
                (
                    "Chondropathie fémoro-tibiale médiale grade <n:2:4>{, œdème sous-chondral "
                    "de contact|}."
                ),
                "Gonarthrose fémoro-tibiale médiale.",
                chronic=True,
                ages=(40, 120),
            ),
        ),
        ("{IRM du genou sans lésion méniscale ni ligamentaire.|Pas de dérangement interne.}"),
        "{Pivot central intègre.|Pas de rupture ligamentaire.}",
        ages=(14, 80),
        urgent=3,
    ),
    Scenario(
        "MR",
        "musculoskeletal",
        "IRM de l'épaule",
        (
            "{Épaule douloureuse|Scapulalgie} {chronique|depuis <n:3:12> mois}. Coiffe ?",
            "Luxation récidivante. Bilan préopératoire.",
        ),
        "Épaule <droite>. T1, DP FatSat {coronale oblique, sagittale et "
        "axiale|dans les trois plans}.",
        (
            (
                "supra",
                (
                    "{Tendon supra-épineux continu, de signal normal.|Tendinopathie modérée du "
                    "supra-épineux sans rupture.}"
                ),
            ),
            ("infra", "{Infra-épineux et subscapulaire continus.|Subscapulaire sans fissure.}"),
            (
                "biceps",
                ("{Long biceps en place, de signal normal.|Long biceps centré dans sa gouttière.}"),
            ),
            (
                "muscles",
                ("{Trophicité musculaire conservée (Goutallier 0).|Pas d'involution graisseuse.}"),
            ),
            ("acromio", "{Acromio-claviculaire peu remaniée.|Bursa sous-acromiale non épaissie.}"),
            ("os", "{Pas d'anomalie osseuse.|Bourrelet glénoïdien sans désinsertion.}"),
        ),
        (
            Finding(
                "supra+muscles",
                "une rupture transfixiante du supra-épineux",
                (
                    "Rupture transfixiante du supra-épineux, rétraction stade {1|2|3} de "
                    "Patte, sur <mm> mm, Goutallier <n:1:3>."
                ),
                "Rupture transfixiante du supra-épineux de <mm> mm.",
                "Avis chirurgical.",
                "Tendinopathie du supra-épineux.",
                size=(10, 32),
                grave=True,
            ),
            Finding(
                "supra",
                "une fissure de la face profonde du supra-épineux",
                "Fissure partielle de la face profonde du supra-épineux, <mm> mm.",
                "Rupture partielle de la face profonde du supra-épineux.",
                size=(4, 11),
                chronic=True,
            ),
            Finding(
                "os",
                "une lésion de Bankart",
                "Désinsertion antéro-inférieure du bourrelet et encoche de Hill-Sachs.",
                "Lésions de Bankart et de Hill-Sachs.",
                "Arthroscanner préopératoire.",
                "",
            ),
            Finding(
                "acromio",
                "une arthropathie acromio-claviculaire",
                (
                    "Arthropathie acromio-claviculaire {congestive|hypertrophique}, bursite "
                    "sous-acromiale."
                ),
                "Conflit sous-acromial, arthropathie acromio-claviculaire.",
                chronic=True,
                ages=(40, 120),
            ),
        ),
        "{Pas de rupture de la coiffe.|Coiffe des rotateurs continue.}",
        "{Pas de rupture transfixiante.}",
        ages=(18, 85),
        urgent=1,
    ),
    Scenario(
        "US",
        "musculoskeletal",
        "Échographie de l'épaule",
        ("{Douleur|Scapulalgie} {non traumatique|après effort}. Tendinopathie ?",),
        "Sonde {linéaire|haute fréquence}, étude dynamique. Épaule <droite>.",
        (
            ("supra", "{Supra-épineux continu, d'épaisseur normale.|Supra-épineux homogène.}"),
            ("infra", "{Infra-épineux et subscapulaire sans rupture.|Subscapulaire continu.}"),
            ("biceps", "{Long biceps en place, sans ténosynovite.|Gouttière bicipitale libre.}"),
            ("bourse", "{Bourse sous-acromiale fine.|Pas de bursite.}"),
            (
                "ac",
                ("{Acromio-claviculaire sans épanchement.|Arthrose acromio-claviculaire modérée.}"),
            ),
        ),
        (
            Finding(
                "supra",
                "une rupture du supra-épineux <droit>",
                "Rupture {transfixiante|perforante} du supra-épineux <droit> sur <mm> mm.",
                "Rupture transfixiante du supra-épineux <droit>.",
                "IRM et avis chirurgical.",
                "Tendinopathie du supra-épineux <droit>.",
                size=(8, 25),
                grave=True,
            ),
            Finding(
                "supra",
                "une calcification du supra-épineux <droit>",
                "Calcification {arciforme|fragmentée} du supra-épineux <droit> de <mm> mm.",
                "Tendinopathie calcifiante du supra-épineux <droit>.",
                "",
                "",
                size=(5, 17),
                chronic=True,
            ),
            Finding(
                "bourse",
                "une bursite sous-acromiale <droite>",
                "Bourse sous-acromiale <droite> épaissie{, liquidienne|}.",
                "Bursite sous-acromiale <droite>.",
            ),
        ),
        "{Coiffe des rotateurs sans anomalie.|Échographie de l'épaule normale.}",
        "{Pas de rupture tendineuse.}",
        urgent=1,
    ),
)
