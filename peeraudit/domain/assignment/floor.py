"""How well can the worst-served case be served, and what proves that it is no better?

A case's worth is the sum of its reviewers' scores. That every case be worth at least T is no
property of a flow, but it bounds from above how many weak reviewers a case may have: those
bounds are nested, and nested bounds are doors of a flow. The plan with the bounds that T makes
necessary is at least as good as the best plan with the floor T; where it keeps the floor it *is*
that plan, and where it cannot be made at all, no plan keeps the floor.
"""

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Floats, Instance
from peeraudit.domain.assignment.scored_flow import Chosen, case_scores, solve_scored

FEW_SCORES = 12
"""With so few different scores every possible floor is tried, else it is closed in on."""

STEPS = 12
"""Halvings of the interval in which the floor lies, where it is closed in on."""

TOUCH = 1e-9


@dataclass(frozen=True, slots=True)
class Floored:
    """A plan whose worst-served case is served as well as could be found.

    Args:
        chosen: the plan.
        floor: the worth of its worst-served case, in units of score.
        bound: no plan of as many reviews serves its worst case better than this.
        total_bound: no plan that keeps ``floor`` has a greater total score.
    """

    chosen: Chosen
    floor: float
    bound: float
    total_bound: float


def raise_floor(instance: Instance, plain: Chosen) -> Floored:
    """Return the plan with the highest floor that can be found, and among those the best.

    Args:
        instance: in its seeded order.
        plain: its best plan without a floor.

    Returns:
        The plan and its proof. Where ``floor`` equals ``bound`` the floor is proven to be the
        highest; where the total equals ``total_bound`` the plan is proven to be the best.
        Where cases lack reviews there is no floor to speak of, and ``plain`` comes back.
    """
    floor = _worst(instance, plain)
    total = float(instance.scores[plain.used].sum())
    found = Floored(plain, floor, floor, total)
    if plain.missing.any():
        return found
    best = _best_sums(instance)
    top = float(best[np.arange(len(best)), instance.reviews].min())
    steps = _steps(instance, floor, top)
    if steps is None:
        return _close_in(instance, best, found, top)
    return _climb(instance, best, found, steps)


def depths(instance: Instance, best: Floats, floor: float) -> Ints:
    """Return behind how many doors each pair lies, so that a case may still be worth ``floor``.

    Of q + 1 reviewers below the threshold (floor − best sum of the others) / (q + 1) a case
    could no longer be worth the floor: it takes at most q of them, for each q below its
    number of reviews.

    Args:
        instance: in its seeded order.
        best: for each case the sum of its q best scores, q = 0 … most; shape (m, most + 1).
        floor: in units of score.

    Returns:
        As ``scored_network.build`` needs them; shape (n,).
    """
    wanted = instance.reviews
    threshold = np.full(len(wanted), -np.inf)
    depth = np.zeros(len(instance.scores), dtype=np.int64)
    places = np.arange(len(wanted))
    for taken in range(int(wanted.max())):
        asked = wanted > taken
        others = best[places[asked], wanted[asked] - taken - 1]
        raised = np.maximum(threshold[asked], (floor - others) / (taken + 1))
        threshold[asked] = raised
        # The smallest q comes first and lies deepest.
        low = asked[instance.pair_cases] & (
            instance.scores < threshold[instance.pair_cases] - TOUCH
        )
        first = low & (depth == 0)
        depth[first] = (wanted[instance.pair_cases] - taken)[first]
    return depth


def _try(instance: Instance, best: Floats, floor: float, *, lacking: int) -> Floored | None:
    """Return the best plan that keeps a floor; None where none was found.

    Where some cases still fall below, they are made to take only reviewers of whom each
    brings its share: that may cost a little of the total, which ``total_bound`` shows.
    """
    depth = depths(instance, best, floor)
    chosen = solve_scored(instance, depth)
    total_bound = float(instance.scores[chosen.used].sum())
    share = floor / instance.reviews - TOUCH
    weak = instance.scores < share[instance.pair_cases]
    strict = np.zeros(len(instance.cases), dtype=bool)
    while not _falls_short(instance, chosen, lacking):
        short = case_scores(instance, chosen.used) < floor - TOUCH
        if not short.any():
            return Floored(chosen, _worst(instance, chosen), np.inf, total_bound)
        if (short & strict).any():
            return None
        strict |= short
        barred = weak & strict[instance.pair_cases]
        depth[barred] = instance.reviews[instance.pair_cases][barred]
        chosen = solve_scored(instance, depth)
    return None


