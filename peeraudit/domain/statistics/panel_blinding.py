"""Could the reviewers of a campaign tell whose reports they read, as it may be shown?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from peeraudit.domain.json_text import is_count
from peeraudit.domain.statistics.gates import closed_by
from peeraudit.domain.statistics.integrity.blinding_indices import BANG, bang_index, james_index
from peeraudit.domain.statistics.reliability import suppressed
from peeraudit.domain.statistics.results import Estimate

AUTHOR, DEPARTMENT, TOGETHER = "author", "department", "together"
ARM = "arm:"
"""Before the department whose reports they were."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """What reviewers answered once a review was handed in; counts are reviews.

    Attributes:
        places: the departments, in the order of the tables.
        table: those who named a department, by guess (rows) and truth (columns).
        unsure: those who named none, by truth.
        authors: of which the author was named, and of which somebody else was.
        asks_department: the protocol hides the department, so that it can be recognised.
    """

    places: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    unsure: tuple[int, ...]
    authors: tuple[int, int]
    asks_department: bool

    @property
    def answers(self) -> int:
        """Reviews with an answer."""
        return sum(map(sum, self.table)) + sum(self.unsure)

    def arm(self, place: int) -> tuple[int, int, int]:
        """Return right and wrong guesses, and none, on the reports of one department."""
        named = sum(row[place] for row in self.table)
        right = self.table[place][place]
        return right, named - right, self.unsure[place]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Guesses":
        """Return the counts that JSON holds.

        Raises:
            KeyError, TypeError, ValueError: they are no such counts.
        """
        right, wrong = data["authors"]
        found = cls(
            places=tuple(data["places"]),
            table=tuple(tuple(row) for row in data["table"]),
            unsure=tuple(data["unsure"]),
            authors=(right, wrong),
            asks_department=data["asks_department"],
        )
        found._check()
        return found

    def _check(self) -> None:
        size = len(self.places)
        counts = [*(n for row in self.table for n in row), *self.unsure, *self.authors]
        if (
            not all(isinstance(place, str) for place in self.places)
            or len(set(self.places)) < size
            or {len(row) for row in [*self.table, self.unsure]} != {size}
            or len(self.table) != size
            or not all(map(is_count, counts))
            or not isinstance(self.asks_department, bool)
        ):
            raise ValueError("guesses come as counts by department, each department once")


def panel_blinding(guesses: Guesses | None) -> dict[str, Estimate]:
    """Return the blinding indices of a campaign, S8.01 and S8.02, as the lead may see them.

    Args:
        guesses: the answers; None where nobody was asked.

    Returns:
        Bang's index of the authors named (``author``); where the department is hidden also of the
        departments named, over all (``department``) and per department (``arm:`` and its id), and
        James' index over all (``together``). ``details`` of Bang's: ``right``, ``wrong``,
        ``unsure``, ``no_sign_of_unmasking``. Fewer than 30 answers of an arm: suppressed. All
        answers alike: ``NO_VARIATION``, since no interval follows from them.
    """
    if guesses is None:
        return {}
    right, wrong = guesses.authors
    found = {AUTHOR: _bang(right, wrong, guesses.answers - right - wrong)}
    if not guesses.asks_department:
        return found
    arms = {key: guesses.arm(place) for place, key in enumerate(guesses.places)}
    pooled = [sum(part) for part in zip(*arms.values(), strict=True)] or [0, 0, 0]
    james = james_index((*guesses.table, guesses.unsure)) if arms else None
    found[DEPARTMENT] = _bang(*pooled)
    if james is not None:
        found[TOGETHER] = _open("S8.02", james, guesses.answers)
    return found | {f"{ARM}{key}": _bang(*arm) for key, arm in arms.items()}


def _bang(right: int, wrong: int, unsure: int) -> Estimate:
    index = bang_index(right, wrong, unsure)
    counts = {"right": right, "wrong": wrong, "unsure": unsure}
    shown = _open(BANG.partition("@")[0], index, right + wrong + unsure)
    return shown if shown.value is None else replace(shown, details={**shown.details, **counts})


def _open(function: str, index: Estimate, answers: int) -> Estimate:
    if index.value is None:
        return index
    if closed := closed_by(function, {"answers_per_arm": answers}):
        return suppressed(index, closed)
    if index.ci is None or index.ci[0] == index.ci[1]:
        return suppressed(index, ("NO_VARIATION",))
    return index
