"""Which work comes round by the clock, and why at that time?"""

from typing import Any

from peeraudit.adapters.queue import TaskName

BEAT: dict[str, dict[str, Any]] = {
    # The sweeper is the real consumer of duties; messages only hint. Five seconds keep the
    # wait after a killed worker (its claim lasts 15 s) well below half a minute.
    "sweep": {"task": TaskName.SWEEP.value, "schedule": 5.0, "options": {"expires": 5}},
    # Delays are counted in days, so a minute late is nobody's loss; and a reviewer whose capacity
    # was just raised gets the second review that waited for it before the page is closed.
    "expire_duties": {
        "task": TaskName.EXPIRE_DUTIES.value,
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # One digest a person and day, after seven in the morning; asking often lets a worker that was
    # away in the morning catch up, and finds nothing to do the rest of the day.
    "remind_reviewers": {
        "task": TaskName.REMIND_REVIEWERS.value,
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    # The night's numbers are ordered once for each night; asking often lets a machine that was
    # off at the hour catch up, and finds nothing to do the rest of the day.
    "compute_nightly": {
        "task": TaskName.COMPUTE_NIGHTLY.value,
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    # What is kept to be put right is counted in days; and a file that was read to its end,
    # with its texts and names, lies about for an hour at most.
    "purge_intake": {
        "task": TaskName.PURGE_INTAKE.value,
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # Retention is counted in months: a few hours more are nobody's loss, and a worker that was
    # away at night catches up in the morning.
    "run_retention": {
        "task": TaskName.RUN_RETENTION.value,
        "schedule": 6 * 3600.0,
        "options": {"expires": 6 * 3600},
    },
}
