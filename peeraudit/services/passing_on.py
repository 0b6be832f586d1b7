"""Use cases: readings that their reviewers do not do go to others, as few as can be moved."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from peeraudit.domain.workflow import AssignmentState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.services import offers, turns
from peeraudit.services.stand_ins import Bench, make_room

# A search through all hand-overs that finds nothing finds nothing for the next such case either.
SEARCHES_IN_VAIN = 3


@dataclass(slots=True)
class Passed:
    """What became of readings that were to go to others; rows, for services alone.

    Attributes:
        moved: those that somebody else has now, as they were given up.
        fresh: the same in the new hands.
        stayed: those that nobody else is free to do.
    """

    moved: list[Assignment] = field(default_factory=list)
    fresh: list[Assignment] = field(default_factory=list)
    stayed: list[tuple[Case, Assignment]] = field(default_factory=list)


def held_pairs(assignment_ids: Sequence[UUID]) -> list[tuple[Case, Assignment]]:
    """Return readings with their cases, held until the end of the unit of work.

    Every case is held before the first reviewer is, so that nobody waits in a circle.
    """
    cases = {case.id: case for case in turns.locked_cases(assignment_ids, ())}
    return [(cases[row.case_id], row) for row in turns.locked_rows(assignment_ids)]


def pass_on(
    bench: Bench,
    pairs: Sequence[tuple[Case, Assignment]],
    give_up: Callable[[Assignment], None],
) -> Passed:
    """Give readings to others; what nobody else can take stays where it is.

    Args:
        bench: who may take over.
        pairs: the readings with their cases, held; those that were begun meanwhile are left.
        give_up: brings a reading to the state in which another may take its turn.
    """
    passed, in_vain = Passed(), Counter[tuple[str, str, bool]]()
    for case, row in pairs:
        # A hand-over made for one before it may have moved it already.
        if row.state not in turns.WAITING or case.state not in turns.READING:
            continue
        kind = (case.modality, case.region, case.is_child)
        reviewer_id = bench.find(case, row.turn)
        if reviewer_id is None and in_vain[kind] < SEARCHES_IN_VAIN:
            reviewer_id = make_room(bench, case, row.turn, passed.fresh)
            in_vain[kind] += reviewer_id is None
        if reviewer_id is None:
            passed.stayed.append((case, row))
            continue
        give_up(row)
        db.session.flush()  # the turn must be free before somebody else gets it
        passed.fresh.append(turns.hand_over(case, row, reviewer_id))
        passed.moved.append(row)
        bench.note(reviewer_id)
        turns.match_state(case)
    # One that was handed on once more is not the first taker's any longer.
    offers.announce(row for row in passed.fresh if row.state is AssignmentState.OFFERED)
    return passed
