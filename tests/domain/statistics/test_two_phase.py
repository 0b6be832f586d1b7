import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate
from peeraudit.domain.statistics.two_phase_strata import (
    TwoPhaseStratum,
    stratified_two_phase_rate,
)


def pair(first, second):
    return (PhaseGroup(*first), PhaseGroup(*second, concordant=True))


@st.composite
def groups(draw):
    made = []
    for concordant in (False, True):
        n = draw(st.integers(1, 200))
        m = draw(st.integers(1, n))
        made.append(PhaseGroup(n, m, draw(st.integers(0, m)), concordant))
    return tuple(made)


@st.composite
def strata(draw):
    made = draw(groups())
    n = sum(g.n for g in made)
    return TwoPhaseStratum(n + draw(st.integers(0, 500)), made)


def test_worked_example():
    found = two_phase_rate(pair((22, 22, 17), (278, 60, 3)), frame_size=2400)
    assert found.value == pytest.approx(0.103, abs=1e-12)
    assert found.se == pytest.approx(0.0285322216, abs=1e-10)
    assert found.ci == pytest.approx((0.0641215521, 0.185087792), abs=1e-9)
    assert found.details["confirmed_only_rate"] == pytest.approx(0.0666666667, abs=1e-10)
    assert found.details["missed_rate"] == 0.05
    assert found.details["missed_ci"] == pytest.approx((0.0104323296, 0.139243247), abs=1e-9)
    assert (found.method, found.n, found.N) == ("S2.06@2", 300, 2400)


def test_worked_example_without_a_miss():
    found = two_phase_rate(pair((12, 12, 9), (138, 40, 0)), frame_size=900)
    assert found.value == pytest.approx(0.06, abs=1e-12)
    assert found.ci == pytest.approx((0.0238026366, 0.143480088), abs=1e-9)


def test_a_class_that_nobody_read_again_gives_bounds_only():
    found = two_phase_rate(pair((12, 12, 9), (138, 0, 0)), frame_size=900)
    assert (found.value, found.status) == (None, Status.BOUNDS_ONLY)
    assert found.ci == pytest.approx((0.06, 0.98))
    assert found.reasons == ("PHASE2_EMPTY_GROUP",)
    assert "missed_rate" not in found.details
    unknown = two_phase_rate(pair((12, 12, 9), (138, 0, 0)), frame_size=None)
    assert unknown.warnings == ("FRAME_SIZE_UNKNOWN",)


@pytest.mark.parametrize(
    ("given", "frame_size", "reason"),
    [
        ([(0, 0, 0)], 9, "NO_SCORED_ITEMS"),
        ([], 9, "NO_SCORED_ITEMS"),
        ([(5, 6, 0)], 9, "N_SAMPLE_GT_FRAME"),
        ([(5, 5, 6)], 9, "X_GT_N"),
        ([(10, 5, 5)], 9, "N_SAMPLE_GT_FRAME"),
    ],
)
def test_counts_that_give_no_rate(given, frame_size, reason):
    found = two_phase_rate([PhaseGroup(*row) for row in given], frame_size=frame_size)
    assert (found.value, found.ci, found.reasons) == (None, None, (reason,))
    assert (found.status is Status.NOT_ESTIMABLE) == (reason == "NO_SCORED_ITEMS")


def test_two_concordant_groups_are_refused():
    with pytest.raises(ValueError, match="only one group"):
        two_phase_rate([PhaseGroup(5, 5, 1, concordant=True)] * 2, frame_size=50)


def test_one_case_has_no_standard_error():
    found = two_phase_rate([PhaseGroup(1, 1, 0)], frame_size=9)
    assert found.se is None
    assert found.ci[0] == 0


def test_a_verified_census_has_no_error():
    found = two_phase_rate(pair((20, 20, 10), (30, 30, 2)), frame_size=50)
    assert found.ci == pytest.approx((0.24, 0.24))
    assert found.se == 0


