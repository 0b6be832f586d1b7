"""How is the agreement of reviewers laid out, beside what chance alone would give?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.panel_agreement import SAME, WEIGHTED
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.in_words import not_shown, number, phrase, reason_of

WORDS: Final[Mapping[str, tuple[Msgid, Msgid]]] = {
    "positive": (
        Msgid(N_("When one reviewer saw a discrepancy, did the other see one too?")),
        Msgid(N_("Share of such cases in which both saw one (positive specific agreement).")),
    ),
    "alpha": (
        Msgid(N_("How close are the scores of two reviewers?")),
        Msgid(
            N_("Krippendorff’s ordinal alpha: 1 is full agreement, 0 is what chance would give.")
        ),
    ),
    SAME: (
        Msgid(N_("Do two reviewers give the same score?")),
        Msgid(
            N_(
                "Share of cases with one score from both. With few discrepancies it is high by "
                "chance; read it beside the two others."
            )
        ),
    ),
}
"""What each coefficient answers, and what it is; the pair first, the share never alone."""
TERMS: Final[Mapping[str, str]] = {
    "positive": "positive-agreement",
    "alpha": "alpha",
    SAME: "agreement",
}
"""Their words in the glossary."""


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """How far reviewers agree, in [0, 1].

    Attributes:
        chance: what chance alone would give; None where there is no such value.
        naive: what counting the cases read twice without weights would give, wrong by design;
            None where it is not told.
        read_twice: cases with two readings behind it; None where nothing is told.
        reason: why there is nothing to show; None where there is.
        is_share: the value is a share of cases, else a coefficient.
        term: its key in the glossary.
    """

    label: Sentence
    meaning: Sentence
    estimate: Estimate
    chance: float | None
    naive: float | None
    read_twice: int | None
    reason: Sentence | None
    is_share: bool
    term: str


def agreement_lines(agreement: Mapping[str, Estimate], limits: Limits) -> tuple[AgreementLine, ...]:
    """Return the coefficients that a snapshot tells, the headline pair first.

    Args:
        agreement: by name, as ``panel_agreement`` gives it.
        limits: the minimum counts of the audience.
    """
    return tuple(_line(name, agreement[name], limits) for name in WORDS if name in agreement)


def _line(name: str, estimate: Estimate, limits: Limits) -> AgreementLine:
    missing = estimate.value is None
    known = {} if missing else estimate.details
    label, meaning = WORDS[name]
    twice = known.get("read_twice", None if missing else estimate.n)
    return AgreementLine(
        label=Sentence(label),
        meaning=Sentence(meaning),
        estimate=estimate,
        chance=_share(known.get("independence")),
        naive=_share(known.get("naive")),
        read_twice=twice if isinstance(twice, int) else None,
        reason=not_shown(reason_of(estimate.reasons, limits)) if missing else None,
        is_share=name != "alpha",
        term=TERMS[name],
    )


def _share(value: object) -> float | None:
    return value if isinstance(value, float) else None


def agreement_notes(agreement: Mapping[str, Estimate], limits: Limits) -> Iterable[Sentence]:
    """Yield how the second readings came about, and why they are not weighted where they are not.

    Args:
        agreement: as for ``agreement_lines``.
        limits: the minimum counts of the audience.
    """
    positive = agreement["positive"]
    closed = positive.details.get("not_weighted")
    if positive.method.startswith(WEIGHTED):
        yield Sentence(
            N_(
                "The first score decided which cases were read again. Each class of first scores "
                "counts with its share of all %(n)s first readings."
            ),
            {"n": number(positive.n)},
        )
    elif isinstance(closed, list):
        reason = reason_of([str(code) for code in closed], limits)
        yield Sentence(
            N_(
                "Only cases designated by chance for a second reading count here. The weighted "
                "agreement over all second readings is not shown: %(reason)s."
            ),
            {"reason": phrase(reason)},
        )
