"""How do English reports on MR of the spine, the knee and the prostate read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_DISCS = ("L3/L4", "L4/L5", "L5/S1")

SCENARIOS = (
    Scenario(
        "MR",
        "spine",
        "MRI lumbar spine",
        (
            "{Sciatica|Back and leg pain} {for <n:5:14> weeks|not settling}. ?disc",
            "{Saddle anaesthesia|Bilateral sciatica}. ?CES",
            "[50-99]Neurogenic claudication. ?stenosis",
        ),
        "Sagittal T1, T2 and STIR, axial T2 through the lower three levels.",
        (
            ("align", "{Normal alignment.|No spondylolisthesis.}"),
            ("marrow", "{Normal marrow signal.|No marrow oedema.}"),
            ("conus", "{Conus terminates at L1 with normal signal.|Normal conus.}"),
            ("discs", "{No significant disc protrusion.|Mild multilevel disc desiccation.}"),
            ("canal", "{No canal stenosis.|Capacious canal.}"),
            ("foramina", "{Exit foramina patent.|No nerve root compression.}"),
            ("para", "{Paraspinal soft tissues normal.|No paravertebral collection.}"),
        ),
        (
            Finding(
                "discs+foramina",
                "a <right> <site> disc protrusion",
                (
                    "At <site>, a <right> paracentral protrusion {contacts|displaces} the "
                    "traversing root."
                ),
                "<right> <site> disc protrusion with nerve root contact.",
                "Clinical correlation.",
                "",
                _DISCS,
                chronic=True,
            ),
            Finding(
                "discs+canal",
                "a large <site> disc extrusion compressing the cauda equina",
                (
                    "At <site>, a large central extrusion of <mm> mm effaces the CSF and "
                    "compresses the cauda equina."
                ),
                "Cauda equina compression at <site>.",
                "Urgent spinal surgical referral.",
                "",
                _DISCS,
                (10, 16),
                grave=True,
            ),
            Finding(
                "marrow",
                "a suspicious <site> vertebral lesion",
                (
                    "There is a T1-hypointense, STIR-hyperintense lesion of the <site> "
                    "vertebral body{ extending into the <right> pedicle|}."
                ),
                "Suspicious <site> vertebral lesion.",
                "Whole spine MRI with contrast, staging CT.",
                "Atypical haemangioma of <site>.",
                ("L1", "L2", "L3"),
                grave=True,
            ),
            Finding(
                "canal",
                "<site> canal stenosis",
                (
                    "{Moderate|Severe} central stenosis at <site> from facet and ligamentum "
                    "flavum hypertrophy."
                ),
                "<site> central canal stenosis.",
                "",
                "",
                _DISCS,
                chronic=True,
                ages=(55, 120),
            ),
        ),
        "{No nerve root compression.|Mild degenerative change only.}",
        "No cauda equina compression.",
        urgent=12,
    ),
    Scenario(
        "MR",
        "musculoskeletal",
        "MRI knee",
        ("{Twisting injury|Fall on stairs}. ?ACL ?meniscus", "{Medial knee pain|Locking}."),
        "<right> knee. PD fat-saturated in three planes, sagittal {PD|T1}.",
        (
            ("menisci", "{Menisci intact.|No meniscal tear.}"),
            ("acl", "{ACL and PCL intact.|Normal cruciates.}"),
            ("coll", "{Collaterals intact.|MCL and LCL intact.}"),
            ("cart", "{Articular cartilage preserved.|No full-thickness chondral defect.}"),
            ("bone", "{No marrow oedema.|No fracture or contusion.}"),
            ("cyst", "{No effusion, no Baker cyst.|Physiological joint fluid. No popliteal cyst.}"),
        ),
        (
            Finding(
                "acl+bone",
                "a complete ACL tear",
                "Complete ACL rupture with pivot-shift bone bruising.",
                "Complete ACL rupture.",
                "Orthopaedic referral.",
                "ACL sprain.",
                grave=True,
            ),
            Finding(
                "menisci",
                "a bucket-handle tear of the medial meniscus",
                "Displaced bucket-handle tear of the medial meniscus, double PCL sign.",
                "Displaced bucket-handle medial meniscal tear.",
                "Early surgical review.",
                "",
                grave=True,
            ),
            Finding(
                "menisci",
                "a horizontal tear of the posterior horn",
                "{Horizontal|Oblique} tear of the posterior horn of the medial meniscus.",
                "Medial meniscal tear.",
                chronic=True,
            ),
            Finding(
                "cyst",
                "a <mm> mm Baker cyst",
                "There is a <mm> mm Baker cyst and a moderate effusion.",
                "Baker cyst.",
                size=(18, 60),
                chronic=True,
            ),
        ),
        "{No internal derangement.|Normal MRI knee.}",
        "Cruciate ligaments intact.",
        ages=(14, 80),
        urgent=2,
    ),
    Scenario(
        "MR",
        "pelvis",
        "MRI prostate",
        ("PSA <d:4.1:13.9> ng/mL{, benign DRE|}. Pre-biopsy.", "Active surveillance, Gleason 3+3."),
        "Multiparametric MRI at {3T|1.5T}. Prostate volume <n:28:88> mL.",
        (
            ("pz", "{Peripheral zone normal, PI-RADS 1.|No peripheral zone target.}"),
            ("tz", "{Transition zone BPH, PI-RADS 2.|Encapsulated BPH nodules.}"),
            ("sv", "{No extracapsular extension.|Seminal vesicles normal.}"),
            ("nodes", "No pelvic lymphadenopathy."),
            ("bone", "{No suspicious bone lesion.|Normal marrow signal.}"),
        ),
        (
            Finding(
                "pz",
                "a <mm> mm PI-RADS 5 lesion in the <right> peripheral zone",
                (
                    "There is a <mm> mm lesion in the <right> {mid|apical|basal} peripheral "
                    "zone with marked restricted diffusion, PI-RADS 5."
                ),
                "<mm> mm PI-RADS 5 lesion, <right> peripheral zone.",
                "Targeted biopsy.",
                "Focal prostatitis on the <right>.",
                size=(15, 26),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "pz",
                "a PI-RADS 3 area in the <right> peripheral zone",
                "<mm> mm area of moderate signal change, <right> peripheral zone, PI-RADS 3.",
                "PI-RADS 3 area on the <right>.",
                "Correlate with PSA density.",
                "",
                size=(6, 12),
                chronic=True,
                ages=(40, 120),
            ),
            Finding(
                "bone",
                "a <right> iliac bone lesion",
                "There is a <mm> mm T1-hypointense lesion in the <right> iliac bone.",
                "Suspicious <right> iliac lesion.",
                "PSMA PET.",
                "",
                size=(9, 22),
                grave=True,
            ),
        ),
        "{No suspicious lesion, PI-RADS 2.|PI-RADS 2.}",
        "No PI-RADS 4 or 5 lesion.",
        sex="M",
        ages=(48, 82),
        urgent=0,
    ),
)
