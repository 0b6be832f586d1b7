"""How is a protocol read back from its text, and what is wrong with a text that is none?"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import inf, isfinite
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from peeraudit.domain.errors import N_, InvalidInput, Msgid
from peeraudit.domain.protocol import FIRST_LEVEL, FORMAT, Protocol
from peeraudit.domain.strata import StratumField, in_order


@lru_cache(maxsize=128)
def from_json(text: str) -> Protocol:
    """Return the protocol that a text holds.

    What has a default may be absent; what is unknown is refused, so that a misspelt rule is
    never silently ignored. Whether the rules are sound is for ``check_protocol``. The rules of
    a campaign are asked for at every act, so that the last texts are not read again.

    Args:
        text: JSON, canonical or not.

    Returns:
        The protocol; of a canonical text, one with the same canonical text.

    Raises:
        InvalidInput: the text is not JSON, or a value is missing, unknown or of a wrong kind;
            the sentence names it by its dotted path.
    """
    try:
        data = json.loads(text)
    except (RecursionError, ValueError) as error:
        # A text that is nested too deeply, or a number of too many digits, has no place.
        at = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        raise InvalidInput(
            N_("The protocol is not valid JSON (line %(line)d, column %(column)d)."),
            line=at[0],
            column=at[1],
        ) from None
    return from_mapping(data)


def from_mapping(data: object) -> Protocol:
    """Return the protocol that parsed JSON holds.

    Raises:
        InvalidInput: as for ``from_json``.
    """
    if isinstance(data, Mapping):
        if data.get("format", FORMAT) != FORMAT:
            raise _wrong("format", FORMAT)
        data = _with_strata({name: value for name, value in data.items() if name != "format"})
    protocol: Protocol = _read(Protocol, data, "")
    return protocol


def _with_strata(data: dict[str, Any]) -> dict[str, Any]:
    """Return the rules with the strata among those of the sampling, where the object has them."""
    sampling = data.get("sampling", {})
    if isinstance(sampling, Mapping) and "strata" in sampling:
        raise InvalidInput(N_("The protocol has no rule named “%(name)s”."), name="sampling.strata")
    if "strata" not in data:
        return data
    given = data["strata"]
    if not isinstance(given, list) or given[:1] != [FIRST_LEVEL]:
        raise _wrong("strata", N_("a list that begins with “department”"))
    fields = [_read_choice(StratumField, one, "strata") for one in given[1:]]
    if len(set(fields)) < len(fields):
        raise _wrong("strata", N_("a list that names nothing twice"))
    rules = {name: value for name, value in data.items() if name != "strata"}
    if not isinstance(sampling, Mapping):
        return rules
    ordered = list(in_order([StratumField(one) for one in fields]))
    return {**rules, "sampling": {**sampling, "strata": ordered}}


def _read(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401 - any annotation
    if is_dataclass(kind):
        return _read_fields(kind, value, path)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _wrong(path, N_("a list"))
        return tuple(_read(get_args(kind)[0], item, path) for item in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _read(get_args(kind)[0], value, path)
    return READERS[StrEnum if issubclass(kind, StrEnum) else kind](kind, value, path)


def _read_fields(kind: Any, value: object, path: str) -> object:  # noqa: ANN401
    if not isinstance(value, Mapping):
        raise _wrong(path or "protocol", N_("an object"))
    known: dict[str, Field[Any]] = {field.name: field for field in fields(kind)}
    unknown = sorted(str(name) for name in value if name not in known)
    if unknown:
        raise InvalidInput(
            N_("The protocol has no rule named “%(name)s”."), name=_join(path, unknown[0])
        )
    absent = [n for n, field in known.items() if n not in value and field.default is MISSING]
    if absent:
        raise InvalidInput(
            N_("The protocol lacks the rule “%(name)s”."), name=_join(path, absent[0])
        )
    hints = get_type_hints(kind)
    read = {name: _read(hints[name], item, _join(path, name)) for name, item in value.items()}
    return kind(**read)


def _read_text(kind: type[str], value: object, path: str) -> str:
    # Half a character, which JSON can spell, is in no text that can be written down.
    if not isinstance(value, str) or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise _wrong(path, N_("a text"))
    return value


def _read_choice(kind: type[StrEnum], value: object, path: str) -> StrEnum:
    for member in kind:
        if member.value == value:
            return member
    raise _wrong(path, " | ".join(kind))


def _read_flag(kind: type[bool], value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(path, "true | false")
    return value


def _read_whole(kind: type[int], value: object, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, N_("a whole number"))
    return value


def _read_number(kind: type[float], value: object, path: str) -> float:
    # NaN and the infinities are no JSON, though Python reads them.
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:
            found = inf
        if isfinite(found):
            return found
    raise _wrong(path, N_("a number"))


def _read_day(kind: type[date], value: object, path: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(path, N_("a day such as 2026-01-31")) from None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wrong(path: str, expected: object) -> InvalidInput:
    return InvalidInput(
        N_("The rule “%(name)s” of the protocol must be: %(expected)s."),
        name=path,
        expected=Msgid(expected) if isinstance(expected, str) else json.dumps(expected),
    )


READERS: Mapping[Any, Callable[[Any, object, str], object]] = {
    StrEnum: _read_choice,
    str: _read_text,
    bool: _read_flag,
    int: _read_whole,
    float: _read_number,
    date: _read_day,
}
