import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from peeraudit.domain.statistics.intervals import Z
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.severity.counts import ReviewerCell, collect_cells
from peeraudit.domain.statistics.severity.panel import observed_to_expected, severity_panel
from peeraudit.domain.statistics.severity.random_intercept import fit_random_intercept

cell_lists = st.lists(
    st.builds(
        lambda r, h, n, share: ReviewerCell(f"r{r}", f"h{h}", n, int(n * share)),
        st.integers(0, 4),
        st.integers(0, 2),
        st.integers(0, 60),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=15,
).filter(lambda cells: sum(c.n for c in cells) > 0)


def simulated(seed, reviewers=12, sigma=0.6, n=60, strata=(-2.5, -2.0, -3.0)):
    draws = np.random.Generator(np.random.PCG64(seed))
    severity = draws.normal(0, sigma, reviewers)
    return [
        ReviewerCell(f"r{r:02d}", f"h{h}", n, int(draws.binomial(n, special.expit(beta + u))))
        for r, u in enumerate(severity)
        for h, beta in enumerate(strata)
    ], severity


def marginal(counts, beta, sigma):
    """Return the log-likelihood by numerical integration, reviewer by reviewer."""
    total = 0.0
    for r in range(len(counts.reviewers)):
        mine = counts.reviewer == r
        n, x, place = counts.n[mine], counts.x[mine], counts.stratum[mine]

        def density(u, n=n, x=x, place=place):
            return np.prod(stats.binom.pmf(x, n, special.expit(beta[place] + u))) * stats.norm.pdf(
                u, scale=sigma
            )

        total += math.log(integrate.quad(density, -6 * sigma, 6 * sigma, epsabs=1e-14)[0])
    return total


def test_the_fit_is_the_summit_of_the_integrated_likelihood():
    counts = collect_cells(simulated(1)[0])
    fit = fit_random_intercept(counts)
    best = marginal(counts, fit.beta, fit.sigma)
    assert fit.loglik == pytest.approx(best, abs=1e-6)
    for step in (-0.05, 0.05):
        assert marginal(counts, fit.beta, fit.sigma + step) < best
        assert marginal(counts, fit.beta + np.array([step, 0, 0]), fit.sigma) < best


def test_severities_are_found_with_their_intervals():
    cells, severity = simulated(3, reviewers=40, n=200)
    panel = severity_panel(cells, allocation_random=True)
    units = list(panel.units.values())
    held = [unit.ci[0] <= u <= unit.ci[1] for unit, u in zip(units, severity, strict=True)]
    assert sum(held) >= 35
    values = [unit.value for unit in units]
    assert np.corrcoef(values, severity)[0, 1] > 0.9
    assert panel.details["sigma"] == pytest.approx(0.6, abs=0.2)
    assert panel.details["quartile_odds_ratio"] == pytest.approx(
        math.exp(1.35 * panel.details["sigma"])
    )
    assert any(unit.details["flagged"] for unit in units)
    assert all(unit.details["q"] >= unit.details["p"] for unit in units)


def test_many_reviewers_have_the_conditional_interval():
    panel = severity_panel(simulated(7, reviewers=100, n=30)[0], allocation_random=True)
    for unit in panel.units.values():
        assert (unit.ci, unit.ci_method) == (unit.details["ci_conditional"], "conditional_mode")
        assert unit.ci == pytest.approx((unit.value - Z * unit.se, unit.value + Z * unit.se))


def test_where_all_is_well_known_both_intervals_agree():
    panel = severity_panel(simulated(8, reviewers=60, n=2000)[0], allocation_random=True)
    for unit in panel.units.values():
        # What is left is the doubt about the strata: the mean of 60 severities.
        assert unit.ci == pytest.approx(unit.details["ci_conditional"], abs=0.16)


def test_few_reviewers_carry_the_doubt_about_their_spread():
    held = total = narrow = 0
    for seed in range(40):
        cells, severity = simulated(100 + seed, reviewers=8, sigma=0.4, n=25)
        panel = severity_panel(cells, allocation_random=True)
        for unit, u in zip(panel.units.values(), severity, strict=True):
            held += unit.ci[0] <= u <= unit.ci[1]
            plain = unit.details["ci_conditional"]
            narrow += plain is not None and plain[0] <= u <= plain[1]
            total += 1
    assert 0.92 < held / total < 0.985
    assert narrow < held


def test_reviewers_who_do_not_differ_have_no_severity():
    cells = [ReviewerCell(f"r{r}", "CT", 100, 5) for r in range(8)]
    panel = severity_panel(cells, allocation_random=True)
    assert panel.warnings == ("NO_DIFFERENCE_DETECTED",)
    assert panel.details["sigma"] == 0
    assert panel.details["beta"] == pytest.approx([special.logit(0.05)])
    for unit in panel.units.values():
        assert (unit.value, unit.se) == (0, None)
        # That nothing was seen to differ does not prove that nothing does.
        assert unit.ci[0] < -0.05
        assert unit.ci[1] > 0.05
        assert "flagged" not in unit.details


def test_a_stratum_without_variation_tells_nothing_of_the_reviewers():
    cells, _ = simulated(5)
    more = [ReviewerCell(f"r{r:02d}", "none", 50, 0) for r in range(12)]
    before = severity_panel(cells, allocation_random=True)
    after = severity_panel(cells + more, allocation_random=True)
    assert after.warnings == ("STRATUM_WITHOUT_VARIATION",)
    assert after.details["beta"][-1] is None
    for name, unit in before.units.items():
        assert after.units[name].value == pytest.approx(unit.value, abs=1e-6)
    nothing = severity_panel(more, allocation_random=True)
    assert (nothing.status, nothing.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))


