"""Each property of statistics.md §14 and the test that holds it; here those of names and orders.

Results hang on counts alone: not on the order of rows, on the names of reviewers, departments and
strata, or on the batches in which the counts came.
"""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peeraudit.domain.qualification.functions import find_function
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.results import as_json
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate

HERE = Path(__file__).parent
# The property as the specification words it: where its test stands.
HELD = {
    "invariant to row order": "test_properties.py::test_the_order_of_the_rows_changes_nothing",
    "row order, the others": "test_invariance.py::test_the_order_of_columns_changes_nothing",
    "batch split and merge, patterns": "test_properties.py::test_batches_add_up",
    "batch split and merge, wins": "test_properties.py::test_wins_of_batches_add_up",
    "batch split and merge, counts": "test_invariance.py::test_a_batch_may_come_in_two_parts",
    "renaming of reviewers": "test_properties.py::"
    "test_renaming_reviewers_and_items_renames_the_latent_classes_alone",
    "renaming of reviewers, pairs": "severity/test_pairwise.py::"
    "test_renaming_reviewers_renames_their_severities",
    "renaming of departments": "test_invariance.py::test_renaming_departments_changes_nothing",
    "renaming of strata": "test_invariance.py::test_renaming_reviewers_and_strata_moves_no_number",
    "nominal: any permutation": "test_agreement.py::"
    "test_renaming_categories_changes_no_nominal_coefficient",
    "one stratum is S2.01": "test_invariance.py::test_one_stratum_is_a_simple_sample",
    "f to 1: width to 0": "test_properties.py::"
    "test_the_more_of_the_frame_is_read_the_narrower_up_to_nothing",
    "f=0 and H=1 is the textbook": "test_properties.py::"
    "test_one_part_without_correction_is_the_textbook",
    "complement symmetry": "test_properties.py::"
    "test_what_is_not_discrepant_has_the_mirrored_interval_over_strata_too",
    "duplicating every stratum narrows": "test_properties.py::"
    "test_every_stratum_twice_never_widens_and_keeps_the_rate",
    "an unsampled stratum lowers coverage only": "test_invariance.py::"
    "test_a_stratum_without_scores_lowers_the_coverage_only",
    "worst case is at least KG": "test_properties.py::"
    "test_the_worst_case_is_no_better_than_the_guarded_bound",
    "S2.06 with all verified is the simple estimate": "test_invariance.py::"
    "test_verifying_all_is_the_simple_estimate",
    "singly read items change nothing": "test_agreement.py::"
    "test_suite_does_not_depend_on_order_or_on_single_readings",
    "identical readers": "test_properties.py::"
    "test_readers_who_never_differ_reach_one_or_have_no_value",
    "independent readers": "test_properties.py::test_a_million_cases_of_independent_readers",
    "K larger than used": "test_agreement.py::test_unused_categories_change_only_uniform_chance",
    "two readers: Fleiss is Scott": "test_properties.py::"
    "test_of_two_readers_the_kappa_of_fleiss_is_the_pi_of_scott",
    "interval alpha": "test_agreement.py::test_interval_alpha_is_the_quadratic_coincidence_form",
    "S3.04 with chance second reads": "test_properties.py::"
    "test_second_readings_that_chance_alone_chose_need_no_weights",
    "sum of theta": "test_properties.py::test_severities_from_pairs_sum_to_nothing",
    "swapping W flips signs": "severity/test_pairwise.py::test_turning_the_table_turns_the_signs",
    "tau to 0": "severity/test_pairwise.py::test_a_narrow_prior_draws_all_to_zero",
    "sigma 0 is the pooled logits": "test_properties.py::"
    "test_reviewers_of_one_rate_leave_the_pooled_log_odds",
    "EB mean between crude and mu": "comparison/test_shrinkage.py::"
    "test_a_rate_is_drawn_towards_the_mean",
    "q monotone in p": "test_multiplicity.py::test_q_grows_with_p_and_is_never_below_it",
    "funnel limits": "comparison/test_funnels.py::test_limits_are_ordered_and_hold_the_target",
    "CUSUM is at least 0": "test_properties.py::"
    "test_no_path_falls_below_nothing_and_each_signal_is_above_its_limit",
    "ARL in h and RQ": "monitoring/test_run_lengths.py::"
    "test_run_lengths_grow_with_the_threshold_and_shrink_with_the_odds",
    "KM without censoring": "test_turn_round.py::"
    "test_without_open_reviews_the_curve_is_the_share_of_those_still_open",
    "Gini": "test_properties.py::test_the_unit_of_the_load_does_not_matter",
    "no line with one suppressed cell": "test_suppression.py::"
    "test_no_line_gives_its_hidden_cell_away",
    "every primary at least 5 wide": "test_properties.py::"
    "test_every_primary_cell_is_wide_open_or_nothing_is_left_to_hide",
    "lower n_min never hides more": "test_suppression.py::test_a_lower_minimum_never_hides_more",
    "the large data set": "test_agreement.py::test_large_reference_data_set_is_reproduced",
}


@pytest.mark.parametrize("name", HELD)
def test_each_property_has_its_test(name):
    file, _, test = HELD[name].partition("::")
    assert f"def {test}(" in (HERE / file).read_text()


