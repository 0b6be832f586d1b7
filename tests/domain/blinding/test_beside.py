"""What is hidden beside a name, a day or a code, and what looks like it and stays?"""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person


def masked(text: str, language: str = "en", known: KnownIdentities | None = None) -> str:
    return mask(text, known or KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Read 3 May 2024 KV\nLungs clear.", "Read ⟦date⟧ ⟦signature⟧\nLungs clear."),
        ("CT of 12/03/2024 CT\nSeen 12/03/2024 PA", "CT of ⟦date⟧ CT\nSeen ⟦date⟧ PA"),
        ("Seen 12/03/2024 GMT", "Seen ⟦date⟧ GMT"),
        ("No fracture. HB/klm\nEnd", "No fracture. ⟦signature⟧\nEnd"),
        ("Amylase 40 UI/ml\nCRP 4 MG/dl", "Amylase 40 UI/ml\nCRP 4 MG/dl"),
        ("Lungs clear. QW", "Lungs clear. ⟦signature⟧"),
        ("Seen after CT. US", "Seen after CT. US"),
        ("phoned by TH at 10:15", "phoned by ⟦signature⟧ at 10:15"),
        ("infused by IV at 10:15", "infused by IV at 10:15"),
        ("Dr Okafor/Zbrunek", "⟦person⟧"),
        ("Dr Okafor/ultrasound", "⟦clinician⟧/ultrasound"),
    ],
)
def test_initials_and_second_people_go_with_what_they_stand_beside(
    text: str, expected: str
) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Elkhorn, NE 68022", "⟦place⟧, ⟦address⟧"),
        ("of Pelham Bay, Oregon 97001-1234", "of ⟦place⟧, ⟦address⟧"),
        ("of Mount Beauty VIC 3699.", "of ⟦place⟧ ⟦address⟧."),
        ("Elm Lane, Wickley, Rutland LE15 9ZZ", "⟦address⟧, ⟦place⟧ ⟦address⟧"),
        ("Lives in Elkhorn, NE. Kidney, CT.", "Lives in ⟦place⟧. Kidney, CT."),
        ("Eircode D04 X2Y3", "Eircode ⟦address⟧"),
        ("Count 90210 in the OR 3", "Count 90210 in the OR 3"),
        ("A lane of fat. Memory Lane is a song.", "A lane of fat. Memory Lane is a song."),
    ],
)
def test_a_town_goes_with_its_state_and_code(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transféré à Saint-Ouen-du-Breuil.", "transféré à ⟦place⟧."),
        ("vit à Pont-sur-Vanne depuis peu", "vit à ⟦place⟧ depuis peu"),
        ("Anse de Roux-en-Y. Cul-de-sac de Douglas.", "Anse de Roux-en-Y. Cul-de-sac de Douglas."),
        (
            "Adresse : Résidence Les Ormes, bât C",
            "Adresse : ⟦address⟧",
        ),
        ("HÔPITAUX CIVILS DE COLMAR", "⟦place⟧"),
        ("Pavillon Vaucanson, 2e étage", "⟦place⟧, 2e étage"),
        ("Pavillon de l'oreille", "Pavillon de l'oreille"),
    ],
)
def test_french_towns_residences_and_pavilions(text: str, expected: str) -> None:
    assert masked(text, "fr") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seen at Thornbury Surgery.", "Seen at ⟦place⟧."),
        ("Prior Surgery: none. Cardiac Surgery.", "Prior Surgery: none. Cardiac Surgery."),
        ("Whipple Surgery in 2019", "Whipple Surgery in ⟦date⟧"),
        ("from Oakmere Family Practice", "from ⟦place⟧"),
        ("fell at Sunny Brook Nursing Home", "fell at ⟦place⟧"),
        (
            "back to her nursing home, General Practice",
            "back to her nursing home, General Practice",
        ),
        ("at St Edda's since", "at ⟦place⟧ since"),
        ("moved from HMP Exton", "moved from ⟦place⟧"),
        ("Marley Hill Hospital NHS Foundation Trust", "⟦place⟧"),
    ],
)
def test_named_houses_are_hidden_and_trades_are_not(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Account No. G-0071-3321", "Account No. ⟦id⟧"),
        ("Badge 3321-K.", "Badge ⟦id⟧."),
        ("License plate 8XYZ 204", "License plate ⟦id⟧"),
        ("last four 8812", "last four ⟦id⟧"),
        ("last four 88 images", "last four 88 images"),
        ("specimen 23-CY-004418 sent", "specimen ⟦id⟧ sent"),
        ("ICN 1000220033V554411", "ICN ⟦id⟧"),
        ("Line 0161 4960888", "Line ⟦phone⟧"),
    ],
)
def test_short_marks_and_grouped_numbers(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VENTNOR, OLWEN DOB 3/4/1981", "⟦person⟧ DOB ⟦date⟧"),
        ("CHEST, PA DOB 3/4/1981", "CHEST, PA DOB ⟦date⟧"),
        (
            "nurse edwige rang. nurse specialist agreed",
            "nurse ⟦person⟧ rang. nurse specialist agreed",
        ),
        ("patient name tobias wrenfield date of birth", "patient name ⟦patient⟧ date of birth"),
        ("patient name is unknown", "patient name is unknown"),
        ("with dr q. amberson today", "with ⟦clinician⟧ today"),
        ("informed. R. Sandoval, RRT", "informed. ⟦person⟧, RRT"),
        ('known as "Zed" locally', "known as ⟦person⟧ locally"),
        ("Officers Dunmow and Tregarth came", "⟦person⟧ came"),
        ("Lesion 14 MM. GLEASON 7", "Lesion 14 MM. GLEASON 7"),
    ],
)
def test_names_by_their_row_their_label_and_their_office(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("signed 6/2/24 @ 0930 hrs", "signed ⟦date⟧"),
        ("Read 02.03.2024 -- 04:12", "Read ⟦date⟧"),
        ("received 2/15 by", "received ⟦date⟧ by"),
        ("Cath 11/22 normal. Score 11/22.", "Cath ⟦date⟧ normal. Score 11/22."),
        ("week 14, 2024 and week 14", "⟦date⟧ and week 14"),
        ("hip placed 2019", "hip placed ⟦date⟧"),
    ],
)
def test_days_behind_their_cues(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wood to return in May.", "⟦patient⟧ to return in ⟦date⟧."),
        ("Wood was removed. Wood chips.", "Wood was removed. Wood chips."),
        ("Wood a été prévenu.", "⟦patient⟧ a été prévenu."),
        ("Normal. A Wood agrees.", "Normal. ⟦patient⟧ agrees."),
    ],
)
def test_a_known_name_of_a_plain_word_is_told_by_what_only_people_do(
    text: str, expected: str
) -> None:
    known = KnownIdentities(patients=(Person("", "Wood", "Ann"),))
    assert masked(text, "", known) == expected


def test_a_small_letter_before_a_long_known_name_does_not_keep_it() -> None:
    known = KnownIdentities(patients=(Person("", "Hakimian West", "Lea"),))
    assert masked("seen\nl hakimian west\n", "en", known) == "seen\nl ⟦patient⟧\n"
