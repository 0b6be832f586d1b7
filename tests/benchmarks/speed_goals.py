"""How many seconds is a speed goal of the specification (§11) on the machine at hand?

The goals are in seconds of the machine on which the specification was measured. That machine hashed
the tickets of 100,000 reports in 0.06 s; how long this one takes for it, in the same run, says how
many seconds a goal is here. G1 and G7 are ratios as they stand, and G8 is an equality.
"""

from functools import cache
from time import process_time

from peeraudit.domain.sampling.draws import ticket

TICKETS_THERE = 0.06


@cache
def pace():
    """Return the seconds that one second of the specification's machine takes here."""
    keys = [f"CT-{i:06}" for i in range(100_000)]
    times = []
    for _ in range(3):
        start = process_time()
        for key in keys:
            ticket("20240115|71|04|39|55", key)
        times.append(process_time() - start)
    return min(times) / TICKETS_THERE


def here(seconds):
    """Return a goal in seconds of this machine."""
    return seconds * pace()


def told(goal, found, seconds):
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{goal}: {1000 * found:.1f} ms, goal {1000 * here(seconds):.0f} ms here"
        f" ({1000 * seconds:.0f} ms there), ratio {found / here(seconds):.2f}"
    )