BINOMIAL = st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda p: (p[0], min(p)))
NAMES = st.sampled_from("abcd")
CELL = st.tuples(NAMES, st.sampled_from("xyz"), BINOMIAL).map(lambda c: (c[0], c[1], *c[2]))
COLUMNS = ("reviewer", "stratum", "n", "x")
RATE = st.sampled_from([0.02, 0.05, 0.1, 0.3])
# Per function: its columns, what a row holds, the fewest rows, and what stands beside them.
IN_ANY_ORDER = {
    "S2.03": (
        ("N_h", "n_h"),
        st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda r: (r[0] + r[1], r[1])),
        1,
        {},
    ),
    "S4.04": (COLUMNS, CELL, 2, {}),
    "S5.05": (("n_m", "ref_rate"), st.tuples(st.integers(1, 60), RATE), 1, {"x": 1}),
    "S7.01": (("t",), st.tuples(st.integers(1, 40)), 1, {"q": [0.5, 0.9]}),
    "S7.02": (
        ("time", "event"),
        st.tuples(st.integers(0, 12), st.integers(0, 1)),
        1,
        {"at": [3, 7]},
    ),
    "S7.03": (
        ("load", "capacity"),
        st.tuples(st.integers(0, 40), st.integers(1, 40)),
        1,
        {},
    ),
}


def answer(function, inputs):
    return settled(as_json(find_function(function)(inputs)))


@pytest.mark.parametrize("function", IN_ANY_ORDER)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_order_of_columns_changes_nothing(function, data):
    names, row, least, beside = IN_ANY_ORDER[function]
    rows = data.draw(st.lists(row, min_size=least, max_size=10))

    def of(table):
        return answer(function, beside | {n: [r[i] for r in table] for i, n in enumerate(names)})

    assert of(rows) == of(data.draw(st.permutations(rows)))


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(CELL, min_size=2, max_size=10), cut=st.integers(0, 60))
def test_a_batch_may_come_in_two_parts(rows, cut):
    def of(table):
        return answer("S4.04", {n: [r[i] for r in table] for i, n in enumerate(COLUMNS)})

    name, stratum, n, x = rows[0]
    k = min(cut, n)
    some = min(k, x)
    assume(x - some <= n - k)
    split = [(name, stratum, k, some), (name, stratum, n - k, x - some), *rows[1:]]
    assert of(split) == of(rows)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(CELL, min_size=2, max_size=10), names=st.permutations("abcd"))
def test_renaming_reviewers_and_strata_moves_no_number(rows, names):
    new = dict(zip("abcd", names, strict=True))

    def of(table):
        return answer("S4.04", {n: [r[i] for r in table] for i, n in enumerate(COLUMNS)})

    renamed = of([(new[name], f"{stratum}-2026", n, x) for name, stratum, n, x in rows])
    assert renamed == {new[name]: part for name, part in of(rows).items()}


@settings(max_examples=25, deadline=None)
@given(
    table=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3),
    order=st.permutations(range(3)),
)
def test_renaming_departments_changes_nothing(table, order):
    moved = [[table[i][j] for j in order] for i in order]
    for function, inputs in (
        ("S8.03", lambda t: {"table": t, "dont_know": 7}),
        ("S8.02", lambda t: {"table": [*t, [5, 5, 5]]}),
    ):
        assert answer(function, inputs(moved)) == answer(function, inputs(table))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), BINOMIAL), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_reviewers_and_of_their_sessions_changes_no_trend(strata, random):
    def of(parts):
        return answer(
            "S8.04",
            {
                "strata": [
                    {
                        "score": [score for score, _ in part],
                        "n": [n for _, (n, _) in part],
                        "x": [x for _, (_, x) in part],
                    }
                    for part in parts
                ]
            },
        )

    moved = [random.sample(part, len(part)) for part in random.sample(strata, len(strata))]
    assert of(moved) == of(strata)


@st.composite
def sampled(draw):
    n, x = draw(BINOMIAL)
    return Stratum(n + draw(st.integers(1, 200)), n, x)


@given(sampled())
def test_one_stratum_is_a_simple_sample(stratum):
    alone = simple_rate(stratum.x, stratum.n, frame_size=stratum.frame_size)
    assert stratified_rate([stratum]) == alone


@settings(max_examples=60, deadline=None)
@given(st.lists(sampled(), min_size=2, max_size=5), st.integers(1, 500))
def test_a_stratum_without_scores_lowers_the_coverage_only(strata, size):
    before, after = stratified_rate(strata), stratified_rate([*strata, Stratum(size, 0, 0)])
    assert (after.value, after.ci, after.se, after.n_eff) == (
        before.value,
        before.ci,
        before.se,
        before.n_eff,
    )
    frame = sum(stratum.frame_size for stratum in strata)
    assert before.details["coverage_of_frame"] == 1
    assert after.details["coverage_of_frame"] == pytest.approx(frame / (frame + size))
    low, high = after.details["worst_case"]
    assert low <= after.ci[0] <= after.ci[1] <= high + 1e-12


@settings(max_examples=60, deadline=None)
@given(BINOMIAL, BINOMIAL, st.integers(1, 400))
def test_verifying_all_is_the_simple_estimate(positive, negative, rest):
    n, x = positive[0] + negative[0], positive[1] + negative[1]
    groups = [
        PhaseGroup(positive[0], positive[0], positive[1]),
        PhaseGroup(negative[0], negative[0], negative[1], concordant=True),
    ]
    found = two_phase_rate(groups, frame_size=n + rest)
    simple = simple_rate(x, n, frame_size=n + rest)
    assert found.value == pytest.approx(simple.value, abs=1e-12)
    # The root of a rounded difference has half its digits.
    assert found.se == pytest.approx(simple.se, abs=1e-7)
    assert found.details["v_phase2"] == 0
