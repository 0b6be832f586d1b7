"""How is the severity of reviewers laid out, without a name and without a rank?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """One reviewer beside the others.

    Attributes:
        code: stands for the reviewer in this snapshot only.
        readings: first readings that chance allotted.
        odds_ratio: of calling a discrepancy, against colleagues on comparable cases; None where
            it is not told.
        limits: its 95 % interval.
        verdict: what it means, or why nothing is told.
    """

    code: str
    readings: int | None
    odds_ratio: float | None
    limits: tuple[float, float] | None
    verdict: Sentence


@dataclass(frozen=True, slots=True)
class SeverityTable:
    """All reviewers of a campaign, by their codes.

    Attributes:
        sentences: what to see; where nothing is told, why.
        rows: those who have enough readings.
        hidden: how many have too few.
    """

    sentences: tuple[Sentence, ...]
    rows: tuple[SeverityRow, ...] = ()
    hidden: int = 0


def severity_table(panel: Panel) -> SeverityTable:
    """Return what the audit lead reads: codes in no order of severity.

    Args:
        panel: as ``shown_severity`` gives it.
    """
    rows = tuple(severity_row(code, one) for code, one in panel.units.items() if _is_told(one))
    hidden = len(panel.units) - len(rows)
    if not panel.units:
        return SeverityTable(_why(panel.reasons))
    if not rows:
        few = Sentence(N_("No reviewer has enough first readings yet."))
        return SeverityTable((few,), hidden=hidden)
    return SeverityTable((_seen(panel, rows),), rows, hidden)


def severity_row(code: str, one: Estimate) -> SeverityRow:
    """Return one reviewer's estimate, as that reviewer or the lead reads it."""
    if one.value is None or one.ci is None:
        (reason,) = _why(one.reasons)
        return SeverityRow(code, None, None, None, reason)
    limits = math.exp(one.ci[0]), math.exp(one.ci[1])
    return SeverityRow(code, one.n, math.exp(one.value), limits, _verdict(one))


def own_sentence(row: SeverityRow) -> Sentence:
    """Return what a reviewer reads of the own readings."""
    if row.odds_ratio is None or row.limits is None:
        return row.verdict
    values: Mapping[str, object] = {
        "ratio": _ratio(row.odds_ratio),
        "low": _ratio(row.limits[0]),
        "high": _ratio(row.limits[1]),
        "n": {"number": row.readings},
    }
    if row.limits[0] <= 1 <= row.limits[1]:
        return Sentence(
            N_(
                "In your %(n)s first readings you called a discrepancy about as often as "
                "colleagues on comparable cases: odds ratio %(ratio)s (95%% interval %(low)s to "
                "%(high)s). A difference within this interval may be chance."
            ),
            values,
        )
    if row.odds_ratio > 1:
        return Sentence(
            N_(
                "In your %(n)s first readings you called a discrepancy more often than colleagues "
                "on comparable cases: odds ratio %(ratio)s (95%% interval %(low)s to %(high)s)."
            ),
            values,
        )
    return Sentence(
        N_(
            "In your %(n)s first readings you called a discrepancy less often than colleagues on "
            "comparable cases: odds ratio %(ratio)s (95%% interval %(low)s to %(high)s)."
        ),
        values,
    )


def _is_told(one: Estimate) -> bool:
    return one.value is not None and one.ci is not None


def _ratio(value: float) -> dict[str, object]:
    return {"decimal": value, "decimals": 1 if value >= 1 else 2}


def _why(reasons: tuple[str, ...]) -> tuple[Sentence, ...]:
    known = [CODES[code].meaning for code in reasons if code in CODES]
    return (Sentence(known[0] if known else N_("Nothing can be said of the reviewers yet.")),)


def _seen(panel: Panel, rows: tuple[SeverityRow, ...]) -> Sentence:
    if "NO_DIFFERENCE_DETECTED" in panel.warnings:
        return Sentence(N_("No difference between reviewers can be detected."))
    apart = sum(bool(one.details.get("flagged")) for one in panel.units.values())
    if not apart:
        return Sentence(
            N_(
                "Of %(all)s reviewers with enough readings, none differs from the others by more "
                "than chance, allowing for their number. Nobody is ranked."
            ),
            {"all": {"number": len(rows)}},
        )
    return Sentence(
        N_(
            "Of %(all)s reviewers with enough readings, beyond chance after allowing for their "
            "number: %(apart)s. It opens a conversation and is no judgement; nobody is ranked."
        ),
        {"all": {"number": len(rows)}, "apart": {"number": apart}},
    )


def _verdict(one: Estimate) -> Sentence:
    if not one.details.get("flagged") or one.value is None:
        return Sentence(N_("within chance"))
    if one.value > 0:
        return Sentence(N_("more often than colleagues"))
    return Sentence(N_("less often than colleagues"))
