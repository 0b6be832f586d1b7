import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peeraudit.domain.blinding.day_names import month_like
from peeraudit.domain.blinding.day_shift import SHIFTS, DayShift, shift_of
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask, remask
from peeraudit.domain.blinding.spans import Span, reapply, render_segments, settle

NOBODY = KnownIdentities()
BACK, AHEAD = DayShift(-200, 2026), DayShift(500, 2026)


def shown(text: str, language: str = "fr", shift: DayShift = BACK, known=NOBODY) -> str:
    """Return a text as a reader sees it, days that are masked as ⟦date⟧."""
    masked = mask(text, known, language, shift)
    return "".join(words for _, words in render_segments(masked.text))


@pytest.mark.parametrize(
    ("written", "back", "ahead"),
    [
        ("12/05/2023", "24/10/2022", "23/09/2024"),
        ("12.05.2023", "24.10.2022", "23.09.2024"),
        ("12-05-23", "24-10-22", "23-09-24"),
        ("2/5/2023", "14/10/2022", "13/9/2024"),
        ("2023-05-12", "2022-10-24", "2024-09-23"),
        ("2023-05-12T14:30:05.123Z", "2022-10-24T14:30", "2024-09-23T14:30"),
        ("12/05/2023 à 14h30", "24/10/2022 à 14h30", "23/09/2024 à 14h30"),
        ("12 mai 2023", "24 octobre 2022", "23 septembre 2024"),
        ("12 MAI 2023", "24 OCTOBRE 2022", "23 SEPTEMBRE 2024"),
        ("1er avr. 2022", "13 sept. 2021", "14 août 2023"),
        ("20 juil. 2022", "1er janv. 2022", "2 déc. 2023"),
        ("12 aout 2023", "24 janvier 2023", "24 decembre 2024"),
        ("lundi 12 juin 2023", "jeudi 24 novembre 2022", "jeudi 24 octobre 2024"),
        ("Lundi, le 12/06/2023", "Jeudi, le 24/11/2022", "Jeudi, le 24/10/2024"),
        ("mai 2023", "octobre 2022", "septembre 2024"),
        ("05/2023", "10/2022", "09/2024"),
        ("fin mai 2023", "fin octobre 2022", "fin septembre 2024"),
        ("début 2021", "début 2020", "début 2022"),
        ("12 au 15 mai 2023", "24 au 27 octobre 2022", "23 au 26 septembre 2024"),
        ("12 et 15/05/2023", "24 et 27/10/2022", "23 et 26/09/2024"),
        ("mars à juin 2023", "août à novembre 2022", "juillet à octobre 2024"),
    ],
)
def test_a_french_day_is_moved_in_its_own_style(written, back, ahead):
    assert shown(f"Scanner ({written}) normal.") == f"Scanner ({back}) normal."
    assert shown(f"Scanner ({written}).", shift=AHEAD) == f"Scanner ({ahead})."


@pytest.mark.parametrize(
    ("written", "back"),
    [
        ("Seen May 12, 2023.", "Seen October 24, 2022."),
        ("Seen May 12th, 2023.", "Seen October 24th, 2022."),
        ("Seen 20 May 2023.", "Seen 1 November 2022."),
        ("Seen May 20th, 2023.", "Seen November 1st, 2022."),
        ("Seen 12-May-23.", "Seen 24-October-22."),
        ("Seen Sept. 2022.", "Seen Feb. 2022."),
        ("Seen Monday, June 12, 2023.", "Seen Thursday, November 24, 2022."),
        ("Seen May 12-15, 2023.", "Seen October 24-27, 2022."),
        ("Seen 5/13/2023 and 5/4/2023.", "Seen 10/25/2022 and 10/16/2022."),
        ("Seen 13/5/2023 and 5/4/2023.", "Seen 25/10/2022 and 17/9/2022."),
        ("Seen 13/05/2023 at 2:30 pm.", "Seen 25/10/2022 at 2:30 pm."),
    ],
)
def test_an_english_day_is_moved_in_its_own_style(written, back):
    assert shown(written, "en") == back


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Vu le 3/4.", "Vu le 15/9."),
        ("Vu le 12 mai.", "Vu le 24 octobre."),
        ("Vu en 2019.", "Vu en 2018."),
        ("2019 : fracture.\n2021 : contrôle.", "2018 : fracture.\n2020 : contrôle."),
        ("Depuis FEVRIER 2021.", "Depuis JUILLET 2020."),
        ("Vu le 1er juin.", "Vu le 13 novembre."),
    ],
)
def test_a_partial_day_is_moved_as_far_as_it_is_precise(text, moved):
    assert shown(text) == moved


