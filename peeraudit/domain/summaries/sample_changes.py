"""What became of a sample after its draw, and how is a department told?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from peeraudit.domain.blinding.checks import EXCLUSION_LABELS, ExclusionReason
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.summaries.in_words import number, phrase

Line = tuple[Sentence, Sentence]


@dataclass(frozen=True, slots=True)
class Growth:
    """A draw that was extended: whoever knows scores could extend it until they please.

    Attributes:
        extended_at: when.
        before: reports drawn in the campaign until then.
        after: from then on.
        own_before: those of the department until then.
        own_after: from then on.
        reason: that was given.
        reviews: handed in by then in the whole campaign.
    """

    extended_at: datetime
    before: int
    after: int
    own_before: int
    own_after: int
    reason: str
    reviews: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; the moment as ISO 8601."""
        return asdict(self) | {"extended_at": self.extended_at.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Growth":
        """Return what ``to_dict`` wrote."""
        return cls(**{**data, "extended_at": datetime.fromisoformat(data["extended_at"])})


def extensions_told(extensions: Sequence[Growth]) -> Iterable[Line]:
    """Yield each extension as a label and a sentence."""
    for one in extensions:
        scores = (
            Sentence(
                N_(
                    "%(count)s reviews of the campaign had been handed in by then; the further "
                    "reports are the next ones of the same draw, chosen by nobody."
                ),
                {"count": number(one.reviews)},
            )
            if one.reviews
            else Sentence(N_("No review of the campaign had been handed in by then."))
        )
        yield (
            Sentence(N_("Sample extended")),
            Sentence(
                N_(
                    "On %(day)s, from %(before)s to %(after)s reports in the campaign, and from "
                    "%(own_before)s to %(own_after)s in this department. Reason given: "
                    "“%(reason)s” %(scores)s"
                ),
                {
                    "day": one.extended_at,
                    "before": number(one.before),
                    "after": number(one.after),
                    "own_before": number(one.own_before),
                    "own_after": number(one.own_after),
                    "reason": one.reason,
                    "scores": phrase(scores),
                },
            ),
        )


def replacements_told(replaced: Sequence[tuple[str, int]]) -> Iterable[Line]:
    """Yield, for each reason, how many reports of the department the next of the draw replaced."""
    for reason, count in replaced:
        yield (
            Sentence(N_("Reports replaced")),
            Sentence(
                N_("%(count)s of this department, by the next of the draw. Reason: %(reason)s."),
                {
                    "count": number(count),
                    "reason": phrase(Sentence(EXCLUSION_LABELS[ExclusionReason(reason)])),
                },
            ),
        )
