import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.intake.sections import split_sections


def kinds(text: str, language: str = "") -> list[str]:
    return [section.kind for section in split_sections(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Indication : douleur.\nTECHNIQUE\nHélice\nRésultats :\nFoie.\nConclusion : RAS",
         ["indication", "technique", "findings", "conclusion"]),
        ("ATCD : HTA\nTech. : TDM\nRés. : RAS.\nCcl. : normal",
         ["indication", "technique", "findings", "conclusion"]),
        ("EXAM:  ,CT face.,FINDINGS: , CT was performed.,IMPRESSION:,1. Mucosa",
         ["other", "findings", "conclusion"]),
        ("Foie normal.CONCLUSION : RAS", ["other", "conclusion"]),
        ("JOE\n\nEXAMINATION:\nBrain MRI\n\nCOMPARISON: none\nFINDINGS:\nNo\nIMPRESSION:\nNo",
         ["other", "other", "comparison", "findings", "conclusion"]),
        ("Motif de l’examen : chute.\nExamens antérieurs : aucun.\nAu total : fracture.",
         ["indication", "comparison", "conclusion"]),
        ("Foie normal, sans conclusion hâtive.", ["other"]),
        ("", []),
    ],
)  # fmt: skip
def test_parts_are_found(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@given(
    st.lists(
        st.sampled_from(
            ["FINDINGS:", "Conclusion :", "\n", " foie ", ".", "Tech. : ", "⟦date⟧ ", ","]
        )
        | st.text(alphabet="abcé ,.:\n", max_size=10),
        max_size=20,
    ).map("".join)
)
def test_no_word_is_lost(text: str) -> None:
    letters = re.sub(r"\W", "", text)
    kept = " ".join(f"{section.heading} {section.body}" for section in split_sections(text))
    assert re.sub(r"\W", "", kept) == letters
