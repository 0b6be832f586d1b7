"""How do English reports on the brain read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "CT",
        "brain",
        "CT head without contrast",
        (
            (
                "{Fall|Fall from standing height|Assault}{, on apixaban|, on warfarin|}. "
                "{GCS 14.|Vomiting x2.|Scalp laceration.} ?ICH"
            ),
            "{Sudden onset headache|Thunderclap headache}. ?SAH",
            "{Acute confusion|New confusion} in a <age>-year-old. ?SOL ?subdural",
        ),
        (
            "Non-contrast axial acquisition from skull base to vertex with "
            "{multiplanar reformats|bone and soft tissue reconstructions}."
        ),
        (
            ("extra", "{No extra-axial collection.|No subdural or extradural haematoma.}"),
            ("sah", "{No subarachnoid blood.|The basal cisterns are clear.}"),
            (
                "brain",
                (
                    "{Grey-white matter differentiation is preserved.|No intraparenchymal "
                    "haemorrhage and no established territorial infarct.}"
                ),
            ),
            (
                "ventricles",
                (
                    "{The ventricles and sulci are within normal limits for age.|No "
                    "hydrocephalus and no midline shift.}"
                ),
            ),
            ("bone", "{No skull fracture.|The skull vault and base are intact.}"),
            (
                "sinuses",
                (
                    "{The paranasal sinuses and mastoid air cells are clear.|Well-aerated "
                    "sinuses and mastoids.}"
                ),
            ),
        ),
        (
            Finding(
                "extra+ventricles",
                "an acute <right> subdural haematoma",
                (
                    "There is a hyperdense <right> convexity subdural collection up to <mm> mm "
                    "in depth, with {sulcal effacement|effacement of the ipsilateral "
                    "ventricle} and <n:3:8> mm of midline shift."
                ),
                "Acute <right> subdural haematoma, <mm> mm, with mass effect.",
                "Urgent neurosurgical referral.",
                "Chronic <right> subdural hygroma.",
                size=(6, 18),
                grave=True,
            ),
            Finding(
                "sah",
                "subarachnoid blood in the <right> Sylvian fissure",
                (
                    "Hyperdense material fills the <right> Sylvian fissure{ and the "
                    "suprasellar cistern|}."
                ),
                "Acute <right> Sylvian subarachnoid haemorrhage.",
                "Urgent CT angiogram and neurosurgical discussion.",
                "",
                grave=True,
            ),
            Finding(
                "brain",
                "an early <right> MCA infarct",
                (
                    "There is loss of the <right> insular ribbon {with subtle sulcal "
                    "effacement|and blurring of the lentiform nucleus}."
                ),
                "Early <right> MCA territory infarct.",
                "Discuss with the stroke team now.",
                "Mature <right> MCA infarct.",
                grave=True,
            ),
            Finding(
                "brain",
                "small vessel disease",
                (
                    "{Periventricular and deep white matter hypodensities|Confluent "
                    "periventricular low attenuation} in keeping with small vessel disease."
                ),
                "Chronic small vessel ischaemic change.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "sinuses",
                "<right> maxillary sinus opacification",
                (
                    "{Mucosal thickening in|Partial opacification of} the <right> maxillary "
                    "sinus{ with an air-fluid level|}."
                ),
                "<right> maxillary sinus disease.",
            ),
            Finding(
                "extra",
                "a <mm> mm <right> convexity meningioma",
                (
                    "There is a <mm> mm {calcified |}extra-axial lesion along the <right> "
                    "frontal convexity."
                ),
                "<mm> mm <right> frontal convexity lesion, likely meningioma.",
                "Contrast-enhanced MRI.",
                "",
                size=(10, 31),
                chronic=True,
            ),
        ),
        (
            "{No acute intracranial abnormality.|No intracranial haemorrhage.|Normal "
            "CT head for age.}"
        ),
        "{No intracranial haemorrhage.|No acute intracranial haemorrhage.}",
        urgent=75,
    ),
    Scenario(
        "MR",
        "brain",
        "MRI brain with and without contrast",
        (
            "{Chronic headaches|New daily headache}, {normal neurology|blurred vision}.",
            "First seizure in a <age>-year-old.",
            "{Unilateral hearing loss|Tinnitus}. ?vestibular schwannoma",
            "[60-99]{Progressive memory loss|Memory clinic}. MoCA <n:17:25>/30.",
        ),
        (
            "Sagittal T1, axial T2, T2 FLAIR, DWI and SWI, with {volumetric T1|3D T1} "
            "after IV gadolinium."
        ),
        (
            ("dwi", "{No restricted diffusion.|No acute infarct on DWI.}"),
            (
                "white",
                (
                    "{Normal white matter signal.|A few non-specific punctate FLAIR foci, not "
                    "unusual for age.}"
                ),
            ),
            (
                "enhance",
                (
                    "{No abnormal enhancement.|No pathological parenchymal or leptomeningeal "
                    "enhancement.}"
                ),
            ),
            ("iam", "{The internal auditory meati are clear.|Normal cerebellopontine angles.}"),
            (
                "sella",
                (
                    "{The pituitary gland is normal in size.|Normal sella; cerebellar tonsils "
                    "in normal position.}"
                ),
            ),
            ("hippo", "{Hippocampi are symmetrical.|No mesial temporal abnormality.}"),
            ("vent", "{Normal ventricular size.|No hydrocephalus.}"),
        ),
        (
            Finding(
                "enhance+white",
                "a ring-enhancing <right> frontal mass",
                (
                    "There is a <mm> x <mm2> mm ring-enhancing {intra-axial |}mass in the "
                    "<right> {frontal|temporal|parietal} lobe with surrounding vasogenic "
                    "oedema."
                ),
                (
                    "<mm> mm ring-enhancing <right> hemispheric mass: high-grade glioma or "
                    "metastasis."
                ),
                "Neuro-oncology MDT and CT chest, abdomen and pelvis.",
                "Subacute <right> infarct.",
                size=(14, 48),
                grave=True,
            ),
            Finding(
                "dwi",
                "an acute <right> lacunar infarct",
                (
                    "There is a <mm> mm focus of restricted diffusion in the <right> "
                    "{thalamus|corona radiata|internal capsule}."
                ),
                "Acute <right> lacunar infarct.",
                "Stroke team review.",
                "",
                size=(5, 14),
                grave=True,
            ),
            Finding(
                "iam",
                "a <mm> mm <right> vestibular schwannoma",
                "There is a <mm> mm enhancing intracanalicular lesion on the <right>.",
                "<mm> mm <right> vestibular schwannoma (Koos 1).",
                "ENT referral, MRI in 6 months.",
                "",
                size=(4, 10),
                grave=True,
                chronic=True,
            ),
            Finding(
                "white",
                "small vessel disease",
                "{Confluent|Moderate} periventricular FLAIR hyperintensity, Fazekas <n:2:3>.",
                "Small vessel disease.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "sella",
                "a <mm> mm <right> pituitary microadenoma",
                "There is a <mm> mm hypoenhancing focus in the <right> side of the pituitary.",
                "Probable <right> pituitary microadenoma.",
                "Hormonal profile.",
                "",
                size=(3, 8),
                chronic=True,
            ),
        ),
        "{Normal MRI brain.|No intracranial cause for the symptoms identified.}",
        "{No mass lesion.|No intracranial mass or acute infarct.}",
        urgent=12,
    ),
)
