"""Which is the smallest change of the rules under which a plan without gaps exists?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Bools, Instance
from peeraudit.domain.assignment.network import Network, run
from peeraudit.domain.assignment.scored_flow import add_ways_out, read_flow
from peeraudit.domain.assignment.scored_network import Doors, build, fits
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.sentences import Sentence


class Rule(StrEnum):
    """What may be relaxed."""

    MAXIMUM = "max"
    MINIMUM = "min"
    QUOTA = "department_quota"
    DISTINCT = "distinct_departments"
    REVIEWS = "reviews_per_case"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change of the rules that makes the instance feasible, with as few units as can be.

    Args:
        rules: which rules it changes.
        units: how many reviews' worth of exceptions it makes.
        most: new maximum of each reviewer that needs one, in reviews.
        least: new minimum of each reviewer that needs one, in reviews.
        reviews: new number of reviews of each case that needs one.
        quota: the new quota per department; None where it stays.
        exempt: cases whose reviewers may share a department.
        reason: the same in a sentence.
        instance: the instance with the change made.
    """

    rules: tuple[Rule, ...]
    units: int
    most: Mapping[str, int]
    least: Mapping[str, int]
    reviews: Mapping[str, int]
    quota: int | None
    exempt: tuple[str, ...]
    reason: Sentence
    instance: Instance


@dataclass(frozen=True, slots=True)
class _Excess:
    """By how much each rule is exceeded at the cheapest; in reviews."""

    most: Ints
    least: Ints
    reviews: Ints
    quota: Ints
    exempt: Ints


def find_relaxations(instance: Instance) -> tuple[Relaxation, ...]:
    """Return the smallest change of each rule alone that suffices, then the smallest of all.

    Each is computed: a flow in which exceeding a rule costs one unit a review and all else is
    free places everything at the fewest units. A rule that does not suffice alone is not
    listed; taking fewer reviews always suffices but for minimums.

    Args:
        instance: an infeasible one, in its seeded order.

    Returns:
        Those that change one rule, fewest units first; last the one that may mix the rules
        other than the number of reviews, where it needs fewer units than any of them.

    Source:
        Ford L.R., Fulkerson D.R. (1956). Can J Math 8, 399-404. doi:10.4153/CJM-1956-045-5
    """
    single = [found for rule in Rule if (found := _relax(instance, {rule})) is not None]
    single.sort(key=lambda one: (one.units, one.rules))
    mixed = _relax(instance, set(Rule) - {Rule.REVIEWS})
    best = min((one.units for one in single if Rule.REVIEWS not in one.rules), default=None)
    if mixed is not None and (best is None or mixed.units < best):
        single.append(mixed)
    return tuple(single)


def _relax(instance: Instance, rules: Collection[Rule]) -> Relaxation | None:
    if Rule.QUOTA in rules and len(rules) == 1:
        return _raise_quota(instance)
    excess = _cheapest(instance, rules)
    return None if excess is None else _describe(instance, excess)


def _raise_quota(instance: Instance) -> Relaxation | None:
    """Return the smallest quota that suffices by itself: a quota is one number for all."""
    if instance.department_quota is None:
        return None
    low = instance.department_quota
    high = len(instance.cases) + max(instance.given.values(), default=0) + 1
    if _cheapest(replace(instance, department_quota=high), ()) is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        suffices = _cheapest(replace(instance, department_quota=middle), ()) is not None
        low, high = (low, middle) if suffices else (middle, high)
    excess = _cheapest(instance, {Rule.QUOTA})
    return None if excess is None else _describe(instance, excess, quota=high)


