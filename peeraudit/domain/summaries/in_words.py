"""What is a department told in plain words: what was found, how sure we are, what to do next?"""

from collections.abc import Iterable, Mapping
from typing import Final

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.sampling.sample_size import sample_size
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.response import FULL_RESPONSE
from peeraudit.domain.statistics.results import Estimate, Status
from peeraudit.domain.summaries.coarse_totals import is_told_coarsely
from peeraudit.domain.summaries.disclosure import Limits, Told
from peeraudit.domain.summaries.shown_rates import AWAITED, RESPONSE

WANTED_HALF_WIDTH = 0.03
"""How precisely a rate should be known: within three points either way."""

MODALITY_LABELS: Final[Mapping[str, Msgid]] = {
    "CT": Msgid(N_("CT")),
    "MR": Msgid(N_("MRI")),
    "CR": Msgid(N_("Radiography")),
    "DX": Msgid(N_("Digital radiography")),
    "US": Msgid(N_("Ultrasound")),
    "MG": Msgid(N_("Mammography")),
    "NM": Msgid(N_("Nuclear medicine")),
    "PT": Msgid(N_("PET")),
    "XA": Msgid(N_("Angiography")),
    "RF": Msgid(N_("Fluoroscopy")),
}
"""DICOM modality codes in words; a code without words is shown as it is."""

IMPRECISE = frozenset({Status.LOW_PRECISION, Status.UNRELIABLE, Status.BOUNDS_ONLY})


def percent(value: float, *, coarse: bool = False) -> dict[str, object]:
    """Return a proportion as a sentence's value, to be written in the reader's language."""
    return {"percent": value, "decimals": 0 if coarse else 1}


def number(value: int) -> dict[str, object]:
    """Return a count as a sentence's value."""
    return {"number": value}


def phrase(sentence: Sentence) -> dict[str, object]:
    """Return a sentence as a part of another one."""
    return {"phrase": [sentence.message, dict(sentence.params)]}


def modality(code: str) -> Sentence:
    """Return the words for a modality code."""
    return Sentence(MODALITY_LABELS.get(code, Msgid(code)))


def reason_of(reasons: Iterable[str], limits: Limits) -> Sentence:
    """Return why a number is missing, in words.

    Args:
        reasons: reason codes, the weightiest first.
        limits: the minimum counts of the audience.

    Returns:
        The first reason that has words; a general one where none has.
    """
    for code in reasons:
        if code in CODES and (words := CODES[code].brief):
            known = {"reviews": limits.reviews, "authors": limits.authors, "events": limits.events}
            used = {k: number(v) for k, v in known.items() if f"%({k})s" in words}
            return Sentence(words, used)
    return Sentence(N_("it cannot be estimated from these readings"))


def not_shown(reason: Sentence) -> Sentence:
    """Return what stands in the place of a number."""
    return Sentence(N_("not shown: %(reason)s"), {"reason": phrase(reason)})


def response_told(response: Estimate | None, *, is_coarse: bool) -> Sentence | None:
    """Return what the reports that were drawn and not read could change.

    Args:
        response: the bounds, as they may be told.
        is_coarse: totals are told in whole per cent.

    Returns:
        A sentence where fewer than 95 in 100 were read of those whose time has passed
        (statistics.md S2.13), or where some are still awaited; else None.
    """
    if response is None or response.ci is None:
        return None
    share, awaited = (response.details.get(name) for name in (RESPONSE, AWAITED))
    waits = awaited if isinstance(awaited, int) else 0
    if not isinstance(share, float) or share >= FULL_RESPONSE:
        return _awaited(waits) if waits else None
    if waits:
        return _response_so_far(response, share, waits, is_coarse=is_coarse)
    return Sentence(
        N_(
            "Of the reports drawn, %(share)s were read. Whatever the others hold, the first-read "
            "rate of the sample lies between %(low)s and %(high)s: these are limits, and no "
            "confidence interval."
        ),
        {
            "share": percent(share, coarse=True),
            "low": percent(response.ci[0], coarse=is_coarse),
            "high": percent(response.ci[1], coarse=is_coarse),
        },
    )


