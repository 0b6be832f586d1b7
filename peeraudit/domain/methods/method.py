"""What is told of a method: in plain words by us, in technical ones by its code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Method:
    """One function of the specification in words.

    Attributes:
        id: such as ``S2.02``.
        functions: the code that computes it, the main one first.
        title: in a few words.
        question: which question it answers.
        how: the formula in words, units included.
        edges: what happens at the edges.
        shown: when it is shown; empty where its gate says so.
        version: of the computation, as results name it after the ``@``.
        earlier: versions by which snapshots that were kept before are still computed.
    """

    id: str
    functions: tuple[Callable[..., Any], ...]
    title: str
    question: str
    how: str
    edges: str
    shown: str = ""
    version: int = VERSION
    earlier: tuple[int, ...] = ()

    @property
    def tag(self) -> str:
        """Id and version, such as ``S2.02@1``."""
        return f"{self.id}@{self.version}"

    @property
    def tags(self) -> frozenset[str]:
        """The tags that results may name, those of earlier versions included."""
        return frozenset(f"{self.id}@{number}" for number in (*self.earlier, self.version))