def _cheapest(instance: Instance, rules: Collection[Rule]) -> _Excess | None:
    """Return the fewest exceptions to some rules under which all is placed; None without any."""
    none, everything = np.zeros_like(instance.pair_cases), np.ones(len(instance.scores), dtype=bool)
    built = build(instance, none, everything)
    network, pairs = built.network, len(built.pair_tails)
    start = _count(network)
    ones, free = np.ones(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
    network.add_arcs(built.pair_tails, built.pair_heads, ones, free)
    total = int(instance.reviews.sum())
    extra = _count(network)
    doors = {Rule.DISTINCT: built.departments, Rule.QUOTA: built.quotas}
    for rule, gates in doors.items():
        if rule in rules:
            _widen(network, gates, total)
    first = 1 + len(instance.cases)
    nodes = first + np.arange(len(instance.reviewers), dtype=np.int64)
    if Rule.MAXIMUM in rules:
        room = np.full_like(nodes, total)
        network.add_arcs(nodes, np.zeros_like(nodes), room, np.ones_like(nodes))
    # What must not be given up costs more than every exception together.
    hard = 3 * total + 1
    below = 1 if Rule.MINIMUM in rules else hard
    unplaced = 1 if Rule.REVIEWS in rules else 4 * hard
    if not fits(unplaced, network.nodes):
        raise InvalidInput(N_("The instance is too large to look for relaxations."))
    add_ways_out(network, instance, below=below, unplaced=unplaced)
    flows = run(network, instance.reviews)
    chosen = read_flow(instance, built, start, flows)
    lacking = np.maximum(instance.least - chosen.loads, 0)
    if chosen.missing.any() > (Rule.REVIEWS in rules) or lacking.any() > (Rule.MINIMUM in rules):
        return None
    owners, uses = _exceptions(flows[extra:], {r: d for r, d in doors.items() if r in rules})
    return _Excess(
        most=np.maximum(chosen.loads - instance.most, 0),
        least=lacking,
        reviews=chosen.missing,
        quota=uses[Rule.QUOTA],
        exempt=np.unique(owners[Rule.DISTINCT][uses[Rule.DISTINCT] > 0]),
    )


def _exceptions(
    flows: Ints, widened: Mapping[Rule, Doors]
) -> tuple[dict[Rule, Ints], dict[Rule, Ints]]:
    """Return whose doors were widened, and how many more passed each; by rule."""
    none = np.zeros(0, dtype=np.int64)
    owners, uses = dict.fromkeys(Rule, none), dict.fromkeys(Rule, none)
    at = 0
    for rule, doors in widened.items():
        owners[rule] = doors.owner
        uses[rule] = flows[at : at + len(doors.owner)]
        at += len(doors.owner)
    return owners, uses


def _widen(network: Network, doors: Doors, room: int) -> None:
    """Let more pass through some doors, at one unit each."""
    tails = np.concatenate(network.tails)[doors.arcs]
    heads = np.concatenate(network.heads)[doors.arcs]
    limits = np.full_like(tails, room)
    network.add_arcs(tails, heads, limits, np.ones_like(tails))


def _count(network: Network) -> int:
    return sum(len(block) for block in network.tails)


def _describe(instance: Instance, excess: _Excess, *, quota: int | None = None) -> Relaxation:
    if quota is None and excess.quota.any():
        quota = (instance.department_quota or 0) + int(excess.quota.max())
    changed = replace(
        instance,
        most=instance.most + excess.most,
        least=instance.least - excess.least,
        reviews=np.maximum(instance.reviews - excess.reviews, 1),
        exempt=instance.exempt | frozenset(excess.exempt.tolist()),
        department_quota=instance.department_quota if quota is None else quota,
    )
    gone = instance.reviews == excess.reviews
    if gone.any():
        changed = without_cases(changed, gone)
    most = _changes(instance.reviewers, excess.most, changed.most)
    least = _changes(instance.reviewers, excess.least, changed.least)
    reviews = _changes(instance.cases, excess.reviews, instance.reviews - excess.reviews)
    exempt = tuple(sorted(instance.cases[i] for i in excess.exempt.tolist()))
    counts = {
        Rule.MAXIMUM: excess.most.sum(),
        Rule.MINIMUM: excess.least.sum(),
        Rule.QUOTA: excess.quota.sum(),
        Rule.DISTINCT: len(exempt),
        Rule.REVIEWS: excess.reviews.sum(),
    }
    rules = tuple(rule for rule, count in counts.items() if count)
    return Relaxation(
        rules=rules,
        units=int(sum(counts.values())),
        most=most,
        least=least,
        reviews=reviews,
        quota=quota,
        exempt=exempt,
        reason=_sentence(
            rules,
            {
                "more": int(excess.most.sum()),
                "people": len(most),
                "fewer": int(excess.least.sum()),
                "lowered": len(least),
                "quota": quota or 0,
                "exempt": len(exempt),
                "reviews": int(excess.reviews.sum()),
                "cases": len(reviews),
            },
        ),
        instance=changed,
    )


def without_cases(instance: Instance, gone: Bools) -> Instance:
    """Return an instance without some cases.

    Args:
        instance: any.
        gone: which cases to leave out; shape (m,).
    """
    stays = np.flatnonzero(~gone)
    place = np.full(len(gone), -1, dtype=np.int64)
    place[stays] = np.arange(len(stays))
    pairs = ~gone[instance.pair_cases]
    return replace(
        instance,
        cases=tuple(instance.cases[i] for i in stays.tolist()),
        homes=tuple(instance.homes[i] for i in stays.tolist()),
        authors=tuple(instance.authors[i] for i in stays.tolist() if instance.authors),
        reviews=instance.reviews[stays],
        pair_cases=place[instance.pair_cases[pairs]],
        pair_reviewers=instance.pair_reviewers[pairs],
        scores=instance.scores[pairs],
        exempt=frozenset(int(place[i]) for i in instance.exempt if not gone[i]),
    )


def _changes(names: tuple[str, ...], excess: Ints, new: Ints) -> dict[str, int]:
    return {names[i]: int(new[i]) for i in sorted(np.flatnonzero(excess), key=names.__getitem__)}


def _sentence(rules: tuple[Rule, ...], params: Mapping[str, int]) -> Sentence:
    match rules:
        case (Rule.MAXIMUM,):
            template = N_("Reviews to take above maximums: %(more)d (reviewers: %(people)d).")
        case (Rule.MINIMUM,):
            template = N_("Reviews to ask less than minimums: %(fewer)d (reviewers: %(lowered)d).")
        case (Rule.QUOTA,):
            template = N_("Raise the quota to %(quota)d cases of one department.")
        case (Rule.DISTINCT,):
            template = N_("Cases to be read by reviewers of one department: %(exempt)d.")
        case (Rule.REVIEWS,):
            template = N_("Reviews to give up: %(reviews)d (cases: %(cases)d).")
        case _:
            template = N_(
                "Together: reviews above maximums: %(more)d, below minimums: %(fewer)d; quota per "
                "department: %(quota)d (0: as it is); cases to be read by reviewers of one "
                "department: %(exempt)d."
            )
    return Sentence(template, dict(params))