def _awaited(reports: int) -> Sentence:
    return Sentence(
        N_("Of the reports drawn, %(awaited)s are still awaited, and not counted as missing."),
        {"awaited": number(reports)},
    )


def _response_so_far(
    response: Estimate, share: float, awaited: int, *, is_coarse: bool
) -> Sentence:
    low, high = response.ci or (0.0, 1.0)
    return Sentence(
        N_(
            "Of the reports drawn that were due so far, %(share)s were read. Whatever the others "
            "hold, the first-read rate of the sample lies between %(low)s and %(high)s: these are "
            "limits, and no confidence interval. Still awaited, and not counted as missing: "
            "%(awaited)s."
        ),
        {
            "share": percent(share, coarse=True),
            "low": percent(low, coarse=is_coarse),
            "high": percent(high, coarse=is_coarse),
            "awaited": number(awaited),
        },
    )


def compose(told: Told, limits: Limits) -> dict[str, list[Sentence]]:
    """Return the three statements with which a summary opens.

    Args:
        told: the numbers that the audience may read.
        limits: the minimum counts of the audience.

    Returns:
        One or two sentences each for ``found``, ``sure`` and ``next``, in this order.
    """
    first = told.total["first_read"]
    if first.value is None or first.ci is None:
        return {
            "found": [_nothing_told(first, limits)],
            "sure": [*_agreement(told)] or [Sentence(N_("For now nothing can be said for sure."))],
            "next": [_read_more(limits)],
        }
    return {
        "found": [_found(told, first, limits)],
        "sure": [_sure(first, coarse=told.is_coarse), *_agreement(told)],
        "next": _next(told, first),
    }


def _nothing_told(first: Estimate, limits: Limits) -> Sentence:
    return Sentence(
        N_("The discrepancy rate cannot be shown: %(reason)s."),
        {"reason": phrase(reason_of(first.reasons, limits))},
    )


def _read_more(limits: Limits) -> Sentence:
    return Sentence(
        N_(
            "Have more reports read: a rate is shown from %(reviews)s reports "
            "by %(authors)s authors."
        ),
        {"reviews": number(limits.reviews), "authors": number(limits.authors)},
    )


def _found(told: Told, first: Estimate, limits: Limits) -> Sentence:
    confirmed, coarse = told.total["confirmed"], told.is_coarse
    if first.value == 0 and first.ci:
        return Sentence(
            N_(
                "No discrepancy was found in the %(n)s reports read; since they are a sample, "
                "up to %(upper)s of the period's reports could still hold one."
            ),
            {"n": number(first.n), "upper": percent(first.ci[1], coarse=coarse)},
        )
    rate = {"first": percent(first.value or 0.0, coarse=coarse)}
    if confirmed.value is None:
        return Sentence(
            N_(
                "A first reviewer saw a discrepancy in %(first)s of the reports; how many were "
                "confirmed cannot be shown: %(reason)s."
            ),
            rate | {"reason": phrase(reason_of(confirmed.reasons, limits))},
        )
    if confirmed.value == 0:
        return Sentence(
            N_(
                "A first reviewer saw a discrepancy in %(first)s of the reports; none of those "
                "read was confirmed once the cases were settled."
            ),
            rate,
        )
    return Sentence(
        N_(
            "A first reviewer saw a discrepancy in %(first)s of the reports; once the cases were "
            "settled, a discrepancy was confirmed in %(confirmed)s of them all."
        ),
        rate | {"confirmed": percent(confirmed.value, coarse=coarse)},
    )


