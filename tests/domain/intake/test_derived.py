"""What a report does not say in its fields is worked out from its words, and marked so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.intake.completion import complete
from peeraudit.domain.intake.reports import Accepted, IncomingReport, Position, RawReport
from peeraudit.domain.intake.vocabulary import side_of_title, urgency_of


def report(text: str = "Foie normal.", **fields: str) -> IncomingReport:
    item = complete(
        RawReport(accession="A1", performed="2026-03-31", text=text, **fields),  # type: ignore[arg-type]
        Position("x.csv"),
    )
    assert isinstance(item, Accepted)
    return item.report


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("INDICATION : Patient adressé par les urgences, chute.", "urgent"),
        ("Examen réalisé en urgence.\nRÉSULTATS : normal", "urgent"),
        ("CLINICAL HISTORY: seen in the Emergency Department after a fall.", "urgent"),
        ("Urgent request from the ward.", "urgent"),
        ("STAT head CT. Fall.", "stat"),
        ("Examen en urgence vitale.", "stat"),
        ("Examen demandé non urgent.", "routine"),
        ("INDICATION : urgence mictionnelle depuis un mois.", ""),
        ("HISTORY: urinary urgency and frequency.", ""),
        ("Pas d'urgence signalée.", ""),
        ("Secrétariat des urgences : 01 99 00 40 08", ""),
        ("No emergency. Follow-up.", ""),
        ("Status post surgery. Static imaging.", ""),
        ("Insurgent cells.", ""),
        # What was found comes later, and is no request.
        ("Foie normal. " * 80 + "Avis chirurgical en urgence.", ""),
    ],
)
def test_urgency_is_read_from_the_request(text: str, urgency: str) -> None:
    found = report(text)

    assert found.urgency == urgency
    assert ("urgency" in found.derived) == bool(urgency)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("IRM DU GENOU DROIT\n\nINDICATION : douleur du genou gauche.", "right"),
        ("Report\nX-RAY LEFT WRIST\nFall.", "left"),
        ("Mammographie bilatérale\nSeins denses.", "bilateral"),
        ("INDICATION : douleur du genou gauche.\nIRM du genou", ""),
        ("IRM du genou. Ménisque droit intègre.", ""),
        ("TDM thoracique\nPas d'adénopathie.\nÉpanchement gauche modéré.", ""),
    ],
)
def test_the_side_is_read_from_the_title(text: str, side: str) -> None:
    found = report(text)

    assert (side_of_title(text), found.laterality) == (side, side)
    assert ("laterality" in found.derived) == bool(side)


GIVEN = {
    "urgency": [("S", "stat"), ("urgente", "urgent"), ("R", "routine"), ("non", "routine")],
    "laterality": [("G", "left"), ("Right", "right"), ("bilatéral", "bilateral")],
}
PHRASES = [
    *("IRM DU GENOU DROIT", "Radiographie du poignet gauche", "Mammographie bilatérale", "TDM"),
    *("both knees X-ray", "en urgence", "STAT", "non urgent", "adressé par les urgences", "\n"),
]
WORDS = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=8).map(" ".join)


@given(WORDS, WORDS, st.sampled_from(GIVEN["urgency"]), st.sampled_from(GIVEN["laterality"]))
def test_what_was_given_is_never_overridden(
    text: str, exam: str, urgency: tuple[str, str], side: tuple[str, str]
) -> None:
    found = report(f"Foie normal. {text}", exam_name=exam, urgency=urgency[0], laterality=side[0])

    assert (found.urgency, found.laterality) == (urgency[1], side[1])
    assert not {"urgency", "laterality"} & set(found.derived)


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_is_too_odd(text: str, exam: str) -> None:
    urgency, is_derived = urgency_of("", exam, text)

    assert is_derived == bool(urgency)
    assert side_of_title(text) in {"", "left", "right", "bilateral"}
