"""Does the engine find what was planted, as often as its intervals promise?"""

from collections import defaultdict

import numpy as np

from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.severity.pairwise import conditional_severity
from peeraudit.domain.statistics.severity.panel import severity_panel
from peeraudit.domain.statistics.two_phase import two_phase_rate
from tests.domain.statistics.planted_networks import audited


def recovered(seeds, *, replicates=200):
    """Return, by what was planted, how many of the intervals held it and how many there were."""
    held = defaultdict(lambda: [0, 0])

    def note(name, ci, truth):
        if ci is None:
            held[f"{name} without interval"][1] += 1
            return
        held[name][0] += bool(ci[0] <= truth <= ci[1])
        held[name][1] += 1

    for seed in seeds:
        audit = audited(f"planted/{seed}")
        rate = two_phase_rate(audit.groups, frame_size=audit.frame)
        note("estimated rate", rate.ci, audit.true_rate)
        note("missed findings", rate.details["missed_ci"], audit.missed)
        panel = severity_panel(audit.cells, allocation_random=True)
        for unit, shift in zip(panel.units.values(), audit.shifts, strict=True):
            note("severity", unit.ci, shift)
        names = [f"r{place:02d}" for place in range(len(audit.severities))]
        pairs = conditional_severity(audit.wins, names)
        centred = np.array(audit.severities) - np.mean(audit.severities)
        for unit, severity in zip(pairs.units.values(), centred, strict=True):
            note("severity from pairs", unit.ci, severity)
        rates = shrunken_rates(audit.units, replicates=replicates)
        for unit, chance in zip(rates.units.values(), audit.chances, strict=True):
            note("department", unit.ci, chance)
    return {name: tuple(counts) for name, counts in held.items()}
