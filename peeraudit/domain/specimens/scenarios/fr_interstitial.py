"""How do French reports on interstitial lung disease read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

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

SCENARIOS = (
    Scenario(
        "CT",
        "chest",
        "TDM thoracique haute résolution",
        (
            (
                "{Crépitants des bases|Dyspnée d'effort}, TVR{ avec DLCO à <n:38:64> %|}. "
                "Pneumopathie interstitielle diffuse ?"
            ),
            "{Sclérodermie|Polyarthrite rhumatoïde}. Recherche de PID.",
        ),
        (
            "Coupes fines en inspiration {et expiration |}en {décubitus "
            "dorsal|procubitus}, sans injection."
        ),
        (
            (
                "reticulations",
                "{Pas de réticulations ni de rayon de miel.|Absence de signe de fibrose.}",
            ),
            (
                "verre",
                (
                    "{Pas de plage de verre dépoli.|Pas d'aspect en mosaïque ni de piégeage "
                    "expiratoire.}"
                ),
            ),
            (
                "bronches",
                (
                    "{Bronches fines, sans bronchectasie de traction.|Pas de dilatation des "
                    "bronches.}"
                ),
            ),
            ("nodules", "{Pas de micronodule lymphatique ou centrolobulaire.|Pas de nodule.}"),
            ("parenchyme", "{Pas d'emphysème.|Pas de lésion emphysémateuse.}"),
            ("mediastin", "{Pas d'adénomégalie.|Ganglions médiastinaux infracentimétriques.}"),
            (
                "ap",
                (
                    "{Tronc de l'artère pulmonaire à <n:24:28> mm.|Pas d'élargissement de "
                    "l'artère pulmonaire.}"
                ),
            ),
        ),
        (
            Finding(
                "reticulations+bronches",
                "une fibrose pulmonaire de type PIC",
                (
                    "Réticulations {sous-pleurales et basales|à gradient apico-basal} avec "
                    "rayon de miel et bronchectasies de traction."
                ),
                "Aspect de PIC {certaine|probable} (ATS/ERS 2022).",
                "Discussion multidisciplinaire PID.",
                "Troubles ventilatoires déclives.",
                grave=True,
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "verre",
                "un aspect de pneumopathie d'hypersensibilité",
                (
                    "Verre dépoli {diffus|prédominant aux lobes supérieurs} et piégeage "
                    "expiratoire en mosaïque à trois densités."
                ),
                "Aspect compatible avec une pneumopathie d'hypersensibilité.",
                "Enquête d'exposition, LBA.",
                "",
                grave=True,
            ),
            Finding(
                "ap",
                "un élargissement du tronc pulmonaire",
                "Tronc de l'artère pulmonaire élargi à <mm> mm.",
                "Signes indirects d'HTAP.",
                "Échographie cardiaque.",
                "",
                size=(31, 38),
                chronic=True,
            ),
            Finding(
                "mediastin",
                "des adénopathies hilaires bilatérales",
                (
                    "Adénopathies médiastinales et hilaires {bilatérales et symétriques|non "
                    "compressives} jusqu'à <mm> mm."
                ),
                "Adénopathies médiastino-hilaires, évoquant une sarcoïdose.",
                "Bilan spécialisé.",
                "",
                size=(13, 24),
                chronic=True,
            ),
            _EMPHYSEMA,
        ),
        (
            "{Pas d'argument pour une pneumopathie interstitielle diffuse.|TDM haute "
            "résolution normale.}"
        ),
        "{Pas de fibrose pulmonaire.|Pas de signe de PID fibrosante.}",
        urgent=2,
    ),
)
