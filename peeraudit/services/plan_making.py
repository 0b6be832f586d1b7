"""Use cases: making a plan, phase by phase, so that somebody may stop it between two of them."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from time import perf_counter
from typing import Any
from uuid import UUID

from peeraudit.adapters.solver_process import solve_apart
from peeraudit.domain.assignment.plan import Overlap, Plan, PlanPhase, plan_seed
from peeraudit.domain.assignment.planning import plan_in_steps
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.workflow import Turn
from peeraudit.services import assignment_material, campaigns, jobs, plan_insight
from peeraudit.services.assignment_material import Material
from peeraudit.services.assignment_plans import keep_draft, next_number


def compute_plan(job_id: UUID) -> Iterator[None]:
    """Compute the plan that a job asks for and keep it as a draft, in place of an earlier one.

    Nothing is written before the plan is complete, and the plan and the end of its job are
    one transaction: a run that is killed or stopped leaves nothing behind, and the next one
    makes the same plan.

    Raises:
        InvalidInput: no case lacks a reader any more.
        JobCancelled: somebody asked it to stop.
    """
    job = jobs.view(job_id)
    if job.campaign_id is None:
        raise NotFound(N_("There is no such campaign."))
    campaign_id = job.campaign_id
    material = assignment_material.gather(campaign_id)
    number = next_number(campaign_id)
    seed = plan_seed(assignment_material.seed_of_draw(campaign_id), number)
    rules = assignment_material.rules_of(campaigns.protocol_of(campaign_id), seed)
    start = perf_counter()
    planned = yield from _in_phases(
        job_id,
        plan_in_steps(
            material.cases,
            material.readers.with_room,
            conflicts=material.conflicts,
            met=material.met,
            rules=rules,
            solver=solve_apart,
        ),
    )
    seconds = perf_counter() - start
    remedies: list[dict[str, Any]] = []
    if planned.unplaced:
        _tell(job_id, PlanPhase.MENDING)
        yield
        remedies = plan_insight.remedies_of(material, rules)
    report = _report(planned, material, seconds) | {"remedies": remedies}
    _tell(job_id, PlanPhase.KEEPING)
    yield
    campaigns.locked_row(campaign_id)
    plan_id = keep_draft(campaign_id, seed, _lines(planned, material.turns), report)
    jobs.report_progress(job_id, len(planned.reviews), total=material.wanted)
    jobs.succeed(
        job_id,
        {
            "plan_id": str(plan_id),
            "readings": len(planned.reviews),
            "unplaced": sum(one.missing for one in planned.unplaced),
        },
    )
    yield


def _in_phases(
    job_id: UUID, steps: Generator[PlanPhase, None, Plan]
) -> Generator[None, None, Plan]:
    """Do the steps of a plan, each in a bite of its own; return the plan.

    While a step computes no transaction is open, so that others may write: it is told what
    comes next, and looked whether anybody wants it stopped, at the end of each and every
    second of the longest one.
    """
    # Whatever works for a step ends with it.
    with closing(steps):
        while True:
            try:
                phase = next(steps)
            except StopIteration as end:
                planned: Plan = end.value
                return planned
            _tell(job_id, phase)
            yield


def _tell(job_id: UUID, phase: PlanPhase) -> None:
    jobs.report_progress(job_id, 0, total=jobs.view(job_id).total, cursor=phase.value)


def _lines(planned: Plan, turns: Mapping[str, Sequence[Turn]]) -> list[list[Any]]:
    """Return a plan's readings as they are kept, each for a turn that its case lacks."""
    taken: dict[str, int] = {}
    lines: list[list[Any]] = []
    for one in planned.reviews:
        place = taken.get(one.case, 0)
        taken[one.case] = place + 1
        turn = turns[one.case][place].value
        lines.append([one.case, turn, one.reviewer, one.reason.message, one.reason.params])
    return lines


def _report(planned: Plan, material: Material, seconds: float) -> dict[str, Any]:
    return {
        "status": planned.status.value,
        "loads": dict(planned.loads),
        "unplaced": [
            [one.case, one.missing, one.reason.message, dict(one.reason.params)]
            for one in planned.unplaced
        ],
        "shortages": [[s.reason.message, dict(s.reason.params)] for s in planned.shortages],
        "alternates": {case: list(names) for case, names in planned.alternates.items()},
        "overlap": _overlap(planned.overlap),
        "held": dict(material.readers.held),
        "wanted": material.wanted,
        "seconds": round(seconds, 3),
    }


def _overlap(found: Overlap | None) -> dict[str, Any] | None:
    return asdict(found) if found is not None and found.after.shared else None
