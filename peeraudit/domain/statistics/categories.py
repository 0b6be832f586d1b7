"""How are the scores spread over the categories of the scale?"""

from collections.abc import Collection, Sequence

from scipy import special

from peeraudit.domain.errors import N_
from peeraudit.domain.statistics.intervals import ALPHA, Interval, clopper_pearson, wilson
from peeraudit.domain.statistics.rates import FEW_EVENTS
from peeraudit.domain.statistics.refusals import NotComputable
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

METHOD = "S2.09@1"


def category_distribution(
    counts: Sequence[int], *, sets: Sequence[tuple[str, Collection[int]]] = ()
) -> Estimate:
    """Return the share of every category with simultaneous limits, S2.09.

    There is no mean score and never will be: the order of the categories is a convention.

    Args:
        counts: scores per category, in the order of the scale; shape (K,), K >= 2.
        sets: named sets of categories (from 0), such as the discrepant ones.

    Returns:
        An estimate without a single value. ``details``: ``p``, ``goodman_low`` and
        ``goodman_high``, shape (K,), whose limits hold together at 95 % (Wilson's form with
        the chi-square quantile at 1-0.05/K); ``cumulative``, for each category but the first
        the share at or above it; ``sets`` by name. Each of the latter has its own ``wilson``
        interval, and ``exact`` (Clopper-Pearson) where it has at most 3 events or non-events.

    Raises:
        NotComputable: the scale has fewer than two categories.
        ValueError: a count is negative.

    Source:
        Goodman L. A. (1965). Technometrics 7, 247-254. doi:10.1080/00401706.1965.10490252
    """
    if len(counts) < 2:
        raise NotComputable(
            "ONE_CATEGORY",
            N_("A scale has at least two categories; this one has %(count)d."),
            count=len(counts),
        )
    if min(counts) < 0:
        raise ValueError("counts cannot be negative")
    named = {name: sorted(set(members)) for name, members in sets}
    inputs = hash_inputs(METHOD, counts=list(counts), sets=named)
    n = sum(counts)
    if n == 0:
        return undefined(METHOD, inputs, reason="NO_SCORED_ITEMS")
    limits = [_goodman(x, n, len(counts)) for x in counts]
    return Estimate(
        n=n,
        method=METHOD,
        inputs_sha256=inputs,
        details={
            "p": [x / n for x in counts],
            "goodman_low": [low for low, _ in limits],
            "goodman_high": [high for _, high in limits],
            "cumulative": [
                {"at_least": k} | _share(sum(counts[k:]), n) for k in range(1, len(counts))
            ],
            "sets": {
                name: _share(sum(counts[k] for k in members), n) for name, members in named.items()
            },
        },
    )


def _share(x: int, n: int) -> dict[str, object]:
    found: dict[str, object] = {"x": x, "p": x / n, "wilson": wilson(x / n, n)}
    return found | ({"exact": clopper_pearson(x, n)} if min(x, n - x) <= FEW_EVENTS else {})


def _goodman(x: int, n: int, categories: int) -> Interval:
    quantile = float(special.chdtri(1, ALPHA / categories))
    centre, room = quantile + 2 * x, 2 * (n + quantile)
    spread = (quantile * (quantile + 4 * x * (n - x) / n)) ** 0.5
    low = 0.0 if x == 0 else (centre - spread) / room
    return low, 1.0 if x == n else (centre + spread) / room
