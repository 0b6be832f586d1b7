"""Who reads which case if only eligibility, load and chance decide?

The published baseline of S1.09. The optimiser that plans real campaigns may replace it only as
long as nothing else enters its cost: that is what makes the severity of single readings
identifiable.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.sampling.draws import check_seed, ticket

ASSIGN_TAG = "peer-audit/assign/v1"


@dataclass(frozen=True)
class BaselineItem:
    """A drawn report to be read.

    Attributes:
        key: its key in the frame.
        modality: which modality a reviewer must read.
        excluded: reviewers who may not read it, as its author or for a conflict.
    """

    key: str
    modality: str
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BaselineReviewer:
    """A reviewer.

    Attributes:
        id: the reviewer's id.
        capacity: most cases that may be assigned.
        modalities: which modalities the reviewer reads.
    """

    id: str
    capacity: int
    modalities: frozenset[str]


@dataclass(frozen=True)
class BaselinePlan:
    """Who reads what.

    Attributes:
        readers: the reviewers of every item, in the order chosen; fewer than wanted where no
            more were eligible.
        loads: assigned cases per reviewer, in the order given.
    """

    readers: Mapping[str, tuple[str, ...]]
    loads: Mapping[str, int]


def assign_at_random(
    items: Iterable[BaselineItem],
    reviewers: Sequence[BaselineReviewer],
    *,
    readings: int,
    seed: str,
) -> BaselinePlan:
    """Return the baseline assignment, S1.09.

    Items are taken in the order of their draw tickets. For each, the eligible reviewers (right
    modality, not excluded, load below capacity) with the smallest load over capacity are
    chosen; among equal ones the smallest hash of seed, item and reviewer.

    Args:
        items: in any order.
        reviewers: in any order; their ids are all different.
        readings: k, reviewers per item.
        seed: 16 to 256 printable ASCII characters.

    Returns:
        The plan, in the order in which items were taken.

    Raises:
        InvalidInput: the seed is not valid, or an id or key is given twice.
    """
    check_seed(seed)
    listed = sorted(items, key=lambda item: (ticket(seed, item.key), item.key))
    _check_unique([item.key for item in listed])
    _check_unique([reviewer.id for reviewer in reviewers])
    loads = {reviewer.id: 0 for reviewer in reviewers}
    readers = {}
    for item in listed:
        able = [
            (loads[r.id] / r.capacity, _hash(seed, item.key, r.id), r.id)
            for r in reviewers
            if item.modality in r.modalities
            and r.id not in item.excluded
            and loads[r.id] < r.capacity
        ]
        chosen = tuple(reviewer for _, _, reviewer in sorted(able)[:readings])
        for reviewer in chosen:
            loads[reviewer] += 1
        readers[item.key] = chosen
    return BaselinePlan(readers, loads)


def _hash(seed: str, item_key: str, reviewer: str) -> str:
    text = f"{ASSIGN_TAG}\n{seed}\n{item_key}\n{reviewer}\n"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _check_unique(names: Sequence[str]) -> None:
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise InvalidInput(N_("%(name)s is listed twice."), name=twice[0])
