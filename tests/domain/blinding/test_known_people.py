"""Whom the message names is gone in every letter, though each word of the name is a plain one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    st.lists(
        st.builds(
            Person,
            st.sampled_from(["", "77"]),
            st.sampled_from(["", "O", "Long", "de la Rue", "O’Neill-Page", "‑ ."]),
            st.sampled_from(["", "A", "Rose", "Jean Marie", "."]),
        ),
        max_size=3,
    )
)
def test_whoever_is_known_by_a_part_of_the_name_only_stops_no_masking(people: list[Person]) -> None:
    text = "Dr Long et Mme Rose de la Rue, O. Neill-Page R. : foie normal."
    known = KnownIdentities(patients=tuple(people[:1]), clinicians=tuple(people[1:]))

    masked = mask(text, known, "fr").text

    assert "foie normal" in masked
    assert "Dr Long" not in masked
