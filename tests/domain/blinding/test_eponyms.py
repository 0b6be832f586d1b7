"""No sign, disease or piece of anatomy that bears a name is taken for a person."""

from pathlib import Path

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person

ROWS = [
    row.split("\t")
    for row in (Path(__file__).parent / "eponyms.tsv").read_text("utf-8").splitlines()
]
FRAMES = {
    "en": (
        "CT shows a {}.",
        "Known {}, stable.",
        "{}.",
        "Findings: {} with no change.",
        "History of {} and lung cancer.",
        "Referred for {} and back pain.",
        "The patient has {}; no {} elsewhere.",
        "Compatible with {}; discussed at length.",
    ),
    "fr": (
        "Le scanner montre un {}.",
        "{} connu, stable.",
        "Antécédent de {} opéré.",
        "Conclusion : {}.",
        "Pas de {} visible.",
        "Adressé pour {} et lombalgies.",
        "Aspect évocateur d'un {}, sans complication.",
    ),
}


def in_two_cases(eponym: str) -> tuple[str, str]:
    return eponym, eponym[0].upper() + eponym[1:]


def test_the_list_is_long_and_in_both_languages() -> None:
    assert all(len(row) == len(FRAMES) for row in ROWS)
    assert min(len({row[column] for row in ROWS}) for column in range(len(FRAMES))) >= 150


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_eponym_stays_wherever_it_stands(language: str) -> None:
    column = list(FRAMES).index(language)
    texts = [
        frame.replace("{}", written)
        for row in ROWS
        for written in in_two_cases(row[column])
        for frame in FRAMES[language]
    ]

    touched = {text for text in texts if mask(text, KnownIdentities(), language).spans}

    assert touched == set()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Avis du Dr Crohn. Maladie de Crohn.",
            "Avis du ⟦clinician⟧. Maladie de Crohn.",
        ),
        (
            "Vu avec Paul Hodgkin. Lymphome de Hodgkin.",
            "Vu avec ⟦clinician⟧. Lymphome de Hodgkin.",
        ),
        ("Angle de Cobb 12°. Vu par le Dr Cobb.", "Angle de Cobb 12°. Vu par le ⟦clinician⟧."),
        (
            "Seen by Dr Mary Joseph. Sister Mary Joseph nodule.",
            "Seen by ⟦clinician⟧. Sister Mary Joseph nodule.",
        ),
    ],
)
def test_who_is_called_like_a_disease_is_hidden_and_the_disease_is_not(
    text: str, masked: str
) -> None:
    known = KnownIdentities(
        clinicians=(
            Person("", "Crohn", "Burrill"),
            Person("", "Hodgkin", "Paul"),
            Person("", "Cobb", "John"),
            Person("", "Joseph", "Mary"),
        )
    )

    assert mask(text, known).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Biopsy with an 18 G Monopty needle.",
        "Evera defibrillator in place.",
        "Natrelle implants, intact.",
        "The Glidewire was passed through the stenosis.",
        "Follow up under Leqembi.",
    ],
)
def test_a_device_or_a_drug_stays(text: str) -> None:
    assert not mask(text, KnownIdentities(), "en").spans


def test_who_is_called_like_a_classification_is_hidden_and_the_classification_is_not() -> None:
    known = KnownIdentities(clinicians=(Person("", "Kuhl", "Anna"),))

    assert (
        mask("Seen by Dr Kuhl. Kuhl classification: grade 2.", known, "en").text
        == "Seen by ⟦clinician⟧. Kuhl classification: grade 2."
    )
