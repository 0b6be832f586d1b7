"""A weekday goes with its day, and days in words, holidays and hours go as days do."""

import pytest

from peeraudit.domain.blinding.day_shift import DayShift
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask

NOBODY = KnownIdentities()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Vu le samedi 9 mars 2024.", "Vu ⟦date⟧.", id="le-weekday"),
        pytest.param("Reims, le lundi 1er avril", "⟦place⟧, ⟦date⟧", id="town-and-weekday"),
        pytest.param("Sortie mardi soir 14 mai", "Sortie ⟦date⟧", id="part-of-the-day"),
        pytest.param("Chute jeudi dernier.", "Chute ⟦date⟧.", id="last-weekday"),
        pytest.param("Fièvre depuis dimanche, toux.", "Fièvre depuis ⟦date⟧, toux.", id="since"),
        pytest.param("Du mardi 4 au ven. 7/6/24.", "Du ⟦date⟧ au ⟦date⟧.", id="two-weekdays"),
        pytest.param("Revu mer. 05/06.", "Revu ⟦date⟧.", id="short-weekday"),
        pytest.param("Fait le 12/03/24 (mardi).", "Fait le ⟦date⟧.", id="weekday-behind"),
        pytest.param("Contrôle mi-septembre", "Contrôle ⟦date⟧", id="mid-month"),
        pytest.param("En 2020 : appendicite.", "En ⟦date⟧ : appendicite.", id="year"),
        pytest.param("Prothèse (2014) en place.", "Prothèse (⟦date⟧) en place.", id="in-brackets"),
        pytest.param("Opéré à Pâques.", "Opéré à ⟦date⟧.", id="holiday"),
        pytest.param("Chute le 3 puis le 9 mai", "Chute le ⟦date⟧", id="two-days"),
        pytest.param("Vu le 12.XI.2023.", "Vu le ⟦date⟧.", id="roman-month"),
        pytest.param("Lit : cliché du 7/2, 6h30.", "Lit : cliché du ⟦date⟧.", id="day-and-hour"),
        pytest.param("Le 8 de ce mois, appel.", "Le ⟦date⟧, appel.", id="this-month"),
        pytest.param("Femme de nonante-trois ans.", "Femme de ⟦age⟧ ans.", id="age-in-words"),
        pytest.param("Édité le 7 mai 2024 à 18 h 05 par", "Édité le ⟦date⟧ par", id="hour-apart"),
    ],
)
def test_french_days_vanish_with_their_weekday(text: str, left: str) -> None:
    assert mask(text, NOBODY, "fr").text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Seen last Friday.", "Seen ⟦date⟧.", id="last"),
        pytest.param("Seen this past Friday.", "Seen ⟦date⟧.", id="this-past"),
        pytest.param("Monday, 9 Dec: stable", "⟦date⟧: stable", id="comma"),
        pytest.param("On Thurs 12th he fell.", "On ⟦date⟧ he fell.", id="ordinal"),
        pytest.param("Friday the 13th of June", "⟦date⟧", id="the"),
        pytest.param("Read Wed 3/20 at noon", "Read ⟦date⟧ at noon", id="month-first"),
        pytest.param("Pain since Sunday.", "Pain since ⟦date⟧.", id="since"),
        pytest.param("Chemo March-June 2021.", "Chemo ⟦date⟧.", id="months"),
        pytest.param("Relapse in spring 2022.", "Relapse in ⟦date⟧.", id="season"),
        pytest.param("Fell on New Year's Day.", "Fell on ⟦date⟧.", id="holiday"),
        pytest.param("Given 2/1/24-3/15/24 then", "Given ⟦date⟧ then", id="range"),
        pytest.param("Due Dec 3rd or 4th.", "Due ⟦date⟧.", id="one-or-the-other"),
        pytest.param("D: 04/30/24 1815, home", "D: ⟦date⟧, home", id="hour-of-four-digits"),
        pytest.param("06/07/2024 2:10:22 PM CST by", "⟦date⟧ by", id="time-zone"),
        pytest.param("Clinic 4 Feb @2pm, late", "Clinic ⟦date⟧, late", id="at-sign"),
        pytest.param("the eleventh of May 1970", "the ⟦date⟧", id="spelt-day"),
        pytest.param("third of June nineteen fifty two", "⟦date⟧", id="spelt-year"),
        pytest.param("A ninety-six year old man.", "A ⟦age⟧ year old man.", id="spelt-age"),
        pytest.param("A 97F with pain.", "A ⟦age⟧F with pain.", id="age-and-sex"),
    ],
)
def test_english_days_vanish_with_their_weekday(text: str, left: str) -> None:
    assert mask(text, NOBODY, "en").text == left


@pytest.mark.parametrize(
    "text",
    [
        "Ouvert du lundi au vendredi.",
        "Consultations le lundi et le jeudi.",
        "O2 sat 28, strength 4/5.",
        "Le score est de 7/10, 3/4 des cas.",
        "Sun exposure; mer calme.",
        "Lugano (2014), Fleischner 2017.",
        "Débit 12/15 h, 24 h, image 3/12.",
        "Spring ligament, fall risk, new year-round fever.",
    ],
)
def test_what_only_looks_like_a_day_stays(text: str) -> None:
    assert mask(text, NOBODY, "").text == text


MOVED = DayShift(9, 2024)


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        pytest.param("Vu le mardi 5 mars 2024.", "fr", "le jeudi 14 mars 2024", id="le"),
        pytest.param("Vu mar. 05/03/2024.", "fr", "jeu. 14/03/2024", id="short"),
        pytest.param("On Tues 5 March 2024.", "en", "Thu 14 March 2024", id="tues"),
        pytest.param("Seen Tuesday, 5 Mar 2024 @2pm", "en", "Thursday, 14 Mar 2024 @2pm", id="pm"),
        pytest.param("T: 30/03/24 1815 home", "en", "08/04/24 1815", id="hour-of-four"),
        pytest.param("IRM 5 mars 2024 à 18 h 05", "fr", "14 mars 2024 à 18 h 05", id="hour-apart"),
    ],
)
def test_a_weekday_moves_with_its_day(text: str, language: str, shown: str) -> None:
    assert [span.shown for span in mask(text, NOBODY, language, MOVED).spans] == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "Vu le lundi 5 mars 2024.",
        "Fait le 05/03/2024 (mardi).",
        "Vu mardi dernier.",
        "Entrée le mardi 5.",
        "Revu mardi soir 5 mars 2024.",
    ],
)
def test_a_weekday_that_cannot_move_is_hidden_with_its_day(text: str) -> None:
    masked = mask(text, NOBODY, "fr", MOVED)
    assert masked.text.count("⟦date⟧") == 1
    assert not any(word in masked.text for word in ("lundi", "mardi", "mars", "/"))
