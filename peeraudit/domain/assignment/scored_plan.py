"""What is told of a plan of scored pairs: the plan, its proof, and why something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from peeraudit.domain.assignment.diagnosis import near_parts
from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.floor import Floored, raise_floor
from peeraudit.domain.assignment.instances import Instance, in_seeded_order
from peeraudit.domain.assignment.plan import Overlap, PlanStatus
from peeraudit.domain.assignment.relaxations import Relaxation, find_relaxations
from peeraudit.domain.assignment.scored_flow import Chosen, case_scores, solve_scored
from peeraudit.domain.assignment.scored_overlap import place_scored
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class ScoredPlan:
    """A plan of scored pairs and its proof.

    Args:
        instance: what was planned, in its seeded order.
        chosen: the plan.
        status: optimal, or infeasible where a review or a minimum is missing.
        floored: the proof of the fairness floor; None where none was asked for.
        shortages: the minimum cut in words; empty where nothing is missing.
        relaxations: the smallest changes of the rules that would do; empty where none is needed.
        overlap: how the cases that several read join reviewers.
    """

    instance: Instance
    chosen: Chosen
    status: PlanStatus
    floored: Floored | None
    shortages: tuple[Sentence, ...]
    relaxations: tuple[Relaxation, ...]
    overlap: Overlap

    @property
    def total(self) -> float:
        """The sum of the scores of all pairs in the plan."""
        return float(np.sum(np.sort(self.instance.scores[self.chosen.used])))

    @property
    def worst_case(self) -> float:
        """The sum of scores of the worst-served case."""
        return float(case_scores(self.instance, self.chosen.used).min(initial=np.inf))

    @property
    def readings(self) -> list[tuple[str, str, float]]:
        """Case, reviewer and score of each review of the plan, by case and then reviewer."""
        pairs = np.flatnonzero(self.chosen.used).tolist()
        cases, reviewers = self.instance.pair_cases, self.instance.pair_reviewers
        return sorted(
            (
                self.instance.cases[cases[i]],
                self.instance.reviewers[reviewers[i]],
                float(self.instance.scores[i]),
            )
            for i in pairs
        )


def plan_scored(instance: Instance) -> ScoredPlan:
    """Return the best plan of scored pairs; the same whatever order the rows came in.

    Most reviews placed comes first, then reviewers' minimums, then, where it is asked for, the
    worst-served case, then the total score, then, at no price in scores, that reviewers share
    cases with many others. Conflicts (pairs that are not listed), maximums,
    departments and quotas are never bent.

    Raises:
        InvalidInput: the numbers are too large to be told apart.
    """
    instance = in_seeded_order(instance)
    chosen = solve_scored(instance)
    # Without cases there is no worst-served one.
    wants_floor = instance.fairness_floor and len(instance.cases) > 0
    floored = raise_floor(instance, chosen) if wants_floor else None
    if floored is not None:
        chosen = floored.chosen
    chosen, overlap = place_scored(instance, chosen)
    if chosen.is_complete(instance):
        return ScoredPlan(instance, chosen, PlanStatus.OPTIMAL, floored, (), (), overlap)
    return ScoredPlan(
        instance,
        chosen,
        PlanStatus.INFEASIBLE,
        floored,
        find_scored_shortages(instance, chosen),
        find_relaxations(instance),
        overlap,
    )


def find_scored_shortages(instance: Instance, chosen: Chosen) -> tuple[Sentence, ...]:
    """Return the minimum cut in words: groups of cases, and of reviewers, that cannot be served.

    Args:
        instance: in its seeded order.
        chosen: its optimum.

    Source:
        Ford L.R., Fulkerson D.R. (1956). Can J Math 8, 399-404. doi:10.4153/CJM-1956-045-5
    """
    found = []
    if chosen.missing.any():
        part_of = near_parts(chosen.flow)[1 : 1 + len(instance.cases)]
        for part in np.unique(part_of[part_of >= 0]).tolist():
            members = np.flatnonzero(part_of == part)
            if chosen.missing[members].any():
                found.append(_cases_in_words(instance, chosen, members))
    for place in np.flatnonzero(chosen.loads < instance.least).tolist():
        params = {
            "reviewer": instance.reviewers[place],
            "minimum": int(instance.least[place]),
            "load": int(chosen.loads[place]),
        }
        found.append(
            Sentence(
                N_(
                    "Reviewer “%(reviewer)s” should get at least %(minimum)d reviews, and can get "
                    "%(load)d at most without taking one from another minimum or breaking a rule."
                ),
                params,
            )
        )
    return tuple(sorted(found, key=str))


def _cases_in_words(instance: Instance, chosen: Chosen, members: Ints) -> Sentence:
    needed = int(instance.reviews[members].sum())
    missing = int(chosen.missing[members].sum())
    inside = np.isin(instance.pair_cases, members)
    params = {
        "cases": len(members),
        "departments": _listed({instance.homes[i] for i in members.tolist()}),
        "needed": needed,
        "reviewers": len(np.unique(instance.pair_reviewers[inside])),
        "room": needed - missing,
        "missing": missing,
    }
    return Sentence(
        N_(
            "Cases: %(cases)d (departments: %(departments)s). Reviews needed: %(needed)d. "
            "Reviewers who may read them: %(reviewers)d, who can do %(room)d of these reviews "
            "under the rules. Missing: %(missing)d."
        ),
        params,
    )


MOST_NAMED = 8


def _listed(names: set[str]) -> str:
    ordered: Sequence[str] = sorted(names)
    rest = len(ordered) - MOST_NAMED
    return ", ".join(ordered[:MOST_NAMED]) + (f" + {rest}" if rest > 0 else "")
