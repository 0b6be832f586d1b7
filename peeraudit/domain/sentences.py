"""How is a sentence kept so that each reader gets it in the own language?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

# Written for every item that arrives: an encoder is not made each time.
_JSON = json.JSONEncoder(ensure_ascii=False, default=str).encode

_QUOTED = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template with named placeholders, and their values.

    Attributes:
        message: the template, such as ``line %(number)d``.
        params: numbers and short texts for its placeholders.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % dict(self.params) if self.params else self.message

    def to_json(self) -> str:
        """Return the sentence as one line of JSON."""
        params = self.params
        if len(params) == 1:
            # Where an item stands, most often by its number alone.
            ((name, value),) = params.items()
            if type(value) is int:
                return f"[{_QUOTED(self.message)}, {{{_QUOTED(name)}: {value}}}]"
        return _JSON([self.message, dict(params)])

    @classmethod
    def from_json(cls, text: str) -> "Sentence":
        """Return the sentence that ``to_json`` wrote.

        Raises:
            ValueError: the text is something else.
        """
        message, params = json.loads(text)
        return cls(str(message), dict(params))
