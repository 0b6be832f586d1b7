import pytest

from peeraudit.domain.statistics.comparison.funnels import Unit
from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.panel import severity_panel
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate

GROUPS = [PhaseGroup(22, 22, 17, False), PhaseGroup(278, 60, 3, True)]
STRATA = [Stratum(1200, 60, 4), Stratum(640, 40, 3)]


@pytest.mark.parametrize(
    ("estimate", "rules"),
    [
        (simple_rate(9, 120, frame_size=800), ()),
        (simple_rate(3, 120, frame_size=800), ("EXACT_AT_FEW_EVENTS",)),
        (simple_rate(3, 120, frame_size=None), ("EXACT_AT_FEW_EVENTS",)),
        (simple_rate(0, 0, frame_size=800), ()),
        (stratified_rate(STRATA), ("CAPPED_EFFECTIVE_SIZE",)),
        (
            stratified_rate([Stratum(1200, 60, 2), Stratum(640, 40, 0)]),
            ("CAPPED_EFFECTIVE_SIZE", "EXACT_AT_FEW_EVENTS"),
        ),
        (two_phase_rate(GROUPS, frame_size=2400), ("MOVER_TWO_PHASE",)),
    ],
)
def test_a_rate_names_the_rules_of_our_own_behind_its_interval(estimate, rules):
    assert estimate.own_rules == rules
    assert estimate.to_dict()["own_rules"] == list(rules)


def test_few_reviewers_are_told_by_the_rule_for_few():
    cells = [ReviewerCell(f"r{i}", "CT", 40, 2 + i % 4) for i in range(8)]

    panel = severity_panel(cells, allocation_random=True)

    assert {unit.own_rules for unit in panel.units.values()} == {("SEVERITY_SPREAD_IN_DOUBT",)}


def test_few_departments_are_told_by_the_rule_for_few():
    units = [Unit(f"d{i}", 60 + i, 2 + 2 * (i % 5)) for i in range(12)]

    panel = shrunken_rates(units)

    assert {unit.own_rules for unit in panel.units.values()} == {("RATE_SPREAD_IN_DOUBT",)}


def test_what_was_written_reads_back_without_keeping_the_rules_twice():
    estimate = stratified_rate(STRATA)

    again = Estimate.from_dict(estimate.to_dict())

    assert again.own_rules == estimate.own_rules
    assert again.value == estimate.value
