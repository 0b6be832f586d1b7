"""How sure is the share of calls of a discrepancy that another reading shares?"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from peeraudit.domain.statistics.agreement import AgreementSuite, Display
from peeraudit.domain.statistics.intervals import Interval, wilson
from peeraudit.domain.statistics.results import Estimate, Status

POSITIVE = "specific_agreement.positive"
CI_METHOD = "wilson_shared_calls"


def positive_agreement(
    suite: AgreementSuite, patterns: Mapping[tuple[int, ...], int], positive: Collection[int]
) -> Estimate:
    """Return positive specific agreement as it may be shown, with an interval of our own.

    Among the items of which any reading calls a discrepancy, the share of which both do is
    pi = theta / (2 - theta) of the agreement theta. With two readings it is a plain proportion,
    of as many items as were called, and Wilson's interval of it, carried back by
    theta = 2 pi / (1 + pi), holds about what it promises however few calls there are. The
    interval on the logit of theta (S3.01) holds 97 to 99 per cent while they are few, and there
    is none where all calls are shared. With more readings pi counts as many items as its standard
    error leaves it worth, by the infinitesimal jackknife. That Wilson's interval is applied to the
    shared calls is our own rule.

    Args:
        suite: of the same patterns.
        patterns: count vector to number of items with it.
        positive: the discrepant categories, from 0.

    Returns:
        The estimate; ``n_eff`` is what ``pi`` counts, in items.

    Raises:
        KeyError: no item was read twice.

    Source:
        Wilson E. B. (1927). doi:10.1080/01621459.1927.10502953
    """
    shown = suite.shown(POSITIVE)
    if suite.display is not Display.FULL or shown.value is None:
        return shown
    called = sum(
        items * (sum(vector) - 1)
        for vector, items in patterns.items()
        if sum(vector) >= 2 and any(vector[k] for k in positive)
    )
    ci, n_eff = _interval(shown.value, shown.details["se_ij"], called)
    reasons = tuple(reason for reason in shown.reasons if reason != "UNSTABLE")
    return replace(
        shown, ci=ci, ci_method=CI_METHOD, n_eff=n_eff, status=Status.OK, reasons=reasons
    )


def _interval(theta: float, se: object, called: int) -> tuple[Interval, float]:
    """Return the interval of the agreement, and how many items the shared calls count as."""
    share = theta / (2 - theta)
    se_share = (se if isinstance(se, float) else 0.0) * 2 / (2 - theta) ** 2
    spread = share * (1 - share)
    # All calls shared, or none: the standard error says nothing then.
    n_eff = min(spread / se_share**2, called) if spread > 0 and se_share > 0 else float(called)
    low, high = wilson(share, n_eff)
    return (2 * low / (1 + low), 2 * high / (1 + high)), n_eff
