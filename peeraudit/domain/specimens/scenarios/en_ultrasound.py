"""How do English reports on ultrasound read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "US",
        "abdomen",
        "Ultrasound abdomen",
        (
            "{RUQ pain|Biliary colic}{, raised LFTs|}. ?gallstones",
            "{Deranged LFTs|Fatty liver}.",
            "Chronic hepatitis B, HCC surveillance.",
        ),
        "Transabdominal ultrasound{, limited by bowel gas|}.",
        (
            (
                "liver",
                (
                    "{Normal liver echotexture, no focal lesion.|Increased echogenicity "
                    "consistent with steatosis; no focal lesion.}"
                ),
            ),
            ("portal", "Portal vein patent with hepatopetal flow."),
            ("gb", "{No gallstones. Wall not thickened.|Normal gallbladder, Murphy negative.}"),
            ("cbd", "CBD <n:3:6> mm."),
            ("pancreas", "{Pancreas partly obscured.|Visualised pancreas normal.}"),
            ("kidneys", "{Kidneys normal, no hydronephrosis.|No hydronephrosis.}"),
            ("spleen", "Spleen <n:8:11> cm."),
            ("fluid", "{No ascites.|No free fluid.}"),
        ),
        (
            Finding(
                "gb",
                "acute calculous cholecystitis",
                (
                    "{Distended gallbladder|Gallbladder} with <mm> mm wall, {impacted neck "
                    "stone|gallstones} and positive sonographic Murphy sign."
                ),
                "Acute calculous cholecystitis.",
                "Surgical referral.",
                "Gallstones.",
                size=(4, 9),
                grave=True,
            ),
            Finding(
                "gb",
                "gallstones",
                "Multiple mobile gallstones up to <mm> mm, no wall thickening.",
                "Uncomplicated cholelithiasis.",
                size=(4, 19),
                chronic=True,
            ),
            Finding(
                "liver",
                "a <mm> mm hypoechoic liver lesion",
                "There is a <mm> mm hypoechoic lesion in segment {VI|VII|IV}.",
                "<mm> mm liver lesion, indeterminate.",
                "Multiphasic MRI liver.",
                "Focal fatty sparing.",
                size=(11, 33),
                grave=True,
            ),
            Finding(
                "cbd",
                "a dilated common bile duct",
                "CBD dilated to <mm> mm; distal duct not seen.",
                "Dilated CBD, <mm> mm.",
                "MRCP.",
                "",
                size=(9, 15),
                grave=True,
            ),
            Finding(
                "kidneys",
                "a simple <right> renal cyst",
                "Simple <right> renal cyst of <mm> mm.",
                "Simple <right> renal cyst.",
                size=(14, 55),
                chronic=True,
            ),
        ),
        "{Normal abdominal ultrasound.|No gallstones or biliary dilatation.}",
        "No cholecystitis or biliary obstruction.",
        urgent=20,
    ),
    Scenario(
        "US",
        "pelvis",
        "Ultrasound pelvis",
        (
            "[18-50]{Heavy periods|Pelvic pain}{, β-hCG negative|}.",
            "[54-99]Postmenopausal bleeding.",
        ),
        "Transabdominal and transvaginal.",
        (
            ("uterus", "{Anteverted uterus, normal myometrium.|Normal uterus.}"),
            ("endo", "Endometrium <n:3:5> mm."),
            ("ovaries", "{Both ovaries normal.|No adnexal mass.}"),
            ("pod", "{No free fluid in the pouch of Douglas.|Pouch of Douglas clear.}"),
        ),
        (
            Finding(
                "ovaries",
                "a <mm> mm simple <right> ovarian cyst",
                "Simple <mm> mm <right> ovarian cyst, O-RADS 2.",
                "Simple <right> ovarian cyst.",
                "Repeat in 8 weeks.",
                "",
                size=(30, 48),
                chronic=True,
                ages=(15, 50),
            ),
            Finding(
                "ovaries",
                "a <right> adnexal mass with solid components",
                "<right> adnexal mass of <mm> mm with vascular solid components, O-RADS 5.",
                "Suspicious <right> adnexal mass.",
                "CA-125 and gynaecological oncology referral.",
                "Haemorrhagic <right> cyst.",
                size=(40, 96),
                grave=True,
            ),
            Finding(
                "endo",
                "a thickened endometrium",
                "Endometrium {thickened|irregular} at <mm> mm.",
                "Thickened endometrium, <mm> mm.",
                "Hysteroscopy.",
                "",
                size=(10, 21),
                grave=True,
            ),
            Finding(
                "uterus",
                "a <mm> mm fibroid",
                "{Intramural|Subserosal} fibroid of <mm> mm.",
                "Fibroid uterus.",
                size=(14, 60),
                chronic=True,
            ),
        ),
        "{Normal pelvic ultrasound.|No adnexal pathology.}",
        "No suspicious adnexal mass.",
        sex="F",
        ages=(18, 80),
        urgent=15,
    ),
    Scenario(
        "US",
        "head_neck",
        "Ultrasound thyroid",
        ("{Palpable nodule|Goitre}{, TSH <d:0.3:5.9>|}.", "Hypothyroidism. ?Hashimoto thyroiditis"),
        "High-frequency linear probe with Doppler.",
        (
            (
                "size",
                (
                    "Right lobe <n:39:51> x <n:13:18> mm, left lobe <n:38:50> x <n:12:18> mm, "
                    "isthmus <n:2:4> mm."
                ),
            ),
            ("texture", "{Homogeneous echotexture.|Normal vascularity.}"),
            ("nodules", "{No nodule.|Subcentimetre colloid nodules only (U2).}"),
            ("nodes", "{No cervical lymphadenopathy.|Normal cervical nodes.}"),
        ),
        (
            Finding(
                "nodules",
                "a <mm> mm U5 nodule in the <right> lobe",
                (
                    "Markedly hypoechoic <mm> mm nodule, <right> lobe, taller than wide with "
                    "microcalcification, U5."
                ),
                "<mm> mm U5 nodule, <right> lobe.",
                "FNA.",
                "U2 nodule, <right> lobe.",
                size=(10, 26),
                grave=True,
                chronic=True,
            ),
            Finding(
                "nodules",
                "a <mm> mm U3 nodule in the <right> lobe",
                "Isoechoic <mm> mm nodule with halo, <right> lobe, U3.",
                "U3 nodule, <right> lobe.",
                "{FNA or interval ultrasound|Repeat ultrasound in 12 months}.",
                "",
                size=(9, 20),
                chronic=True,
            ),
            Finding(
                "nodes",
                "an abnormal <right> level IV node",
                "<mm> mm <right> level IV node with lost hilum.",
                "Suspicious <right> level IV node.",
                "FNA.",
                "",
                size=(9, 18),
                grave=True,
            ),
        ),
        "{Normal thyroid ultrasound.|Benign appearances (U2).}",
        "No U4 or U5 nodule.",
        urgent=1,
    ),
    Scenario(
        "US",
        "vascular",
        "Duplex ultrasound lower limb veins",
        ("{Calf swelling|Calf pain}{, Wells <n:2:4>|}. ?DVT", "PE on CTPA, ?DVT."),
        "Compression and Doppler from groin to calf, both legs.",
        (
            ("femoral", "{Femoral and popliteal veins fully compressible.|No proximal DVT.}"),
            (
                "calf",
                (
                    "{Calf veins compressible where seen.|Posterior tibial and peroneal veins "
                    "patent.}"
                ),
            ),
            ("super", "{Superficial veins patent.|Long saphenous veins compressible.}"),
            ("fossa", "{Popliteal fossae clear.|No Baker cyst.}"),
        ),
        (
            Finding(
                "femoral",
                "a <right> femoropopliteal DVT",
                "Occlusive thrombus in the <right> {popliteal|superficial femoral} vein.",
                "<right> proximal DVT.",
                "Anticoagulation; referrer informed.",
                "Slow flow in the <right> femoral vein.",
                grave=True,
            ),
            Finding(
                "calf",
                "a <right> peroneal vein thrombosis",
                "Non-compressible <right> peroneal vein over <mm> mm.",
                "<right> distal DVT.",
                "Repeat scan in 7 days.",
                "",
                size=(35, 110),
                grave=True,
            ),
            Finding(
                "fossa",
                "a <right> Baker cyst",
                "<right> Baker cyst of <mm> x <mm2> mm.",
                "<right> Baker cyst.",
                size=(22, 66),
                chronic=True,
            ),
        ),
        "{No deep vein thrombosis.|No DVT in either leg.}",
        "No proximal DVT.",
        urgent=60,
    ),
)
