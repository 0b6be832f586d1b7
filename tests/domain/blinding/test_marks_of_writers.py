"""Initials of writers, ordinals in capitals and numbers in pairs go; what looks like them stays."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask


def left_of(text: str, language: str) -> str:
    return mask(text, KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [
        pytest.param("Nodule stable.\nRelecture : TN/GV", "TN/GV", "fr", id="second-reading"),
        pytest.param("On Friday.\nTyped: OMcL", "OMcL", "en", id="scottish-initials"),
        pytest.param("Read: VHT 3/17/2024 0655", "VHT", "en", id="before-the-day"),
        pytest.param("DATE: 23RD MAY, 2023\nCT", "23RD MAY, 2023", "en", id="capital-ordinal"),
        pytest.param("Ola Berg MD  Nov. 9/23", "Nov. 9/23", "en", id="canadian-day"),
        pytest.param("Appel du Dr Keïta 66 14 82 90 à 3 h.", "66 14 82 90", "fr", id="pairs"),
        pytest.param("medical record number 71 40 228", "71 40 228", "en", id="spoken-number"),
        pytest.param("Dr Nora Quill, IMC 530118", "530118", "en", id="council"),
    ],
)
def test_it_goes(text: str, gone: str, language: str) -> None:
    assert gone not in left_of(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Relecture : RAS",
        "Reviewed: CXR 2/10 zones clear.",
        "Muscle strength 4/5 then 5/5.",
        "SN and red nucleus normal.",
        "Slices 12 14 16 18 degraded.",
    ],
)
def test_it_stays(text: str) -> None:
    assert left_of(text, "en") == text
