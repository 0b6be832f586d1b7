"""Make one plan that waits, as a worker does, and print what was held at most, in MiB.

Two figures: this process, and the process of the solver if the network was large enough for one.
The kernel lets a new process inherit the peak of the one that started it, so that the second is
never below what the first held by then.

    python -m tests.benchmarks.planning_alone JOB
"""

import resource
import sys
from uuid import UUID

from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.app import create_app
from peeraudit.services import jobs, plan_making
from tests.benchmarks.reading_alone import peak_mib


def make(job_id: UUID) -> None:
    """Make the plan of a job to its end."""
    with create_app().app_context():
        with unit_of_work():
            jobs.begin(job_id)
        in_bites(plan_making.compute_plan(job_id))


if __name__ == "__main__":
    make(UUID(sys.argv[1]))
    solver = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{peak_mib():.0f} {solver:.0f}")  # noqa: T201 - the figures are what it is for
