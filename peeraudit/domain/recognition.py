"""Did a reviewer recognise whose report it was, and how often was that right?"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, Msgid

NAME_MAXIMUM = 120
"""Most characters of a name that a reviewer believes to know."""


class Recognition(StrEnum):
    """Whether the author or the department was recognised, in the reviewer's own eyes."""

    NO = "no"
    GUESS = "guess"
    SURE = "sure"


class Recognised(StrEnum):
    """What was recognised."""

    AUTHOR = "author"
    DEPARTMENT = "department"


RECOGNITION_LABELS = {
    Recognition.NO: Msgid(N_("No")),
    Recognition.GUESS: Msgid(N_("I have a guess")),
    Recognition.SURE: Msgid(N_("I am sure")),
}
RECOGNISED_LABELS = {
    Recognised.AUTHOR: Msgid(N_("The author")),
    Recognised.DEPARTMENT: Msgid(N_("The department")),
}


@dataclass(frozen=True, slots=True)
class RecognitionAnswer:
    """What a reviewer answers once a review is handed in.

    Args:
        recognition: no, a guess, or sure.
        about: what was recognised; None for a plain no.
        department_id: the department that is meant; None where the reviewer names none.
        name: the author who is meant; empty where the reviewer names nobody.
    """

    recognition: Recognition
    about: Recognised | None = None
    department_id: UUID | None = None
    name: str = ""

    @property
    def names_somebody(self) -> bool:
        """Whether anybody or any department was named."""
        return self.department_id is not None or bool(self.name.strip())


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer beside the truth; for blinding alone.

    Args:
        recognition: no, a guess, or sure.
        truth: the department whose report it was.
        guess: the department that was named, None where none was.
        author: whether the author who was named is the one; None where none was named.
    """

    recognition: Recognition
    truth: UUID
    guess: UUID | None = None
    author: bool | None = None


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """The answers on the reports of one department, in reviews; the input of Bang's index.

    Args:
        right: the department was named.
        wrong: another one was.
        unsure: none was recognised, or none was named.
    """

    right: int
    wrong: int
    unsure: int


@dataclass(frozen=True, slots=True)
class GuessCounts:
    """The answers of a campaign, counted.

    Args:
        places: the departments, in the order of the tables.
        arms: one for each of ``places``.
        guesses: those who named a department, by guess (rows) and truth (columns), in reviews;
            shape (places, places).
        unsure: those who named none, by truth; shape (places,).
        answers: how often each of no, guess and sure was said.
        authors_right: reviews whose author was named.
        authors_wrong: reviews of which somebody else was named.
        unanswered: reviews handed in without an answer.
    """

    places: tuple[UUID, ...]
    arms: tuple[ArmCounts, ...]
    guesses: tuple[tuple[int, ...], ...]
    unsure: tuple[int, ...]
    answers: dict[Recognition, int]
    authors_right: int
    authors_wrong: int
    unanswered: int

    @property
    def james_table(self) -> tuple[tuple[int, ...], ...]:
        """The table that James' index takes: guesses by truth, then "don't know"."""
        return (*self.guesses, self.unsure)

    def to_json(self) -> str:
        """Return the counts as a text, to be kept when the guesses themselves are destroyed."""
        return json.dumps(asdict(self), sort_keys=True, default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the counts that a text of ``to_json`` holds."""
        data = json.loads(text)
        return cls(
            places=tuple(map(UUID, data["places"])),
            arms=tuple(ArmCounts(**arm) for arm in data["arms"]),
            guesses=tuple(map(tuple, data["guesses"])),
            unsure=tuple(data["unsure"]),
            answers={Recognition(word): count for word, count in data["answers"].items()},
            authors_right=data["authors_right"],
            authors_wrong=data["authors_wrong"],
            unanswered=data["unanswered"],
        )


def check_answer(
    answer: RecognitionAnswer, about: Collection[Recognised], departments: Collection[UUID]
) -> None:
    """Refuse an answer that contradicts itself.

    Args:
        answer: as it was given.
        about: what may have been recognised.
        departments: those that may be named.

    Raises:
        InvalidFields: ``fields`` says what, by field.
    """
    problems: dict[str, InvalidInput] = {}
    is_no = answer.recognition is Recognition.NO
    if is_no and (answer.about is not None or answer.names_somebody):
        problems["recognition"] = InvalidInput(
            N_("Whoever recognised nobody names nobody: clear the name, or say that you guess.")
        )
    elif not is_no and answer.about not in about:
        problems["about"] = InvalidInput(N_("Say whether it was the author or the department."))
    if answer.department_id is not None and answer.department_id not in departments:
        problems["department_id"] = InvalidInput(N_("Choose a department of the list, or none."))
    if len(answer.name.strip()) > NAME_MAXIMUM:
        problems["name"] = InvalidInput(
            N_("A name may have at most %(maximum)d characters."), maximum=NAME_MAXIMUM
        )
    if problems:
        raise InvalidFields(problems)


def count_guesses(
    judged: Iterable[Judged], places: Collection[UUID], *, unanswered: int = 0
) -> GuessCounts:
    """Return the answers of a campaign, counted.

    Args:
        judged: one for each answer, in any order.
        places: the departments that could be named; those of the answers are added.
        unanswered: reviews handed in without an answer.
    """
    answers = list(judged)
    found = {one.truth for one in answers} | {one.guess for one in answers if one.guess}
    order = tuple(sorted({*places} | found))
    pairs = Counter((one.guess, one.truth) for one in answers if one.guess is not None)
    unsure = Counter(one.truth for one in answers if one.guess is None)
    arms = tuple(
        ArmCounts(
            right=pairs[place, place],
            wrong=sum(pairs[other, place] for other in order if other != place),
            unsure=unsure[place],
        )
        for place in order
    )
    said = Counter(one.recognition for one in answers)
    return GuessCounts(
        places=order,
        arms=arms,
        guesses=tuple(tuple(pairs[guess, truth] for truth in order) for guess in order),
        unsure=tuple(unsure[place] for place in order),
        answers={one: said[one] for one in Recognition},
        authors_right=sum(one.author is True for one in answers),
        authors_wrong=sum(one.author is False for one in answers),
        unanswered=unanswered,
    )


def names_author(guess: str, name: str) -> bool:
    """Return whether a guess means an author: the family name, and nothing that contradicts it.

    Args:
        guess: as the reviewer wrote it, such as ``Dr M. Lenoir``.
        name: given names, then the family name, as the department writes them.
    """
    known = [fold_word(word) for word in _WORD.findall(name)]
    said = [word for w in _WORD.findall(guess) if (word := fold_word(w)) not in _TITLES]
    if not known or known[-1] not in said:
        return False
    # An initial stands for a given name.
    return all(any(k == word or (len(word) == 1 and k[0] == word) for k in known) for word in said)


_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset({"dr", "pr", "docteur", "professeur", "doctor", "professor", "mme", "mr", "ms"})