def test_without_random_allocation_the_panel_is_unreliable():
    panel = severity_panel(simulated(1)[0], allocation_random=False)
    assert (panel.status, panel.reasons) == (Status.UNRELIABLE, ("ALLOCATION_NOT_RANDOM",))


@settings(deadline=None, max_examples=30)
@given(cell_lists, st.randoms())
def test_order_and_splitting_change_nothing(cells, random):
    halves = [
        part
        for c in cells
        for part in (
            ReviewerCell(c.reviewer, c.stratum, c.x, c.x),
            ReviewerCell(c.reviewer, c.stratum, c.n - c.x, 0),
        )
    ]
    random.shuffle(halves)
    assert severity_panel(halves, allocation_random=True) == severity_panel(
        cells, allocation_random=True
    )
    assert observed_to_expected(halves) == observed_to_expected(cells)


@settings(deadline=None, max_examples=30)
@given(cell_lists)
def test_severities_are_drawn_towards_zero_and_finite(cells):
    panel = severity_panel(cells, allocation_random=True)
    for unit in panel.units.values():
        assert math.isfinite(unit.value)
        assert unit.ci[0] < unit.ci[1]
        assert unit.se is None or unit.se <= panel.details["sigma"] * (1 + 1e-9)


def test_expected_are_the_rates_of_the_others():
    cells = [ReviewerCell("a", "CT", 10, 4), ReviewerCell("b", "CT", 20, 2)]
    cells += [ReviewerCell("c", "CT", 20, 6), ReviewerCell("a", "MR", 30, 3)]
    panel = observed_to_expected(cells)
    a = panel.units["a"]
    # MR was read by a alone: it is left out of both counts.
    assert a.details == {"O": 4, "E": pytest.approx(10 * 8 / 40)}
    assert a.warnings == ("ONLY_REVIEWER_IN_STRATUM",)
    assert a.value == pytest.approx(2)
    low = stats.chi2.ppf(0.025, 8) / 2
    high = stats.chi2.ppf(0.975, 10) / 2
    assert a.ci == pytest.approx((low / 2, high / 2))


def test_where_the_others_call_nothing_there_is_no_ratio():
    cells = [ReviewerCell("a", "CT", 10, 2), ReviewerCell("b", "CT", 10, 0)]
    panel = observed_to_expected(cells)
    assert panel.units["a"].reasons == ("NO_EVENTS",)
    assert panel.units["b"].ci[0] == 0


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([], "no reading"),
        ([ReviewerCell("a", "CT", 0, 0)], "no reading"),
        ([ReviewerCell("a", "CT", 3, 4)], "reviewer a, stratum CT: 4 discrepant of 3"),
        ([ReviewerCell("a", "CT", -3, -4)], "reviewer a"),
    ],
)
def test_cells_that_make_no_sense_are_refused(cells, words):
    with pytest.raises(ValueError, match=words):
        collect_cells(cells)
