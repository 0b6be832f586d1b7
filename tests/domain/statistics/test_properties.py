"""Properties that hold whatever the data, beyond the worked examples (statistics.md §14).

Those of one function that are not here stand beside its other tests.
"""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

from peeraudit.domain.qualification.functions import find_function
from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_patterns import count_patterns
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement
from peeraudit.domain.statistics.differences import ProcessPart, process_rate
from peeraudit.domain.statistics.intervals import clopper_pearson, wilson
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.results import as_json
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes
from peeraudit.domain.statistics.severity.pairwise import conditional_severity, count_wins
from peeraudit.domain.statistics.severity.panel import severity_panel
from peeraudit.domain.statistics.severity.readings import compress_readings
from peeraudit.domain.statistics.suppression import complementary
from peeraudit.domain.statistics.workload import workload_inequality
from peeraudit.domain.statistics.zero_events import zero_event_bounds

HAIR = 1e-9
NEAR = {"rel": 1e-9, "abs": 1e-9}
counts = st.integers(0, 40)


def near(value):
    return pytest.approx(value, **NEAR)


@st.composite
def strata_of(draw, most=5, least=1):
    """Draw strata of which none is read in full."""
    rows = draw(st.lists(st.tuples(st.integers(1, 30), counts, counts), min_size=1, max_size=most))
    assume(len(rows) >= least)
    return [Stratum(n + x + rest, n + x, x) for rest, n, x in rows if n + x]


# --- whatever the order of the rows -------------------------------------------------------------


def rows(*parts, least=1, most=6):
    return st.lists(st.tuples(*parts), min_size=least, max_size=most)


BINOMIAL = st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda p: (p[0], min(p)))
STRATUM = st.tuples(st.integers(1, 30), BINOMIAL).map(lambda p: (p[0] + p[1][0], *p[1]))
# Per function the names of its rows, how to draw them, and what of its answer follows the rows.
IN_ANY_ORDER = {
    "S2.02": (("N_h", "n_h", "x_h"), STRATUM, 1, ()),
    "S2.04": (
        ("N_h", "n_h", "nd_h", "xd_h"),
        STRATUM.map(lambda s: (s[0], s[1], s[1], s[2])),
        1,
        (),
    ),
    "S2.05": (("N_g", "n_g", "x_g"), STRATUM, 1, ()),
    "S2.08": (
        ("score", "n", "x"),
        st.tuples(st.integers(1, 9), BINOMIAL).map(lambda p: (p[0], *p[1])),
        2,
        (),
    ),
    "S2.13": (
        ("N_h", "drawn_h", "scored_h", "x_h"),
        STRATUM.map(lambda s: (s[0], s[1], s[1], s[2])),
        1,
        (),
    ),
    "S5.02": (("n", "x"), BINOMIAL, 2, ("p_midp", "q_bh", "z_midp")),
    "S5.03": (("n", "x"), BINOMIAL, 10, ("z", "z_additive", "z_multiplicative")),
    "S5.04": (("n", "x"), BINOMIAL, 10, ("post_mean", "low", "high", "shrinkage")),
    "S8.05": (("p", "n"), st.tuples(st.sampled_from([0.02, 0.05, 0.1]), st.integers(1, 40)), 1, ()),
}
BESIDE = {"S8.05": {"x": 1}, "S5.02": {"target": 0.1}}


@pytest.mark.parametrize("function", IN_ANY_ORDER)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_order_of_the_rows_changes_nothing(function, data):
    names, row, least, columns = IN_ANY_ORDER[function]
    given_rows = data.draw(st.lists(row, min_size=least, max_size=12))
    order = data.draw(st.permutations(range(len(given_rows))))

    def answer(table):
        inputs = dict(zip(names, map(list, zip(*table, strict=True)), strict=True))
        return as_json(find_function(function)(inputs | BESIDE.get(function, {})))

    plain, moved = answer(given_rows), answer([given_rows[i] for i in order])
    for name in columns:
        if name in plain:
            plain[name] = [plain[name][i] for i in order]
    assert settled(moved) == settled(plain)


