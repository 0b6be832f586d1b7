"""Does a plan still keep every rule, now that cases and reviewers may have changed?"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from peeraudit.domain.assignment.eligibility import is_competent
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence


def find_breaches(
    pairs: Sequence[tuple[str, str]],
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    conflicts: Collection[tuple[str, str]],
    rules: PlanRules,
) -> tuple[Sentence, ...]:
    """Return which rules a plan would break if it were published now.

    Args:
        pairs: (case id, reviewer id) of each planned review; shape (n,).
        cases: the cases that want reviews now.
        reviewers: those who are available now, with the room that they have left.
        conflicts: (case id, reviewer id) pairs that must not be.
        rules: what holds for the whole plan.

    Returns:
        One sentence for each kind of breach, with how many reviews it concerns; empty if the
        plan keeps every rule.
    """
    wanted = {case.id: case for case in cases}
    able = {reviewer.id: reviewer for reviewer in reviewers}
    barred = set(conflicts)
    known = [pair for pair in pairs if pair[0] in wanted and pair[1] in able]
    read = Counter(case for case, _ in pairs)
    counts = {
        N_("Cases that no longer wait for these reviews: %(count)d."): sum(
            case not in wanted or count > wanted[case].reviews for case, count in read.items()
        ),
        N_("Reviews of somebody who is now away, or takes no more cases: %(count)d."): sum(
            reviewer not in able for _, reviewer in pairs
        ),
        N_("Reviews that a conflict or a speciality now forbids: %(count)d."): sum(
            pair in barred or not _may_read(able[pair[1]], wanted[pair[0]]) for pair in known
        ),
        N_("Reviewers who would have more cases than they can take: %(count)d."): _overfull(
            known, able
        ),
        N_("Cases that two reviewers of one department would read: %(count)d."): (
            _paired_at_home(known, able) if rules.distinct_departments else 0
        ),
        N_("Reviews of an author of whom the reviewer would have too many: %(count)d."): (
            _beyond(
                known,
                {name: reviewer.read for name, reviewer in able.items()},
                {name: case.author for name, case in wanted.items()},
                rules.author_limit,
            )
        ),
        N_("Reviews of a department of which the reviewer would have too many: %(count)d."): (
            _beyond(
                known,
                {name: reviewer.given for name, reviewer in able.items()},
                {name: case.department for name, case in wanted.items()},
                rules.department_quota,
            )
        ),
    }
    return tuple(Sentence(said, {"count": count}) for said, count in counts.items() if count)


def _may_read(reviewer: PlanReviewer, case: PlanCase) -> bool:
    return reviewer.department != case.department and is_competent(reviewer, case)


def _overfull(pairs: Sequence[tuple[str, str]], able: Mapping[str, PlanReviewer]) -> int:
    loads = Counter(reviewer for _, reviewer in pairs)
    return sum(load > able[reviewer].capacity for reviewer, load in loads.items())


def _paired_at_home(pairs: Sequence[tuple[str, str]], able: Mapping[str, PlanReviewer]) -> int:
    homes = Counter((case, able[reviewer].department) for case, reviewer in pairs)
    return len({case for (case, _), count in homes.items() if count > 1})


def _beyond(
    pairs: Sequence[tuple[str, str]],
    had: Mapping[str, Mapping[str, int]],
    label: Mapping[str, str],
    limit: int | None,
) -> int:
    """Return how many of the pairs go beyond a limit per reviewer and label.

    Args:
        pairs: (case id, reviewer id).
        had: what each reviewer has already, by label.
        label: that of each case; an empty one has no limit.
        limit: None for none.
    """
    if limit is None:
        return 0
    found = Counter((label[case], reviewer) for case, reviewer in pairs)
    return sum(
        max(count - max(limit - had[reviewer].get(name, 0), 0), 0)
        for (name, reviewer), count in found.items()
        if name
    )
