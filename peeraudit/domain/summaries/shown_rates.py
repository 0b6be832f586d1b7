"""Which of its numbers does a rate keep on the way to an audience?"""

from dataclasses import replace

from peeraudit.domain.statistics.campaign import Numbers
from peeraudit.domain.statistics.reliability import suppressed, with_label
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.coarse_totals import (
    Beneath,
    bounds_by_steps,
    rounded,
    step_of,
    told_beside,
    told_by_steps,
    told_in_whole_per_cent,
)
from peeraudit.domain.summaries.hiding import WHOLE, Hidden

RESPONSE, AWAITED = "weighted_response", "awaited"
SHARE_DECIMALS = 3


def under(hidden: Hidden, measure: str, code: str = WHOLE) -> Beneath | None:
    """Return the strata under a rate, where some of them are hidden; None where none is."""
    return hidden.beneath.get(measure, {}).get(code)


def shown_first_read(hidden: Hidden, rate: float | None) -> float | None:
    """Return a total first-read rate in whole per cent, as it may be told."""
    beneath = under(hidden, "first_read")
    return rounded(rate) if beneath is None or rate is None else step_of(beneath).value


def shown_total(part: Numbers, hidden: Hidden, name: str, *, external: bool) -> Estimate:
    """Return one of the three rates of a whole, as it may be told."""
    # The estimated rate rests on the confirmed cases, so it is hidden with them.
    measure = "first_read" if name == "first_read" else "confirmed"
    why = hidden.total[measure]
    beneath = None if why else under(hidden, measure)
    shown = _shown(part.total[name], why, external=external)
    if beneath is None:
        return told_in_whole_per_cent(shown) if hidden.is_coarse else shown
    told = told_by_steps(part.total[measure], beneath)
    return told if name == measure else told_beside(shown, part.total[measure], told)


def shown_row(
    rate: Estimate,
    hidden: Hidden,
    key: tuple[str, str],
    *,
    external: bool,
) -> Estimate:
    """Return a modality's rate; its own counts are told, those of its finer strata are not."""
    name, code = key
    why = hidden.rows[name].get(code, ())
    beneath = None if why else under(hidden, name, code)
    if beneath is not None:
        return told_by_steps(rate, beneath)
    shown = _shown(rate, why, external=external)
    if code not in hidden.strata:
        return shown
    return replace(told_in_whole_per_cent(shown), details=shown.details)


def shown_bounds(response: Estimate, hidden: Hidden) -> Estimate:
    """Return the bounds for what was not read, as they may be told."""
    bounds = _response(response, hidden.total["first_read"])
    if not hidden.is_coarse:
        return bounds
    beneath = None if hidden.total["first_read"] else under(hidden, "first_read")
    made = told_in_whole_per_cent(bounds) if beneath is None else bounds_by_steps(response, beneath)
    return replace(made, details=bounds.details)


def _response(estimate: Estimate, why: tuple[str, ...]) -> Estimate:
    """Return the bounds as they may be told; that reports were drawn and not read is no secret."""
    if why:
        return suppressed(estimate, why)
    share = estimate.details.get(RESPONSE)
    kept = {RESPONSE: round(share, SHARE_DECIMALS)} if isinstance(share, float) else {}
    awaited = {AWAITED: estimate.details[AWAITED]} if AWAITED in estimate.details else {}
    return replace(estimate, details=kept | awaited)


def _shown(estimate: Estimate, why: tuple[str, ...], *, external: bool) -> Estimate:
    if why and estimate.value is None and not estimate.ci:
        return replace(estimate, details={})
    if why:
        return suppressed(estimate, why)
    labelled = with_label(estimate, external=external)
    kept = {name: labelled.details[name] for name in ("x",) if name in labelled.details}
    return replace(labelled, details=kept)
