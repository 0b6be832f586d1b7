"""A name of no list is found by what is said of it, and a thing is not taken for a person."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Zbrunek told the nurse that it hurts.", "Zbrunek"),
        ("Then Zbrunek just has to wait.", "Zbrunek"),
        ("She yelled at Todd in the hall.", "Todd"),
        ("We asked Rose about it.", "Rose"),
        ("It is Tarvo's kid again.", "Tarvo"),
        ("Zbrunek's wife called.", "Zbrunek"),
        ("Marrero and Murphy were here.", "Marrero"),
        ("Marrero and Murphy were here.", "Murphy"),
        ("The readers: Kolvenik, Graves and Reed.", "Graves"),
        ("Les relecteurs : Kolvenik, Petit et Roche.", "Petit"),
        ("No, you will not, Roy!", "Roy"),
        ('Zbrunek: "Who are you?"', "Zbrunek"),
        ("Her maiden name is nyberg", "nyberg"),
        ("Everyone calls me Ján", "Ján"),
        ("Dear Zbrunek, thank you.", "Zbrunek"),
        ("Bonjour Zbrunek, merci.", "Zbrunek"),
        ("Best regards,\nZbrunek", "Zbrunek"),
        ("Cordialement,\nZbrunek", "Zbrunek"),
        ("Zbrunek habite seul.", "Zbrunek"),
        ("Zbrunek est né à terme.", "Zbrunek"),
        ("Ella H. Snider\n\nApt. 902", "Snider"),
        ("It was Zbrunek who came in", "Zbrunek"),
        ("Then we saw Jeknić here", "Jeknić"),
        ("Zbrunek had given her his address", "Zbrunek"),
        ("Zbrunek Green told us so.", "Green"),
        ("thanks nina", "nina"),
        ("it is nina's birthday", "nina"),
        ("Vasquez has left.", "Vasquez"),
        ("we saw Akifumi there", "Akifumi"),
        ("Julcsa Kárpáthy\n50668 Budapest", "Kárpáthy"),
    ],
)
def test_a_name_of_no_list_is_found_by_its_neighbours(text: str, gone: str) -> None:
    assert gone not in mask(text, KnownIdentities()).text


@pytest.mark.parametrize(
    "text",
    [
        "Radiology was told. Children: none. Readers: two.",
        "Visipaque and Buscopan were given. Omnipaque and Saline were injected.",
        "Bosniak is very reliable. Dear Colleague, thank you. Cher Confrère, merci.",
        "Crohn's chart. Bosniak's office. Dear Sir or Madam.",
        "Lungs and Pleura are normal. Liver and Spleen were unremarkable.",
        "Lecteurs : Scanner. Auteurs : voir plus bas.",
        'Hiatus: "normal". Conclusion: « normal ».',
        "Criteria met Bosniak II. CT asked. MRI told us more.",
        "Foie et Rate sont normaux. Thorax et Abdomen ont été explorés.",
        "Her name is unknown. Le nom est absent.",
        "Given Darvocet for pain, then Sinemet 25 mg and Paxlovid.",
        "A Moroccan man from Nigeria; levels of Prolactin rose.",
        "Adénopathies Axillaires, signe de Zbrunek (signe de Musset), grade B de Los Angeles.",
        "Ténosynovite de Zbrunek, Zbrunek cardiomyopathy, Foramen of Zbrunek.",
        "Noncontrast is really needed. Gadovist has been given.",
    ],
)
def test_a_thing_is_not_taken_for_a_person(text: str) -> None:
    assert mask(text, KnownIdentities()).text == text
