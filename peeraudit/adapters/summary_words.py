"""How does a summary read in words, the same on the page and on paper?"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.agreement_words import agreement_in_text
from peeraudit.adapters.funnel_words import funnel_in_text
from peeraudit.adapters.time_words import time_in_text
from peeraudit.adapters.wording import OWN_MARK, day, in_words, interval, number, percent
from peeraudit.domain.methods.catalogue import method_of
from peeraudit.domain.methods.codes import brief_code
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.summary_page import RATE_NAMES, Page, RateLine, Row

Words: TypeAlias = dict[str, Any]
RATE_TERMS = {
    "first_read": "first-read-rate",
    "confirmed": "confirmed-rate",
    "estimated": "estimated-rate",
}
"""The three rates in the glossary."""

LEVEL = 0.95
"""Of every interval of a summary."""


def in_text(page: Page) -> Words:
    """Return a summary as texts in the reader's language, with the places on its axes.

    Returns:
        Values that JSON knows. Places are fractions of an axis, from 0 to 1. Where a number is
        not told its reason stands in ``reason``, and every other text of it is empty.
    """
    facts = page.facts
    return {
        "number": page.number,
        "department": facts.department_name,
        "campaign": facts.campaign_title,
        "period": gettext(
            "%(first)s to %(last)s", first=day(facts.period_start), last=day(facts.period_end)
        ),
        "frozen_on": day(facts.frozen_at),
        "sentences": _sentences(page),
        "headline": _headline(page.rates[0]),
        "rates": [
            {**_rate(line), "term": RATE_TERMS[name]}
            for name, line in zip(RATE_NAMES, page.rates, strict=True)
        ],
        "chart": _chart(page),
        "figures": [
            _figures(first, confirmed)
            for first, confirmed in zip(page.first_read, page.confirmed, strict=True)
        ],
        **agreement_in_text(page.agreement, page.agreement_notes),
        "funnel": funnel_in_text(page.among),
        "over_time": time_in_text(page.over_time) if page.over_time else None,
        "warnings": [in_words(one) for one in page.warnings],
        "remarks": [in_words(one) for one in page.remarks],
        "own_rules": [
            {"name": in_words(name), "words": in_words(words)} for name, words in page.own_rules
        ],
        "methods": [{"id": one, "title": in_words(title)} for one, title in page.methods],
        "how": [
            {"label": in_words(label), "value": in_words(value), "is_code": not _is_prose(value)}
            for label, value in page.how
        ],
    }


def _is_prose(value: object) -> bool:
    return getattr(value, "message", "") != "%(value)s"


def _sentences(page: Page) -> list[Words]:
    labels = {
        "found": gettext("What was found"),
        "sure": gettext("How sure we are"),
        "next": gettext("What to do next"),
    }
    return [
        {"label": label, "text": " ".join(in_words(one) for one in page.sentences[name])}
        for name, label in labels.items()
    ]


def _headline(line: RateLine) -> Words:
    return {"name": in_words(line.name), **rate_in_text(line.row)}


def _rate(line: RateLine) -> Words:
    return {
        "name": in_words(line.name),
        "meaning": in_words(line.meaning),
        **rate_in_text(line.row),
    }


def rate_in_text(row: Row) -> Words:
    """Return a rate in words: value, interval, counts; or in ``reason`` why there is none."""
    estimate = row.estimate
    if row.reason is not None:
        return _blank(in_words(row.reason), estimate)
    return {
        "reason": "",
        "rate": _rate_or_bound(row),
        "interval": interval(estimate.ci, row.decimals),
        "counts": _counts(row),
        "sample": _sample(estimate),
        "is_imprecise": row.is_imprecise,
        "mark": OWN_MARK if estimate.own_rules else "",
        "method": method_of(estimate.method).id,
    }


def _rate_or_bound(row: Row) -> str:
    """Return a rate; none found never reads as none there, so its upper limit is told."""
    estimate = row.estimate
    if estimate.value == 0 and estimate.ci and estimate.ci[1] > 0:
        return gettext("up to %(upper)s", upper=percent(estimate.ci[1], row.decimals))
    return percent(estimate.value, row.decimals)


def _blank(reason: str, estimate: Estimate) -> Words:
    empty = dict.fromkeys(("rate", "interval", "counts", "sample", "mark", "method"), "")
    return {"reason": reason, "code": brief_code(estimate.reasons), **empty, "is_imprecise": False}


def _counts(row: Row) -> str:
    read = number(row.estimate.n)
    if row.events is None:
        return gettext("%(n)s read", n=read)
    return gettext("%(x)s of %(n)s", x=number(row.events), n=read)


def _sample(estimate: Estimate) -> str:
    if estimate.N is None:
        return ""
    return gettext(
        "%(n)s reports read of the %(frame)s of the period",
        n=number(estimate.n),
        frame=number(estimate.N),
    )


def _chart(page: Page) -> Words:
    end = page.scale.end
    total = page.first_read[0].estimate
    reference = None
    if page.reference is not None:
        reference = {
            "at": _place(page.reference, end),
            "label": gettext("network %(rate)s", rate=percent(page.reference, 0)),
        }
    return {
        "ticks": [{"at": _place(t, end), "label": percent(t, 0)} for t in page.scale.ticks],
        "rows": [_chart_row(row, end) for row in page.first_read],
        "reference": reference,
        "note": gettext("Where two intervals overlap, chance may explain the difference."),
        "caption": " ".join(_caption(page, total)),
    }


def _caption(page: Page, total: Estimate) -> Iterable[str]:
    yield gettext(
        "First-read rate with its %(level)s interval; a hollow dot: no discrepancy found.",
        level=percent(LEVEL, 0),
    )
    if total.value is not None and total.N is not None:
        yield _sample(total) + "."
    facts = page.facts
    yield gettext(
        "Source: summary %(number)s, examinations from %(first)s to %(last)s.",
        number=page.number,
        first=day(facts.period_start),
        last=day(facts.period_end),
    )


def _chart_row(row: Row, end: float) -> Words:
    estimate = row.estimate
    words = {"label": in_words(row.label), "is_total": row.is_total, **rate_in_text(row)}
    if row.reason is not None or estimate.value is None or estimate.ci is None:
        return words | {"places": None, "is_hollow": False}
    places = (estimate.ci[0], estimate.value, estimate.ci[1])
    return words | {
        "places": [_place(one, end) for one in places],
        "is_hollow": estimate.value == 0,
    }


def _figures(first: Row, confirmed: Row) -> Words:
    estimate = first.estimate
    told = first.reason is None
    return {
        "label": in_words(first.label),
        "is_total": first.is_total,
        "first": rate_in_text(first),
        "confirmed": rate_in_text(confirmed),
        "read": number(estimate.n) if told else "",
        # Of a modality that strata run across, the size in the period is not known.
        "frame": number(estimate.N) if told else "",
        "discrepant": number(first.events) if told else "",
    }


def _place(value: float, end: float) -> float:
    """Return where a value stands on an axis that starts at zero, from 0 to 1."""
    return round(min(max(value / end, 0.0), 1.0), 4)
