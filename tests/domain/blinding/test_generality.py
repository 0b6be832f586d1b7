"""Whoever and whatever a report names vanishes in the forms that hospitals elsewhere write."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person


def left_of(text: str, language: str, known: KnownIdentities | None = None) -> str:
    return mask(text, known or KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        pytest.param("Adressé par le Dr de Montalembert.", "de Montalembert", id="particle-first"),
        pytest.param("NOM : LA SPINA\nPrénom : Ugo", "LA SPINA", id="capital-particle"),
        pytest.param("Image revue avec le Dr Le Tan.", "Le Tan", id="particle-and-syllable"),
        pytest.param("Vu avec le Dr LE VAN (bip 4411).", "LE VAN", id="two-particles"),
        pytest.param("Mme GARCIA Inès née LE DÛ\nDDN 1/2/60", "LE DÛ", id="maiden-name"),
        pytest.param("Relu par Ousseynou dos Reis, interne.", "dos Reis", id="portuguese"),
        pytest.param("Avis de A.-M. Di Stasio demandé.", "A.-M. Di Stasio", id="hyphened-initials"),
        pytest.param("Présents : Lalla Ouafae et Rose Petit", "Rose Petit", id="list-of-present"),
        pytest.param("Personne de confiance : Duc Le", "Duc Le", id="trusted-person"),
        pytest.param("Référent : Awa LECLERC\nTEP fait.", "Awa LECLERC", id="referent"),
        pytest.param("Biopsie faite le 12/03 par Rivière.", "Rivière", id="done-on-a-day-by"),
        pytest.param("GUEYE ROSE\n27/04/1936    7082304289\nECHO", "GUEYE ROSE", id="record-head"),
        pytest.param("Vu avec sa fille, Neela.", "Neela", id="relative"),
        pytest.param("Sage-femme : Juste Laroque\nBIP 85", "Juste Laroque", id="any-label"),
        pytest.param("Famille prévenue (Akila, petite-fille)", "Akila", id="relative-in-brackets"),
        pytest.param("Avis pris auprès de Grâce Ruiz-Pons.", "Grâce Ruiz-Pons", id="beside"),
        pytest.param("Revu par Inès L'Hénoret et moi.", "Inès L'Hénoret", id="apostrophe"),
        pytest.param("(CD fourni par Luz Marin, son épouse)", "Luz Marin", id="spouse-behind"),
    ],
)
def test_french_reports_name_nobody(text: str, gone: str) -> None:
    left = left_of(text, "fr")
    assert not [word for word in gone.split() if word in left], left


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        pytest.param("Discussed with Mark Field at 3 pm.", "Mark Field", id="names-that-are-words"),
        pytest.param("Called to Hope Brooks, RN, at 9.", "Hope Brooks", id="nurse"),
        pytest.param("Amy Wood, MD   G. Abernethy, DO", "G. Abernethy", id="row-with-degrees"),
        pytest.param("Requested by D. Hathersmith.", "D. Hathersmith", id="initial-after-by"),
        pytest.param("Signed: K. van der Velde", "K. van der Velde", id="particle-after-initial"),
        pytest.param(
            "Brought in by her wife, June Whitcombe.", "June Whitcombe", id="month-as-name"
        ),
        pytest.param("REF PHYS: GOOD, FAITH\nEXAM: CT", "GOOD, FAITH", id="capitals-reversed"),
        pytest.param("Verified: EARLY, MAY-ANN 7/14/24", "EARLY, MAY-ANN", id="verified"),
        pytest.param("NOBLE, IRIS MD\nReport", "NOBLE, IRIS", id="capitals-and-degree"),
        pytest.param("I agree.\n\nSummer\nTel: 1", "Summer", id="name-alone-on-its-line"),
        pytest.param("LAKE BRYONY, 97 years old.", "LAKE BRYONY", id="record-head-with-age"),
        pytest.param("Dear Dr Hand,\n\nThank you.", "Hand", id="name-of-a-limb"),
        pytest.param("A patient of Dr. St. Clair.", "St. Clair", id="saint"),
        pytest.param("Patient informed by Wei on Monday.", "Wei", id="short-given-name"),
        pytest.param("Images reviewed with Rhys Pool.", "Rhys Pool", id="given-name-and-eponym"),
    ],
)
def test_english_reports_name_nobody(text: str, gone: str) -> None:
    left = left_of(text, "en")
    assert not [word.strip(",") for word in gone.split() if word.strip(",") in left], left


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [
        pytest.param("N° FINESS : 65 0 366 151", "366", "fr", id="finess-in-groups"),
        pytest.param("RPPS 10 004 946 430", "946", "fr", id="rpps-in-groups"),
        pytest.param("Scanner n° 4873801.8 du jour", "4873801", "fr", id="check-digit"),
        pytest.param("Case: X, 287-64-276, seen", "287-64-276", "en", id="number-in-three"),
        pytest.param("Our ref: AF/tb/73-56037", "73-56037", "en", id="number-in-two"),
        pytest.param("RDV : 081/42 62 60", "081/42 62 60", "fr", id="belgian-phone"),
        pytest.param("Ph (0131) 536 2816", "(0131) 536 2816", "en", id="british-phone"),
        pytest.param("Chirurgien prévenu au 4063.", "4063", "fr", id="inner-number"),
        pytest.param("ED: Lou Field x7369\nCT", "7369", "en", id="extension"),
        pytest.param("Compared with study of 12/20.", "12/20", "en", id="month-first"),
        pytest.param("Compared with 10/2021 and 2004.", "2004", "en", id="year-beside-day"),
        pytest.param("Né le : 19 05 1950", "19 05 1950", "fr", id="day-with-spaces"),
        pytest.param("DOB 25 Oct 53, seen", "25 Oct 53", "en", id="month-and-two-digits"),
        pytest.param("LIM ANA  930081  DOB 1/2/60", "930081", "en", id="number-before-birth"),
        pytest.param("Acc US.2024.00136 done", "2024.00136", "en", id="number-with-points"),
        pytest.param("Prochain rendez-vous : 12/03, 9 h", "12/03", "fr", id="labelled-day"),
        pytest.param("Chute le 3 mars dernier.", "3 mars dernier", "fr", id="last-march"),
        pytest.param("Rue Haute 322, Wavre", "322", "fr", id="number-behind-street"),
        pytest.param("Réf : JD/mb\nNantes, le 3/4/25", "JD/mb", "fr", id="reference-of-letter"),
        pytest.param("Morison libre.\nJDM\n", "JDM", "fr", id="initials-at-the-end"),
        pytest.param("Stenté à Aix-en-Provence.", "Aix-en-Provence", "fr", id="town-of-words"),
    ],
)
def test_numbers_days_and_places_vanish(text: str, gone: str, language: str) -> None:
    assert gone not in left_of(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Leucocytes 6100/mm3 (N: 4400-11300).",
        "EXAM: BP 138/110, HR 92.",
        "MR FOOT WITHOUT CONTRAST",
        "Maladies de Gaucher, Wilson, Fabry et Pompe.",
        "Classification de Garden IV, Evans III, Gustilo II.",
        "Child-Pugh B; May-Thurner compression.",
        "T1 Gado après Dotarem, sonde Logiq E10.",
        "Grade 2/3, strength 3/5, image 12/48.",
        "The Short axis and Long axis views.",
        "Le long supinateur et le Petit rond sont normaux.",
        "Pas d'anomalie.\nRAS\n",
        "Classification OMS 2016 et 2021.",
    ],
)
def test_medicine_stays(text: str) -> None:
    assert [text[span.start : span.end] for span in mask(text, KnownIdentities(), "").spans] == []


def test_a_known_name_keeps_none_of_its_small_words() -> None:
    known = KnownIdentities(clinicians=(Person("", "dos Santos", "Keisha"),))
    left = left_of("GP: Dr dos Santos. Performed by Keisha dos Santos, consultant.", "en", known)
    assert "dos" not in left


def test_a_small_word_of_a_known_name_stays_where_it_begins_a_sentence() -> None:
    known = KnownIdentities(clinicians=(Person("", "Le Roy", "Paul"),))
    left = left_of("Vu avec le Dr Le Roy.\nLe scanner est normal.", "fr", known)
    assert left.endswith("Le scanner est normal.")
    assert "Roy" not in left


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [
        pytest.param("MM. Abeille et de Vigny", "Vigny", "fr", id="last-of-two"),
        pytest.param("MED : KERVELEC\nIRM", "KERVELEC", "fr", id="short-label"),
        pytest.param("GUIVARCH/YOUENN F", "YOUENN", "fr", id="slash"),
        pytest.param("Rédaction : Zoé ; relu", "Zoé", "fr", id="lone-given-name-in-field"),
        pytest.param("Présents : Dr Blin, O. Sarr, ROUX A.", "ROUX A", "fr", id="list"),
        pytest.param("mme lucie née fouquereau, 60 ans", "fouquereau", "fr", id="née"),
        pytest.param("Selon Oyelaran, à refaire.", "Oyelaran", "fr", id="according-to"),
        pytest.param("Vu par Żaneta Żak.", "Żak", "fr", id="polish"),
        pytest.param("mr fouquereau revient", "fouquereau", "fr", id="small-mr"),
        pytest.param("PA Hooper is aware.", "Hooper", "en", id="physician-assistant"),
        pytest.param("Results called to Lachenal at 3.", "Lachenal", "en", id="called-to"),
        pytest.param("Pharmacist Bergqvist agreed.", "Bergqvist", "en", id="pharmacist"),
        pytest.param("N/réf H24-05561 reçu", "05561", "fr", id="number-of-the-year"),
        pytest.param("Bloc 24/01877 : bénin", "24/01877", "fr", id="year-and-number"),
        pytest.param("Lot B4471XY posé", "B4471XY", "fr", id="letters-at-both-ends"),
        pytest.param("Provider 2447781B here", "2447781B", "en", id="letter-behind"),
        pytest.param("Medicare no. 2123 45670 1, seen", "45670 1", "en", id="card-in-groups"),
        pytest.param("Policy # WXR 441 882, seen", "WXR 441 882", "en", id="policy"),
        pytest.param("Sent to r.adu (at) chu-nord.fr", "r.adu", "fr", id="at-in-brackets"),
        pytest.param("Mail j.adu at nhs dot uk please", "j.adu", "en", id="at-in-words"),
        pytest.param("Ph (03) 5550 4321", "5550", "en", id="australian-phone"),
        pytest.param("Home 305/555-0147", "305/555-0147", "en", id="slash-phone"),
        pytest.param("At 5/22 Kangaroo Road, he", "5/22 Kangaroo", "en", id="unit-and-street"),
    ],
)
def test_more_names_numbers_and_addresses_vanish(text: str, gone: str, language: str) -> None:
    assert gone not in left_of(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Héparine 5000UI, sonde 12F, 250000UI/j.",
        "Group A strep; health per protocol; IV/IM route.",
        "Ratio 24/125, débit 12/1500, T1/T2, AP/lat.",
        "Given to the patient; sent to pathology; per rectum exam.",
        "PA view and lateral. NP swab. Carte de perfusion 3 mm.",
    ],
)
def test_medicine_beside_new_forms_stays(text: str) -> None:
    assert [text[span.start : span.end] for span in mask(text, KnownIdentities(), "").spans] == []
