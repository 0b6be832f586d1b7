"""Second names, marks and numbers of registers vanish; what only looks like them stays."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person
from tests.domain.blinding.test_rare_numbers import masked

HIDDEN = {
    "fr": [
        ("Mme Ana Kerval, épouse Lopes, née le 9 juin", "Lopes"),
        ("Mme Kerval (ép. Toudic) revient", "Toudic"),
        ("SIGNE : BONNET-FAYARD", "BONNET"),
        ("Relu. Dr Toudic J.-F.", "-F."),
        ("contresigné J. Kerval-Ruz ; copie", "Kerval"),
        ("Protocole signé NP le 12/07.", "NP"),
        ("conclusion dictée à murielle, frappe ce jour", "murielle"),
        ("patient : meunier gérard   né 3/3/52", "meunier"),
        ("Nguyễn Thị Hồng Vân - 1978-05-30 - F", "Nguyễn"),
        ("BÉBÉ KERVAL, 2 jours", "KERVAL"),
        ("Nom d'usage TOUDIC / nom de naissance KERVAL / prénom INÈS  - 17", "KERVAL"),
        ("ASSOCIÉ.\nDICTÉ V. KERVAL, FRAPPE SB, 19 AOÛT 2023", "SB"),
        ("par dr bilal chérif, vu", "chérif"),
        ("séjour N°ADM 23/07/11482 clos", "11482"),
        ("série de l'appareil N°SCAN 88412, vu", "88412"),
        ("N° AME : 75 0 1995 0228 41", "0228 41"),
        ("ancien scanner (réf. SC/19/55873), vu", "55873"),
        ("VACATION MAMMO 14/02 - SALLE 2", "14/02"),
        ("SAISIE LE 06/04 PAR L'ACCUEIL", "06/04"),
        ("Transfert de la Fondation Kerval.", "Kerval"),
        ("née à la Maternité des Ajoncs", "Ajoncs"),
        ("IRM du CHU de Tours - Kervalville.", "Kervalville"),
        ("Clinique Lisfort, Rennes", "Rennes"),
        ("Clinique Lisfort – Cornebarrieu – le 6", "Cornebarrieu"),
        ("Clinique Lisfort      Saint-Denis de La Réunion\nTDM", "Denis"),
        ("Centre de médecine nucléaire du Forez", "Forez"),
        ("Imagerie Médicale du Lac, quai", "Lac"),
    ],
    "en": [
        ('Her niece Dorothy ("Dot") Selkirk was told', "Selkirk"),
        ('Mrs Parminder "Pinky" Tarn, 69', "Pinky"),
        ('RE: Lim, Mei-Ling ("Amy")   DOB: 12-21-88', "Amy"),
        ('Asked by Dr "Robbo" Tarnsby, here', "Robbo"),
        ("NAME....... SELKIRK,DEMETRIUS JR\nMED", "SELKIRK"),
        ("REQ PHYS... SELKIRK,CELESTE A\nRESULT", "CELESTE"),
        ("Radiologist: Muthukumar s/o Palaniappan, MCR", "Palaniappan"),
        ("1009982 / ATTG SELKIRK / RAD PARK, SUNG-HO / RN", "SUNG-HO"),
        ("Baby boy SELKIRK aka", "SELKIRK"),
        ("Transcription: VB", "VB"),
        ("Transcribed by lmk / dictated by R", "lmk"),
        ("Typed 23/05/24 by SJB; queries", "SJB"),
        ("not read: L. Selkirk/ejw   Job", "ejw"),
        ("Name LIM Boon Keng / seen", "Boon"),
        ("pt Mark Major, no harm.", "Major"),
        ("anesthesia B. Tarnsby", "Tarnsby"),
        ("Radiology: K Tarnsby, here.", "Tarnsby"),
        ("Patient identified as Running Crane, Leonard, 60", "Crane"),
        ("from Dr. Yusra al-Tarnsby, abroad", "Tarnsby"),
        ("response for zainab hussaini dob 11/6/79 pls", "hussaini"),
        ("cannot be excluded.\nEMcN", "EMcN"),
        ("Dear Ami, your scan is normal", "Ami"),
        ("Milan Novak was seen", "Milan"),
        ("Verified S. Tarnsby 11-JUN-2024 16:47", "Tarnsby"),
        ("Dr P Ó Tarnsby MCRN 314872", "314872"),
        ("Hospital number: NH/KN/22/04418", "04418"),
        ("UHID : SVM.0000218843", "218843"),
        ("PCPNDT Reg. No. HYD/RR/1187.", "1187"),
        ("Prof. Selkirk (MDCN 34471)", "34471"),
        ("Ref: S BDS, GDC 118273; pt", "118273"),
        ("printed by user ktarn2", "ktarn2"),
        ("OHIP 4821-337-906-KT.", "337"),
        ("RAMQ TARN 9352 1417", "1417"),
        ("wrist 99-0182-7 08", "0182"),
        ("Ph: 040-4155 0199 / Mob", "4155"),
        ("PHONED X7713", "7713"),
        ("Tralee, Co Kerry  V92 X4T1\n22", "X4T1"),
        ("Jubilee Enclave, Hyderabad - 500081\nPh", "500081"),
        ("R/O H.No. 12-4-87, Gali Tarn, ALIGARH", "Gali"),
        ("F | 1990-Dec-04 | MRN", "Dec"),
        ("EXAM ON JULY 1ST 2024. Stable", "1ST"),
        ("check 10 / 19 / 2024: agree", "19"),
        ("Compare : 6 / 2021", "2021"),
        ("Seen 14/ii/2024 here", "14/ii"),
        ("PRIOR: 2021-02. METs", "2021-02"),
        ("Watanabe 07.15.24", "15.24"),
        ("accepts transfer to Tarnshore General once", "Tarnshore"),
        ("prior from Desert Willow Orthopedic Imaging, seen", "Willow"),
        ("REFERRER: ABBEYKNOCK MEDICAL CENTRE\nT1", "ABBEYKNOCK"),
        ("Pt from Slough; works", "Slough"),
    ],
}
KEPT = {
    "fr": [
        "Veuve depuis 2 ans. Épouse : présente. Nom : lésion kystique.",
        "Cher Ami,\nfoie normal. Dictée à distance, dicté à nouveau.",
        "signé OK le jour même, lu TDM, validé RAS.",
        "Centre Germinatif Normal. Centre de gravité. Maternité de Niveau 3.",
        "IRM de la Prostate, IRM du Pelvis\nScanner du Massif Facial\nScanner des Sinus",
        "n° 3, N° 12 mm, TA 14/08, score AAST 14/02, T1/T2/3D, cas 12/34.",
        "Scanner 120 kV, 1250 mGy.cm, bébé fille, nouveau-né MASCULIN.",
        "Prolongement de Spence. Type II d'Anderson et D'Alonzo. MaRIA 14. Lund-Mackay 5.",
        "Patient Child-Pugh A5. Score de Gustilo-Anderson. Sous Baraclude, Gelfoam.",
    ],
    "en": [
        "h/o ETOH abuse, c/o pain, W/O CONTRAST, w/o contrast, s/o malignancy.",
        'The "sail" sign; the so-called ("Bosniak") class.',
        "Twin A vertex. Baby boy, 3 days old. Newborn Screening.",
        "Age 67/M. UHID to follow. Signed A. carotis. Read R. lung.",
        "RAD ONC / MED ONC. Radiology: CT Abdomen. Path: pT Stage. Surgery: R Hemicolectomy.",
        "05/13 nodes positive, 02/14 slices, BP 14/08, score 15/20, ratio 13/05.",
        "BP132/74 HR72 RR16. T12 L4S1. C7 T1T2.",
        "Microorganism was identified as Acinetobacter.",
        "PHYS EXAM.... NORMAL. Patient identified as stable.",
        "Ann Arbor IIA. Ivor Lewis. Lake Louise criteria. Salter Harris II. Hunt and Hess 2.",
        "Pell and Gregory IIB. Regan Morrey 2. House Brackmann 2. Spetzler Martin 3.",
        "3D SPACE MRCP. TC-99M SESTAMIBI STRESS TEST (Bruce protocol). Forrest Ib.",
        "Robert Jones bandage. Austin Flint murmur. Pierre Robin sequence. Erdheim Chester.",
    ],
}


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [(text, gone, language) for language, rows in HIDDEN.items() for text, gone in rows],
)
def test_it_vanishes(text: str, gone: str, language: str) -> None:
    assert gone in text
    assert gone not in masked(text, language)


@pytest.mark.parametrize(
    ("text", "language"), [(text, language) for language, rows in KEPT.items() for text in rows]
)
def test_it_stays(text: str, language: str) -> None:
    assert masked(text, language) == text


def test_a_patient_who_bears_the_name_of_an_eponym_of_two_is_hidden_elsewhere() -> None:
    known = KnownIdentities(patients=(Person("", "MARTIN", "Chloé"),))
    text = "Mme Martin, anévrisme Spetzler Martin 3. Martin va bien."

    found = mask(text, known, "fr").text

    assert found.count("Martin") == 1
    assert "Spetzler Martin 3" in found


@pytest.mark.parametrize(
    ("family", "given"),
    [("MARTIN", "Spetzler"), ("ARBOR", "Ann"), ("HESS", "Hunt"), ("FEIL", "Klippel")],
)
@pytest.mark.parametrize(
    "way", ["{1} {0} was seen.", "Known {0} {1}.", "Stable. {1}-{0}", "{0}, {1}"]
)
def test_a_patient_who_is_called_as_an_eponym_of_two_is_hidden(
    family: str, given: str, way: str
) -> None:
    known = KnownIdentities(patients=(Person("", family, given),))

    for name in (family, family.title()):
        found = mask(way.format(name, given), known, "en").text

        assert family.lower() not in found.lower()
        assert given.lower() not in found.lower()
