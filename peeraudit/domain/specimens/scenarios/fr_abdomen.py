"""How do French reports on abdominal ultrasound, MR and radiographs read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_FOIE = ("du segment IV", "du segment VI", "du segment VII", "du segment VIII")

SCENARIOS = (
    Scenario(
        "US",
        "abdomen",
        "Échographie abdominale",
        (
            (
                "{Douleur de l'hypochondre droit|Colique hépatique}{ fébrile|}. "
                "{Cholécystite ?|Lithiase ?}"
            ),
            "Cytolyse{ et cholestase|} biologique.",
            "Surveillance semestrielle, hépatite B chronique.",
            "{Bilan de douleurs abdominales|Stéatose connue}.",
        ),
        (
            "Sonde convexe{, patient à jeun|}. {Bonne échogénicité.|Échogénicité "
            "médiocre, gaz digestifs.}"
        ),
        (
            (
                "foie",
                (
                    "{Foie de taille normale, d'échostructure homogène, sans lésion "
                    "focale.|Foie homogène à contours réguliers, flèche hépatique <n:12:15> "
                    "cm.|Stéatose hépatique modérée, sans lésion focale.}"
                ),
            ),
            (
                "porte",
                "{Tronc porte perméable, flux hépatopète.|Veines sus-hépatiques perméables.}",
            ),
            (
                "vesicule",
                (
                    "{Vésicule alithiasique, à paroi fine.|Vésicule de morphologie normale, "
                    "Murphy échographique négatif.}"
                ),
            ),
            ("vbp", "Voie biliaire principale fine (<n:3:6> mm)."),
            (
                "pancreas",
                (
                    "{Pancréas homogène dans sa portion visible.|Queue du pancréas masquée par "
                    "les gaz.}"
                ),
            ),
            ("rate", "Rate homogène de <n:8:11> cm."),
            (
                "reins",
                (
                    "{Reins de taille et de différenciation normales, sans dilatation.|Pas de "
                    "dilatation pyélo-calicielle.}"
                ),
            ),
            (
                "peritoine",
                ("{Pas d'épanchement intrapéritonéal.|Cul-de-sac de Douglas et Morrison libres.}"),
            ),
        ),
        (
            Finding(
                "vesicule",
                "une cholécystite aiguë lithiasique",
                (
                    "Vésicule distendue, paroi {feuilletée|épaissie} à <mm> mm, {calcul "
                    "enclavé dans le collet|calculs infundibulaires}, Murphy échographique "
                    "positif."
                ),
                "Cholécystite aiguë lithiasique.",
                "Avis chirurgical.",
                "Vésicule en réplétion, lithiasique.",
                size=(4, 9),
                grave=True,
            ),
            Finding(
                "foie",
                "un nodule hépatique <site> de <mm> mm",
                "Nodule {hypoéchogène|hétérogène} <site> de <mm> mm{, foie dysmorphique|}.",
                "Nodule hépatique <site> de <mm> mm, à caractériser.",
                "IRM hépatique avec injection.",
                "Angiome <site>.",
                _FOIE,
                (12, 34),
                grave=True,
            ),
            Finding(
                "foie",
                "un angiome <site>",
                ("Formation hyperéchogène homogène <site> de <mm> mm, à renforcement postérieur."),
                "Angiome hépatique typique <site>.",
                "",
                "",
                _FOIE,
                (8, 30),
                chronic=True,
            ),
            Finding(
                "vbp",
                "une dilatation de la voie biliaire principale",
                "VBP dilatée à <mm> mm{, bas cholédoque non vu|}.",
                "Dilatation de la VBP à <mm> mm.",
                "Bili-IRM ou écho-endoscopie.",
                "",
                size=(9, 16),
                grave=True,
            ),
            Finding(
                "reins",
                "un kyste cortical <droit>",
                "Kyste cortical simple du rein <droit> de <mm> mm.",
                "Kyste rénal <droit> simple.",
                "",
                "",
                size=(14, 58),
                chronic=True,
            ),
            Finding(
                "vesicule",
                "un polype vésiculaire",
                "Polype vésiculaire de <mm> mm, {non mobile|sessile}, sans cône d'ombre.",
                "Polype vésiculaire de <mm> mm.",
                "Contrôle échographique à 1 an.",
                "",
                size=(4, 8),
                chronic=True,
            ),
        ),
        (
            "{Échographie abdominale sans anomalie.|Pas de lithiase ni de dilatation "
            "des voies biliaires.}"
        ),
        "{Pas de signe de cholécystite ni de lésion suspecte.}",
        urgent=25,
    ),
    Scenario(
        "MR",
        "abdomen",
        "IRM hépatique",
        (
            "Cytolyse chronique, foie hétérogène en échographie.",
            "Hépatite C chronique, AFP à <n:4:60> ng/mL.",
            "Cancer colorectal opéré, élévation de l'ACE.",
        ),
        (
            "T1 en phase et opposition de phase, T2, diffusion, dynamique après "
            "injection de {gadotérate de méglumine|gadoxétate}."
        ),
        (
            (
                "foie",
                (
                    "{Foie à contours réguliers, sans lésion focale suspecte.|Foie "
                    "dysmorphique, sans nodule hypervasculaire.}"
                ),
            ),
            (
                "fer",
                (
                    "{Pas de surcharge en fer ni de stéatose.|Stéatose modérée (fraction de "
                    "graisse <n:8:16> %).}"
                ),
            ),
            ("biliaire", "{Voies biliaires fines.|Pas de dilatation des voies biliaires.}"),
            ("portal", "{Tronc porte perméable.|Pas de thrombose portale.}"),
            ("pancreas", "{Pancréas sans anomalie canalaire.|Canal de Wirsung fin.}"),
            ("surrenales", "Surrénales et reins sans anomalie."),
        ),
        (
            Finding(
                "foie",
                "un carcinome hépatocellulaire <site>",
                (
                    "Nodule <site> de <mm> mm, {rehaussé au temps artériel avec lavage "
                    "portal|hypervasculaire avec wash-out et capsule}, LI-RADS 5."
                ),
                "CHC <site> de <mm> mm (LI-RADS 5).",
                "RCP.",
                "Hyperplasie nodulaire focale <site>.",
                _FOIE,
                (13, 41),
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "foie",
                "une métastase <site>",
                (
                    "Lésion <site> de <mm> mm en hypersignal T2 modéré et diffusion, "
                    "rehaussement annulaire."
                ),
                "Lésion secondaire <site> de <mm> mm.",
                "RCP.",
                "Angiome <site>.",
                _FOIE,
                (9, 36),
                grave=True,
            ),
            Finding(
                "foie",
                "une hyperplasie nodulaire focale <site>",
                (
                    "Lésion <site> de <mm> mm, hypervasculaire, cicatrice centrale en "
                    "hypersignal T2."
                ),
                "HNF <site>.",
                "",
                "",
                _FOIE,
                (18, 50),
                chronic=True,
            ),
            Finding(
                "pancreas",
                "une TIPMP de <mm> mm",
                (
                    "Lésion kystique communicante {corporéale|céphalique|caudale} de <mm> mm, "
                    "Wirsung fin."
                ),
                "TIPMP des canaux secondaires de <mm> mm, sans critère inquiétant.",
                "Bili-IRM de contrôle à 6 mois.",
                "",
                size=(8, 24),
                chronic=True,
            ),
        ),
        ("{Pas de lésion hépatique suspecte.|Foie sans nodule suspect (pas de LI-RADS 4 ou 5).}"),
        "{Pas de lésion suspecte de malignité.}",
        ages=(25, 90),
        urgent=2,
    ),
    Scenario(
        "MR",
        "abdomen",
        "Entéro-IRM",
        (
            "Maladie de Crohn iléale{ sous adalimumab| sous infliximab|}. Évaluation.",
            "Diarrhée chronique, calprotectine à <n:280:1200> µg/g. Maladie de Crohn ?",
        ),
        ("Après ingestion de {1 L|1,2 L} de PEG, T2 HASTE, FIESTA, diffusion, T1 après injection."),
        (
            ("iliaque", "{Dernière anse iléale de paroi fine.|Pas d'épaississement iléal.}"),
            (
                "grele",
                ("{Pas de sténose ni de dilatation d'amont.|Anses jéjuno-iléales sans anomalie.}"),
            ),
            ("fistule", "{Pas de fistule ni de collection.|Absence d'abcès.}"),
            ("colon", "{Cadre colique sans épaississement.|Côlon sans anomalie sur cet examen.}"),
            (
                "ganglions",
                ("{Pas d'adénomégalie mésentérique.|Ganglions mésentériques infracentimétriques.}"),
            ),
            ("sacro", "{Sacro-iliaques sans anomalie.|Pas de sacro-iliite.}"),
        ),
        (
            Finding(
                "iliaque",
                "une iléite terminale active",
                (
                    "Épaississement de la dernière anse à <mm> mm sur <n:8:25> cm, "
                    "{hypersignal T2 et diffusion|signe du peigne}."
                ),
                "Iléite terminale active, compatible avec une maladie de Crohn.",
                "Avis gastro-entérologique.",
                "",
                size=(5, 10),
            ),
            Finding(
                "fistule",
                "un abcès mésentérique",
                (
                    "Collection {inter-anse|mésentérique} de <mm> mm{, trajet fistuleux "
                    "iléo-sigmoïdien|}."
                ),
                "Maladie de Crohn fistulisante avec abcès de <mm> mm.",
                "Avis chirurgical en urgence.",
                "Anse digestive accolée.",
                size=(18, 46),
                grave=True,
            ),
            Finding(
                "sacro",
                "une sacro-iliite <droite>",
                "Hypersignal STIR des berges de la sacro-iliaque <droite>.",
                "Sacro-iliite <droite> associée.",
                "Avis rhumatologique.",
                "",
            ),
            Finding(
                "grele",
                "une sténose iléale serrée",
                "Sténose iléale de <n:3:7> cm avec dilatation d'amont à <mm> mm.",
                "Sténose iléale avec retentissement d'amont.",
                "Avis chirurgical.",
                "",
                size=(31, 44),
                grave=True,
            ),
        ),
        "{Pas de signe d'activité.|Pas de lésion inflammatoire du grêle.}",
        "{Pas de complication (abcès, sténose).}",
        ages=(16, 70),
        urgent=6,
    ),
    Scenario(
        "CR",
        "abdomen",
        "Radiographie de l'abdomen sans préparation",
        (
            "{Constipation sévère|Fécalome ?}",
            "Douleur abdominale, stase stercorale ?",
            "Suspicion d'ingestion de corps étranger.",
        ),
        "Cliché de face couché{ et coupoles debout|}.",
        (
            ("gaz", "{Répartition gazeuse normale.|Pas de niveau hydro-aérique.}"),
            ("air", "{Pas de pneumopéritoine sous les coupoles.|Absence de croissant gazeux.}"),
            (
                "calcul",
                (
                    "{Pas de calcification en projection des aires rénales.|Pas d'opacité "
                    "calcique suspecte.}"
                ),
            ),
            ("stase", "{Stercorome modéré du cadre colique.|Pas de stase notable.}"),
            ("os", "{Structures osseuses sans particularité.|Arthrose lombaire.}"),
        ),
        (
            Finding(
                "gaz",
                "une distension grêlique",
                "Niveaux hydro-aériques grêliques centraux, plus larges que hauts.",
                "Aspect d'occlusion grêlique.",
                "TDM abdomino-pelvienne.",
                "Aérogrêlie fonctionnelle.",
                grave=True,
            ),
            Finding(
                "air",
                "un pneumopéritoine",
                "Croissant gazeux sous-diaphragmatique <droit>.",
                "Pneumopéritoine.",
                "Avis chirurgical, TDM en urgence.",
                "Interposition colique de Chilaiditi.",
                grave=True,
            ),
            Finding(
                "calcul",
                "une opacité de l'aire rénale <droite>",
                "Opacité calcique de l'aire rénale <droite> de <mm> mm.",
                "Lithiase rénale <droite> probable.",
                "",
                "",
                size=(5, 14),
                chronic=True,
            ),
        ),
        "{Pas d'anomalie notable.|Pas de signe d'occlusion.}",
        "{Pas d'occlusion ni de pneumopéritoine.}",
        urgent=40,
    ),
)
