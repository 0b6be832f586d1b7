"""Does a plan that a person has edited keep every rule, line by line?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.assignment.eligibility import is_competent
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import Turn

BY_HAND = N_("Chosen by hand.")
"""The reason of a review that no plan proposed: it was not allocated at random."""


KEPT_FROM_IT = N_(
    "A conflict, the own department or an earlier reading keeps this reviewer from it."
)


@dataclass(frozen=True, slots=True)
class EditedReview:
    """One review as a person wants it.

    Args:
        line: where it stands in what the person sent, from 1.
        case: the case's id.
        turn: which reading.
        reviewer: the reviewer's id.
    """

    line: int
    case: str
    turn: Turn
    reviewer: str


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line, counted from 1 as the person sees it."""

    line: int
    reason: Sentence


def find_line_problems(
    reviews: Sequence[EditedReview],
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    turns: Mapping[str, Sequence[Turn]],
    conflicts: Collection[tuple[str, str]],
    rules: PlanRules,
) -> tuple[LineProblem, ...]:
    """Return why an edited plan cannot be taken, at most one reason a line, by line.

    The sentences never tell from which department a case comes: the author's own department
    and a declared conflict read the same.

    Args:
        reviews: the edited plan.
        cases: the cases that want reviews now.
        reviewers: those who are available now, with the room that they have left.
        turns: the readings that each case lacks.
        conflicts: (case id, reviewer id) pairs that must not be.
        rules: what holds for the whole plan.
    """
    wanted = {case.id: case for case in cases}
    able = {reviewer.id: reviewer for reviewer in reviewers}
    seen = _Seen({}, {}, {}, {}, {})
    found = []
    for review in reviews:
        case, reviewer = wanted.get(review.case), able.get(review.reviewer)
        reason: Sentence | None
        if case is None or review.turn not in turns.get(review.case, ()):
            reason = Sentence(N_("This case does not wait for this reading."))
        elif reviewer is None:
            reason = Sentence(N_("This reviewer is away, or takes no cases in this campaign."))
        else:
            reason = (
                _why_not(case, reviewer, conflicts)
                or seen.too_often(case, reviewer, rules)
                or seen.clash(review, reviewer, rules)
            )
            if reason is None:
                seen.note(review, case, reviewer)
        if reason is not None:
            found.append(LineProblem(review.line, reason))
    return tuple(found)


def _why_not(
    case: PlanCase, reviewer: PlanReviewer, conflicts: Collection[tuple[str, str]]
) -> Sentence | None:
    if case.is_child and not reviewer.reads_children:
        return Sentence(N_("The patient was under 18, and this reviewer does not read children."))
    if not is_competent(reviewer, case):
        return Sentence(
            N_("This reviewer has not declared %(modality)s %(region)s."),
            {"modality": case.modality, "region": case.region},
        )
    if (case.id, reviewer.id) in conflicts or reviewer.department == case.department:
        return Sentence(KEPT_FROM_IT)
    return None


@dataclass(slots=True)
class _Seen:
    """What the lines so far have given out: the line that did, by what it gave."""

    readings: dict[tuple[str, Turn], int]
    pairs: dict[tuple[str, str], int]
    homes: dict[tuple[str, str], int]
    loads: dict[str, int]
    labels: dict[tuple[str, str], int]

    def clash(
        self, review: EditedReview, reviewer: PlanReviewer, rules: PlanRules
    ) -> Sentence | None:
        """Return what an earlier line forbids."""
        earlier = self.readings.get((review.case, review.turn))
        if earlier:
            return Sentence(N_("Line %(line)d gives out this reading already."), {"line": earlier})
        earlier = self.pairs.get((review.case, review.reviewer))
        if earlier:
            return Sentence(
                N_("Line %(line)d gives this case to the same reviewer."), {"line": earlier}
            )
        earlier = self.homes.get((review.case, reviewer.department))
        if earlier and rules.distinct_departments:
            return Sentence(
                N_("The two reviewers of a case come from two departments: see line %(line)d."),
                {"line": earlier},
            )
        if self.loads.get(reviewer.id, 0) >= reviewer.capacity:
            return Sentence(
                N_("This reviewer has room for %(count)d readings."), {"count": reviewer.capacity}
            )
        return None

    def too_often(
        self, case: PlanCase, reviewer: PlanReviewer, rules: PlanRules
    ) -> Sentence | None:
        """Return why a reviewer may have no more of a case's author or department."""
        limits = (
            (rules.author_limit, case.author, reviewer.read),
            (rules.department_quota, case.department, reviewer.given),
        )
        for limit, name, had in limits:
            count = self.labels.get((name, reviewer.id), 0) + had.get(name, 0)
            if limit is not None and name and count >= limit:
                # What two cases have in common must not be read off a sentence of its own.
                return Sentence(KEPT_FROM_IT)
        return None

    def note(self, review: EditedReview, case: PlanCase, reviewer: PlanReviewer) -> None:
        """Keep what a good line gives out."""
        self.readings[review.case, review.turn] = review.line
        self.pairs[review.case, review.reviewer] = review.line
        self.homes[review.case, reviewer.department] = review.line
        self.loads[reviewer.id] = self.loads.get(reviewer.id, 0) + 1
        for label in {case.author, case.department}:
            self.labels[label, reviewer.id] = self.labels.get((label, reviewer.id), 0) + 1
