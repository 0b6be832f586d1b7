"""What is remembered for the sake of speed changes no result, and no text can make it costly."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.blinding import keys, lexicon, naming, scanning
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.rules_people import MARK_HEADS, MARKS
from peeraudit.domain.blinding.shapes import Rule
from peeraudit.domain.blinding.spans import Masked, reapply
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports


class Forgetful(dict[str, scanning._Entry | None]):
    """A dictionary that keeps nothing, so that each word is looked at again."""

    def __setitem__(self, piece: str, entry: scanning._Entry | None) -> None:
        """Forget the word."""


def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch off all that is remembered between texts."""
    for language in scanning._ENTRIES:
        monkeypatch.setitem(scanning._ENTRIES, language, Forgetful())
    monkeypatch.setattr(scanning, "_entry", scanning._entry.__wrapped__)
    monkeypatch.setattr(scanning, "look_up", lexicon.look_up.__wrapped__)
    monkeypatch.setattr(lexicon, "_is_thing", lexicon._is_thing.__wrapped__)
    # A name is trimmed within the whole text, not within what stands around it.
    monkeypatch.setattr(scanning, "trim_name", naming._trim.__wrapped__)


def masked_reports() -> list[Masked]:
    network = specimen_network("fast", departments=3)
    found = []
    for one, other in pairwise(specimen_reports(network, 60)):
        known = KnownIdentities(
            patients=(Person("", one.patient.family, one.patient.given),),
            clinicians=(Person("", one.author.family, one.author.given),),
            identifiers=(one.accession,),
        )
        found += [
            mask(f"{one.text}\n{other.text}", who, one.language)
            for who in (known, KnownIdentities())
        ]
    return found


def test_what_is_remembered_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    fast, warm = masked_reports(), masked_reports()
    plainly(monkeypatch)

    plain = masked_reports()

    assert fast == warm == plain
    assert sum(len(one.spans) for one in plain) > 500


def test_masked_text_agrees_with_its_spans_applied_anew() -> None:
    network = specimen_network("fast", departments=3)
    for report in specimen_reports(network, 60):
        masked = mask(report.text, KnownIdentities(), report.language)
        assert reapply(report.text, masked.spans) == masked.text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "fr", "en"]))
def test_any_text_is_masked_with_sound_offsets(text: str, language: str) -> None:
    masked = mask(text, KnownIdentities(clinicians=(Person("", text[:9], text[9:15]),)), language)

    assert reapply(text, masked.spans) == masked.text
    assert all(0 <= s.start < s.end <= len(text) for s in (*masked.spans, *masked.suspects))


LONG = 20_000


def seconds_to_mask(text: str) -> float:
    start = process_time()
    mask(text, KnownIdentities())
    return process_time() - start


@pytest.mark.parametrize("piece", ["A", "é1", "Jean", "J.", "x-", "d'", "Zbr,", "12/", "中", "İ"])
def test_a_line_without_a_space_takes_time_as_it_is_long(piece: str) -> None:
    short, long = ((piece * length)[:length] for length in (LONG, LONG * 4))
    seconds = [min(seconds_to_mask(text) for _ in range(2)) for text in (short, long)]

    # Four times the text: a square would take sixteen times as long.
    assert seconds[1] < max(seconds[0] * 12, 1)


def test_a_megabyte_in_one_word_is_read_and_not_remembered() -> None:
    word = "A" * 1_000_000
    masked = mask(f"Vu par le Dr Dupont. {word} M. Durand", KnownIdentities())

    assert "Dupont" not in masked.text
    assert "Durand" not in masked.text
    longest = scanning._LONGEST_WORD + scanning._LONGEST_GAP
    assert all(len(known) <= longest for known in scanning._ENTRIES[""])


@given(st.text(max_size=60) | st.text(alphabet="aé²Ж-_⟦⟧ \n1٣.A", max_size=60))
def test_the_pieces_of_a_text_are_all_of_it(text: str) -> None:
    assert "".join(scanning._PIECE.findall(text)) == text


PARTS = st.sampled_from(
    [" ", "  ", "\t", "\n", ":", ".", "n°", "no.", "(IPP)", "#", "=", "is ", "est ", "de ", "d'",
     "1", "12", "345678", "2024", "mars", "A", "AB", "x", "-", "/", ",", "patient", "permanent",
     "certificate", "du ", "le ", "é", "_", "mm", "DT:", "JOB #", "A.", "dicté", "RJM/klp", "av."]
)  # fmt: skip
HINTED = [rule for rules in scanning._RULES[""].values() for rule in rules if rule.hint]


@given(st.sampled_from(HINTED), st.data(), st.lists(PARTS, max_size=9).map("".join))
def test_a_hint_stands_wherever_its_expression_fits(
    rule: Rule, data: st.DataObject, tail: str
) -> None:
    trigger = data.draw(st.sampled_from(rule.triggers))

    if rule.shape.match(f"{trigger}{tail}"):
        assert rule.hint
        assert rule.hint.match(tail)


@given(st.lists(PARTS, max_size=6).map("".join))
def test_a_mark_of_an_author_begins_as_such_marks_do(line: str) -> None:
    if MARKS.match(line):
        assert MARK_HEADS.match(f"\n{line}")


@given(st.integers(0, 12345), st.lists(PARTS, max_size=4).map("".join))
def test_what_a_unit_makes_plain_the_whole_expression_makes_plain(number: int, tail: str) -> None:
    text = f"{number}{tail}"
    measure = keys._MEASURE.match(text)

    if measure:
        assert keys._is_unit(measure[1]) == bool(keys._PLAIN.match(text))


def test_thousands_of_known_names_are_found() -> None:
    ends = ("ic", "ov", "enko", "ian", "escu", "dze", "uk", "sson", "ez", "as")
    starts = [f"{a}{b}" for a in ("zbra", "kolve", "tarno") for b in "bdfgklmnprst"]
    syllables = [f"{start}{end}" for start in starts for end in ends]
    many = tuple(
        Person("", (one + other).capitalize(), "")
        for one in syllables[:40]
        for other in syllables[-100:]
    )
    known = KnownIdentities(clinicians=many)
    text = "\n".join(f"relevé {person.last.lower()} normal" for person in many[::80])

    masked = mask(text, known)

    assert len(masked.spans) == len(many[::80])
    assert all(text[s.start : s.end].capitalize() in {p.last for p in many} for s in masked.spans)
