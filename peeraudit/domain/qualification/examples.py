"""How do the worked examples of a file come out, one after the other?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peeraudit.domain.errors import N_, DomainError, InvalidInput
from peeraudit.domain.json_text import member, parse_json
from peeraudit.domain.qualification.comparison import (
    Difference,
    Tolerance,
    compare,
    count_numbers,
)
from peeraudit.domain.qualification.functions import find_function
from peeraudit.domain.statistics.results import Json, Status, as_json

FIELDS = ("id", "function", "inputs", "expected")
PARTS = ("examples", "edge_cases", "scale")
# How a computation refuses inputs, and what shows that it cannot read them at all.
REFUSALS = (DomainError, ValueError)
COMPUTING_FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError)


@dataclass(frozen=True)
class Verdict:
    """How one example came out.

    Attributes:
        case_id: the example's own id.
        function: the id of its function.
        numbers: numbers of the expectation.
        differences: every place where the result is not as expected.
        failure: why there was nothing to compare; empty if there was.
    """

    case_id: str
    function: str
    numbers: int
    differences: tuple[Difference, ...] = ()
    failure: str = ""

    @property
    def holds(self) -> bool:
        """Return whether everything is as expected."""
        return not (self.differences or self.failure)

    @property
    def lines(self) -> list[str]:
        """What is wrong, one line for each fault; none where the example holds."""
        faults = [self.failure] if self.failure else [str(part) for part in self.differences]
        return [f"{self.case_id} {self.function} {fault}" for fault in faults]


def summarise(verdicts: Sequence[Verdict]) -> str:
    """Return the totals of a run in one sentence."""
    held = sum(verdict.holds for verdict in verdicts)
    functions = len({verdict.function for verdict in verdicts})
    numbers = sum(verdict.numbers for verdict in verdicts)
    faults = sum(len(verdict.lines) for verdict in verdicts)
    return (
        f"Examples that hold: {held} of {len(verdicts)} (function ids: {functions};"
        f" numbers expected: {numbers}; faults: {faults})."
    )


def read_examples(text: str) -> dict[str, Any]:
    """Return the content of an example file.

    Args:
        text: JSON with at least one of the lists ``examples``, ``edge_cases`` and ``scale``,
            and the tolerances in ``functions`` and ``meta``.

    Raises:
        InvalidInput: it is no JSON, or none of these lists holds an example.
    """
    try:
        document = parse_json(text)
    except ValueError as error:
        raise InvalidInput(N_("The file is no JSON: %(fault)s."), fault=error) from None
    if not isinstance(document, dict) or not any(document.get(part) for part in PARTS):
        raise InvalidInput(
            N_("The file holds no worked example: it needs a list “examples” or “edge_cases”.")
        )
    for part in PARTS:
        cases = document.get(part) or []
        if not isinstance(cases, list):
            raise InvalidInput(N_("“%(part)s” must be a list of examples."), part=part)
        for place, case in enumerate(cases, 1):
            _check_case(case, part, place)
            _check_tolerance(document, case, part, place)
    return document


def _check_case(case: object, part: str, place: int) -> None:
    where = {"part": part, "place": place}
    if not isinstance(case, dict):
        raise InvalidInput(N_("Entry %(place)d of “%(part)s” is no example."), **where)
    missing = [name for name in FIELDS if name not in case]
    if missing:
        raise InvalidInput(
            N_("Entry %(place)d of “%(part)s” lacks “%(name)s”."), name=missing[0], **where
        )
    kinds = {"function": str, "inputs": dict, "expected": dict | list}
    other = [name for name, kind in kinds.items() if not isinstance(case[name], kind)]
    if other:
        raise InvalidInput(
            N_(
                "Entry %(place)d of “%(part)s”: “%(name)s” is not what it must be. A function is a"
                " text; inputs and what is expected are values by their names."
            ),
            name=other[0],
            **where,
        )


def _check_tolerance(
    document: Mapping[str, Any], case: Mapping[str, Any], part: str, place: int
) -> None:
    try:
        tolerance_of(document, case)
    except (TypeError, ValueError) as fault:
        raise InvalidInput(
            N_("Entry %(place)d of “%(part)s” has a tolerance that is none: %(fault)s."),
            part=part,
            place=place,
            fault=fault,
        ) from None


def run_examples(document: Mapping[str, Any], *, only: str = "") -> Iterator[Verdict]:
    """Run the examples of a file and yield how each came out, in the order of the file.

    Args:
        document: what :func:`read_examples` returned.
        only: the start of the function ids to run, such as ``S2``; all of them if empty.
    """
    for part in PARTS:
        for case in document.get(part) or ():
            if case["function"].startswith(only):
                yield run_example(case, tolerance_of(document, case))


def tolerance_of(document: Mapping[str, Any], case: Mapping[str, Any]) -> Tolerance:
    """Return the tolerance of an example: its own, its function's, or that of the file.

    Raises:
        TypeError: a tolerance is no number, or what it stands in is no object.
        ValueError: a tolerance is below 0, or too large.
    """
    of_case = member(case, "tolerance")
    of_function = member(member(member(document, "functions"), case["function"]), "tolerance")
    of_file = member(member(document, "meta"), "default_tolerance")
    given = of_case or of_function or of_file
    return Tolerance.read(given) if given else Tolerance()


def run_example(case: Mapping[str, Any], tolerance: Tolerance) -> Verdict:
    """Run one example by its function id and compare the result with its expectation.

    Args:
        case: ``id``, ``function``, ``inputs`` and ``expected``.
        tolerance: how far numbers may be apart.

    Returns:
        The verdict. An unknown function and inputs that the computation cannot use fail it.
    """
    verdict = Verdict(str(case["id"]), case["function"], count_numbers(case["expected"]))
    computation = find_function(case["function"])
    if computation is None:
        return _failed(verdict, "no function of this installation has this id")
    wants_error = _asks_for_an_error(case["expected"])
    try:
        got = as_json(computation(case["inputs"]))
    except REFUSALS as refusal:
        if not wants_error:
            return _failed(verdict, f"refused: {refusal}")
        got = {"status": Status.ERROR.value, "reason": getattr(refusal, "reason", None)}
    except COMPUTING_FAULTS as fault:
        return _failed(verdict, f"{type(fault).__name__}: {fault}")
    found = compare(got, case["expected"], tolerance)
    return replace(verdict, differences=tuple(found))


def _asks_for_an_error(expected: Json) -> bool:
    return isinstance(expected, dict) and expected.get("status") == Status.ERROR.value


def _failed(verdict: Verdict, why: str) -> Verdict:
    return replace(verdict, failure=why)
