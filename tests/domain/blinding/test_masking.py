import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.blinding.doubt import QUARANTINE_DOUBT
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.spans import PLACEHOLDER, Span, reapply, render_segments
from peeraudit.domain.intake.reports import Person

NOBODY = KnownIdentities()
SOMEBODY = KnownIdentities(
    patients=(Person("", "LEFÈVRE-DUMONT", "Hélène", "Marie"),),
    clinicians=(Person("10987654321", "MEDRANO", "JOE", "J."), Person("", "Park", "Li")),
    identifiers=("7795083283", "AB-451 121"),
    phones=("06 12 34 56 78",),
    addresses=("12 rue des Acacias", "Villeneuve"),
    places=("CLINIQUE DU LAC",),
    departments=("Imagerie Saint-Roch",),
)


@pytest.mark.parametrize(
    "written",
    [
        "Hélène Lefèvre-Dumont", "HELENE LEFEVRE-DUMONT", "Lefevre Dumont, Helene",
        "LEFÈVRE-DUMONT H.", "H. Lefèvre-Dumont", "Mme Lefevre", "Lefèvre's",
        "Joe Medrano", "MEDRANO, JOE", "J. Medrano", "Medrano,Joe J. M.D.", "Dr Medrano",
        "Dr. Li Park", "Park Li", "7795083283", "7795 083 283", "AB451121", "ab-451 121",
        "0612345678", "06.12.34.56.78", "12 rue des acacias", "Clinique du Lac",
        "imagerie saint-roch",
    ],
)  # fmt: skip
def test_known_identities_vanish_in_every_form(written: str) -> None:
    text = f"Le compte rendu de {written} montre un foie normal."

    masked = mask(text, SOMEBODY, "fr").text

    left = PLACEHOLDER.sub(" ", masked)
    words = [
        word for word in re.findall(r"\w{3,}", written) if word.lower() not in {"rue", "des", "mme"}
    ]
    assert not [word for word in words if re.search(rf"\b{word}\b", left)], masked
    assert "montre un foie normal" in masked


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Dr Jean PETIT", "PETIT"),
        ("Adressé par le Pr Anne de La Tour.", "Tour"),
        ("M. Hill est suivi", "Hill"),
        ("Compte rendu validé par le Dr Paul Durand le 12/03/2026", "Durand"),
        ("Validé électroniquement par DURAND Paul le 12/03/2026", "DURAND"),
        ("Electronically signed by: Joe X, M.D. on\nJul 15 1994 03:22AM", "1994"),
        ("Dictated by: Amber Reese Interpreter, M.D.", "Reese"),
        ("Requested By: Smith,Clara T. M.D.", "Clara"),
        ("NIR 2 79 03 51 215 189 89", "215"),
        ("RPPS 10987654321", "10987654321"),
        ("IPP : 00451121", "00451121"),
        ("Tél. 03 26 78 12 34", "78"),
        ("Call (439)298-6614 now", "6614"),
        ("Contact +44 20 7946 0958", "7946"),
        ("écrire à j.dupont@chu-x.fr", "dupont"),
        ("voir https://pacs.example.org/x?id=1", "pacs"),
        ("12 bis rue Victor Hugo, 51100 Reims", "Hugo"),
        ("lives at 123 Park Drive, San Diego, CA, 03245", "Diego"),
        ("né le 14/02/1941", "1941"),
        ("IRM du 3 mars 2024 comparée", "2024"),
        ("from July 11, 1994, reveals", "1994"),
        ("dated 2004-05-10 shows", "2004"),
        ("born in 1931", "1931"),
        ("patient de 94 ans", "94"),
        ("admis au CHU de Reims", "Reims"),
        ("at St Mary's Hospital today", "Mary"),
        ("Transmis à Rémi Foliet par téléphone", "Foliet"),
        ("fin.\nJM/ab", "JM"),
        ("cc: Drs. Gupta and Li.", "Li"),
        ("Drs Stone, Patel and Wu were informed", "Wu"),
        ("Dicté par OF, tapé par nl. Suite.", "OF"),
        ("Dicté par OF, tapé par nl. Suite.", "nl"),
        ("Dictated by: AB. Transcribed: 01/06/2021 cd", "AB"),
        ("Dictated by: AB. Transcribed: 01/06/2021 cd", "cd"),
        ("normal. Signed: RJM/klp D: 05/06/2020", "klp"),
        ("Compte rendu validé par AB le 12/03/2024", "AB"),
        ("Vu avec le Dr Nguyen Thi Mai. Suite", "Mai"),
        ("Consultant prof J. Herno, relu", "Herno"),
        ("Vus : T. Gredin, Xoé PIMA, E. Penicot", "PIMA"),
        ("Internes : A. Cabannon, L.\nHespadon, R. Ramen", "Hespadon"),
        ("Mère : Anne Petit, 23/04/1976, Perle Defoe, 21/07/1985.", "Defoe"),
        ("Dossier de Vasseur Luc, lit 3", "Vasseur"),
        ("Infirmiers: theodore garnier, de nuit", "theodore"),
        ("as Marrero and Murphy have said", "Murphy"),
        ("seen by Esat Jeknić and us", "Jeknić"),
        ("appeler 01.42.16.10.O2 demain", "42.16"),
        ("call me on 9472 7916 today", "7916"),
        ("They can be reached at 78 651 450", "651"),
        ("416 60 039 office", "039"),
        ("assurée 29 241 876 532 98 90.", "876"),
        ("le 2 février mille neuf cent cinquante deux", "cinquante"),
        ("2019 fracture du poignet.\n- 2021 elle rechute", "2021"),
        ("2019 fracture du poignet.\n- 2021 elle rechute", "2019"),
        ("was in good health until 7/93, when", "93"),
        ("Scanner comparé à celui de mars, stable", "mars"),
        ("seen in September and again", "September"),
        ("traitement arrêté, IRM du 12/05/2023", "2023"),
        ("N° 1.2.840.113619.2.55.3.604", "113619"),
    ],
)  # fmt: skip
def test_rules_and_dictionary_find_what_nobody_told(text: str, gone: str) -> None:
    assert gone not in mask(text, NOBODY).text


