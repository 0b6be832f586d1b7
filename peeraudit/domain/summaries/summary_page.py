"""How is a summary laid out: which rows, on which scale, under which words?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.methods.catalogue import method_of
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.own_rules import OWN_RULES
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.agreement_page import (
    AgreementLine,
    agreement_lines,
    agreement_notes,
)
from peeraudit.domain.summaries.coarse_totals import is_told_coarsely
from peeraudit.domain.summaries.disclosure import Limits, Telling, Told
from peeraudit.domain.summaries.funnel_page import Funnel, funnel_of
from peeraudit.domain.summaries.in_words import (
    IMPRECISE,
    modality,
    not_shown,
    number,
    phrase,
    reason_of,
    response_told,
)
from peeraudit.domain.summaries.over_time_page import TimePage, time_page
from peeraudit.domain.summaries.sample_changes import extensions_told, replacements_told
from peeraudit.domain.summaries.scales import Scale, scale_to
from peeraudit.domain.summaries.summary_content import Facts, Part

RATE_NAMES: Final[Mapping[str, Msgid]] = {
    "first_read": Msgid(N_("First-read rate")),
    "confirmed": Msgid(N_("Confirmed rate")),
    "estimated": Msgid(N_("Estimated rate")),
}
"""The three rates, each with its one name."""

RATE_MEANINGS: Final[Mapping[str, Msgid]] = {
    "first_read": Msgid(N_("Share of the reports in which the first reviewer saw a discrepancy.")),
    "confirmed": Msgid(
        N_(
            "Share in which a discrepancy stood once the case was settled. A slight one that was "
            "not read again counts as the first reviewer saw it; what a single reviewer missed "
            "is not in it."
        )
    ),
    "estimated": Msgid(
        N_(
            "What the cases read twice at random suggest for all, missed discrepancies included. "
            "Where they are few the interval is wide, and the rate may lie below the confirmed one."
        )
    ),
}

LOUD = frozenset(
    {"CASES_UNSETTLED", "STRATA_WITHOUT_SCORES", "RESPONSE_LT_95", "RESPONSE_LT_80", "COARSE"}
)
"""Warnings that change how the whole page is to be read; the others are remarks below it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rate of the chart and of the tables.

    Attributes:
        label: what it is the rate of.
        estimate: the number as it may be told.
        reason: why there is nothing to show; None where there is.
        is_total: it is the whole department's.
        decimals: of the percentage.
    """

    label: Sentence
    estimate: Estimate
    reason: Sentence | None
    is_total: bool
    decimals: int

    @property
    def events(self) -> int | None:
        """Discrepant reports among those read; None where that may not be told."""
        found = self.estimate.details.get("x")
        return found if isinstance(found, int) else None

    @property
    def is_imprecise(self) -> bool:
        """Return whether the number is to be read with care."""
        return self.reason is None and self.estimate.status in IMPRECISE


@dataclass(frozen=True, slots=True)
class RateLine:
    """One of the three rates of the whole department."""

    name: Sentence
    meaning: Sentence
    row: Row


@dataclass(frozen=True, slots=True)
class Page:
    """A summary as it is shown, on the page and on paper.

    Attributes:
        rates: the three rates of the department.
        first_read: the first-read rate of the department, then by modality.
        confirmed: the confirmed rate, in the same rows.
        reference: the network's first-read rate, where it may be told.
        warnings: what changes how the page is to be read.
        remarks: what else should be known beside the numbers.
        own_rules: names and words of the rules of our own behind the intervals shown.
        methods: ids and names of the methods behind the numbers.
        agreement: how far reviewers agree.
        agreement_notes: how the second readings behind it came about.
        among: where the department stands among the others.
        over_time: the department's reports over the months; None where it is not told.
        how: how the numbers came about: labels and values.
    """

    number: str
    facts: Facts
    sentences: Mapping[str, tuple[Sentence, ...]]
    rates: tuple[RateLine, ...]
    first_read: tuple[Row, ...]
    confirmed: tuple[Row, ...]
    scale: Scale
    reference: float | None
    agreement: tuple[AgreementLine, ...]
    agreement_notes: tuple[Sentence, ...]
    among: Funnel
    over_time: TimePage | None
    warnings: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]
    own_rules: tuple[tuple[Sentence, Sentence], ...]
    methods: tuple[tuple[str, Sentence], ...]
    how: tuple[tuple[Sentence, Sentence], ...]


def lay_out(number_: str, facts: Facts, part: Part) -> Page:
    """Return one part of a summary, laid out."""
    told = part.told
    rows = {name: _rows(part, name) for name in ("first_read", "confirmed")}
    highest = [row.estimate.ci[1] for row in rows["first_read"] if row.estimate.ci]
    codes = _warnings(part)
    return Page(
        number=number_,
        facts=facts,
        sentences=part.sentences,
        rates=tuple(
            RateLine(
                Sentence(RATE_NAMES[name]),
                Sentence(RATE_MEANINGS[name]),
                _row(Sentence(N_("Whole department")), told.total[name], part, is_total=True),
            )
            for name in RATE_NAMES
        ),
        first_read=rows["first_read"],
        confirmed=rows["confirmed"],
        scale=scale_to(max([*highest, part.reference or 0.0])),
        reference=part.reference,
        agreement=agreement_lines(told.agreement, part.limits),
        agreement_notes=tuple(agreement_notes(told.agreement, part.limits)),
        warnings=(*(Sentence(CODES[one].meaning) for one in codes if one in LOUD), *_bounds(told)),
        remarks=tuple(Sentence(CODES[one].meaning) for one in codes if one not in LOUD),
        own_rules=tuple(_own_rules(part)),
        methods=tuple((method_of(tag).id, Sentence(method_of(tag).title)) for tag in facts.methods),
        among=funnel_of(part.among),
        over_time=time_page(told.over_time, part.limits),
        how=tuple(_how(facts, part)),
    )


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """The rates of one department, or of the network, in a campaign.

    Attributes:
        name: the department's; empty for the network.
    """

    name: str
    first_read: Row
    confirmed: Row
    estimated: Row


def compare(telling: Telling, names: Mapping[str, str], limits: Limits) -> tuple[ComparedRow, ...]:
    """Return what may be told beyond the departments: the network, then each of them.

    Args:
        telling: what a snapshot lets know.
        names: the departments by their place in ``telling``, in the order of display.
        limits: the minimum counts for what leaves a department.
    """
    told: list[tuple[str, Told]] = [("", telling.network)]
    told += [
        (name, telling.outside[place]) for place, name in names.items() if place in telling.outside
    ]
    return tuple(
        ComparedRow(
            name,
            *(
                row_of(
                    Sentence(RATE_NAMES[rate]),
                    one.total[rate],
                    limits,
                    is_total=not name,
                    is_coarse=one.is_coarse,
                )
                for rate in RATE_NAMES
            ),
        )
        for name, one in told
    )


def _rows(part: Part, measure: str) -> tuple[Row, ...]:
    total = _row(Sentence(N_("Whole department")), part.told.total[measure], part, is_total=True)
    rest = (
        _row(modality(code), rates[measure], part, is_total=False)
        for code, rates in part.told.modalities.items()
    )
    return (total, *rest)


def _row(label: Sentence, estimate: Estimate, part: Part, *, is_total: bool) -> Row:
    # A modality over small strata is told no more exactly than the whole.
    is_coarse = part.told.is_coarse if is_total else is_told_coarsely(estimate)
    return row_of(label, estimate, part.limits, is_total=is_total, is_coarse=is_coarse)


def row_of(
    label: Sentence, estimate: Estimate, limits: Limits, *, is_total: bool, is_coarse: bool
) -> Row:
    """Return a rate as a row, with the reason in words where there is nothing to show."""
    missing = estimate.value is None or estimate.ci is None
    return Row(
        label=label,
        estimate=estimate,
        reason=not_shown(reason_of(estimate.reasons, limits)) if missing else None,
        is_total=is_total,
        decimals=0 if is_coarse else 1,
    )


def _warnings(part: Part) -> tuple[str, ...]:
    """Return the codes of what a reader should know, in the order of the catalogue."""
    told = [*part.told.total.values(), *([part.told.response] if part.told.response else [])]
    known = {code for one in told for code in one.warnings}
    if part.told.is_coarse:
        known.add("COARSE")
    return tuple(code for code in CODES if code in known)


def _bounds(told: Told) -> Iterable[Sentence]:
    found = response_told(told.response, is_coarse=told.is_coarse)
    return () if found is None else (found,)


def _own_rules(part: Part) -> Iterable[tuple[Sentence, Sentence]]:
    told = part.told
    shown = [
        *told.total.values(),
        *(one for row in told.modalities.values() for one in row.values()),
        *told.agreement.values(),
    ]
    used = {code for one in shown for code in one.own_rules}
    return ((Sentence(r.name), Sentence(r.words)) for code, r in OWN_RULES.items() if code in used)


def _how(facts: Facts, part: Part) -> Iterable[tuple[Sentence, Sentence]]:
    first, limits = part.told.total["first_read"], part.limits
    scale = find_instrument(*facts.instrument)
    if first.value is not None:
        yield (
            Sentence(N_("Sample")),
            Sentence(
                N_("%(n)s reports read, drawn at random from the %(frame)s of the period"),
                {"n": number(first.n), "frame": number(first.N or first.n)},
            ),
        )
    yield from extensions_told(facts.extensions)
    yield from replacements_told(facts.replaced)
    hidden = (
        N_("The reviewers knew neither author nor department.")
        if facts.hides_department
        else N_("The reviewers did not know the author.")
    )
    yield Sentence(N_("Blinding")), Sentence(hidden)
    for message, params in facts.recognition:
        yield Sentence(N_("What reviewers recognised")), Sentence(message, params)
    yield (
        Sentence(N_("Scale")),
        Sentence(
            N_("%(title)s, version %(version)s"),
            {"title": phrase(Sentence(scale.title)), "version": number(scale.version)},
        ),
    )
    yield Sentence(N_("Intervals")), _intervals(facts)
    yield (
        Sentence(N_("Small numbers")),
        Sentence(
            N_(
                "A rate is shown from %(reviews)s reports by %(authors)s authors; others are "
                "hidden where they would give a hidden one away."
            ),
            {"reviews": number(limits.reviews), "authors": number(limits.authors)},
        ),
    )
    yield from _named(facts)
    yield from _marks(facts)


def _intervals(facts: Facts) -> Sentence:
    weighted = (
        N_(
            "At 95%%, weighted by the number of reports of each stratum of the draw, and corrected "
            "for the share of the period that was read (%(methods)s)."
        )
        if facts.strata
        else N_(
            "At 95%%, weighted by the number of reports of each modality, and corrected for "
            "the share of the period that was read (%(methods)s)."
        )
    )
    return Sentence(weighted, {"methods": ", ".join(facts.methods)})


def _named(facts: Facts) -> Iterable[tuple[Sentence, Sentence]]:
    """Return how many reports were read that are in no number."""
    if facts.named:
        yield (
            Sentence(N_("Reports named to teach from")),
            Sentence(
                N_(
                    "%(count)s of this department, chosen by it and not by chance: read as the "
                    "others, and in no number of this summary."
                ),
                {"count": number(facts.named)},
            ),
        )


def _marks(facts: Facts) -> Iterable[tuple[Sentence, Sentence]]:
    """Return what lets a third party check the numbers."""
    marks = (
        (N_("Seed of the draw"), facts.seed),
        (N_("List of reports, SHA-256"), facts.frame_sha256),
        (N_("Protocol, SHA-256"), facts.protocol_sha256),
        (N_("Frozen data, SHA-256"), facts.data_sha256),
    )
    for label, value in marks:
        yield Sentence(label), Sentence("%(value)s", {"value": value})
