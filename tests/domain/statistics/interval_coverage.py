"""How often do the intervals of agreement hold what an endless sample would show?"""

import itertools

import numpy as np
from scipy.stats import multinomial

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement
from peeraudit.domain.statistics.positive_agreement import positive_agreement

K = 3
D = (1, 2)
# Two readers in turn of a scale of three: some 85 in 100 of their pairs are alike.
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
# Positive agreement with the interval that is told, among the tables of which it is told.
TOLD = "positive"
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
    """Return, by coefficient, the share of intervals that hold its value in an endless sample.

    ``TOLD`` is missing where nothing is told of so few items.
    """
    draws = np.random.Generator(np.random.PCG64(seed))
    endless = suite_of(np.rint(JOINT * 1e9))
    held = dict.fromkeys(HEADLINES, 0)
    told = []
    for _ in range(runs):
        patterns = patterns_of(draws.multinomial(items, JOINT.reshape(-1)).reshape(K, K))
        suite = agreement_suite(patterns, categories=K, positive=D)
        for name in HEADLINES:
            ci = suite.coefficients[name].ci
            held[name] += ci is not None and ci[0] <= endless.coefficients[name].value <= ci[1]
        ci = positive_agreement(suite, patterns, D).ci
        if ci:
            told.append(ci[0] <= endless.coefficients[HEADLINES[-1]].value <= ci[1])
    shares = {name: count / runs for name, count in held.items()}
    return shares | ({TOLD: sum(told) / len(told)} if told else {})


def exact_positive_coverage(items, joint):
    """Return the share for positive agreement over all tables of two classes, without chance.

    A table that has no interval holds nothing. Tables that come about less often than once in a
    million are left out.

    Args:
        items: read twice, independently.
        joint: chance that both readings call a discrepancy, that the one or the other does.
    """
    share = 0.0
    for counts, chance in tables_of(items, joint):
        suite = agreement_suite(counts, categories=2, positive=(1,))
        ci = suite.coefficients["specific_agreement.positive"].ci
        share += chance * (ci is not None and ci[0] <= value_of(joint) <= ci[1])
    return share


def shared_calls_coverage(items, joint):
    """Return the same of the interval that is told, among the tables of which it is told."""
    share = shown = 0.0
    for counts, chance in tables_of(items, joint):
        suite = agreement_suite(counts, categories=2, positive=(1,))
        ci = positive_agreement(suite, counts, (1,)).ci
        if ci:
            shown += chance
            share += chance * (ci[0] <= value_of(joint) <= ci[1])
    return share / shown


def value_of(joint):
    both, one = joint
    return 2 * both / (2 * both + one)


def tables_of(items, joint):
    """Yield the tables of two classes that can come about, as patterns, each with its chance."""
    both, one = joint
    tables = np.array([(a, b) for a in range(items + 1) for b in range(items + 1 - a)])
    tables = np.column_stack([tables, items - tables.sum(axis=1)])
    chances = multinomial(items, [both, one, 1 - both - one]).pmf(tables)
    for (a, b, c), chance in zip(tables.tolist(), chances, strict=True):
        if chance > 1e-6:
            yield {(0, 2): a, (1, 1): b, (2, 0): c}, chance


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