@pytest.mark.parametrize(
    "text",
    [
        "Maladie de Parkinson. Maladie de Crohn connue.",
        "Lymphome de Hodgkin, kyste de Baker, cul-de-sac de Douglas, hiatus de Winslow.",
        "Bosniak IIF. Fleischner 2017. Névrome de Morton. Lésion de Hill-Sachs.",
        "Lu par IRM. Saisi par la fenêtre. Signal typed as T2. Dr en congé. Validé: OK.",
        "Stafne cavity, Schmorl nodes, Charcot joint, Baker's cyst, Hounsfield units.",
        "White matter and clear lung fields; grand trochanter, petit bassin.",
        "L4-L5, T12, C5-C6 ; 12 x 35 mm ; 1,5 mSv ; SUV max 4.2 ; PSA 12.4 ng/ml",
        "Rein dr normal. DR CHEST. M. supra-épineux. Score 3/5.",
        "72 ans. 45-year-old man.",
        "NAME OF PROCEDURE: left heart catheterization. Nom : SCANNER.",
        "GGT and AST were raised, IFAT and ELISA titers positive. Gram et Ziehl négatifs.",
        "Loi du 18 août 2013, décret n°2013-1066 du 3 juin 2013.",
        "Score 12/15, vision 20/40, cotation 5/60. It may rain. Ils sont de sept types.",
    ],
)
def test_medical_words_stay(text: str) -> None:
    known = KnownIdentities(
        patients=(Person("", "White", "Baker"), Person("", "Parkinson", "Grand")),
        clinicians=(Person("", "Hill", "Morton"), Person("", "Fields", "An")),
    )
    assert mask(text, known, "fr").text == text


def test_ordinary_word_is_a_name_after_a_title_or_beside_its_given_name() -> None:
    known = KnownIdentities(patients=(Person("", "White", "Mindy"),))

    masked = mask("Mrs White came. Mindy White left. White matter is normal.", known, "en")

    assert masked.text == "⟦patient⟧ came. ⟦patient⟧ left. White matter is normal."
    assert [span.kind for span in masked.suspects] == ["patient"]


def test_what_may_be_left_raises_the_doubt() -> None:
    text = "Vu avec Xavière Quelqunu hier. Contact : x@y ; dossier noté 123456 par Mme dupont."

    masked = mask(text, NOBODY, "fr")

    assert masked.doubt >= QUARANTINE_DOUBT
    assert any("123456" in text[s.start : s.end] for s in masked.suspects)
    assert mask("Foie normal. Pas d'épanchement.", NOBODY, "fr").doubt == 0


def test_a_corrected_list_gives_the_text() -> None:
    text = "Vu par Zed le soir"
    spans = [Span(7, 10, "clinician", "coordinator"), Span(90, 99, "id", "coordinator")]

    assert reapply(text, spans) == "Vu par ⟦clinician⟧ le soir"
    assert render_segments(reapply(text, spans)) == [
        (None, "Vu par "), ("clinician", "⟦clinician⟧"), (None, " le soir"),
    ]  # fmt: skip


PIECES = st.sampled_from(
    ["Dr ", "Mme ", "Medrano", "Joe", " ", "\n", ", ", ".", "12/03/2024", "0612345678", "né le ",
     "⟦patient⟧", "⟦", "⟧", "Patient : ", "validé par ", "JEAN ", "foie normal", "7795083283",
     "H.", "rue ", "12 ", "CHU de ", "Lefèvre", "-Dumont", "'s", "Hodgkin", "M.D.", "1.2.3"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_offsets_agree_and_masking_twice_changes_nothing(text: str) -> None:
    masked = mask(text, SOMEBODY, "fr")

    assert reapply(text, masked.spans) == masked.text
    assert all(a.end <= b.start for a, b in zip(masked.spans, masked.spans[1:], strict=False))
    assert all(0 <= s.start < s.end <= len(text) for s in (*masked.spans, *masked.suspects))
    assert 0 <= masked.doubt <= 1
    assert mask(masked.text, SOMEBODY, "fr").text == masked.text
    assert "".join(part for _, part in render_segments(masked.text)) == masked.text
