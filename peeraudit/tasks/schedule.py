"""Which work comes round by the clock, and why at that time?"""

from typing import Any

from peeraudit.adapters.queue import TaskName

BEAT: dict[str, dict[str, Any]] = {
    # The sweeper is the real consumer of duties; messages only hint. Five seconds keep the
    # wait after a killed worker (its claim lasts 15 s) well below half a minute.
    "sweep": {"task": TaskName.SWEEP.value, "schedule": 5.0, "options": {"expires": 5}},
}
