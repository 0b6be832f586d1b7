"""Which pairs of a scored plan may be exchanged, so that overlap compares all at no price?"""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from peeraudit.domain.assignment.eligibility import Bools, Ints
from peeraudit.domain.assignment.exchanges import Limit, Seats, Terms
from peeraudit.domain.assignment.instances import Instance, number
from peeraudit.domain.assignment.overlap import place_overlap
from peeraudit.domain.assignment.plan import Overlap
from peeraudit.domain.assignment.scored_flow import Chosen
from peeraudit.domain.assignment.scored_network import bound_cases
from peeraudit.domain.steps import run_through


def place_scored(instance: Instance, chosen: Chosen) -> tuple[Chosen, Overlap]:
    """Return a plan with its overlap placed, and what that is worth.

    Two reviewers are exchanged only where each of the two cases keeps the very scores that it
    had: the total, the worst-served case and every proof of them stay as they are.

    Args:
        instance: in its seeded order.
        chosen: its plan.
    """
    pairs = np.flatnonzero(chosen.used)
    cases, who = instance.pair_cases[pairs], instance.pair_reviewers[pairs]
    people = len(instance.reviewers)
    keys = instance.pair_cases * people + instance.pair_reviewers
    homes = number(instance.homes)[0]
    placed = run_through(
        place_overlap(
            Seats.of(cases, np.zeros(len(cases), dtype=bool)),
            who,
            Terms(
                people=people,
                pairs=keys,
                worths=np.unique(instance.scores, return_inverse=True)[1].astype(np.int64),
                departments=number(instance.departments)[0],
                apart=bound_cases(instance),
                limits=_limits(instance, homes),
            ),
            groups=[homes, np.zeros_like(homes)],
            possible=_possible(instance),
            seed=instance.seed,
        )
    )
    used = np.zeros_like(chosen.used)
    used[np.searchsorted(keys, cases * people + placed.who)] = True
    moved = int((used & ~chosen.used).sum())
    return replace(chosen, used=used), Overlap(placed.before, placed.after, moved)


def _limits(instance: Instance, homes: Ints) -> list[Limit]:
    if instance.department_quota is None:
        return []
    size = len(instance.reviewers), int(homes.max(initial=0)) + 1
    return [Limit(homes, np.full(size, instance.department_quota, dtype=np.int64))]


def _possible(instance: Instance) -> Bools:
    """Return which two reviewers may read one of the cases that more than one reads; (r, r)."""
    several = (instance.reviews > 1)[instance.pair_cases]
    ends = instance.pair_cases[several], instance.pair_reviewers[several]
    shape = len(instance.cases), len(instance.reviewers)
    array: Any = coo_array  # an untyped library
    may_read = array((np.ones(len(ends[0]), dtype=np.int32), ends), shape=shape).tocsr()
    possible: Bools = (may_read.T @ may_read).toarray() > 0
    if instance.distinct_departments and not instance.exempt:
        departments = number(instance.departments)[0]
        possible &= departments[:, None] != departments
    return possible
