"""Whom the message names is gone in every letter, though each word of the name is a plain one."""

import pytest

from peeraudit.domain.blinding.exchange import person_of
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person

KNOWN = KnownIdentities(
    patients=(person_of("MARCHAND Rose"),),
    clinicians=(
        person_of("Anne Long"),
        Person("", "de Souza", "Ana"),
        Person("", "Sáez-Ortuño", "Pilar"),
        Person("", "Baker", "Will"),
    ),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("vu avec rose marchand ce jour", "vu avec ⟦patient⟧ ce jour", id="small"),
        pytest.param("marchand, rose : foie normal", "⟦patient⟧ : foie normal", id="reversed"),
        pytest.param("MARCHAND_ROSE_IRM", "⟦patient⟧_IRM", id="name-of-a-file"),
        pytest.param("MARCHAND/ROSE F", "⟦patient⟧ F", id="slash"),
        pytest.param("relu par dr long ce jour", "relu par ⟦clinician⟧ ce jour", id="title"),
        pytest.param("mme marchand va bien", "⟦patient⟧ va bien", id="title-of-patient"),
        pytest.param("Lu : Long A, interne", "Lu : ⟦clinician⟧, interne", id="initial-behind"),
        pytest.param("Lu : A. Long, interne", "Lu : ⟦clinician⟧, interne", id="initial-before"),
        pytest.param("Ana de Souza l'a vu", "⟦clinician⟧ l'a vu", id="particle"),
        pytest.param("ana de souza l'a vu", "⟦clinician⟧ l'a vu", id="particle-small"),
        pytest.param("SAEZORTUNO PILAR", "⟦clinician⟧", id="glued"),
        pytest.param("Revu par Baker ce jour", "Revu par ⟦clinician⟧ ce jour", id="eponym"),
        pytest.param("Foie normal.\n\nLong", "Foie normal.\n\n⟦clinician⟧", id="signature"),
        pytest.param("La fille (Rose) est là", "La fille (⟦patient⟧) est là", id="in-brackets"),
    ],
)
def test_a_name_of_plain_words_is_gone(text: str, left: str) -> None:
    assert mask(text, KNOWN, "fr").text == left


@pytest.mark.parametrize(
    "text",
    [
        "Muqueuse rose, le long biceps est normal.",
        "Kyste de Baker de 3 cm.",
        "A long segment; this will rest.",
        "Le marchand de rose a un long nez.",
        "Long segment de l'artère.",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert mask(text, KNOWN, "").text == text
