"""How do French reports on the pelvis read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "MR",
        "pelvis",
        "IRM prostatique",
        (
            "PSA à <d:4.2:14.8> ng/mL{, TR normal|, TR suspect|}. Avant biopsies.",
            "Surveillance active, ISUP 1.",
        ),
        (
            "IRM multiparamétrique {3 T|1,5 T} : T2, diffusion (b1400), perfusion. "
            "Volume : <n:28:90> mL."
        ),
        (
            (
                "zp",
                (
                    "{Zone périphérique en hypersignal T2 homogène.|Pas de cible en zone "
                    "périphérique (PI-RADS 1).}"
                ),
            ),
            (
                "zt",
                (
                    "{Zone de transition remaniée, nodules d'HBP (PI-RADS 2).|Adénome de "
                    "transition sans cible suspecte.}"
                ),
            ),
            ("vs", "{Vésicules séminales libres.|Pas d'extension extra-prostatique.}"),
            ("ganglions", "{Pas d'adénopathie pelvienne.|Aires ganglionnaires libres.}"),
            ("os", "{Pas de lésion osseuse suspecte.|Cadre osseux pelvien sans anomalie.}"),
            ("vessie", "{Paroi vésicale régulière.|Vessie de lutte débutante.}"),
        ),
        (
            Finding(
                "zp",
                "une cible PI-RADS 5 <site>",
                (
                    "Cible <site> de <mm> mm, en hyposignal T2, {ADC effondré|forte "
                    "restriction}, rehaussement précoce, PI-RADS 5."
                ),
                "Cible PI-RADS 5 <site> de <mm> mm.",
                "Biopsies ciblées.",
                "Prostatite focale <site>.",
                (
                    "de la zone périphérique postéro-latérale <droite>",
                    "de la zone périphérique <droite> à l'apex",
                ),
                (15, 27),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "zp",
                "une cible PI-RADS 3 <site>",
                "Cible <site> de <mm> mm, restriction modérée, PI-RADS 3.",
                "Cible PI-RADS 3 <site>.",
                "À confronter à la densité de PSA.",
                "",
                ("de la zone périphérique <droite>",),
                (6, 12),
                chronic=True,
                ages=(40, 120),
            ),
            Finding(
                "os",
                "une lésion osseuse <site>",
                "Lésion en hyposignal T1 <site> de <mm> mm, en hypersignal b1400.",
                "Lésion osseuse <site> suspecte.",
                "TEP-PSMA.",
                "",
                ("de l'aile iliaque <droite>", "de la branche ischio-pubienne <droite>"),
                (9, 22),
                grave=True,
            ),
            Finding(
                "ganglions",
                "une adénopathie obturatrice <droite>",
                "Adénopathie obturatrice <droite> de <mm> mm.",
                "Adénopathie obturatrice <droite> suspecte.",
                "RCP.",
                "",
                size=(9, 18),
                grave=True,
            ),
        ),
        "{Pas de cible suspecte (PI-RADS 2).|PI-RADS 2.}",
        "{Pas de cible PI-RADS 4 ou 5.}",
        sex="M",
        ages=(48, 82),
        urgent=1,
    ),
    Scenario(
        "MR",
        "pelvis",
        "IRM pelvienne",
        (
            ("[18-48]{Dysménorrhée et dyspareunie|Douleurs pelviennes cycliques}. Endométriose ?"),
            "Échographie pelvienne peu contributive, douleurs chroniques.",
        ),
        (
            "T2 trois plans, T1 {avec et sans saturation de graisse|Dixon}, "
            "diffusion{, perfusion après injection|}."
        ),
        (
            (
                "uterus",
                (
                    "{Utérus antéversé, zone jonctionnelle fine.|Utérus de taille normale, "
                    "myomètre homogène.}"
                ),
            ),
            ("ovaires", "{Ovaires folliculaires, sans masse.|Ovaires de morphologie normale.}"),
            (
                "posterieur",
                (
                    "{Torus et ligaments utéro-sacrés fins.|Cul-de-sac de Douglas libre, sans "
                    "nodule.}"
                ),
            ),
            (
                "rectum",
                "{Charnière recto-sigmoïdienne sans infiltration.|Pas d'atteinte digestive.}",
            ),
            ("vessie", "{Paroi vésicale fine.|Pas de nodule vésical.}"),
            ("ganglions", "{Pas d'adénopathie.|Pas d'épanchement pelvien pathologique.}"),
        ),
        (
            Finding(
                "ovaires",
                "une masse annexielle O-RADS 4 <droite>",
                (
                    "Masse annexielle <droite> de <mm> mm, {kystique avec végétations "
                    "rehaussées|à portion tissulaire}, O-RADS IRM 4."
                ),
                "Masse annexielle <droite> O-RADS IRM 4.",
                "RCP de gynécologie oncologique.",
                "Kyste hémorragique <droit>.",
                size=(38, 95),
                grave=True,
            ),
            Finding(
                "ovaires",
                "un endométriome <droit>",
                "Kyste ovarien <droit> de <mm> mm en hypersignal T1 persistant, shading T2.",
                "Endométriome <droit> de <mm> mm.",
                "",
                "",
                size=(18, 54),
                chronic=True,
                ages=(15, 50),
            ),
            Finding(
                "posterieur",
                "une endométriose profonde du torus",
                (
                    "Nodule {rétractile|stellaire} du torus étendu au ligament utéro-sacré "
                    "<droit>, <mm> mm."
                ),
                "Endométriose profonde postérieure, utéro-sacré <droit>.",
                "Centre expert endométriose.",
                "",
                size=(10, 26),
                ages=(15, 50),
            ),
            Finding(
                "uterus",
                "un myome de <mm> mm",
                "Myome {interstitiel|sous-séreux} FIGO {4|5} {fundique|corporéal} de <mm> mm.",
                "Utérus myomateux.",
                "",
                "",
                size=(18, 68),
                chronic=True,
            ),
        ),
        "{IRM pelvienne normale.|Pas d'endométriose profonde décelable.}",
        "{Pas de masse suspecte.}",
        sex="F",
        ages=(18, 75),
        urgent=2,
    ),
    Scenario(
        "US",
        "pelvis",
        "Échographie pelvienne",
        (
            "[18-52]{Métrorragies|Douleur pelvienne aiguë}{, β-HCG négatifs|}.",
            "[18-48]Douleurs pelviennes chroniques.",
            "[54-99]Métrorragies post-ménopausiques.",
        ),
        "Voies sus-pubienne et endovaginale.",
        (
            (
                "uterus",
                (
                    "{Utérus antéversé de <n:65:82> mm, myomètre homogène.|Utérus rétroversé, "
                    "homogène.}"
                ),
            ),
            ("endometre", "{Endomètre fin, régulier (<n:3:5> mm).|Ligne cavitaire régulière.}"),
            (
                "ovaires",
                "{Ovaires folliculaires de taille normale.|Ovaires vus, sans kyste suspect.}",
            ),
            ("douglas", "{Pas d'épanchement du cul-de-sac de Douglas.|Douglas libre.}"),
            ("vessie", "Vessie sans particularité."),
        ),
        (
            Finding(
                "ovaires+douglas",
                "une torsion annexielle <droite>",
                (
                    "Ovaire <droit> augmenté (<mm> mm), œdémateux, follicules périphériques, "
                    "{flux absent|whirlpool sign}, épanchement du Douglas."
                ),
                "Suspicion de torsion d'annexe <droite>.",
                "Avis gynécologique en extrême urgence.",
                "Kyste fonctionnel <droit>.",
                size=(48, 82),
                grave=True,
                ages=(15, 50),
            ),
            Finding(
                "ovaires",
                "un kyste fonctionnel <droit>",
                "Kyste uniloculaire anéchogène de l'ovaire <droit> de <mm> mm.",
                "Kyste fonctionnel <droit> (O-RADS 2).",
                "Contrôle à 3 mois.",
                "",
                size=(28, 48),
                chronic=True,
                ages=(15, 50),
            ),
            Finding(
                "endometre",
                "un épaississement endométrial",
                "Endomètre {épaissi|hétérogène} à <mm> mm{, pédicule vasculaire|}.",
                "Épaississement endométrial de <mm> mm.",
                "Hystéroscopie et prélèvement.",
                "",
                size=(10, 22),
                grave=True,
            ),
            Finding(
                "uterus",
                "un myome de <mm> mm",
                "Myome {interstitiel|sous-muqueux} de <mm> mm.",
                "Myome utérin.",
                "",
                "",
                size=(12, 46),
                chronic=True,
            ),
        ),
        "{Échographie pelvienne sans anomalie.|Pas d'anomalie annexielle.}",
        "{Pas d'argument pour une urgence gynécologique.}",
        sex="F",
        ages=(18, 80),
        urgent=30,
    ),
)
