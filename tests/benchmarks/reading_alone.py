"""Read one file that waits, as a worker does, and print what the process held at most, in MiB.

A process of its own, with what a worker loads and nothing of what the tests load:

    python -m tests.benchmarks.reading_alone JOB
"""

import re
import sys
from pathlib import Path
from uuid import UUID

import celery.apps.worker
import celery.concurrency.prefork  # noqa: F401 - what the worker's own program brings with it

from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.app import create_app
from peeraudit.services import intake, jobs


def peak_mib() -> float:
    """Return what this process held at most since it began."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def read(job_id: UUID) -> None:
    """Read the file of a job to its end."""
    with create_app().app_context():
        with unit_of_work():
            jobs.begin(job_id)
        in_bites(intake.read_upload(job_id))


if __name__ == "__main__":
    read(UUID(sys.argv[1]))
    print(f"{peak_mib():.0f}")  # noqa: T201 - the figure is what it is for
