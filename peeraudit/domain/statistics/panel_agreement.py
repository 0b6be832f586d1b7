"""How far do the reviewers of a campaign agree, as it may be shown?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from peeraudit.domain.instruments import Instrument
from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_two_phase import TwoPhaseAgreement, two_phase_agreement
from peeraudit.domain.statistics.gates import closed_by
from peeraudit.domain.statistics.positive_agreement import POSITIVE, positive_agreement
from peeraudit.domain.statistics.results import Estimate, Status

ALPHA = "krippendorff.ordinal"
HEADLINE = {"positive": "positive", "alpha": "alpha_ordinal"}
"""The pair that answers whether reviewers agree on discrepancies (statistics.md 0.3)."""
SAME = "same"
"""The share of cases with one score from both, told beside the pair and never alone."""
WEIGHTED = "S3.04"

Patterns = Sequence[tuple[tuple[int, ...], int]]


@dataclass(frozen=True, slots=True)
class SecondReads:
    """What the second readings were drawn from, and what they said.

    Attributes:
        first: first reads of each score, in the scale's order; all of them.
        table: second readings that chance or the protocol called for, by first score (rows) and
            second score (columns).
        is_routed: the first score decided on some of them.
    """

    first: tuple[int, ...]
    table: tuple[tuple[int, ...], ...]
    is_routed: bool


def panel_agreement(
    patterns: Patterns, seconds: SecondReads, scale: Instrument, *, by_jackknife: bool = False
) -> dict[str, Estimate]:
    """Return the agreement of the whole panel, as it may be shown.

    Where the first score decided which cases were read again, all second readings count, each
    class with its true weight (S3.04). Where these are too few to be weighted, and where no score
    decided, only the cases designated by chance count (S3.01).

    Args:
        patterns: (readings per score in the scale's order, cases) of the designated cases.
        seconds: all second readings.
        scale: what was scored with.
        by_jackknife: the interval of positive agreement is that of S3.01, as earlier editions
            had it, and not that of the shared calls.

    Returns:
        ``positive`` and ``alpha``; weighted ones also ``same``. ``details``: ``independence``
        (what chance alone would give), ``read_twice``, for ``same`` the ``naive`` share, wrong by
        design; ``not_weighted``, why it is not the weighted form although a score decided.
    """
    positive = [place for place, code in enumerate(scale.codes) if code in scale.discrepant]
    if not seconds.is_routed or not seconds.table:
        return _designated(patterns, len(scale.codes), positive, (), by_jackknife=by_jackknife)
    found = two_phase_agreement(seconds.first, seconds.table, positive=positive)
    closed = found.reasons or closed_by(WEIGHTED, _facts(found, seconds.table, positive))
    if not closed and all(found.coefficients[name].ci for name in HEADLINE.values()):
        return _weighted(found, seconds, positive)
    why = closed or ("UNSTABLE",)
    return _designated(patterns, len(scale.codes), positive, why, by_jackknife=by_jackknife)


def _facts(
    found: TwoPhaseAgreement, table: Sequence[Sequence[int]], positive: Sequence[int]
) -> dict[str, int]:
    called = sum(
        items * ((k in positive) + (other in positive))
        for k, row in enumerate(table)
        for other, items in enumerate(row)
    )
    return {
        "items": found.n_double,
        "discrepant_readings": called,
        "concordant_second_reads": found.n_concordant_double,
    }


def _weighted(
    found: TwoPhaseAgreement, seconds: SecondReads, positive: Sequence[int]
) -> dict[str, Estimate]:
    margin = _margin(seconds)
    twice: dict[str, object] = {"read_twice": found.n_double}
    # Alpha is 0 where readers score independently, by its definition.
    floors = {"positive": float(margin[list(positive)].sum()), "alpha": 0.0}
    shown = {
        name: replace(found.coefficients[key], details={"independence": floors[name], **twice})
        for name, key in HEADLINE.items()
    }
    same = found.coefficients["pct"]
    if same.ci is None:
        return shown
    beside = {"independence": float((margin**2).sum()), "naive": found.naive_pct, **twice}
    return shown | {SAME: replace(same, details=beside)}


def _margin(seconds: SecondReads) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the share of each score among all readings, had every case been read twice."""
    first, table = np.array(seconds.first, float), np.array(seconds.table, float)
    again = np.maximum(table.sum(axis=1), 1)
    share = first / first.sum()
    result: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        share + share @ (table / again[:, None])
    ) / 2
    return result


def _designated(
    patterns: Patterns,
    categories: int,
    positive: Sequence[int],
    closed: tuple[str, ...],
    *,
    by_jackknife: bool,
) -> dict[str, Estimate]:
    counts = dict(patterns)
    suite = agreement_suite(counts, categories=categories, positive=positive)
    beside: dict[str, object] = {"not_weighted": list(closed)} if closed else {}
    if suite.status is not Status.OK:
        blank = Estimate(
            method="S3.01@1",
            inputs_sha256=suite.inputs_sha256,
            status=suite.status,
            reasons=suite.reasons,
            details=beside,
        )
        return {"positive": blank, "alpha": blank}
    # The floor is what tells agreement from chance, so it stays beside a bare point too.
    calls = suite.shown(POSITIVE) if by_jackknife else positive_agreement(suite, counts, positive)
    return {
        "positive": _with_floor(suite.coefficients[POSITIVE], calls, beside),
        "alpha": _with_floor(suite.coefficients[ALPHA], suite.shown(ALPHA), beside),
    }


def _with_floor(full: Estimate, shown: Estimate, beside: Mapping[str, object]) -> Estimate:
    if shown.value is None:
        return replace(shown, details={**shown.details, **beside})
    floor = {"independence": full.details.get("independence"), "read_twice": shown.n}
    return replace(shown, details={**floor, **beside})