@pytest.mark.parametrize(
    "text",
    ["Contrôle dans 3 mois, hier, il y a deux ans.", "Score 12/15, T2 2/3, 3/4 des cas.",
     "Follow-up in 3 months, du lundi au samedi."]
)  # fmt: skip
def test_what_is_no_day_is_left_alone(text):
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("CT of 05/04/2023.", "en", "either way round"),
        ("CT of 05/05/2023.", "en", "where would the new month go?"),
        ("Vu le 31/02/2022.", "fr", "no such day"),
        ("Vu mardi 12 juin 2023.", "fr", "it was a Monday"),
        ("Vu le premier mars 2023.", "fr", "in words"),
        ("Fait le 20230512.", "fr", "perhaps a number"),
        ("Seen May-12.", "en", "a day or a year"),
        ("Né le 12/05/1980.", "fr", "birth"),
        ("Née en 1980.", "fr", "birth"),
        ("Date de naissance : 12 mai 1980.", "fr", "birth"),
        ("DOB: 1980-05-12.", "en", "birth"),
        ("1980-05-12 (DOB).", "en", "birth"),
        ("Tuberculose en 1930.", "fr", "whoever was ill then is older than 89"),
        ("Du 12 au 24 mai 2023.", "fr", "the two would fall into two months"),
    ],
)
def test_what_cannot_be_moved_for_sure_is_masked(text, language, why):
    masked = mask(text, NOBODY, language, BACK)

    assert "=" not in masked.text, why
    assert not set(re.findall(r"\d{2,}", text)) & set(re.findall(r"\d{2,}", masked.text))


def test_days_that_disagree_on_what_goes_first_tell_nothing_of_the_others():
    masked = mask("13/05/2023 or 05/13/2023, then 05/04/2023.", NOBODY, "en", BACK)

    assert masked.text == "⟦date=25/10/2022⟧ or ⟦date=10/25/2022⟧, then ⟦date⟧."


def test_a_known_day_of_birth_stays_masked_wherever_it_stands():
    births = (date(1980, 5, 12),)
    known, shift = KnownIdentities(birth_dates=births), DayShift(-200, 2026, births)

    masked = mask("12/05/1980, 12 mai 1980, mai 1980, puis 13/05/1980.", known, "fr", shift)

    assert masked.text == "⟦date⟧, ⟦date⟧, ⟦date⟧, puis ⟦date=26/10/1979⟧."


def test_an_age_above_89_stays_masked():
    assert shown("Patiente de 93 ans vue le 12/05/2023.") == (
        "Patiente de ⟦age⟧ ans vue le 24/10/2022."
    )


def test_what_is_shown_stays_with_its_stretch_and_goes_when_that_changes():
    span = Span(3, 13, "date", "rule", "24/10/2022")
    text = "Le 12/05/2023 vu."

    assert reapply(text, [span, span]) == "Le ⟦date=24/10/2022⟧ vu."
    assert settle(text, [span, Span(3, 16, "other", "coordinator")])[0].shown == ""
    assert settle(text, [span, Span(3, 13, "date", "rule")])[0].shown == ""


# -- What holds for every day ----------------------------------------------------------------------

