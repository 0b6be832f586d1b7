"""Is a computed result what an example expects, number by number?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peeraudit.domain.statistics.results import Json

EXACT = "equal"
# Examples of counts in millions may have a coarse tolerance; beyond this one none is meant.
LARGEST = 1e9


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be from the expected one: absolute + relative times its size.

    Attributes:
        relative: share of the expected number.
        absolute: in the number's own unit.
        absolute_of: a larger absolute tolerance for the parts of a result whose name starts
            with the key, such as ``dawid_skene``.
    """

    relative: float = 1e-8
    absolute: float = 1e-10
    absolute_of: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, object]) -> "Tolerance":
        """Return the tolerance of an example file: ``rel``, ``abs`` and ``<name>_abs``.

        Args:
            given: the tolerance as the file has it; notes and other keys are ignored.

        Raises:
            TypeError: a tolerance is no number.
            ValueError: a tolerance is below 0, or so large that nothing fails it.
        """
        numbers = {name: part for name, part in given.items() if name == "rel" or _absolute(name)}
        for name, part in numbers.items():
            if isinstance(part, bool) or not isinstance(part, int | float):
                raise TypeError(f"the tolerance {name} is no number")
            if not 0 <= part <= LARGEST:
                raise ValueError(f"the tolerance {name} is below 0 or too large")
        found = {name: float(str(part)) for name, part in numbers.items()}
        parts = {n.removesuffix("_abs"): v for n, v in found.items() if n.endswith("_abs")}
        return cls(found.get("rel", 0.0), found.get("abs", 0.0), parts)

    def at(self, name: str) -> "Tolerance":
        """Return the tolerance that holds inside the part ``name`` of a result."""
        wider = [value for start, value in self.absolute_of.items() if name.startswith(start)]
        return Tolerance(self.relative, max([self.absolute, *wider]), self.absolute_of)

    def allowed(self, expected: float) -> float:
        """Return by how much a number may differ from ``expected``."""
        return self.absolute + self.relative * abs(expected)


def _absolute(name: str) -> bool:
    return name == "abs" or name.endswith("_abs")


@dataclass(frozen=True)
class Difference:
    """One place where a result is not as expected.

    Attributes:
        place: where, such as ``.ci[1]``.
        got: what was computed.
        expected: what the example says.
        allowed: by how much they may differ; None where they must be equal.
    """

    place: str
    got: Json
    expected: Json
    allowed: float | None = None

    def __str__(self) -> str:
        """Return the difference in words."""
        rule = EXACT if self.allowed is None else f"within {self.allowed:.3g}"
        return f"{self.place or 'result'}: got {self.got}, expected {self.expected} ({rule})"


def compare(got: Json, expected: Json, tolerance: Tolerance, place: str = "") -> list[Difference]:
    """Return every place where a result differs from what is expected.

    Numbers with a fraction may differ by the tolerance; integers, texts, truth values, nulls,
    and the length and order of lists must be equal. What a result has beyond the expected
    names is not compared.

    Args:
        got: the result, as JSON values.
        expected: what the example says.
        tolerance: how far numbers may be apart.
        place: where in the result this is; empty at the top.

    Returns:
        The differences, in the order of the expectation.
    """
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return [Difference(place, got, "several named parts")]
        return [
            found
            for name, part in expected.items()
            for found in _named(got, name, part, tolerance, place)
        ]
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return [Difference(place, got, expected)]
        return [
            found
            for i, (have, want) in enumerate(zip(got, expected, strict=True))
            for found in compare(have, want, tolerance, f"{place}[{i}]")
        ]
    return _scalar(got, expected, tolerance, place)


def _named(
    got: Mapping[str, Json], name: str, expected: Json, tolerance: Tolerance, place: str
) -> list[Difference]:
    where = f"{place}.{name}"
    if name not in got:
        return [Difference(where, "nothing of this name", expected)]
    return compare(got[name], expected, tolerance.at(name), where)


def _scalar(got: Json, expected: Json, tolerance: Tolerance, place: str) -> list[Difference]:
    if isinstance(expected, float):
        allowed = tolerance.allowed(expected)
        near = (
            isinstance(got, int | float)
            and not isinstance(got, bool)
            and math.isfinite(got)
            and abs(got - expected) <= allowed
        )
        return [] if near else [Difference(place, got, expected, allowed)]
    same = got == expected and isinstance(got, bool) is isinstance(expected, bool)
    return [] if same else [Difference(place, got, expected)]


def count_numbers(value: Json) -> int:
    """Return how many numbers a value holds; truth values are none."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, Mapping):
        return sum(map(count_numbers, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(map(count_numbers, value))
    return int(isinstance(value, int | float))