def test_without_a_frame_nothing_is_corrected_for():
    known = two_phase_rate(pair((22, 22, 17), (278, 60, 3)), frame_size=10**9)
    free = two_phase_rate(pair((22, 22, 17), (278, 60, 3)), frame_size=None)
    assert free.ci == pytest.approx(known.ci, abs=1e-6)
    assert free.warnings == ("FRAME_SIZE_UNKNOWN",)


def test_verifying_all_is_the_simple_estimate():
    found = two_phase_rate(pair((20, 20, 10), (30, 30, 2)), frame_size=500)
    assert found.value == pytest.approx(12 / 50)
    assert found.se == pytest.approx((0.9 * 0.24 * 0.76 / 49) ** 0.5)


@given(groups(), st.integers(0, 3000))
def test_estimated_rate_lies_in_its_interval(made, more):
    size = sum(g.n for g in made) + more
    found = two_phase_rate(made, frame_size=size)
    low, high = found.ci
    assert sum(g.y for g in made) / size <= low + 1e-12
    assert low - 1e-9 <= found.value <= high + 1e-9
    assert high <= 1
    assert two_phase_rate(made[::-1], frame_size=size) == found


def test_a_single_stratum_is_the_plain_estimate():
    made = pair((22, 22, 17), (278, 60, 3))
    plain = two_phase_rate(made, frame_size=2400)
    found = stratified_two_phase_rate([TwoPhaseStratum(2400, made)])
    assert found.value == pytest.approx(plain.value)
    assert found.ci == pytest.approx(plain.ci)
    assert found.se == pytest.approx(plain.se)


def test_strata_are_weighted_by_the_frame():
    first = TwoPhaseStratum(2400, pair((22, 22, 17), (278, 60, 3)))
    second = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    found = stratified_two_phase_rate([first, second])
    assert found.value == pytest.approx((2400 * 0.103 + 900 * 0.06) / 3300)
    # MOVER: each stratum's distance from point to limit, weighted, in quadrature.
    low = ((2400 / 3300 * (0.103 - 0.0641215521)) ** 2 + (900 / 3300 * 0.0361973634) ** 2) ** 0.5
    assert found.value - found.ci[0] == pytest.approx(low, abs=1e-8)
    assert (found.n, found.N, found.warnings) == (450, 3300, ())


def test_thin_strata_are_collapsed_and_it_is_said():
    thin = [TwoPhaseStratum(100, pair((5, 5, 3), (20, m, 0))) for m in (2, 4)]
    merged = TwoPhaseStratum(200, pair((10, 10, 6), (40, 6, 0)))
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    found = stratified_two_phase_rate([strong, *thin])
    assert found.warnings == ("STRATA_COLLAPSED",)
    assert found.value == stratified_two_phase_rate([strong, merged]).value


def test_one_thin_stratum_joins_the_next_smallest():
    thin = TwoPhaseStratum(100, pair((5, 5, 3), (20, 2, 0)))
    small = TwoPhaseStratum(300, pair((5, 5, 1), (20, 10, 1)))
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    found = stratified_two_phase_rate([thin, strong, small])
    # Weights 4 and 12: of 400 reports 4 x 5 + 12 x 5 were called discrepant, and 4 x 3 + 12 x 1
    # were; of 4 x 2 + 12 x 10 concordant ones read again 12 x 1 were.
    merged = 24 / 400 + 320 / 400 * 12 / 128
    assert found.value == pytest.approx((400 * merged + 900 * 0.06) / 1300)


def classes(agreed, slight, major):
    """Return groups as a campaign has them: 1 and 2a by ticket, 3a always read again."""
    return (
        PhaseGroup(*agreed, concordant=True, code="1", lot="ticket"),
        PhaseGroup(*slight, code="2a", lot="ticket"),
        PhaseGroup(*major, code="3a", lot="all"),
    )