# --- rates --------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(n=st.integers(1, 200), data=st.data())
def test_one_part_without_correction_is_the_textbook(n, data):
    x = data.draw(st.integers(0, n))
    found = process_rate([ProcessPart(1.0, n, x)])
    few = min(x, n - x) <= 3
    assert found.ci == near(clopper_pearson(x, n) if few else wilson(x / n, n))


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 80), data=st.data())
def test_the_more_of_the_frame_is_read_the_narrower_up_to_nothing(n, data):
    x = data.draw(st.integers(0, n))

    def width(frame):
        low, high = simple_rate(x, n, frame_size=frame).details["wilson_fpc"]
        return high - low

    widths = [width(n + rest) for rest in (0, 1, n // 2 + 1, 4 * n, 100 * n)]
    assert widths[0] == 0
    assert all(a <= b + HAIR for a, b in pairwise(widths))


@settings(max_examples=60, deadline=None)
@given(strata_of())
def test_what_is_not_discrepant_has_the_mirrored_interval_over_strata_too(strata):
    assume(strata)
    found = stratified_rate(strata)
    mirrored = stratified_rate([Stratum(s.frame_size, s.n, s.n - s.x) for s in strata])
    assert mirrored.value == near(1 - found.value)
    assert mirrored.ci == near((1 - found.ci[1], 1 - found.ci[0]))


@settings(max_examples=60, deadline=None)
@given(strata_of())
def test_every_stratum_twice_never_widens_and_keeps_the_rate(strata):
    assume(strata)
    once, twice = stratified_rate(strata), stratified_rate([*strata, *strata])
    assert twice.value == near(once.value)
    # The same interval of both: which one is shown hangs on the number of events.
    name = "wilson_guarded" if len(strata) > 1 else "wilson_fpc"
    before, after = once.details[name], twice.details["wilson_guarded"]
    assert after[1] - after[0] <= before[1] - before[0] + HAIR


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(5, 40)), min_size=1, max_size=4))
def test_the_worst_case_is_no_better_than_the_guarded_bound(given_strata):
    # From five reports of each stratum on; where a heavy one holds a single report, the guarded
    # size is so small that its bound lies above the worst case.
    strata = [(rest + n, n) for rest, n in given_strata]
    found = stratified_rate([Stratum(size, n, 0) for size, n in strata])
    bounds = zero_event_bounds(strata)
    assert found.ci[0] == 0
    # Reports are whole: the worst case may fall short of the smooth bound by less than one.
    assert 0 <= found.ci[1] <= bounds["worst_case_upper"] + 1 / sum(size for size, _ in strata)


# --- agreement ----------------------------------------------------------------------------------


@st.composite
def doubly_read(draw):
    k = draw(st.integers(2, 5))
    table = draw(
        st.lists(st.lists(st.integers(0, 25), min_size=k, max_size=k), min_size=k, max_size=k)
    )
    assume(sum(map(sum, table)) > 1)
    return k, table


def patterns_of(k, table):
    found = Counter()
    for i, row in enumerate(table):
        for j, n in enumerate(row):
            found[tuple((i == c) + (j == c) for c in range(k))] += n
    return {vector: n for vector, n in found.items() if n}


def suite_of(k, table):
    return agreement_suite(patterns_of(k, table), categories=k, positive=range(1, k))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=5))
def test_readers_who_never_differ_reach_one_or_have_no_value(diagonal):
    assume(sum(diagonal) > 0)
    k = len(diagonal)
    suite = suite_of(k, [[n * (i == j) for j in range(k)] for i, n in enumerate(diagonal)])
    for name, found in suite.coefficients.items():
        if found.value is None:
            assert found.reasons in {("NO_VARIATION",), ("NO_RATINGS_IN_CLASS",)}, name
        else:
            assert found.value == near(1.0), name


@settings(max_examples=60, deadline=None)
@given(doubly_read())
def test_of_two_readers_the_kappa_of_fleiss_is_the_pi_of_scott(given_table):
    k, table = given_table
    p = np.array(table) / sum(map(sum, table))
    margin = (p.sum(axis=0) + p.sum(axis=1)) / 2
    chance = float((margin**2).sum())
    found = suite_of(k, table).coefficients["identity.fleiss"].value
    if chance > 1 - 1e-12:
        assert found is None
    else:
        assert found == near((float(np.trace(p)) - chance) / (1 - chance))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=2, max_size=30),
    st.integers(0, 29),
)
def test_batches_add_up(items, cut):
    whole = count_patterns(items, categories=4)
    parts = Counter(count_patterns(items[:cut], categories=4))
    parts.update(count_patterns(items[cut:], categories=4))
    assert dict(parts) == whole


def test_a_million_cases_of_independent_readers():
    draws = np.random.Generator(np.random.PCG64(20240115))
    margin = np.array([0.9, 0.05, 0.03, 0.015, 0.005])
    table = draws.multinomial(10**6, np.outer(margin, margin).reshape(-1)).reshape(5, 5)
    suite = suite_of(5, table.tolist())
    for name in ("identity.fleiss", "krippendorff.nominal", "krippendorff.ordinal"):
        assert abs(suite.coefficients[name].value) < 0.005, name
    ac1 = suite.coefficients["identity.gwet"]
    assert abs(ac1.value - ac1.details["independence"]) < 0.005


