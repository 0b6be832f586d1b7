import pytest

from peeraudit.domain.blinding.checks import (
    EXCLUSION_LABELS,
    REVEAL_LABELS,
    STAGE_LABELS,
    STAGES,
    CheckStage,
    ExclusionReason,
    RevealReason,
    stage_of,
)
from peeraudit.domain.blinding.corrections import hide, occurrences, show_again
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask, remask
from peeraudit.domain.blinding.spans import Span, reapply
from peeraudit.domain.errors import InvalidInput, NotFound
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.workflow import CaseState

TEXT = "Vu avec Hélène  Lefèvre.\nHELENE\nLEFEVRE confirme, Lefèvrette non."


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Hélène Lefèvre", 2), ("helene lefevre", 2), ("Lefèvre.", 1), ("fèvre", 0), ("", 0),
        ("  ", 0), (".*", 0), ("Lefèvrette", 1),
    ],
)  # fmt: skip
def test_words_are_found_whatever_their_accents_capitals_and_gaps(words, count):
    assert len(list(occurrences(TEXT, words))) == count


def test_hiding_counts_only_what_was_open():
    spans, first = hide(TEXT, [], "Hélène Lefèvre", "person")
    again, more = hide(TEXT, spans[:1], "HELENE LEFEVRE", "person")

    assert (first, more) == (2, 1)
    assert spans == again
    assert reapply(TEXT, spans) == "Vu avec ⟦person⟧.\n⟦person⟧ confirme, Lefèvrette non."


@pytest.mark.parametrize("words", ["", "...", "absent"])
def test_hiding_nothing_is_refused(words):
    with pytest.raises(InvalidInput):
        hide(TEXT, [], words, "person")


def test_hiding_twice_is_refused():
    spans, _ = hide(TEXT, [], "Hélène Lefèvre", "person")

    with pytest.raises(InvalidInput, match="already"):
        hide(TEXT, spans, "Lefèvre", "person")


def test_showing_again_takes_all_masks_of_the_same_words():
    text = "Petit foyer. petit kyste. Durand."
    spans = [Span(0, 5, "patient", "known"), Span(13, 18, "patient", "known")]
    other = Span(26, 32, "patient", "known")

    left, gone = show_again(text, [*spans, other], 13)

    assert left == [other]
    assert gone == spans
    with pytest.raises(NotFound):
        show_again(text, left, 13)


def test_what_a_coordinator_shows_stays_shown():
    known = KnownIdentities(patients=(Person("", "ROCHER", "Ève"),))
    text = "Le Rocher est visible chez Ève Rocher."
    spans = mask(text, known).spans

    shown = remask(text, [], known)
    again = remask(text, spans, known)

    assert shown.text == text
    assert again.text == mask(text, known).text


def test_every_state_has_one_stage_and_every_choice_its_words():
    places = [state for states in STAGES.values() for state in states]

    assert sorted(places) == sorted(CaseState)
    assert stage_of(CaseState.SECOND_REVIEW) is stage_of(CaseState.ELIGIBLE) is CheckStage.CHECKED
    assert set(STAGE_LABELS) == set(CheckStage)
    assert set(REVEAL_LABELS) == set(RevealReason)
    assert set(EXCLUSION_LABELS) == set(ExclusionReason)
