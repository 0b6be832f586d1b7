"""How does an audit of an invented network come out, and what had the generator planted in it?

Truths, difficulties, severities and readings are drawn by the demonstration generator's own
rules; only the texts are left out. Whatever is verified is settled as it truly is.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import special

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.library import MODALITY_SHARES
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.readings import _FALSE_ALARMS, _SENSITIVITY, read
from peeraudit.domain.specimens.truths import _MODALITY_FACTORS, _SHARES, Truth, draw_score
from peeraudit.domain.statistics.comparison.funnels import Unit
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.two_phase import PhaseGroup

DEPARTMENTS = 12
REVIEWERS = 24
FRAME = 200
FIRST_READS = 100
VERIFIED = 90
PLANTED_SHARE = sum(share for _, share in _SHARES)


@dataclass(frozen=True)
class Audit:
    """What one audit counted, and what was true.

    Attributes:
        frame: reports of the period.
        true_rate: share of them that is truly discrepant.
        missed: share of true discrepancies among the first reads that were concordant.
        groups: first reads and verifications by class.
        units: scored reports and true discrepancies per department.
        chances: per department, the planted chance of a discrepancy.
        cells: first reads per reviewer and modality.
        shifts: per reviewer, the planted shift of the log-odds of calling one.
        wins: per ordered pair of reviewers, the cases that only the first one called.
        severities: per reviewer, as planted.
    """

    frame: int
    true_rate: float
    missed: float
    groups: list
    units: list
    chances: list
    cells: list
    shifts: list
    wins: np.ndarray
    severities: list


def planted_chance(modality, factor):
    return min(1.0, PLANTED_SHARE * _MODALITY_FACTORS[modality] * factor)


def planted_shift(severity, mix):
    """Return by how much a severity moves the log-odds of a call, averaged over modalities."""

    def log_odds(modality, shift):
        true = planted_chance(modality, 1.0)
        seen = special.expit(special.logit(_SENSITIVITY) + shift)
        false = special.expit(special.logit(_FALSE_ALARMS) + shift)
        return special.logit(true * seen + (1 - true) * false)

    total = sum(mix.values())
    return sum(
        share / total * (log_odds(modality, severity) - log_odds(modality, 0.0))
        for modality, share in mix.items()
    )


def audited(seed):
    """Return an audit of one network; every department's sample is drawn at random."""
    network = specimen_network(seed, departments=DEPARTMENTS, reviewers=REVIEWERS)
    dice = Dice(f"{seed}/audit")
    truths, chances, sample = [], [], []
    for site in network.departments:
        habits = [0.7 + 0.6 * dice.uniform() for _ in network.authors_of(site.code)]
        reports = []
        for _ in range(FRAME):
            modality = dice.weighted(MODALITY_SHARES)
            factor = site.difficulty * dice.pick(habits)
            reports.append((modality, draw_score(dice, modality, factor), factor))
        truths += [score for _, score, _ in reports]
        chances.append(float(np.mean([planted_chance(m, f) for m, _, f in reports])))
        # The reports were drawn independently, so that the first ones are a random sample.
        sample.append(reports[:FIRST_READS])
    return counted(network, dice, truths, chances, sample)


def counted(network, dice, truths, chances, sample):
    people = network.reviewers
    calls, called = Counter(), Counter()
    wins = np.zeros((len(people), len(people)), dtype=int)
    concordant, discrepant, units = [], [], []
    for place, reports in enumerate(sample):
        for modality, score, _ in reports:
            first, second = dice.shuffled(range(len(people)))[:2]
            said = [
                read(Truth(score), people[who].severity, dice, language="en").score != "1"
                for who in (first, second)
            ]
            calls[first, modality] += 1
            called[first, modality] += said[0]
            if said[0] != said[1]:
                wins[(first, second) if said[0] else (second, first)] += 1
            (discrepant if said[0] else concordant).append(score != "1")
        events = sum(score != "1" for _, score, _ in reports)
        units.append(Unit(f"d{place:02d}", len(reports), events))
    mix = Counter()
    for (_, modality), n in calls.items():
        mix[modality] += n
    return Audit(
        frame=len(truths),
        true_rate=sum(score != "1" for score in truths) / len(truths),
        missed=sum(concordant) / len(concordant),
        groups=[
            PhaseGroup(len(discrepant), len(discrepant), sum(discrepant)),
            # Their order is that of chance.
            PhaseGroup(len(concordant), VERIFIED, sum(concordant[-VERIFIED:]), concordant=True),
        ],
        units=units,
        chances=chances,
        cells=[
            ReviewerCell(f"r{who:02d}", modality, n, called[who, modality])
            for (who, modality), n in calls.items()
        ],
        shifts=[planted_shift(person.severity, mix) for person in people],
        wins=wins,
        severities=[person.severity for person in people],
    )