def test_second_readings_that_chance_alone_chose_need_no_weights():
    draws = np.random.Generator(np.random.PCG64(14))
    joint = np.array([[0.80, 0.03, 0.01], [0.03, 0.06, 0.01], [0.01, 0.01, 0.04]])
    whole = draws.multinomial(400_000, joint.reshape(-1)).reshape(3, 3)
    again = draws.binomial(whole, 0.25)
    weighted = two_phase_agreement(whole.sum(axis=1).tolist(), again.tolist(), positive=(1, 2))
    plain = suite_of(3, again.tolist())
    for name, other in {
        "pct": "identity.pct",
        "positive": "specific_agreement.positive",
        "scott_identity": "identity.fleiss",
        "alpha_ordinal": "krippendorff.ordinal",
    }.items():
        assert abs(weighted.coefficients[name].value - plain.coefficients[other].value) < 0.01


# --- severity -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=5, max_size=5), min_size=5, max_size=5))
def test_severities_from_pairs_sum_to_nothing(wins):
    panel = conditional_severity(wins, list("abcde"))
    values = [unit.value for unit in panel.units.values() if unit.value is not None]
    if not panel.reasons:
        assert math.fsum(panel.details["map_theta"]) == near(0.0)
        assert len(values) >= 2


@settings(max_examples=25, deadline=None)
@given(rate=st.integers(1, 9), sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_reviewers_of_one_rate_leave_the_pooled_log_odds(rate, sizes):
    # The same rate of everybody, to the last reading.
    cells = [
        ReviewerCell(f"r{i}", stratum, 20 * m, (rate + shift) * 2 * m)
        for i, m in enumerate(sizes)
        for stratum, shift in (("a", 0), ("b", -1))
    ]
    panel = severity_panel(cells, allocation_random=True)
    assert panel.details["sigma"] == 0
    assert all(unit.value == 0 for unit in panel.units.values())
    pooled = [rate / 10, (rate - 1) / 10]
    for beta, p in zip(panel.details["beta"], pooled, strict=True):
        assert beta is None if p == 0 else beta == pytest.approx(special.logit(p), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), names=st.permutations(range(4)))
def test_renaming_reviewers_and_items_renames_the_latent_classes_alone(seed, names):
    draws = np.random.Generator(np.random.PCG64(seed))
    items, who = np.repeat(np.arange(40), 3), np.tile([0, 1, 2], 40)
    who = (who + items) % 4
    truth = draws.integers(0, 3, 40)
    scores = np.where(draws.random(120) < 0.8, truth[items], draws.integers(0, 3, 120))
    plain = fit_latent_classes(compress_readings(items, who, scores, categories=3), smooth=0.5)
    turned = compress_readings(39 - items, np.array(names)[who], scores, categories=3)
    renamed = fit_latent_classes(turned, smooth=0.5)
    assert renamed.prevalence == pytest.approx(plain.prevalence, abs=1e-6)
    assert renamed.confusion[list(names)] == pytest.approx(plain.confusion, abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.integers(1, 39))
def test_wins_of_batches_add_up(seed, cut):
    draws = np.random.Generator(np.random.PCG64(seed))
    items, who = np.repeat(np.arange(40), 2), np.tile([0, 1], 40) + np.repeat(np.arange(40) % 3, 2)
    scores = draws.integers(0, 3, 80)

    def wins(chosen):
        data = compress_readings(items[chosen], who[chosen], scores[chosen], categories=3)
        found = np.zeros((4, 4), dtype=int)
        part = count_wins(data, (1, 2))
        found[: len(part), : len(part)] = part
        return found

    everything = np.ones(80, dtype=bool)
    assert (wins(items < cut) + wins(items >= cut) == wins(everything)).all()


# --- monitoring, workload, suppression ----------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    rows(st.floats(0.01, 0.5), st.integers(0, 1), most=40),
    st.sampled_from([0.5, 2.0]),
    st.floats(0.5, 4.0),
)
def test_no_path_falls_below_nothing_and_each_signal_is_above_its_limit(reports, ratio, h):
    p, y = zip(*reports, strict=True)
    found = find_function("S6.04")({"p": list(p), "y": list(y), "h": h, "RA": ratio})
    assert min(found["path"]) >= 0
    assert found["signals"] == [t for t, c in enumerate(found["path"], 1) if c > h]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=12), st.integers(2, 1000))
def test_the_unit_of_the_load_does_not_matter(loads, factor):
    assume(sum(loads))
    plain = workload_inequality(loads).details
    scaled = workload_inequality([factor * load for load in loads]).details
    for name in ("gini", "gini_corrected", "cv"):
        assert scaled[name] == near(plain[name])
    assert 0 <= plain["gini"] < 1
    assert workload_inequality([factor] * len(loads)).details["gini"] == near(0.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=3, max_size=4),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=3),
)
def test_every_primary_cell_is_wide_open_or_nothing_is_left_to_hide(table, primary):
    found = complementary(table, primary)
    for one in found.audit:
        if one.high - one.low < 5:
            i, j = one.cell
            around = [(i, c) for c in range(4)] + [(r, j) for r in range(len(table))]
            assert all(found.hidden[r][c] or table[r][c] == 0 for r, c in around), one
