"""How do English reports on CT of the chest read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_LUNG = (
    "in the <right> upper lobe",
    "in the <right> lower lobe",
    "in the apical segment of the <right> lower lobe",
)
_NODULE = Finding(
    "nodules",
    "a <mm> mm solid nodule <site>",
    ("There is a <mm> mm solid nodule <site>, {smoothly marginated|slightly lobulated}."),
    "<mm> mm solid nodule <site>.",
    (
        "{CT in 6 to 12 months per Fleischner Society guidelines.|Follow-up CT in "
        "6 months (Fleischner 2017).}"
    ),
    "Calcified granuloma <site>, no follow-up needed.",
    _LUNG,
    (6, 8),
    chronic=True,
)
_CANCER = Finding(
    "nodules",
    "a spiculated <mm> mm mass <site>",
    ("There is a spiculated mass <site> measuring <mm> x <mm2> mm{, tethering the pleura|}."),
    ("Spiculated <mm> mm mass <site>, highly suspicious for primary lung malignancy."),
    "PET-CT and discussion at the lung MDT.",
    "Scarring <site>.",
    _LUNG,
    (14, 44),
    grave=True,
    chronic=True,
    ages=(40, 120),
)

SCENARIOS = (
    Scenario(
        "CT",
        "chest",
        "CT pulmonary angiogram",
        (
            (
                "{Sudden dyspnoea|Pleuritic chest pain}{, Wells score <n:4:7>|, D-dimer "
                "<n:900:4800>|}. ?PE"
            ),
            (
                "{Hypoxia and tachycardia|Syncope} {post-op day <n:3:12>|after a long-haul "
                "flight}. ?PE"
            ),
        ),
        (
            "CT pulmonary angiogram after <n:50:75> mL IV contrast. {Good "
            "opacification|Diagnostic opacification} of the pulmonary arteries{ "
            "(<n:260:420> HU)|}. {Mild respiratory motion at the bases.|No significant "
            "motion.}"
        ),
        (
            ("pa", "{No filling defect to subsegmental level.|No pulmonary embolus.}"),
            (
                "rv",
                (
                    "{No right heart strain, RV:LV ratio below 1.|Main pulmonary artery normal "
                    "in calibre.}"
                ),
            ),
            ("aorta", "{Normal calibre thoracic aorta.|No aortic abnormality on this phase.}"),
            ("lungs", "{No consolidation.|Dependent atelectasis only.}"),
            ("nodules", "{No suspicious pulmonary nodule.|No lung nodule or mass.}"),
            ("pleura", "{No pleural or pericardial effusion.|No effusion, no pneumothorax.}"),
            ("nodes", "{No hilar or mediastinal lymphadenopathy.|No enlarged nodes.}"),
            (
                "abdo",
                (
                    "{Limited views of the upper abdomen are unremarkable.|Imaged upper "
                    "abdomen unremarkable.}"
                ),
            ),
            ("bones", "{No aggressive bone lesion.|No destructive osseous lesion.}"),
        ),
        (
            Finding(
                "pa+rv",
                "a <site> pulmonary embolus",
                (
                    "{Filling defects are|Acute filling defects are} present in the <site> "
                    "pulmonary artery {with extension into basal branches|and its segmental "
                    "branches}. {RV:LV ratio 1.<n:1:4>, with septal flattening.|No right heart "
                    "strain.}"
                ),
                "Acute <site> pulmonary embolism.",
                "Findings telephoned to the referring team.",
                "<right> hilar lymphadenopathy.",
                ("<right> lower lobar", "<right> main"),
                grave=True,
            ),
            Finding(
                "lungs",
                "<right> lower lobe consolidation",
                (
                    "{Consolidation|Airspace opacity} in the <right> lower lobe with air "
                    "bronchograms."
                ),
                "<right> lower lobe pneumonia.",
                "Chest radiograph in 6 weeks to confirm resolution.",
                "",
            ),
            Finding(
                "pleura",
                "a <right> pleural effusion",
                "There is a {small|moderate} <right> pleural effusion, <mm> mm deep.",
                "<right> pleural effusion.",
                "",
                "",
                size=(11, 46),
            ),
            Finding(
                "bones",
                "a lytic lesion in the <right> seventh rib",
                "There is a <mm> mm lytic lesion in the lateral <right> seventh rib.",
                "Lytic <right> seventh rib lesion, suspicious.",
                "Staging CT and bone scan.",
                "Old <right> rib fracture.",
                size=(10, 26),
                grave=True,
                ages=(40, 120),
            ),
            _NODULE,
            _CANCER,
        ),
        (
            "{No pulmonary embolism.|No PE to subsegmental level.|No CT evidence of "
            "pulmonary embolus.}"
        ),
        "No pulmonary embolism.",
        urgent=80,
    ),
    Scenario(
        "CT",
        "chest",
        "CT chest without contrast",
        (
            "{Lung cancer screening|Smoker, ?nodule}{, <n:20:50> pack-years|}.",
            "{Chronic cough|Haemoptysis}. {Smoker.|Ex-smoker.}",
        ),
        "{Low-dose|Thin-section} unenhanced CT chest{ with MIP reformats|}.",
        (
            ("nodules", "{No suspicious nodule.|Calcified granuloma only; no suspicious nodule.}"),
            ("lungs", "{No emphysema or interstitial change.|Clear lungs.}"),
            ("airways", "{Patent airways.|No bronchiectasis.}"),
            ("pleura", "{No effusion.|Pleura normal.}"),
            (
                "nodes",
                (
                    "{No enlarged mediastinal nodes, within the limits of an unenhanced "
                    "study.|No lymphadenopathy.}"
                ),
            ),
            ("heart", "{No coronary calcification.|Moderate coronary calcification.}"),
            ("upper", "{Adrenals normal.|Imaged upper abdomen unremarkable.}"),
            ("bones", "No aggressive bone lesion."),
        ),
        (
            _NODULE,
            _CANCER,
            Finding(
                "nodules",
                "a <mm> mm ground-glass nodule <site>",
                "There is a <mm> mm pure ground-glass nodule <site>.",
                "<mm> mm ground-glass nodule <site>.",
                "CT at 6-12 months.",
                "",
                _LUNG,
                (7, 18),
                chronic=True,
            ),
            Finding(
                "lungs",
                "emphysema",
                (
                    "{Centrilobular|Paraseptal and centrilobular} emphysema with upper zone "
                    "predominance, consistent with COPD."
                ),
                "Emphysema.",
                chronic=True,
                ages=(40, 120),
            ),
            Finding(
                "upper",
                "a <mm> mm <right> adrenal nodule",
                "There is a <mm> mm <right> adrenal nodule measuring <n:2:9> HU.",
                "<mm> mm <right> adrenal nodule, consistent with adenoma.",
                size=(12, 28),
                chronic=True,
            ),
            Finding(
                "airways",
                "<right> lower lobe bronchiectasis",
                "Cylindrical bronchiectasis in the <right> lower lobe{ with mucus plugging|}.",
                "<right> lower lobe bronchiectasis.",
                chronic=True,
            ),
        ),
        "{No suspicious nodule.|Normal CT chest.}",
        "No suspicious mass.",
        urgent=4,
    ),
)
