"""How do French reports on the spine read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_LOMBAIRES = ("L3-L4", "L4-L5", "L5-S1")
_CERVICAUX = ("C4-C5", "C5-C6", "C6-C7")

SCENARIOS = (
    Scenario(
        "MR",
        "spine",
        "IRM du rachis lombaire",
        (
            (
                "{Lombosciatique|Lombo-cruralgie} {depuis <n:4:12> semaines|résistante au "
                "traitement}. {Conflit disco-radiculaire ?|Hernie discale ?}"
            ),
            "Lombalgies chroniques{ chez <sex:une patiente:un patient> de <age> ans|}.",
            "[50-99]Claudication radiculaire{ bilatérale|}. Canal lombaire étroit ?",
            "Syndrome de la queue de cheval ?",
        ),
        (
            "Séquences sagittales T1, T2 et {STIR|T2 Dixon}, axiales T2 {de L2 à "
            "S1|des trois derniers étages}."
        ),
        (
            (
                "statique",
                (
                    "{Rachis aligné.|Rectitude du rachis lombaire.|Lordose lombaire conservée, "
                    "sans listhésis.}"
                ),
            ),
            (
                "vertebres",
                (
                    "{Pas d'anomalie de signal des corps vertébraux.|Signal osseux normal, pas "
                    "de tassement.|Respect du mur postérieur à tous les étages.}"
                ),
            ),
            (
                "disques",
                (
                    "{Disques de hauteur et de signal conservés.|Déshydratation discale L5-S1 "
                    "sans débord.|Discopathies étagées peu évoluées, sans saillie focale.}"
                ),
            ),
            (
                "canal",
                (
                    "{Canal lombaire de dimensions normales.|Pas de rétrécissement "
                    "canalaire.|Foramens libres.}"
                ),
            ),
            (
                "moelle",
                (
                    "{Cône terminal en place, en regard de L1.|Cône médullaire de morphologie "
                    "et de signal normaux.|Racines de la queue de cheval bien réparties.}"
                ),
            ),
            (
                "articulaires",
                (
                    "{Arthrose inter-apophysaire postérieure débutante.|Articulaires "
                    "postérieures sans particularité.}"
                ),
            ),
            ("parties", "{Pas d'anomalie des parties molles para-vertébrales.|Psoas symétriques.}"),
        ),
        (
            Finding(
                "disques",
                "une hernie discale <site> <droite>",
                (
                    "En <site>, hernie discale {postéro-latérale|paramédiane|foraminale} "
                    "<droite> {migrée vers le bas|sous-ligamentaire|exclue}, {venant au "
                    "contact de|refoulant|en conflit avec} la racine "
                    "{homolatérale|correspondante}."
                ),
                "Hernie discale <site> <droite> conflictuelle.",
                "{Confrontation à la clinique.|Corrélation clinique.}",
                "",
                _LOMBAIRES,
                chronic=True,
            ),
            Finding(
                "disques+canal",
                "une hernie discale <site> comprimant la queue de cheval",
                (
                    "En <site>, volumineuse hernie discale {médiane|paramédiane <droite>} de "
                    "<mm> mm de flèche, {effaçant le LCR|occupant plus de la moitié du canal}, "
                    "avec compression du fourreau dural."
                ),
                "Volumineuse hernie <site> comprimant le sac dural.",
                "Avis neurochirurgical en urgence.",
                "",
                _LOMBAIRES,
                (9, 15),
                grave=True,
            ),
            Finding(
                "vertebres",
                "une lésion osseuse suspecte de <site>",
                (
                    "Lésion {en hyposignal T1|infiltrative} du corps vertébral de <site>, "
                    "{étendue au pédicule <droit>|envahissant l'arc postérieur à <droite>}, en "
                    "hypersignal STIR."
                ),
                "Lésion vertébrale <site> suspecte d'atteinte secondaire.",
                "Complément par IRM du rachis entier avec injection et bilan d'extension.",
                "Angiome vertébral atypique de <site>.",
                ("L1", "L2", "L3", "L4"),
                grave=True,
            ),
            Finding(
                "vertebres",
                "des anomalies Modic 1 en <site>",
                (
                    "Anomalies de signal des plateaux <site> en hyposignal T1, hypersignal T2, "
                    "Modic 1."
                ),
                "Discopathie <site> inflammatoire Modic 1.",
                "",
                "",
                _LOMBAIRES,
                chronic=True,
            ),
            Finding(
                "vertebres",
                "un tassement récent de <site>",
                (
                    "Tassement {du plateau supérieur|cunéiforme} de <site> avec hypersignal "
                    "STIR, {sans recul du mur postérieur|mur postérieur respecté}."
                ),
                "Fracture-tassement récente de <site>, d'allure bénigne.",
                "Bilan d'ostéoporose.",
                "",
                ("T12", "L1", "L2"),
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "canal",
                "un canal lombaire rétréci <site>",
                (
                    "Rétrécissement canalaire {mixte|dégénératif} <site>, {grade B de "
                    "Schizas|grade C de Schizas}, avec hypertrophie des ligaments jaunes."
                ),
                "Canal lombaire rétréci <site>.",
                "",
                "",
                ("L3-L4", "L4-L5"),
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "parties",
                "un anévrisme de l'aorte sous-rénale",
                "Ectasie de l'aorte abdominale sous-rénale, mesurée à <mm> mm.",
                "Anévrisme de l'aorte sous-rénale de <mm> mm de découverte fortuite.",
                "Échographie-Doppler aortique et avis vasculaire.",
                "",
                size=(36, 54),
                grave=True,
                ages=(55, 120),
            ),
        ),
        (
            "{Discopathies peu évoluées, sans conflit radiculaire.|Pas de hernie "
            "discale ni de rétrécissement canalaire.|Pas de conflit disco-radiculaire "
            "décelable.}"
        ),
        (
            "{Pas de compression de la queue de cheval.|Moelle terminale et queue de "
            "cheval sans anomalie.}"
        ),
        urgent=8,
    ),
    Scenario(
        "MR",
        "spine",
        "IRM du rachis cervical",
        (
            "Névralgie cervico-brachiale {C6|C7}{ rebelle|}.",
            "[45-99]Suspicion de myélopathie cervicarthrosique{, signe de Hoffmann|}.",
            "Cervicalgies post-traumatiques, paresthésies.",
        ),
        "Sagittales T1, T2, {STIR|T2 FatSat} ; axiales {T2 EG|T2 3D}.",
        (
            ("charniere", "{Charnière crânio-cervicale sans anomalie.|Bon alignement C1-C2.}"),
            ("statique", "{Alignement vertébral conservé.|Rectitude cervicale.}"),
            (
                "moelle",
                (
                    "{Moelle cervicale de calibre et de signal normaux.|Pas d'anomalie de "
                    "signal intra-médullaire.}"
                ),
            ),
            (
                "disques",
                (
                    "{Pas de saillie discale significative.|Uncodiscarthrose étagée modérée, "
                    "sans conflit.|Débords disco-ostéophytiques minimes C5-C6.}"
                ),
            ),
            ("foramens", "{Foramens libres.|Pas de sténose foraminale.}"),
            (
                "ligaments",
                (
                    "{Pas d'œdème ligamentaire ni des parties molles pré-vertébrales.|Parties "
                    "molles pré-vertébrales fines.}"
                ),
            ),
        ),
        (
            Finding(
                "disques+foramens",
                "une hernie discale <site> <droite>",
                (
                    "Hernie discale {molle|paramédiane|foraminale} <site> <droite>, {comblant "
                    "le foramen|refoulant la racine dans le foramen}."
                ),
                "Hernie discale <site> <droite> conflictuelle.",
                "Confrontation clinique.",
                "",
                _CERVICAUX,
                chronic=True,
            ),
            Finding(
                "moelle+disques",
                "une souffrance médullaire en <site>",
                (
                    "Sténose canalaire {serrée|dégénérative} <site> avec empreinte médullaire "
                    "et hypersignal T2 intra-médullaire."
                ),
                "Myélopathie cervicarthrosique <site> avec souffrance médullaire.",
                "Avis neurochirurgical rapproché.",
                "Canal cervical étroit <site> sans retentissement médullaire.",
                _CERVICAUX,
                grave=True,
            ),
            Finding(
                "ligaments",
                "une lésion du ligament inter-épineux <site>",
                (
                    "Hypersignal STIR du complexe ligamentaire postérieur <site>{, avec "
                    "discret antélisthésis|}."
                ),
                "Lésion du complexe ligamentaire postérieur <site>.",
                "Immobilisation et avis spécialisé.",
                "",
                _CERVICAUX,
                grave=True,
            ),
            Finding(
                "foramens",
                "une sténose foraminale <site> <droite>",
                "Sténose foraminale <site> <droite> d'origine uncarthrosique.",
                "Sténose foraminale uncarthrosique <site> <droite>.",
                "",
                "",
                _CERVICAUX,
                chronic=True,
            ),
        ),
        (
            "{Cervicarthrose modérée sans conflit ni myélopathie.|Pas de compression "
            "médullaire ni radiculaire.|Examen sans anomalie notable.}"
        ),
        "{Moelle cervicale normale.|Pas de myélopathie.}",
        urgent=10,
    ),
    Scenario(
        "CT",
        "spine",
        "TDM du rachis dorso-lombaire",
        (
            "{AVP|Chute de <n:2:5> mètres|Chute d'une échelle}, douleur rachidienne.",
            (
                "[60-99]Douleur {dorso-lombaire|dorsale} brutale chez <sex:une patiente:un "
                "patient> de <age> ans{ ostéoporotique|}."
            ),
        ),
        (
            "Acquisition hélicoïdale de T10 au sacrum sans injection, reconstructions "
            "multiplanaires."
        ),
        (
            ("alignement", "{Alignement vertébral respecté.|Pas de trouble de la statique.}"),
            ("corps", "{Pas de tassement vertébral.|Hauteur des corps vertébraux conservée.}"),
            ("mur", "{Pas de recul du mur postérieur.|Canal rachidien libre.}"),
            ("arc", "{Arcs postérieurs intègres.|Pas de fracture des apophyses transverses.}"),
            (
                "sacrum",
                (
                    "{Sacrum et articulations sacro-iliaques sans fracture.|Pas de lésion du "
                    "sacrum.}"
                ),
            ),
            ("mou", "{Pas d'hématome para-vertébral.|Parties molles sans particularité.}"),
        ),
        (
            Finding(
                "corps+mur",
                "une fracture de <site> avec recul du mur postérieur",
                (
                    "Fracture {comminutive|burst} de <site> ({Magerl A3|AO Spine A4}) avec "
                    "recul du mur postérieur de <mm> mm."
                ),
                "Fracture instable de <site> avec recul du mur postérieur de <mm> mm.",
                "Avis chirurgical en urgence, immobilisation stricte.",
                "Tassement ancien de <site>.",
                ("T12", "L1", "L2"),
                (3, 8),
                grave=True,
            ),
            Finding(
                "corps",
                "un tassement de <site>",
                (
                    "Tassement du plateau supérieur de <site>, perte de hauteur d'environ "
                    "<n:15:30> %, mur postérieur respecté."
                ),
                "Tassement {stable|d'allure ostéoporotique} de <site>.",
                "{IRM si doute sur le caractère récent.|Bilan d'ostéoporose.}",
                "",
                ("T11", "T12", "L1", "L3"),
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "arc",
                "une fracture de l'apophyse transverse <droite> de <site>",
                (
                    "Fracture {non déplacée|peu déplacée} de l'apophyse transverse <droite> de "
                    "<site>."
                ),
                "Fracture de l'apophyse transverse <droite> de <site>.",
                "",
                "",
                ("L1", "L2", "L3"),
            ),
            Finding(
                "sacrum",
                "une fracture de l'aileron sacré <droit>",
                (
                    "Fine ligne de condensation verticale de l'aileron sacré <droit>, {avec "
                    "rupture corticale antérieure|parallèle à la sacro-iliaque}."
                ),
                "Fracture par insuffisance de l'aileron sacré <droit>.",
                "IRM du bassin si besoin.",
                "",
                grave=True,
            ),
        ),
        ("{Pas de lésion osseuse traumatique.|Pas de fracture du rachis dorso-lombaire.}"),
        "{Pas de fracture instable.|Pas de recul du mur postérieur.}",
        urgent=65,
    ),
)
