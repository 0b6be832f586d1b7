"""Twice the text is twice the work: steps are counted, not seconds, so no busy machine can tell."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.reach import LINE_REACH, is_first_on_line, line_around, line_start
from peeraudit.domain.blinding.spans import Span, settle
from peeraudit.domain.intake.reports import Person

SOMEBODY = KnownIdentities(
    patients=(Person("", "Park", "Li"),),
    clinicians=(Person("", "MEDRANO", "Joe"),),
    identifiers=("7795083283",),
    places=("Lac",),
)


def steps_of(work: Callable[[], object]) -> int:
    """Return how many instructions of Python are run."""
    steps = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize(
    "piece",
    ["Hospital of the ", "General Hospital of the Lake ", "Medrano et Li Park ", "LYON ", "Lyon ",
     "⟦date⟧ Dr Dupont ", "Dr Dupont, ", "12/03/2024 ", "mardi 12/03/2024 ", "Signed by Zbrun. ",
     "VENTNOR, PENNY DOB 3/4/81\n", "Quarry Lane, ", "12/03/2024 AB/cd ", "Elkhorn, NE 68022 ",
     "JEAN DUPONT ", "Petit\n\n", "Murphy ", "M. Rue Victor, 4 mai, ", "tel 7795083283 "]
)  # fmt: skip
@pytest.mark.parametrize("language", ["", "fr", "en"])
def test_twice_the_text_is_twice_the_steps(piece: str, language: str) -> None:
    short, long = ((piece * length)[:length] for length in (1500, 3000))
    mask(long, SOMEBODY, language)  # what is remembered of its words is not counted

    steps = [steps_of(lambda t=text: mask(t, SOMEBODY, language)) for text in (short, long)]

    assert steps[1] < steps[0] * 2.3


def test_hidden_stretches_among_placeholders_take_steps_as_there_are_of_them() -> None:
    steps = []
    for count in (100, 200):
        text = "⟦date⟧ Dupont " * count
        spans = [Span(i * 14 + 7, i * 14 + 13, "person", "rule") for i in range(count)]
        assert settle(text, spans) == spans
        steps.append(steps_of(lambda t=text, s=spans: settle(t, s)))

    assert steps[1] < steps[0] * 2.3


def test_no_more_of_a_line_is_looked_at_than_may_matter() -> None:
    line = "a" * 5000
    assert len(line_around(line, 2500, 2510)) == 2 * LINE_REACH + 10
    assert line_around(f"{line}\nab cd\n{line}", 5001, 5003) == "ab cd"
    assert line_start(line, 2500) == -1
    assert line_start("ab\ncd", 4) == 3
    assert not is_first_on_line(f"\n{' ' * 5000}x", 5001)
    assert is_first_on_line("x\n \tab", 4)
    assert is_first_on_line("--* ab", 4, " -*")
    assert not is_first_on_line("x ab", 2)