DAYS = st.dates(date(1990, 1, 1), date(2026, 12, 31))
MOVES = st.sampled_from(SHIFTS)
ENGLISH = "January February March April May June July August September October November December"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
# A style: its language, how it writes a day, and how a test reads one back.
STYLES = {
    "numbers": ("fr", "{d:%d/%m/%Y}", r"(?P<d>\d\d)/(?P<m>\d\d)/(?P<y>\d{4})"),
    "dots": ("en", "{d:%d.%m.%Y}", r"(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d{4})"),
    "iso": ("en", "{d:%Y-%m-%d}", r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    "bare": ("fr", "{d.day}/{d.month}/{d.year}", r"(?P<d>\d+)/(?P<m>\d+)/(?P<y>\d{4})"),
    "french": ("fr", "{d.day} {fr} {d.year}", r"(?P<d>\d+)(?:er)? (?P<n>\w+) (?P<y>\d{4})"),
    "english": ("en", "{en} {d.day}, {d.year}", r"(?P<n>\w+) (?P<d>\d+), (?P<y>\d{4})"),
    "british": ("en", "{d.day} {en} {d.year}", r"(?P<d>\d+) (?P<n>\w+) (?P<y>\d{4})"),
}  # fmt: skip


def write(style: str, day: date) -> str:
    month = day.month - 1
    return STYLES[style][1].format(d=day, fr=FRENCH.split()[month], en=ENGLISH.split()[month])


def read(style: str, text: str) -> list[date]:
    found = []
    for one in re.finditer(STYLES[style][2], text):
        parts = one.groupdict()
        names = (FRENCH if style == "french" else ENGLISH).split()
        month = int(parts["m"]) if "m" in parts else names.index(parts["n"]) + 1
        found.append(date(int(parts["y"]), month, int(parts["d"])))
    return found


@given(DAYS, DAYS, MOVES, st.sampled_from(list(STYLES)))
def test_intervals_survive_no_day_does_and_there_is_a_way_back(one, other, days, style):
    language, text = STYLES[style][0], f"CT ({write(style, one)}); MRI ({write(style, other)})."
    shift = DayShift(days, 2026)

    masked = mask(text, NOBODY, language, shift)
    seen = "".join(words for _, words in render_segments(masked.text))

    moved = read(style, seen)
    assert moved == [one + timedelta(days=days), other + timedelta(days=days)]
    assert moved[1] - moved[0] == other - one
    if other - one != timedelta(days=days) and one - other != timedelta(days=days):
        assert write(style, one) not in seen
        assert write(style, other) not in seen
    back = DayShift(-days, 2026)
    again = mask(seen, NOBODY, language, back).text
    assert read(style, again) == [one, other]


@given(DAYS, DAYS, MOVES)
def test_months_and_years_keep_their_intervals_and_always_move(one, other, days):
    shift = DayShift(days, 2026)
    text = f"IRM ({one:%m/%Y}), ({other:%m/%Y}), vu en {one.year}, en {other.year}."

    seen = shown(text, "fr", shift)

    months = [int(y) * 12 + int(m) for m, y in re.findall(r"(\d\d)/(\d{4})", seen)]
    years = [int(y) for y in re.findall(r"en (\d{4})", seen)]
    assert months[1] - months[0] == (other.year - one.year) * 12 + other.month - one.month
    assert years[1] - years[0] == other.year - one.year
    assert months[0] != one.year * 12 + one.month
    assert abs(years[0] - one.year) == 1


@given(DAYS, MOVES)
def test_day_and_month_alone_never_stay(day, days):
    assume((day.month, day.day) != (2, 29))
    text = f"Vu le {day.day}/{day.month}."

    assert shown(text, "fr", DayShift(days, 2026)) != text


PIECES = st.sampled_from(
    ["12/03/2024", " le ", "3/4", "mai", " ", "2023", "\n", "né ", "lundi ", "1er ", "à 14h30",
     "-", "/", "fin ", "May 12, 2023", ", ", "31/02/2022", "⟦date=01/02/2020⟧", "⟦date⟧", "12 ",
     "au ", "15 mai 2023", "Dr Petit", "20230512", "98", ".", "th ", "Monday ", "2023-05-12T10:00",
     "mars à juin 2023", "\u00a0", "DOB "]
)  # fmt: skip


@given(
    st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join),
    st.sampled_from(["", "fr", "en"]),
    MOVES,
)
def test_masking_again_and_storing_change_nothing(text, language, days):
    shift = DayShift(days, 2026)
    masked = mask(text, NOBODY, language, shift)

    ends = [0, *(span.end for span in masked.spans)]
    for span, last in zip(masked.spans, ends, strict=False):
        assert last <= span.start < span.end <= len(text)
        assert not span.shown or span.kind == "date"
        assert not span.shown or span.shown != text[span.start : span.end]
    assert reapply(text, masked.spans) == masked.text
    assert remask(text, masked.spans, NOBODY, language).text == masked.text
    assert mask(masked.text, NOBODY, language, shift).text == masked.text
    hidden = [(s.start, s.end) for s in mask(text, NOBODY, language).spans]
    assert all(any(s.start <= a and b <= s.end for s in masked.spans) for a, b in hidden)


def test_shifts_are_far_enough_and_evenly_spread():
    assert len(SHIFTS) == len(set(SHIFTS)) == 658
    assert all(184 <= abs(days) <= 547 and abs(abs(days) - 365) > 16 for days in SHIFTS)
    assert all(DayShift(days, 2026).months % 12 for days in SHIFTS)
    assert {DayShift(days, 2026).years for days in SHIFTS} == {-1, 1}
    seen = {shift_of(number.to_bytes(8)) for number in range(len(SHIFTS))}
    assert seen == set(SHIFTS)


@pytest.mark.parametrize("word", ["sept.", "Oct", "NOV", "déc.", "fevr", "jul", "May", "mars"])
def test_a_month_is_written_as_another_was(word):
    for month in range(1, 13):
        written = month_like(word, month, "fr")
        assert written.isupper() == word.isupper()
        assert written[0].isupper() == word[0].isupper()
