"""Practices, houses and towns that no list holds vanish; what is imaged, and how, stays."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person


def masked(text: str, language: str, known: KnownIdentities | None = None) -> str:
    return mask(text, known or KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [
        pytest.param("Tolwick Radiology, CT chest", "Tolwick", "en", id="radiology"),
        pytest.param("seen at Tolwick Radiology on", "Tolwick", "en", id="in-a-sentence"),
        pytest.param("Abney Diagnostic Imaging\nDept", "Abney", "en", id="diagnostic-imaging"),
        pytest.param("Cedar Ridge Mammography - Letter", "Cedar Ridge", "en", id="plain-words"),
        pytest.param("Tolwick Imaging Associates LLC", "Associates", "en", id="associates"),
        pytest.param("Wystan Health System\nCT", "Wystan", "en", id="system"),
        pytest.param("Sunlea Hospital - Northern Health", "Northern", "en", id="house-behind"),
        pytest.param("seen at our Boise clinic", "Boise", "en", id="our-clinic"),
        pytest.param("She lives in Kerlann, OH", "Kerlann", "en", id="lives-in"),
        pytest.param("Abney Hospital  Glenlea Road  Town", "Glenlea", "en", id="road"),
        pytest.param("Pôle Imagerie Kerlann", "Kerlann", "fr", id="pole"),
        pytest.param("SELARL Radiologie Penhouet", "Penhouet", "fr", id="company"),
        pytest.param("GIE IRM Kerlann", "Kerlann", "fr", id="gie"),
        pytest.param("Imagerie Médicale Kerguil", "Kerguil", "fr", id="imagerie-medicale"),
        pytest.param("3 Links Wynd, Burnty KY3 9DT", "Wynd", "en", id="wynd"),
        pytest.param("Radiologie Saint-Brandan", "Brandan", "fr", id="saint"),
        pytest.param("Lame confiée au laboratoire Cytopel", "Cytopel", "fr", id="laboratory"),
        pytest.param("EPH DE KERLANA - SERVICE", "KERLANA", "fr", id="algeria"),
        pytest.param("née à Argentan, suivie ici", "Argentan", "fr", id="born-in"),
    ],
)
def test_places_of_no_list_vanish(text: str, gone: str, language: str) -> None:
    assert gone not in masked(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Department of Radiology. Diagnostic Radiology. Interventional Radiology.", "en"),
        ("Breast Imaging. CT Imaging. Cardiac Imaging. Magnetic Resonance Imaging.", "en"),
        ("Pediatric Radiology, Chest Radiology, American College of Radiology.", "en"),
        ("MDXREVNT Radiology Event. Prior Imaging: none. Delayed Imaging.", "en"),
        ("Our Doppler study. Our patient. Resident in training.", "en"),
        ("Service de Radiologie. Imagerie médicale. Pôle Imagerie. Pôle Imagerie Médicale.", "fr"),
        ("Radiologie du Thorax. Scanner du Genou. Imagerie de Diffusion.", "fr"),
        ("Habite en EHPAD. Laboratoire Anatomopathologie.", "fr"),
        ("Lives in Assisted Living. Moved to Interventional Radiology.", "en"),
        ("Né à terme. Née de parents sains. Laboratoire de biologie.", "fr"),
    ],
)
def test_what_is_imaged_stays(text: str, language: str) -> None:
    assert masked(text, language) == text


KNOWN = KnownIdentities(
    patients=(Person("", "PERCHERON", "Alain"), Person("", "Bosniak", "Ida")),
    places=("CHU Kerlann Cavale Blanche",),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("PERCHERON revient ce jour.", "⟦patient⟧ revient ce jour."),
        ("Compte rendu de PERCHERON envoyé.", "Compte rendu de ⟦patient⟧ envoyé."),
        ("Percheron est prévenu.", "⟦patient⟧ est prévenu."),
        ("Adressé de Kerlann.", "Adressé de ⟦place⟧."),
        ("Artère de Percheron, territoire de Percheron.", None),
        ("Percheron artery infarct.", None),
        ("Kyste Bosniak 2F, Bosniak IIF, classification de Bosniak.", None),
        ("Lésion kerlann blanche.", None),
    ],
)
def test_a_known_patient_or_place_wins_where_no_thing_is_meant(text: str, left: str | None) -> None:
    assert masked(text, "fr", KNOWN) == (left or text)
