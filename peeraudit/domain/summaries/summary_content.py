"""What does a numbered summary hold, once and for all, for each audience?"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.campaign import canonical
from peeraudit.domain.statistics.comparing import Among
from peeraudit.domain.summaries.disclosure import Audience, Limits, Telling, Told, limits_for
from peeraudit.domain.summaries.in_words import compose
from peeraudit.domain.summaries.sample_changes import Growth

FORMAT = "peeraudit/summary/v1"
PARTS = ("found", "sure", "next")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a summary is about and what it was computed from.

    Attributes:
        instrument: code and version of the scale.
        seed: of the draw, which is public.
        snapshot: number of the final snapshot.
        data_sha256: fingerprint of the counts.
        methods: ids and versions of the computations.
        recognition: what reviewers recognised over all reports, as sentences.
        named: reports that the department had read to teach from; they are in no number.
        strata: what divides the list for the draw, where that is not department and modality.
        extensions: of the draw, in their order.
        replaced: (reason, reports) of the department's drawn reports that others replaced.
    """

    campaign_code: str
    campaign_title: str
    period_start: date
    period_end: date
    department_code: str
    department_name: str
    instrument: tuple[str, int]
    hides_department: bool
    seed: str
    frame_sha256: str
    protocol_sha256: str
    snapshot: int
    data_sha256: str
    methods: tuple[str, ...]
    frozen_at: datetime
    issued_at: datetime
    recognition: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    named: int = 0
    strata: tuple[str, ...] = ()
    extensions: tuple[Growth, ...] = ()
    replaced: tuple[tuple[str, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as JSON values; days and moments as ISO 8601."""
        times = {
            name: value.isoformat()
            for name, value in asdict(self).items()
            if isinstance(value, date | datetime)
        }
        return (
            asdict(self)
            | times
            | {
                "instrument": list(self.instrument),
                "methods": list(self.methods),
                "recognition": [list(one) for one in self.recognition],
                "strata": list(self.strata),
                "extensions": [one.to_dict() for one in self.extensions],
                "replaced": [list(one) for one in self.replaced],
            }
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Facts":
        """Return the facts that ``to_dict`` wrote."""
        days = {name: date.fromisoformat(data[name]) for name in ("period_start", "period_end")}
        moments = {name: datetime.fromisoformat(data[name]) for name in ("frozen_at", "issued_at")}
        code, version = data["instrument"]
        rest = {
            "instrument": (code, version),
            "methods": tuple(data["methods"]),
            # Summaries of earlier versions do not tell these.
            "recognition": tuple((m, params) for m, params in data.get("recognition", ())),
            "strata": tuple(data.get("strata", ())),
            "extensions": tuple(Growth.from_dict(one) for one in data.get("extensions", ())),
            "replaced": tuple((reason, count) for reason, count in data.get("replaced", ())),
        }
        return cls(**{**data, **days, **moments, **rest})


@dataclass(frozen=True, slots=True)
class Part:
    """What one audience reads.

    Attributes:
        told: the numbers.
        limits: the minimum counts behind them.
        sentences: one or two each for ``found``, ``sure`` and ``next``.
        reference: the network's first-read rate, None where it may not be told.
        among: where the department stands among the others.
    """

    told: Told
    limits: Limits
    sentences: Mapping[str, tuple[Sentence, ...]]
    reference: float | None
    among: Among

    def to_dict(self) -> dict[str, Any]:
        """Return the part as JSON values."""
        return {
            "told": self.told.to_dict(),
            "limits": asdict(self.limits),
            "sentences": {
                name: [[one.message, dict(one.params)] for one in self.sentences[name]]
                for name in PARTS
            },
            "reference": self.reference,
            "among": self.among.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Part":
        """Return the part that ``to_dict`` wrote."""
        return cls(
            told=Told.from_dict(data["told"]),
            limits=Limits(**data["limits"]),
            sentences={
                name: tuple(Sentence(message, params) for message, params in found)
                for name, found in data["sentences"].items()
            },
            reference=data["reference"],
            among=Among.from_dict(data["among"]),
        )


@dataclass(frozen=True, slots=True)
class SummaryContent:
    """A summary as it is kept: page, PDF and interface read these same numbers."""

    number: str
    facts: Facts
    parts: Mapping[Audience, Part]

    def to_json(self) -> str:
        """Return the one text of this summary."""
        return canonical(
            {
                "format": FORMAT,
                "number": self.number,
                "facts": self.facts.to_dict(),
                "parts": {audience.value: part.to_dict() for audience, part in self.parts.items()},
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "SummaryContent":
        """Return the summary that ``to_json`` wrote.

        Raises:
            ValueError: the text is something else.
        """
        data = json.loads(text)
        if data.get("format") != FORMAT:
            raise ValueError("this is no summary")
        return cls(
            number=data["number"],
            facts=Facts.from_dict(data["facts"]),
            parts={Audience(name): Part.from_dict(part) for name, part in data["parts"].items()},
        )


def write_content(
    number: str, facts: Facts, telling: Telling, place: str, thresholds: Thresholds
) -> SummaryContent:
    """Return the summary of one department.

    Args:
        number: under which it is kept.
        facts: what it is about.
        telling: what may be told, as the snapshot holds it.
        place: the department, as in ``telling``.
        thresholds: the protocol's minimum counts.

    Returns:
        The summary with its part for the department and its part for others.
    """
    inside, outside = (limits_for(audience, thresholds) for audience in Audience)
    own, others = telling.inside[place], telling.outside[place]
    network = telling.network.total["first_read"].value
    compared = telling.comparison
    return SummaryContent(
        number=number,
        facts=facts,
        parts={
            Audience.INSIDE: _part(
                own,
                inside,
                telling.reference.get(place),
                compared.seen_from(place, telling.standing.get(place)),
            ),
            Audience.OUTSIDE: _part(
                others, outside, network, compared.seen_from(place, compared.standings.get(place))
            ),
        },
    )


def _part(told: Told, limits: Limits, reference: float | None, among: Among) -> Part:
    sentences = {name: tuple(found) for name, found in compose(told, limits).items()}
    return Part(told, limits, sentences, reference, among)