def _falls_short(instance: Instance, chosen: Chosen, lacking: int) -> bool:
    """Say whether reviews, or reviewers' minimums, had to be given up for a floor."""
    return bool(chosen.missing.any()) or _lacking(instance, chosen) > lacking


def _lacking(instance: Instance, chosen: Chosen) -> int:
    return int(np.maximum(instance.least - chosen.loads, 0).sum())


def _climb(instance: Instance, best: Floats, found: Floored, steps: list[float]) -> Floored:
    """Try the possible floors by halving: each that can be kept makes lower ones needless."""
    search = _Search(instance, best, found)
    low, high = -1, len(steps)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if search.keeps(steps[middle]) else (low, middle)
    # What failed to be kept may yet not be proven impossible.
    open_steps = [one for one in steps[high:] if not search.is_impossible(one)]
    return replace(search.found, bound=max([search.found.floor, *open_steps]))


def _close_in(instance: Instance, best: Floats, found: Floored, top: float) -> Floored:
    """Halve the interval in which the floor lies, then the one in which its bound lies."""
    search = _Search(instance, best, found)
    low, high = found.floor, top
    if search.keeps(top):
        return replace(search.found, bound=top)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (search.found.floor, high) if search.keeps(middle) else (low, middle)
    if not search.is_impossible(high):
        low, high = high, top
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if search.is_impossible(middle) else (middle, high)
    return replace(search.found, bound=high)


@dataclass(slots=True)
class _Search:
    """The floors tried so far, and the best plan among them."""

    instance: Instance
    best: Floats
    found: Floored

    def keeps(self, floor: float) -> bool:
        """Say whether a plan with this floor was found, and keep it."""
        tried = _try(self.instance, self.best, floor, lacking=self._lacking())
        if tried is not None:
            self.found = tried
        return tried is not None

    def is_impossible(self, floor: float) -> bool:
        """Say whether no plan at all keeps this floor."""
        chosen = solve_scored(self.instance, depths(self.instance, self.best, floor))
        return _falls_short(self.instance, chosen, self._lacking())

    def _lacking(self) -> int:
        return _lacking(self.instance, self.found.chosen)


def _steps(instance: Instance, floor: float, top: float) -> list[float] | None:
    """Return every worth above the floor that a case may have; None where there are too many."""
    scores = np.unique(instance.scores)
    if len(scores) > FEW_SCORES:
        return None
    sums = {
        round(sum(some), 9)
        for reviews in np.unique(instance.reviews).tolist()
        for some in combinations_with_replacement(scores.tolist(), reviews)
    }
    return sorted(one for one in sums if floor + TOUCH < one <= top + TOUCH)


def _best_sums(instance: Instance) -> Floats:
    """Return the sum of each case's q best scores, q = 0 … most; shape (m, most + 1)."""
    most = int(instance.reviews.max())
    sums = np.zeros((len(instance.cases), most + 1))
    order = np.lexsort((-instance.scores, instance.pair_cases))
    cases, scores = instance.pair_cases[order], instance.scores[order]
    starts = np.searchsorted(cases, np.arange(len(instance.cases)))
    ends = np.searchsorted(cases, np.arange(len(instance.cases)), side="right")
    for taken in range(most):
        has = starts + taken < ends
        step = np.zeros(len(instance.cases))
        step[has] = scores[starts[has] + taken]
        sums[:, taken + 1] = sums[:, taken] + step
    return sums


def _worst(instance: Instance, chosen: Chosen) -> float:
    return float(case_scores(instance, chosen.used).min())
