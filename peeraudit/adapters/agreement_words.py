"""How does the agreement of reviewers read in words, the same on the page and on paper?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from flask_babel import gettext

from peeraudit.adapters.wording import OWN_MARK, in_words, interval, number, percent
from peeraudit.domain.methods.catalogue import method_of
from peeraudit.domain.methods.codes import brief_code
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.summaries.agreement_page import AgreementLine

Words: TypeAlias = dict[str, Any]
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
DASH = "–"


def agreement_in_text(lines: Sequence[AgreementLine], notes: Iterable[Sentence]) -> Words:
    """Return agreement as texts in the reader's language, with the places on its axis.

    Returns:
        ``agreement`` (one for each line), ``agreement_ticks``, ``agreement_note``. Places are
        fractions of the axis, from 0 to 1. Where a number is not told its reason stands in
        ``reason``, and every other text of it is empty.
    """
    told = [in_words(one) for one in notes]
    if any(line.chance for line in lines):
        told.append(gettext("The dashed line is what chance alone would give."))
    return {
        "agreement": [_line(line) for line in lines],
        "agreement_ticks": [{"at": place, "label": number(place, 1)} for place in TICKS],
        "agreement_note": " ".join(told),
    }


def _line(line: AgreementLine) -> Words:
    estimate = line.estimate
    words: Words = {
        "label": in_words(line.label),
        "meaning": in_words(line.meaning),
        "term": line.term,
    }
    names = ("value", "interval", "mark", "chance", "read_twice", "method", "naive", "naive_why")
    blank: Mapping[str, Any] = dict.fromkeys(names, "")
    if line.reason is not None or estimate.value is None:
        reason = in_words(line.reason) if line.reason else ""
        code = {"reason": reason, "code": brief_code(estimate.reasons)}
        return {**words, **blank, **code, "places": None, "chance_at": None}
    low, high = estimate.ci or (estimate.value, estimate.value)
    return {
        **words,
        **blank,
        "reason": "",
        "value": _number(line, estimate.value),
        "interval": _interval(line) if estimate.ci else "",
        "mark": OWN_MARK if estimate.own_rules else "",
        "chance": gettext("by chance alone %(value)s", value=_number(line, line.chance))
        if line.chance is not None
        else "",
        "read_twice": gettext("%(n)s cases read twice", n=number(line.read_twice or 0)),
        "method": method_of(estimate.method).id,
        "places": [_place(one) for one in (low, estimate.value, high)],
        "chance_at": None if line.chance is None else _place(line.chance),
        **_naive(line),
    }


def _naive(line: AgreementLine) -> Words:
    if line.naive is None:
        return {}
    return {
        "naive": percent(line.naive, 0),
        "naive_why": gettext("unweighted, which is wrong here"),
    }


def _number(line: AgreementLine, value: float) -> str:
    return percent(value, 0) if line.is_share else number(value, 2)


def _interval(line: AgreementLine) -> str:
    bounds: Sequence[float] = line.estimate.ci or ()
    if line.is_share:
        return interval(bounds, 0)
    return f"{number(bounds[0], 2)}{DASH}{number(bounds[1], 2)}"


def _place(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)
