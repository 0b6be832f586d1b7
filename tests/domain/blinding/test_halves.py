"""No half of a name, of a number or of a day is left beside the other; lone letters stay."""

import pytest

from tests.domain.blinding.test_rare_numbers import masked

HIDDEN = {
    "fr": [
        ("Revu 06:20 — R. Haddad — stable.", "R."),
        ("Vu ce jour.\nCCA S. Le Henaff (DECT 56391)", "S. Le"),
        ("MADAME LECLERCQ ODETTE NEE VERMEERSCH, 70 ANS", "VERMEERSCH"),
        ("Bénéficiaire.........: KERVAL épouse SANTONI, Dévote", "KERVAL"),
        ("Nom d'usage      : DA COSTA\nPrénom           : Thi Lan Huong", "DA COSTA"),
        ("Née : MONTEIRO     le 18/08/1970", "MONTEIRO"),
        ("Opérateur                     LE ROUX-NAKACHE\n", "LE ROUX"),
        ("Médecin effecteur : Tigrane SAHAKIAN, remplaçant", "Tigrane"),
        ("Référent technique : Moïse", "Moïse"),
        ("PAT_NAME=OZTURK^ELIF^^MME", "ELIF"),
        ("READ_PHYS=LE MOAL^ERWAN", "LE MOAL"),
        ('{"nom": "Vaillant-Couzinet", "prenom": "Ludovic"}', "Couzinet"),
        ("Nom : toussaint\nPrénom : marie claire", "toussaint"),
        ("ma voisine odile, et le petit", "odile"),
        ("vs 01/02 : surcharge", "01/02"),
        ("dernière prise 12/06 au soir", "12/06"),
        ("à compter du 3 mai, puis 1er/07/2024", "1er/07"),
        ("Revu le 18-10 : stable.", "18-10"),
        ("Opéré le 15.10.", "15.10"),
        ("Bio 16/10: éo 1,9 G/L", "16/10"),
        ("FICHE RCP-SE-2024-0613 – séance", "RCP-SE"),
        ("sinistre 20-SIN-0771844-Z, suivi", "-Z"),
        ("08h00 M. GICQUEL (père), prostate", "GICQUEL"),
        ("DICTE PAR AQ TAPE PAR SL", "AQ"),
        ("Dictée : fxa / frappe : mlb", "fxa"),
        ("– 02 6 1 9 1 7 1 0 3\n", "02 6"),
        ("Son numéro chez nous : 23/041/779.", "23/041"),
    ],
    "en": [
        ("Yours sincerely\npp S. Hartley, secretary", "S."),
        ("Seen in clinic.\nJ Sidebottom FY2, later", "J Side"),
        ("Gus Thorvaldsen, PT, DPT", "Gus"),
        ("SMITH, JOHN A, 67M", "SMITH"),
        ("Name BUSH,HOPE L   SSN last 4 6620", "BUSH"),
        ("3 | Brown, Charity | 2011556 | 59", "Brown"),
        ("Fa'asavalu, Sione   44 M", "Fa'asavalu"),
        ("dr hope okafor wants 2.5 mg", "hope"),
        ("daughter maria stayed overnight", "maria"),
        ("partner Jye supportive", "Jye"),
        ("with her spouse Guy. Exam normal", "Guy"),
        ("Dear Duc,\n\nMR RIGHT SHOULDER", "Duc"),
        ("PN [LONG^WILLIAM^BEGAY]", "LONG"),
        ("PET 03/05: avid primary", "03/05"),
        ("OGD 22/4 Siewert II", "22/4"),
        ("Neupogen given 9/27.", "9/27"),
        ("away from 24/1 to 28/1.", "28/1"),
        ("DOB 70-08-14", "70-08-14"),
        ("Hosp: RQ6 1102938 here", "RQ6"),
        ("HRN 0 338 172  male", "338"),
        ("the scanner, s/n 119472.", "119472"),
        ("H.N. KUH 40 71 992\n", "KUH"),
        ("to answer by noon. thanks, kd", "kd"),
        ("/es/ ANTHONY J VANDERWEIDE III, MD", "III"),
        ("Pt | Mohd. Irfan Shaikh | 31/M", "Mohd"),
        ("call (404 - 555 - 0114) and", "0114"),
        ("brother contacted 07700-900 552", "552"),
        ("Son (99999-31847) explained", "31847"),
        ("Regn No KOL/PNDT/1187/19)", "KOL"),
    ],
}
KEPT = {
    "fr": [
        "Page 01/02. Image 03/04, série 02/05. TA 12/08, PA 13/07. Apgar 08/09, EVA 03/05.",
        "Curage 03/14 ganglions, vs 3/14 ganglions. Acuité 05/10. Score 02/03.",
        "Hépatite C. Segment V. Vitamine D. Lésion du segment IV, kyste de Baker.",
        "Son père Diabétique. Sa mère, Parkinson connu. Mari présent. Son Scanner est normal.",
        "T-D4000^Abdomen^SRT, CT^Thorax^L",
        "le 5.10 mm, le 12-10 mm. Du 12 au 15.",
        "Contraception par Optilova, Acupan, Plenvu. Lame criblée Keros II.",
        "Dossier 3 clichés. Code CCAM ZBQK002.",
        "Il pèse 3 M. Total 5 M. EUROS. Mesures 01 2 3 4 5 mm. Merci, bon",
        "Nom : inconnu\nCher confrère,\nBonjour Docteur,",
    ],
    "en": [
        "BP 12/07. Given 1/13 doses. Nodes 2/14 vs 3/17 nodes. Slice 03/05. Grade 3/6 murmur.",
        "Father had colon cancer. Sister, Breast cancer. Wife states he fell. Daughter is well.",
        "Lot 1234 of contrast. Code 12345 CPT 71260. Account for 20 percent.",
        "Lot: 2 views. PIN fixation 12 mm. Hosp day 3.",
        "OBX|1|TX|GDT^REPORT",
        "Conclusion: Fracture, Smith type II. Colles, Barton fracture. Hill-Sachs, Bankart lesion.",
        "Dear Colleague,\nDear Doctor,\nHi all,",
        "Type Le Fort II. Range 100 - 200 - 3000. Thanks, ok",
        "Epley and Brandt-Daroff exercises. Hasson trocar. Difene gel, Synvisc, Benepali.",
    ],
}


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [(text, gone, language) for language, rows in HIDDEN.items() for text, gone in rows],
)
def test_the_other_half_vanishes(text: str, gone: str, language: str) -> None:
    assert gone in text
    assert gone not in masked(text, language)


@pytest.mark.parametrize(
    ("text", "language"), [(text, language) for language, rows in KEPT.items() for text in rows]
)
def test_what_is_no_half_stays(text: str, language: str) -> None:
    assert masked(text, language) == text


def test_halves_are_one_stretch() -> None:
    assert masked("Relu par S. Le Henaff.", "fr").count("⟦") == 1
    assert masked("3 | Brown, Charity | x", "en") == "3 | ⟦person⟧ | x"