def _sure(first: Estimate, *, coarse: bool) -> Sentence:
    counts = {"n": number(first.n), "frame": number(first.N or first.n)}
    if first.n == first.N:
        return Sentence(
            N_("All %(n)s reports of the period were read, so chance played no part in the draw."),
            {"n": counts["n"]},
        )
    low, high = first.ci or (0.0, 1.0)
    limits = {"low": percent(low, coarse=coarse), "high": percent(high, coarse=coarse)}
    if first.status in IMPRECISE:
        return Sentence(
            N_(
                "This is still imprecise: with %(n)s of %(frame)s reports read, the true "
                "first-read rate may lie anywhere between %(low)s and %(high)s (95%% interval)."
            ),
            counts | limits,
        )
    return Sentence(
        N_(
            "With %(n)s of %(frame)s reports read, the true first-read rate very probably lies "
            "between %(low)s and %(high)s (95%% interval)."
        ),
        counts | limits,
    )


def _agreement(told: Told) -> list[Sentence]:
    """Return how far reviewers agree, beside what chance alone would give."""
    positive = told.agreement["positive"]
    floor = positive.details.get("independence")
    if positive.value is None or not isinstance(floor, float):
        return []
    return [
        Sentence(
            N_(
                "When one reviewer of the network saw a discrepancy, a second one who knew nothing "
                "of it saw one too in %(agreement)s of the cases; chance alone would give "
                "%(chance)s."
            ),
            {
                "agreement": percent(positive.value, coarse=True),
                "chance": percent(floor, coarse=True),
            },
        )
    ]


def _next(told: Told, first: Estimate) -> list[Sentence]:
    more = _wanted_reports(first)
    precise = (
        [
            Sentence(
                N_(
                    "Next time, have about %(wanted)s reports read, so that the rate is known "
                    "within %(points)s points either way."
                ),
                {"wanted": number(more), "points": number(round(WANTED_HALF_WIDTH * 100))},
            )
        ]
        if more
        else []
    )
    return [_act(told, first), *precise]


def _act(told: Told, first: Estimate) -> Sentence:
    if _is_hardly_above_chance(told.agreement["positive"]):
        return Sentence(
            N_(
                "Before acting on these rates, let the reviewers score a few cases together: "
                "they agree hardly more than chance would have it."
            )
        )
    above = _standing_out(told, first)
    if above is not None:
        found = told.modalities[above]["first_read"]
        rate = percent(found.value or 0.0, coarse=is_told_coarsely(found))
        return Sentence(
            N_(
                "Look first at %(modality)s, where the rate (%(rate)s) lies above that of the "
                "whole department, and discuss these cases in a meeting."
            ),
            {"modality": phrase(modality(above)), "rate": rate},
        )
    if first.value == 0:
        return Sentence(N_("Nothing calls for action; audit again to see whether it stays so."))
    return Sentence(
        N_(
            "Discuss the confirmed discrepancies in a meeting, agree on one thing to improve, and "
            "audit again to see whether the rate has changed."
        )
    )


def _is_hardly_above_chance(positive: Estimate) -> bool:
    floor = positive.details.get("independence")
    return positive.ci is not None and isinstance(floor, float) and positive.ci[0] <= floor


def _standing_out(told: Told, first: Estimate) -> str | None:
    """Return the modality whose whole interval lies above the department's rate."""
    above = [
        (rates["first_read"].ci[0], code)
        for code, rates in told.modalities.items()
        if rates["first_read"].ci is not None and first.value is not None
        if rates["first_read"].ci[0] > first.value
    ]
    return max(above)[1] if above else None


def _wanted_reports(first: Estimate) -> int:
    """Return how many reports would give the wanted precision; 0 where it is there already."""
    if first.value is None or first.ci is None or first.N is None:
        return 0
    if first.ci[1] - first.ci[0] <= 2 * WANTED_HALF_WIDTH:
        return 0
    plan = sample_size(max(first.value, WANTED_HALF_WIDTH), WANTED_HALF_WIDTH, frame_size=first.N)
    # Rounded up to tens: a plan needs no false precision.
    wanted = min(first.N, -(-plan.n // 10) * 10)
    return wanted if wanted > first.n else 0
