"""How do English reports on radiographs read?"""

from peeraudit.domain.specimens.scenario import Finding, Scenario

SCENARIOS = (
    Scenario(
        "CR",
        "chest",
        "Chest radiograph, PA view",
        (
            "{Productive cough and fever|Fever}. ?pneumonia",
            "{Shortness of breath|Chest pain}. ?pneumothorax ?effusion",
            "Pre-operative assessment.",
            "Known COPD, {exacerbation|worsening}.",
        ),
        "{Erect PA|PA} projection{, adequate inspiration|}.",
        (
            ("lungs", "{The lungs are clear.|No focal consolidation.}"),
            ("pleura", "{No pleural effusion or pneumothorax.|Costophrenic angles are sharp.}"),
            ("heart", "{Normal heart size.|Cardiomediastinal contour is normal.}"),
            ("hila", "{Normal hila.|No nodule or mass.}"),
            ("bones", "{No bony abnormality.|No rib fracture seen.}"),
        ),
        (
            Finding(
                "lungs",
                "<right> <site> consolidation",
                (
                    "{Airspace opacity|Consolidation} in the <right> <site>{ with loss of the "
                    "hemidiaphragm|}."
                ),
                "<right> <site> consolidation, consistent with pneumonia.",
                "Repeat radiograph in 6 weeks.",
                "",
                ("lower zone", "upper zone"),
                grave=True,
            ),
            Finding(
                "pleura",
                "a <right> pneumothorax",
                "There is a <right> apical pneumothorax with a <mm> mm rim.",
                "<right> pneumothorax.",
                "Findings telephoned to the ward.",
                "<right> apical bulla.",
                size=(8, 30),
                grave=True,
            ),
            Finding(
                "pleura",
                "a <right> pleural effusion",
                "Blunting of the <right> costophrenic angle.",
                "Small <right> pleural effusion.",
                chronic=True,
            ),
            Finding(
                "hila",
                "a <mm> mm <right> upper zone nodule",
                "There is a <mm> mm nodule in the <right> upper zone.",
                "<mm> mm <right> upper zone nodule.",
                "CT chest.",
                "Vascular overlap.",
                size=(10, 29),
                grave=True,
                chronic=True,
            ),
            Finding(
                "heart",
                "cardiomegaly",
                "Cardiothoracic ratio 0.<n:54:63> with {upper lobe diversion|Kerley B lines}.",
                "Cardiomegaly with signs of failure.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "bones",
                "a <right> rib fracture",
                "Undisplaced fracture of the <right> {sixth|seventh|eighth} rib.",
                "<right> rib fracture.",
            ),
        ),
        ("{No acute cardiopulmonary abnormality.|Normal chest radiograph.|Clear lungs.}"),
        "{No focal consolidation.|No lobar pneumonia.}",
        urgent=45,
    ),
    Scenario(
        "CR",
        "musculoskeletal",
        "Wrist radiographs",
        (
            (
                "{FOOSH|Fall on outstretched hand}. {?Colles fracture|Anatomical snuffbox "
                "tenderness}."
            ),
        ),
        "PA and lateral views{ with scaphoid series|}. Side: <right>.",
        (
            ("radius", "{No distal radius fracture.|Distal radius and ulna intact.}"),
            ("scaphoid", "{Scaphoid intact.|No scaphoid fracture seen.}"),
            ("carpus", "{Normal carpal alignment.|Gilula arcs maintained.}"),
            ("soft", "{Mild soft tissue swelling.|No foreign body.}"),
        ),
        (
            Finding(
                "radius",
                "a <right> distal radius fracture",
                (
                    "{Dorsally angulated|Impacted} fracture of the <right> distal radius "
                    "({<n:10:28> degrees})."
                ),
                "<right> distal radius fracture (Colles type).",
                "Orthopaedic referral.",
                "",
                grave=True,
            ),
            Finding(
                "scaphoid",
                "a <right> scaphoid waist fracture",
                "Undisplaced fracture of the <right> scaphoid waist.",
                "<right> scaphoid waist fracture.",
                "Immobilise, fracture clinic.",
                "Vascular groove of the <right> scaphoid.",
                grave=True,
            ),
            Finding(
                "soft",
                "a small avulsion from the <right> triquetrum",
                "Small flake fracture dorsal to the <right> triquetrum, <mm> mm.",
                "<right> triquetral avulsion.",
                size=(2, 5),
            ),
        ),
        "{No fracture.|No acute bony injury.}",
        "No distal radius fracture.",
        ages=(5, 95),
        urgent=60,
    ),
    Scenario(
        "CR",
        "musculoskeletal",
        "Pelvis and hip radiographs",
        (
            "{Fall, unable to weight bear|Fall, shortened and rotated leg}. ?NOF",
            "{Hip pain|Groin pain}. ?OA",
        ),
        "AP pelvis and lateral of the <right> hip.",
        (
            ("neck", "{No femoral neck fracture.|Femoral necks intact.}"),
            ("joint", "{Hip joint spaces preserved.|Mild symmetrical degenerative change.}"),
            ("rami", "{Pubic rami intact.|No pelvic ring fracture.}"),
            ("bone", "{No destructive lesion.|Generalised osteopenia.}"),
        ),
        (
            Finding(
                "neck",
                "a <right> neck of femur fracture",
                (
                    "{Displaced|Impacted} intracapsular fracture of the <right> femoral neck, "
                    "Garden {I|II|III|IV}."
                ),
                "<right> intracapsular neck of femur fracture.",
                "Urgent orthopaedic referral.",
                "Osteophytic lipping of the <right> femoral neck.",
                grave=True,
                ages=(55, 120),
            ),
            Finding(
                "rami",
                "a <right> pubic ramus fracture",
                "Minimally displaced fracture of the {superior|inferior} <right> pubic ramus.",
                "<right> pubic ramus fracture.",
                ages=(55, 120),
            ),
            Finding(
                "joint",
                "advanced <right> hip osteoarthritis",
                "{Severe|Marked} loss of joint space in the <right> hip with osteophytes.",
                "Advanced <right> hip osteoarthritis.",
                chronic=True,
                ages=(55, 120),
            ),
            Finding(
                "bone",
                "a lytic <right> iliac lesion",
                "There is a <mm> mm ill-defined lytic lesion in the <right> iliac wing.",
                "Lytic <right> iliac lesion, suspicious for metastasis or myeloma.",
                "CT or MRI.",
                "Overlying bowel gas.",
                size=(18, 44),
                grave=True,
                ages=(40, 120),
            ),
        ),
        "{No fracture identified.|No acute bony injury.}",
        "No proximal femoral fracture.",
        ages=(35, 99),
        urgent=55,
    ),
)
