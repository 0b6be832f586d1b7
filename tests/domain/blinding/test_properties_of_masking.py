"""What holds for every text, whoever stands behind it."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.keys import number_at
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.lexicon import EPONYMS
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.rules_days import DAY_RULES, LONE_YEAR
from peeraudit.domain.blinding.rules_days_in_words import WORDED_DAY_RULES
from peeraudit.domain.blinding.rules_numbers import NUMBER_RULES
from peeraudit.domain.blinding.spans import PLACEHOLDER
from peeraudit.domain.intake.reports import Person

FAMILIES = st.sampled_from(
    ["Lefèvre", "O'Connor", "Müller", "DE LA TOUR", "Nguyen", "Smith-Jones", "Zürcher", "Le Goff",
     "Benali", "Szabó", "van den Berg", "Lebœuf", "Petit", "White"]
)  # fmt: skip
GIVENS = st.sampled_from(["Hélène", "Jean-Marc", "Li", "Aïcha", "Mary Ann", "Zoltán", "Rose"])
FRAMES = st.sampled_from(
    ["Compte rendu de {} : foie normal.", "Vu avec {} ce jour.", "Results given to {} by phone.",
     "Patient : {}\nFoie normal.", "Dr {}\nFoie normal.", "Discussed with {}. Liver normal."]
)  # fmt: skip
FORMS = (
    "{g} {f}", "{f} {g}", "{f}, {g}", "{F} {g}", "{F} {G}", "{g} {F}", "{f} {i}.", "{i}. {f}",
    "{i}.{F}", "Dr {f}", "Mme {F}", "{g} {f}’s", "{plain}", "{PLAIN}",
)  # fmt: skip


def written(form: str, family: str, given: str) -> str:
    plain = fold(f"{given} {family}").title()
    return form.format(
        f=family, g=given, F=family.upper(), G=given.upper(), i=given[0],
        plain=plain, PLAIN=plain.upper(),
    )  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(FAMILIES, GIVENS, FRAMES, st.sampled_from(FORMS))
def test_a_known_name_is_gone_in_every_form(family: str, given: str, frame: str, form: str) -> None:
    known = KnownIdentities(patients=(Person("", family, given),))
    name = written(form, family, given)

    left = PLACEHOLDER.sub(" ", mask(frame.format(name), known).text)

    words = [w for w in re.findall(r"[^\W\d_]{3,}", name) if w.lower() not in {"mme", "van", "den"}]
    assert not [w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", left)], left
    assert "normal" in left or "ce jour" in left or "phone" in left


GAPS = st.sampled_from(["", " ", ".", "-", "/"])


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"[A-Z]{0,3}[0-9]{6,12}", fullmatch=True), GAPS, st.integers(2, 4), FRAMES)
def test_a_known_number_is_gone_however_it_is_grouped(
    number: str, gap: str, size: int, frame: str
) -> None:
    known = KnownIdentities(identifiers=(number,))
    grouped = gap.join(number[i : i + size] for i in range(0, len(number), size))

    masked = mask(frame.format(grouped), known).text

    assert grouped not in masked
    assert "".join(filter(str.isdigit, number)) not in re.sub(r"\D", "", masked)


PIECES = st.sampled_from(
    ["Dr ", "Mme ", "Medrano", "Joe", " ", "\n", ", ", ".", "12/03/2024", "0612345678", "né le ",
     "⟦patient⟧", "⟦", "⟧", "Patient : ", "validé par ", "JEAN ", "foie normal", "7795083283",
     "H.", "rue ", "12 ", "CHU de ", "Lefèvre", "-Dumont", "'s", "Hodgkin", "M.D.", "1.2.3", "1 ",
     "mars ", "2024", "Hospital", "à ", "Lyon", "@", "chu.fr", "MRN", ":", "signed by ", "\u00a0",
     "Lac", "du ", "AB/cd", "École", "İ", "ß", "ﬁ", "Saint-Roch", "www.", "T2 "]
)  # fmt: skip
SOMEBODY = KnownIdentities(
    patients=(Person("", "LEFÈVRE-DUMONT", "Hélène", "Marie"),),
    clinicians=(Person("10987654321", "MEDRANO", "JOE", "J."), Person("", "Park", "Li")),
    identifiers=("7795083283", "AB-451 121"),
    phones=("06 12 34 56 78",),
    places=("CLINIQUE DU LAC", "Lac"),
    departments=("Imagerie Saint-Roch",),
    taught=(("sénologie du lac", "place"), ("foie", "other")),
    lines=frozenset({"ecole"}),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join),
    st.sampled_from(["", "fr", "en"]),
)
def test_spans_are_sound_and_masking_twice_changes_nothing(text: str, language: str) -> None:
    masked = mask(text, SOMEBODY, language)

    rebuilt, last = [], 0
    for span in masked.spans:
        assert last <= span.start < span.end <= len(text)
        rebuilt += [text[last : span.start], f"⟦{span.kind}⟧"]
        last = span.end
    assert "".join([*rebuilt, text[last:]]) == masked.text  # nothing outside the spans changed
    assert all(0 <= s.start < s.end <= len(text) for s in masked.suspects)
    assert 0 <= masked.doubt <= 1
    assert mask(masked.text, SOMEBODY, language).text == masked.text


@pytest.mark.parametrize(
    "frame",
    [
        "Maladie de {} connue.",
        "On note un signe de {}.",
        "Known {} disease.",
        "A {}’s sign is seen.",
    ],
)
def test_no_eponym_is_ever_masked(frame: str) -> None:
    touched = {
        name
        for name in EPONYMS
        if "⟦" in mask(frame.format(name.capitalize()), KnownIdentities()).text
    }
    assert touched == set()


def test_known_eponym_stays_where_a_disease_is_meant() -> None:
    known = KnownIdentities(patients=(Person("", "Wilson", "Baker"),))

    masked = mask("Kyste de Baker. Maladie de Wilson. M. Wilson est venu. Vu Wilson.", known, "fr")

    assert masked.text == "Kyste de Baker. Maladie de Wilson. ⟦patient⟧ est venu. Vu ⟦patient⟧."


NUMBERS = st.sampled_from(
    ["1", "12", "06", "2023", "123", "0033", "31", "04567", "123456789", " ", "  ", ".", "-", "/",
     ",", ":", ")", "(", "mai", "mm", "cm", "%", "rue ", "au ", "et ", "ans", "years", "th", "er",
     "\n", "x", "bis ", "Victor", "Park Drive", "de ", "of ", "le ", "lésions", "poste 3", "O",
     "AB", "#", "|", "51100 Reims", "office", "y.o", "mille", "en ", "in ", "9/93", "né", "ext"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(NUMBERS, max_size=10).map("".join), st.sampled_from(["", "fr", "en"]))
def test_no_rule_would_find_what_is_skipped_for_the_sake_of_speed(text: str, language: str) -> None:
    rules = [
        rule
        for rule in (*DAY_RULES, *WORDED_DAY_RULES, *NUMBER_RULES)
        # Whether a lone year is one at all, the word before it tells, not its form.
        if rule is not LONE_YEAR
        and not rule.triggers
        and (not language or rule.language in ("", language))
    ]
    for number in re.finditer(r"\d+", text):
        found = number_at(text, number.start(), language)
        ends = [m.end("x") for rule in rules if (m := rule.shape.match(text, number.start()))]
        assert (found.end if found else 0) >= max(ends, default=0), (text, number[0])


def seconds_to_mask(text: str) -> float:
    start = process_time()
    mask(text, SOMEBODY)
    return process_time() - start


@pytest.mark.parametrize(
    "poison",
    ["A" * 30_000, "Dr " * 10_000, "1 " * 15_000, "a@" * 15_000, "12/" * 10_000, "J. " * 10_000,
     "Jean " * 6_000, "-" * 30_000, "Signed by " * 3_000, "\n" * 30_000, "rue de " * 4_000,
     "1.2" * 10_000, "www." * 7_000, "(0" * 15_000, "CHU de la " * 3_000,
     "Hospital of the " * 2_000,
     "Jean-" * 6_000, "⟦" * 20_000, "a." * 15_000, "maladie de " * 3_000]
)  # fmt: skip
def test_no_text_makes_it_explode(poison: str) -> None:
    half = poison[: len(poison) // 2]
    times = [min(seconds_to_mask(text) for _ in range(3)) for text in (half, poison)]

    # Twice the text, about twice the time: a square would give four, a backtracker never ends.
    assert times[1] < max(times[0] * 3.5, 0.4)
