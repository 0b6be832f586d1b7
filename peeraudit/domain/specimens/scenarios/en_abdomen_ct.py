"""How do English reports on CT of the abdomen read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

_RENAL = Finding(
    "kidneys",
    "a <mm> mm enhancing <right> renal mass",
    (
        "There is a <mm> mm {heterogeneously |}enhancing mass in the {upper|lower} "
        "pole of the <right> kidney."
    ),
    "<mm> mm enhancing <right> renal mass, suspicious for renal cell carcinoma.",
    "Urology referral.",
    "Complex <right> renal cyst, Bosniak II.",
    size=(18, 52),
    grave=True,
    chronic=True,
)
_CYST = Finding(
    "kidneys",
    "a Bosniak IIF cyst in the <right> kidney",
    (
        "There is a <mm> mm <right> renal cyst with {several thin septa|minimally "
        "thickened septa}, Bosniak IIF."
    ),
    "<right> renal cyst, Bosniak IIF.",
    "Follow-up imaging in 6 months.",
    "",
    size=(20, 58),
    chronic=True,
)

SCENARIOS = (
    Scenario(
        "CT",
        "abdomen",
        "CT abdomen and pelvis with contrast",
        (
            ("{RIF pain|Right iliac fossa pain}, {raised CRP <n:40:190>|fever}. ?appendicitis"),
            "{LIF pain and fever|LIF tenderness}. ?diverticulitis",
            "{Vomiting and distension|Absolute constipation}, previous laparotomy. ?SBO",
            "Known Crohn disease, {flare|new pain}. ?collection",
        ),
        ("Portal venous phase after <n:90:110> mL IV contrast{; oral contrast not given|}."),
        (
            ("liver", "{Normal liver, portal vein patent.|No focal liver lesion.}"),
            ("gb", "{Normal gallbladder. No biliary dilatation.|No gallstones seen on CT.}"),
            (
                "pancreas",
                "{Pancreas and spleen normal.|Normal pancreas, no peripancreatic stranding.}",
            ),
            ("kidneys", "{No hydronephrosis; symmetrical enhancement.|Kidneys normal.}"),
            (
                "appendix",
                "{Appendix normal.|The appendix is seen and is not dilated (<n:4:6> mm).}",
            ),
            ("colon", "{No colonic wall thickening.|Uncomplicated sigmoid diverticula.}"),
            ("smallbowel", "{No bowel obstruction.|Normal calibre small bowel.}"),
            ("free", "{No free fluid or free gas.|No pneumoperitoneum; pouch of Douglas clear.}"),
            (
                "pelvis",
                (
                    "<sex:{Uterus and adnexa unremarkable.|No adnexal mass.}:{Prostate not "
                    "enlarged.|Prostate mildly enlarged.}>"
                ),
            ),
            ("bones", "{No aggressive bone lesion.|Degenerative change only.}"),
            ("bases", "Lung bases clear."),
        ),
        (
            Finding(
                "appendix",
                "acute appendicitis",
                (
                    "The {retrocaecal |pelvic |}appendix is thickened to <mm> mm with "
                    "{periappendiceal stranding|an appendicolith and surrounding fat "
                    "stranding}."
                ),
                "Acute uncomplicated appendicitis.",
                "Surgical referral.",
                "Terminal ileitis.",
                size=(9, 16),
                grave=True,
            ),
            Finding(
                "colon",
                "acute sigmoid diverticulitis",
                (
                    "Segmental sigmoid wall thickening with pericolic stranding{ and locules "
                    "of extraluminal gas|}."
                ),
                "Acute sigmoid diverticulitis{, Hinchey Ia|}.",
                "Colonoscopy once settled.",
                "Non-specific sigmoid colitis.",
                grave=True,
            ),
            Finding(
                "colon",
                "a <mm> mm <site> tumour",
                (
                    "Short-segment irregular thickening of the <site> over <mm> mm with "
                    "regional nodes."
                ),
                "<site> tumour, appearance of a primary colonic carcinoma.",
                "Colonoscopy and staging.",
                "Spasm of the <site>.",
                ("sigmoid colon", "caecum", "transverse colon"),
                (30, 60),
                grave=True,
                ages=(40, 120),
            ),
            Finding(
                "smallbowel",
                "adhesive small bowel obstruction",
                (
                    "Small bowel dilated to <mm> mm with a transition point in the {right "
                    "iliac fossa|pelvis}. Mural enhancement preserved."
                ),
                "Small bowel obstruction, adhesional, no ischaemia.",
                "Surgical review.",
                "Ileus.",
                size=(30, 45),
                grave=True,
            ),
            Finding(
                "bases",
                "a <mm> mm nodule at the <right> lung base",
                "There is a <mm> mm nodule at the <right> lung base.",
                "<mm> mm nodule at the <right> lung base.",
                "CT chest.",
                "",
                size=(7, 14),
                chronic=True,
            ),
            Finding(
                "liver",
                "a <mm> mm haemangioma in segment <site>",
                "A <mm> mm segment <site> lesion shows peripheral nodular enhancement.",
                "Segment <site> haemangioma.",
                "",
                "",
                ("IV", "VI", "VII"),
                (11, 38),
                chronic=True,
            ),
            _RENAL,
            _CYST,
        ),
        "{No acute intra-abdominal pathology.|No CT cause for the pain.}",
        "{No acute surgical abnormality.|No bowel obstruction or perforation.}",
        urgent=65,
    ),
    Scenario(
        "CT",
        "abdomen",
        "CT KUB (kidneys, ureters, bladder)",
        ("{Loin to groin pain|Renal colic}{, haematuria on dipstick|}. ?stone",),
        "Low-dose unenhanced CT of the kidneys, ureters and bladder.",
        (
            ("hydro", "{No hydronephrosis.|Collecting systems not dilated.}"),
            ("ureters", "{No ureteric calculus.|Ureters clear.}"),
            ("kidneys", "{No renal calculus.|Kidneys normal on this unenhanced study.}"),
            ("bladder", "{Bladder normal.|No bladder calculus.}"),
            ("aorta", "{Aorta normal in calibre.|No AAA.}"),
            ("other", "{Appendix normal.|No other acute finding.}"),
        ),
        (
            Finding(
                "hydro+ureters",
                "a <mm> mm <right> ureteric calculus",
                (
                    "There is a <mm> mm calculus at the <right> {VUJ|PUJ|mid ureter} "
                    "(<n:480:1240> HU) with {mild|moderate} hydroureteronephrosis."
                ),
                "<mm> mm obstructing <right> ureteric calculus.",
                "Urology referral.",
                "<right> vascular calcification.",
                size=(3, 10),
                grave=True,
            ),
            Finding(
                "kidneys",
                "a <mm> mm non-obstructing <right> renal calculus",
                "A <mm> mm {lower|interpolar} calyceal calculus on the <right>.",
                "Non-obstructing <right> renal calculus.",
                "",
                "",
                size=(3, 9),
                chronic=True,
            ),
            Finding(
                "aorta",
                "a <mm> mm infrarenal aortic aneurysm",
                "There is an infrarenal aortic aneurysm measuring <mm> mm.",
                "<mm> mm infrarenal abdominal aortic aneurysm.",
                "Vascular referral.",
                "",
                size=(39, 66),
                grave=True,
                ages=(55, 120),
            ),
        ),
        "{No ureteric calculus.|No urolithiasis or obstruction.}",
        "No obstructive uropathy.",
        urgent=75,
    ),
)
