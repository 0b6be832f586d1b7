"""Which broken rules can a person act on, and what is the person told?"""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction knows
    """Mark ``message`` for translation without translating it; return it unchanged."""
    return message


class Msgid(str):
    """A parameter of a message that is itself a text to translate, such as a state's label."""

    __slots__ = ()


class DomainError(Exception):
    """A rule of the audit was broken; the message is safe to show to a user.

    The message is an English template with named placeholders, so that a door can
    translate it before it fills in the values.

    Args:
        message: the sentence, with ``%(name)s`` placeholders.
        params: the values of the placeholders.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class NotAllowed(DomainError):
    """The person may not do this."""


class NotFound(DomainError):
    """What was asked for does not exist, or is not this person's to see."""


class InvalidInput(DomainError):
    """A value that a person gave cannot be used."""


class InvalidFields(InvalidInput):
    """Several values of one form cannot be used.

    Args:
        fields: what is wrong with each, by the field's name; at least one.
    """

    def __init__(self, fields: Mapping[str, InvalidInput]) -> None:
        super().__init__(N_("Please check the marked fields; nothing that you entered was lost."))
        self.fields = dict(fields)


class IllegalMove(DomainError):
    """The event is not allowed in the present state."""


class Conflicting(DomainError):
    """Another change came first, or the thing exists already."""
