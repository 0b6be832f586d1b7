"""How is one sentence of a report worded from a template with choices and blanks?

``{a|b|c}`` is a choice, which may hold others. ``<name>`` or ``<name:x:y>`` is a blank.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from peeraudit.domain.specimens.dice import Dice


@dataclass(slots=True)
class Scene:
    """What the sentences about one finding share, so that they agree with one another.

    Args:
        dice: where choices come from.
        language: ``fr`` or ``en``; it decides the decimal mark.
        sex: ``F`` or ``M``.
        age: of the patient on the day, in years.
        right: the side; the finding is on the right when True.
        size: the greatest measure, in millimetres.
        site: a template of the place; it may hold sides.
        prior: the day of the earlier examination as written in the report, or an empty text.
    """

    dice: Dice
    language: str
    sex: str
    age: int
    right: bool = True
    size: int = 0
    site: str = ""
    prior: str = ""


@dataclass(frozen=True, slots=True)
class _Blank:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple["_Parts", ...]


_Parts = tuple[str | _Blank | _Choice, ...]

_AN: Final = re.compile(r"\b([Aa]) (?=(?:8\d?|11|18) mm)")
_DEPTH: Final = {"{": 1, "<": 1, "}": -1, ">": -1}
_SIDES: Final = {
    "droit": ("droit", "gauche"),
    "droite": ("droite", "gauche"),
    "droits": ("droits", "gauches"),
    "droites": ("droites", "gauches"),
    "gauche": ("gauche", "droite"),
    "gauchem": ("gauche", "droit"),
    "right": ("right", "left"),
    "left": ("left", "right"),
}


def _decimal(scene: Scene, tenths: int) -> str:
    mark = "," if scene.language == "fr" else "."
    return f"{tenths // 10}{mark}{tenths % 10}"


def _number(scene: Scene, values: tuple[str, ...]) -> str:
    return str(scene.dice.between(int(values[0]), int(values[1])))


def _tenths(scene: Scene, values: tuple[str, ...]) -> str:
    low, high = (int(value.replace(".", "")) for value in values)
    return _decimal(scene, scene.dice.between(low, high))


_BLANKS: Final[dict[str, Callable[[Scene, tuple[str, ...]], str]]] = {
    "n": _number,
    "d": _tenths,
    "mm": lambda scene, _: str(scene.size),
    "mm2": lambda scene, _: str(max(2, scene.size * 7 // 10)),
    "site": lambda scene, _: worded(scene.site, scene),
    "sex": lambda scene, values: worded(values[0 if scene.sex == "F" else 1], scene),
    "age": lambda scene, _: str(scene.age),
    "prior": lambda scene, _: scene.prior,
}


def _closing(text: str, start: int) -> int:
    """Return where the bracket that opens at ``start`` closes."""
    depth = 0
    for place in range(start, len(text)):
        depth += _DEPTH.get(text[place], 0)
        if not depth:
            return place
    raise ValueError(text)


def _split(text: str, mark: str) -> list[str]:
    """Split at the marks that stand in no inner choice or blank."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += _DEPTH.get(letter, 0)
        if letter == mark and not depth:
            found.append(text[start:place])
            start = place + 1
    found.append(text[start:])
    return found


@cache
def _parsed(text: str) -> _Parts:
    parts: list[str | _Blank | _Choice] = []
    place = literal = 0
    while place < len(text):
        if text[place] not in "{<":
            place += 1
            continue
        parts.append(text[literal:place])
        end = _closing(text, place)
        inside = text[place + 1 : end]
        if text[place] == "{":
            parts.append(_Choice(tuple(_parsed(option) for option in _split(inside, "|"))))
        else:
            name, *values = _split(inside, ":")
            parts.append(_Blank(name, tuple(values)))
        place = literal = end + 1
    parts.append(text[literal:])
    return tuple(part for part in parts if part != "")


def _write(parts: _Parts, scene: Scene, out: list[str]) -> None:
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, _Choice):
            _write(scene.dice.pick(part.options), scene, out)
        elif part.name in _SIDES:
            out.append(_SIDES[part.name][0 if scene.right else 1])
        else:
            out.append(_BLANKS[part.name](scene, part.values))


def worded(template: str, scene: Scene) -> str:
    """Return ``template`` with its choices made and its blanks filled.

    Args:
        template: text with ``{a|b}`` choices and ``<name>`` blanks.
        scene: what the blanks say.

    Returns:
        The wording, exactly as the template spells it.

    Raises:
        KeyError: for a blank of an unknown name.
    """
    out: list[str] = []
    _write(_parsed(template), scene, out)
    return "".join(out)


def sentence(template: str, scene: Scene) -> str:
    """Return ``worded(template, scene)`` as a sentence: capital letter, clean spaces."""
    text = worded(template, scene)
    text = _AN.sub(r"\1n ", text) if scene.language == "en" else text
    text = text.replace("  ", " ").replace(" .", ".")
    return text[:1].upper() + text[1:]
