"""How often do the intervals of agreement hold what an endless sample would show?"""

import itertools

import numpy as np

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement

K = 3
D = (1, 2)
# Two readers in turn of a scale of three: nine in ten of their pairs agree on the first class.
TRUTH = np.array([0.82, 0.12, 0.06])
CONFUSION = np.array([[0.96, 0.03, 0.01], [0.25, 0.65, 0.10], [0.10, 0.20, 0.70]])
JOINT = np.einsum("t,ta,tb->ab", TRUTH, CONFUSION, CONFUSION)
HEADLINES = (
    "identity.pct",
    "identity.fleiss",
    "ordinal.gwet",
    "krippendorff.ordinal",
    "specific_agreement.positive",
)
TRIGGERED = ("pct", "positive", "scott_identity", "alpha_ordinal")


def patterns_of(pairs):
    """Return count vectors of a K by K table of pairs."""
    found = {}
    for a, b in itertools.product(range(K), repeat=2):
        vector = tuple((a == k) + (b == k) for k in range(K))
        found[vector] = found.get(vector, 0) + int(pairs[a, b])
    return found


def suite_of(pairs):
    return agreement_suite(patterns_of(pairs), categories=K, positive=D)


def agreement_coverage(items, *, runs, seed):
    """Return, by coefficient, the share of intervals that hold its value in an endless sample."""
    draws = np.random.Generator(np.random.PCG64(seed))
    endless = suite_of(np.rint(JOINT * 1e9))
    held = dict.fromkeys(HEADLINES, 0)
    for _ in range(runs):
        suite = suite_of(draws.multinomial(items, JOINT.reshape(-1)).reshape(K, K))
        for name in HEADLINES:
            ci = suite.coefficients[name].ci
            held[name] += ci is not None and ci[0] <= endless.coefficients[name].value <= ci[1]
    return {name: count / runs for name, count in held.items()}


def two_phase_coverage(cases, *, again, runs, seed):
    """Return the same where all discrepant and some concordant first reads are read again."""
    draws = np.random.Generator(np.random.PCG64(seed))
    whole = np.rint(JOINT * 1e9).astype(np.int64)
    endless = two_phase_agreement(whole.sum(axis=1), whole, positive=D)
    held = dict.fromkeys(TRIGGERED, 0)
    for _ in range(runs):
        first = draws.multinomial(cases, JOINT.sum(axis=1))
        second = first.copy()
        second[0] = round(again * first[0])
        share = JOINT / JOINT.sum(axis=1, keepdims=True)
        table = [draws.multinomial(m, p) for m, p in zip(second, share, strict=True)]
        found = two_phase_agreement(first, table, positive=D)
        for name in TRIGGERED:
            ci = found.coefficients[name].ci
            held[name] += ci is not None and ci[0] <= endless.coefficients[name].value <= ci[1]
    return {name: count / runs for name, count in held.items()}
