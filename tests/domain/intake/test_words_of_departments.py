"""Heads, examinations and sides are read in the words that departments use for them."""

import pytest

from peeraudit.domain.intake.sections import split_sections
from peeraudit.domain.intake.vocabulary import laterality_of, modality_of, region_of, urgency_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("MOTIF DE LA DEMANDE :", "indication"),
        ("Rens. cliniques :", "indication"),
        ("Anamnèse :", "indication"),
        ("Clinical info:", "indication"),
        ("Presenting complaint:", "indication"),
        ("Protocole d'acquisition :", "technique"),
        ("Matériel et technique :", "technique"),
        ("Scan technique:", "technique"),
        ("Examen de référence :", "comparison"),
        ("ANTÉRIORITÉS DISPONIBLES :", "comparison"),
        ("Previous examinations:", "comparison"),
        ("Analyse des images :", "findings"),
        ("Signes observés :", "findings"),
        ("CT findings:", "findings"),
        ("Conclusion et CAT :", "conclusion"),
        ("Impression diagnostique :", "conclusion"),
        ("Final impression:", "conclusion"),
    ],
)
def test_a_head_names_its_part(head: str, kind: str) -> None:
    parts = split_sections(f"Bonjour.\n{head} Ce qui est dit ici.\nEXAM: other")
    assert [part.kind for part in parts if "Ce qui est dit ici" in part.body] == [kind]


@pytest.mark.parametrize(
    ("name", "modality", "region", "side"),
    [
        ("MRCP", "MR", "abdomen", ""),
        ("ARM polygone de Willis", "MR", "brain", ""),
        ("X-ray of the left arm", "CR", "musculoskeletal", "left"),
        ("Dentascanner", "CT", "head_neck", ""),
        ("CT KUB", "CT", "abdomen", ""),
        ("CXR PA", "CR", "chest", ""),
        ("PET/CT skull base to mid thigh", "PT", "whole_body", ""),
        ("Radio bassin face", "CR", "pelvis", ""),
        ("Scanner de la face", "CT", "head_neck", ""),
        ("Arthroscanner épaule D", "CT", "musculoskeletal", "right"),
        ("MRI L shoulder", "MR", "musculoskeletal", "left"),
        ("MRI L spine", "MR", "spine", ""),
    ],
)
def test_an_examination_is_read_from_its_name(
    name: str, modality: str, region: str, side: str
) -> None:
    found = (modality_of("", name)[0], region_of("", name)[0], laterality_of("", name)[0])
    assert found == (modality, region, side)


def test_as_soon_as_possible_is_urgent() -> None:
    assert urgency_of("", "", "Clinical: fall. ASAP please.") == ("urgent", True)