def test_a_class_of_which_enough_was_verified_stands_alone():
    made = classes((150, 40, 1), (30, 8, 6), (20, 20, 15))
    found = stratified_two_phase_rate([TwoPhaseStratum(2000, made)])
    assert found.value == pytest.approx(150 / 200 * 1 / 40 + 30 / 200 * 6 / 8 + 15 / 200)
    assert found.warnings == ()


def test_a_class_of_which_too_few_were_verified_counts_with_its_lot_and_it_is_said():
    made = classes((150, 40, 1), (30, 0, 0), (20, 20, 15))
    found = stratified_two_phase_rate([TwoPhaseStratum(2000, made)])
    assert found.value == pytest.approx(180 / 200 * 1 / 40 + 15 / 200)
    assert found.warnings == ("CLASSES_COLLAPSED",)


def test_a_class_outside_the_lot_never_lends_its_verified_cases():
    made = classes((150, 0, 0), (30, 3, 2), (20, 20, 15))
    found = stratified_two_phase_rate([TwoPhaseStratum(2000, made)])
    # The three slight ones speak for their lot, however few; the routed ones do not.
    assert found.value == pytest.approx(180 / 200 * 2 / 3 + 15 / 200)


def test_strata_are_merged_class_by_class():
    thin = [TwoPhaseStratum(100, classes((20, m, 0), (8, 4, 3), (5, 5, 3))) for m in (2, 4)]
    merged = TwoPhaseStratum(200, classes((40, 6, 0), (16, 8, 6), (10, 10, 6)))
    assert stratified_two_phase_rate(thin).value == stratified_two_phase_rate([merged]).value


def test_few_concordant_cases_all_verified_stay_a_stratum():
    full = TwoPhaseStratum(100, pair((5, 5, 3), (3, 3, 0)))
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    assert stratified_two_phase_rate([full, strong]).warnings == ()


def test_strata_without_cases_are_left_out_and_it_is_said():
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    found = stratified_two_phase_rate([strong, TwoPhaseStratum(100, ())])
    assert found.warnings == ("STRATA_WITHOUT_SCORES",)
    assert found.details["coverage_of_frame"] == 0.9
    assert found.value == pytest.approx(0.06)


def test_bounds_of_a_stratum_become_bounds_of_the_whole():
    blank = TwoPhaseStratum(900, (PhaseGroup(12, 0, 0), PhaseGroup(138, 40, 4, concordant=True)))
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    found = stratified_two_phase_rate([blank, strong])
    assert (found.value, found.status) == (None, Status.BOUNDS_ONLY)
    # Unverified: 12 of 150; concordant ones: 4 of 40 discrepant.
    low = 138 / 150 / 10
    assert found.ci == pytest.approx(((low + 0.06) / 2, (low + 0.08 + 0.06) / 2))


def test_a_stratum_of_one_case_hides_the_standard_error():
    lone = TwoPhaseStratum(9, (PhaseGroup(1, 1, 0),))
    strong = TwoPhaseStratum(900, pair((12, 12, 9), (138, 40, 0)))
    assert stratified_two_phase_rate([lone, strong]).se is None


def test_strata_without_any_rate():
    empty = stratified_two_phase_rate([TwoPhaseStratum(9, ())])
    assert (empty.status, empty.reasons) == (Status.NOT_ESTIMABLE, ("NO_SCORED_ITEMS",))
    wrong = stratified_two_phase_rate([TwoPhaseStratum(9, (PhaseGroup(5, 5, 6),))])
    assert (wrong.status, wrong.reasons) == (Status.ERROR, ("X_GT_N",))
    with pytest.raises(ValueError, match="at least one stratum"):
        stratified_two_phase_rate([])


@given(st.lists(strata(), min_size=1, max_size=4), st.randoms())
def test_stratified_estimate_lies_in_its_interval_in_any_order(made, random):
    found = stratified_two_phase_rate(made)
    low, high = found.ci
    assert 0 <= low <= found.value + 1e-9
    assert found.value - 1e-9 <= high <= 1
    shuffled = list(made)
    random.shuffle(shuffled)
    assert stratified_two_phase_rate(shuffled) == found
