"""Why can a plan not place more reviews than it does?"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from peeraudit.domain.assignment.eligibility import Ints, explain_none
from peeraudit.domain.assignment.flow import Flow, Problem
from peeraudit.domain.assignment.plan import Shortage, Unplaced
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence


def list_unplaced(problem: Problem, flow: Flow, pairs: Ints) -> tuple[Unplaced, ...]:
    """Return the cases that lack reviews, each with its reason, by case id.

    Args:
        problem: what the flow was solved for.
        flow: the optimal flow.
        pairs: (case position, reviewer position) of each review of the plan, as many of each
            case as the flow has; shape (n, 2).
    """
    reads: dict[int, set[int]] = defaultdict(set)
    for place, who in pairs[flow.missing[pairs[:, 0]] > 0].tolist():
        reads[place].add(who)
    room = np.array([one.capacity for one in problem.reviewers], dtype=np.int64)
    room -= np.bincount(pairs[:, 1], minlength=len(room))
    roomy = set(np.flatnonzero(room > 0).tolist())
    short = [
        Unplaced(
            problem.cases[i].id,
            missing=int(flow.missing[i]),
            reason=_explain(problem, i, int(flow.missing[i]), roomy - reads[i]),
        )
        for i in np.flatnonzero(flow.missing).tolist()
    ]
    return tuple(sorted(short, key=lambda one: one.case))


def find_shortages(problem: Problem, flow: Flow) -> tuple[Shortage, ...]:
    """Return the groups of cases that ask for more than can be placed: the minimum cut in words.

    The cases and reviewers that an unplaced review could still reach by exchanges form the
    near side of a minimum cut. All that leaves it is used up, so that its cases cannot get
    one review more; each connected part of it is reported by itself.

    Args:
        problem: what the flow was solved for.
        flow: the optimal flow.

    Returns:
        The shortages, by their first case; empty if nothing is missing.

    Source:
        Ford L.R., Fulkerson D.R. (1956). Can J Math 8, 399-404. doi:10.4153/CJM-1956-045-5
    """
    if not flow.missing.any():
        return ()
    part_of = near_parts(flow)
    parts: dict[int, list[int]] = {}
    for i in range(len(problem.cases)):
        if part_of[i + 1] >= 0:
            parts.setdefault(int(part_of[i + 1]), []).append(i)
    found = [_describe(problem, flow, members) for members in parts.values()]
    return tuple(sorted(found, key=lambda one: one.cases))


def near_parts(flow: Flow) -> Ints:
    """Return the part to which each node belongs, or -1 off the near side; shape (nodes,)."""
    source = flow.nodes
    starts = np.flatnonzero(flow.missing) + 1
    onward, back = flow.flows < flow.limits, flow.flows > 0
    tails = np.concatenate([np.full_like(starts, source), flow.tails[onward], flow.heads[back]])
    heads = np.concatenate([starts, flow.heads[onward], flow.tails[back]])
    residual = _graph(tails, heads, flow.nodes + 1)
    near = np.zeros(flow.nodes + 1, dtype=bool)
    near[breadth_first_order(residual, source, return_predecessors=False)] = True
    near[source] = False
    inside = near[flow.tails] & near[flow.heads]
    whole = _graph(flow.tails[inside], flow.heads[inside], flow.nodes + 1)
    _, labels = connected_components(whole, directed=False)
    part_of: Ints = np.where(near, labels, -1)
    return part_of


def _graph(tails: Ints, heads: Ints, nodes: int) -> Any:  # noqa: ANN401 - an untyped library
    ones = np.ones(len(tails), dtype=np.int8)
    array: Any = coo_array
    return array((ones, (tails, heads)), shape=(nodes, nodes)).tocsr()


def _describe(problem: Problem, flow: Flow, members: list[int]) -> Shortage:
    cases = [problem.cases[i] for i in members]
    needed = sum(case.reviews for case in cases)
    missing = int(flow.missing[members].sum())
    able = np.unique(np.concatenate([problem.candidates[i].reviewers for i in members]))
    modalities = tuple(sorted({case.modality for case in cases}))
    params = {
        "cases": len(cases),
        "modalities": ", ".join(modalities),
        "needed": needed,
        "reviewers": len(able),
        "room": needed - missing,
        "missing": missing,
    }
    return Shortage(
        cases=tuple(sorted(case.id for case in cases)),
        departments=tuple(sorted({case.department for case in cases})),
        modalities=modalities,
        reviewers=tuple(sorted(problem.reviewers[i].id for i in able.tolist())),
        needed=needed,
        room=needed - missing,
        reason=Sentence(
            N_(
                "Cases: %(cases)d (%(modalities)s). Reviews needed: %(needed)d. Reviewers who may "
                "read them: %(reviewers)d, who can do %(room)d of these reviews under the rules. "
                "Missing: %(missing)d. Add reviewers or capacity, or relax a rule."
            ),
            params,
        ),
    )


def _explain(problem: Problem, place: int, missing: int, roomy: Collection[int]) -> Sentence:
    """Say why a case lacks reviews; ``roomy`` are those with room who do not read it."""
    case, able = problem.cases[place], problem.candidates[place].reviewers.tolist()
    if not able:
        return explain_none(case, problem.reviewers)
    if case.reviews > len(able):
        return Sentence(
            N_(
                "Only %(count)d reviewer may read this case, and it needs %(reviews)d reviews: "
                "ask another to declare this field."
            ),
            {"count": len(able), "reviews": case.reviews},
        )
    departments = {problem.reviewers[i].department for i in able}
    if problem.rules.distinct_departments and case.reviews > len(departments):
        return Sentence(
            N_(
                "All who may read this case (%(count)d) belong to one department, "
                "and its two reviewers must come from two: one from another is needed."
            ),
            {"count": len(able)},
        )
    # Were it not for a rule, these could take one review more, and no plan places more.
    kept_away = sum(who in roomy for who in able)
    if kept_away:
        return Sentence(
            N_(
                "Reviewers who may read this case: %(count)d, of whom with room: %(free)d. The "
                "limit per department or per author, or the rule of two departments, keeps these "
                "from it. Reviews not placed: %(missing)d. Add a reviewer, or relax the rule in "
                "another campaign."
            ),
            {"count": len(able), "free": kept_away, "missing": missing},
        )
    return Sentence(
        N_(
            "All who may read this case (%(count)d) are taken up to what the rules allow: "
            "%(missing)d of its reviews cannot be placed. Raise a capacity, or add a reviewer."
        ),
        {"count": len(able), "missing": missing},
    )
