import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.readers.hl7_fields import Fields, Marks
from peeraudit.domain.intake.reports import Person

USUAL = Marks()


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f\P\g", "a|b^c&d~e\\f#g"),
        (r"\H\bold\N\ plain", "bold plain"),
        (r"one\.br\two\.sp\three\.sp2\four\.ce\five", "one\ntwo\nthree\n\nfour\nfive"),
        (r"\.fi\a\.nf\b\.in+4\c\.ti-2\d\.sk3\e", "ab c d   e"),
        (r"\X41\\XC3A9\\X0D0A\end", "Aé\nend"),
        (r"\XE9\t\XE9\ ", "été "),
        (r"C:\dir\ and \Zlocal\ stay", r"C:\dir\ and \Zlocal\ stay"),
        (r"\E\F\E\ is a literal", r"\F\ is a literal"),
        (r"\.sp9999\x", "\n" * 100 + "x"),
        ("lone \\", "lone \\"),
    ],
)
def test_escapes_become_what_they_mean(sent: str, plain: str) -> None:
    assert USUAL.plain(sent) == plain


@pytest.mark.parametrize(
    ("header", "marks"),
    [
        ("MSH|^~\\&|", ("|", "^", "~", "\\", "&", "#")),
        ("MSH|^~\\&#|", ("|", "^", "~", "\\", "&", "#")),
        ("MSH|^~\\\\&|", ("|", "^", "~", "\\", "&", "#")),
        ("MSH$%*!@$", ("$", "%", "*", "!", "@", "#")),
        ("MSH|", ("|", "^", "~", "\\", "&", "#")),
        ("MSH", ("|", "^", "~", "\\", "&", "#")),
    ],
)
def test_separators_are_those_that_the_message_declares(
    header: str, marks: tuple[str, ...]
) -> None:
    found = Marks.of(header)

    assert (
        found.field, found.component, found.repetition, found.escape, found.subcomponent,
        found.truncation,
    ) == marks  # fmt: skip


def test_custom_separators_read_the_same() -> None:
    segment = Fields.of("OBX$1$TX$x%y$$a*b !F! c$$", Marks.of("MSH$%*!@$"))

    assert segment.first(3, 2) == "y"
    assert segment.repetitions(5) == ["a", "b !F! c"]
    assert segment.marks.plain(segment.raw(5)) == "a*b $ c"


@pytest.mark.parametrize(
    ("sent", "person"),
    [
        ("21^LEROY^Max^Jean^^Dr", Person("21", "LEROY", "Max", "Jean")),
        ("31&DURAND&Paul", Person("31", "DURAND", "Paul")),
        ("^van Beethoven&van^Ludwig", Person("", "van Beethoven", "Ludwig")),
        ("D77", Person("D77")),
        ("Dupont, Anne", Person("", "Dupont", "Anne")),
        ("Dr Anne Dupont", Person("", "Dupont", "Anne")),
        ('""^""^""', Person()),
    ],
)
def test_professionals_are_read_in_every_form(sent: str, person: Person) -> None:
    found = Fields.of(f"OBR|{sent}", USUAL).people(1)

    assert found == ([] if person.is_empty else [person])


def test_the_null_is_nothing() -> None:
    assert Fields.of('PID|""', USUAL).raw(1) == ""


@given(st.text(max_size=80))
def test_no_text_crashes_the_escapes(text: str) -> None:
    plain = USUAL.plain(text)

    assert "\\" in text or plain == text
