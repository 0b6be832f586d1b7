"""How do English reports on the breast read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_QUADRANTS = (
    "in the upper outer quadrant of the <right> breast",
    "in the upper inner quadrant of the <right> breast",
    "in the lower outer quadrant of the <right> breast",
)

SCENARIOS = (
    Scenario(
        "MG",
        "breast",
        "Bilateral screening mammogram",
        (
            "{Routine screening|Screening recall round}.",
            "Screening, family history of breast cancer.",
        ),
        "CC and MLO views{ with tomosynthesis|}. Breast density {A|B|C}.",
        (
            ("mass", "{No suspicious mass.|No mass or asymmetry.}"),
            ("calc", "{No suspicious microcalcification.|Benign vascular calcification.}"),
            ("arch", "{No architectural distortion.|Symmetrical parenchyma.}"),
            ("axilla", "{Axillae unremarkable.|Normal fatty-hilum nodes.}"),
        ),
        (
            Finding(
                "mass",
                "a <mm> mm spiculated mass <site>",
                "There is a <mm> mm spiculated mass <site>.",
                "<mm> mm spiculated mass <site>, BI-RADS 5.",
                "Ultrasound and core biopsy.",
                "Focal asymmetry <site>, BI-RADS 2.",
                _QUADRANTS,
                (9, 25),
                grave=True,
                chronic=True,
                ages=(40, 120),
            ),
            Finding(
                "calc",
                "clustered microcalcification <site>",
                "{Pleomorphic|Fine linear} microcalcification <site> over <mm> mm.",
                "Suspicious microcalcification <site>, BI-RADS 4.",
                "Stereotactic biopsy.",
                "Benign calcification <site>, BI-RADS 2.",
                _QUADRANTS,
                (6, 22),
                grave=True,
            ),
            Finding(
                "mass",
                "a circumscribed mass <site>",
                "Circumscribed oval mass <site>, <mm> mm.",
                "Circumscribed mass <site>, BI-RADS 0.",
                "Targeted ultrasound.",
                "",
                _QUADRANTS,
                (7, 18),
                chronic=True,
            ),
        ),
        "{BI-RADS 1, both breasts.|BI-RADS 2. Routine recall.}",
        "No evidence of malignancy.",
        sex="F",
        ages=(42, 79),
        urgent=0,
    ),
)
