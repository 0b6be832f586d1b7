import pytest

from peeraudit.domain.qualification.functions import FUNCTIONS
from peeraudit.domain.statistics.comparison.funnels import Unit, department_tests
from peeraudit.domain.statistics.gates import GATES, closed_by, show_panel
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.pairwise import conditional_severity
from peeraudit.domain.statistics.severity.panel import severity_panel

PANEL = severity_panel(
    [ReviewerCell(f"r{r}", "CT", 29 + r, 2 + r) for r in range(6)], allocation_random=True
)


def test_every_function_of_these_sections_has_a_gate():
    sections = ("S3.", "S4.", "S5.", "S6.", "S8.")
    assert sorted(GATES) == sorted(name for name in FUNCTIONS if name.startswith(sections))


@pytest.mark.parametrize(
    ("function", "facts", "reasons"),
    [
        ("S3.01", {"items": 50, "discrepant_readings": 10}, ()),
        ("S3.01", {"items": 49, "discrepant_readings": 9}, ("UNITS_LT_50", "DISCREPANT_LT_10")),
        (
            "S3.04",
            {"items": 90, "discrepant_readings": 10, "concordant_second_reads": 59},
            ("SECOND_READS_LT_60",),
        ),
        ("S6.04", {"baseline_reports": 199}, ("BASELINE_LT_200",)),
        ("S8.01", {"answers_per_arm": 30}, ()),
        ("S3.03", {}, ()),
    ],
)
def test_a_gate_opens_at_its_numbers(function, facts, reasons):
    assert closed_by(function, facts) == reasons


def test_a_gate_wants_to_know_all_it_asks_for():
    with pytest.raises(KeyError, match="discrepant_readings"):
        closed_by("S3.01", {"items": 70})


def test_a_reviewer_with_few_readings_is_hidden_and_the_others_stay():
    shown = show_panel(PANEL, {"reviewers": 6})
    hidden = shown.units["r0"]
    assert (hidden.status, hidden.reasons) == (Status.SUPPRESSED, ("READINGS_LT_30",))
    assert (hidden.value, hidden.ci, hidden.n, hidden.inputs_sha256) == (None, None, 0, "")
    assert shown.units["r1"] == PANEL.units["r1"]


def test_few_reviewers_are_not_shown_at_all():
    shown = show_panel(PANEL, {"reviewers": 4})
    assert (shown.status, shown.units) == (Status.SUPPRESSED, {})
    assert (shown.reasons, shown.details, shown.inputs_sha256) == (("REVIEWERS_LT_5",), {}, "")


def test_pairs_are_asked_of_each_reviewer():
    wins = [[0, 5, 5, 0, 0], [4, 0, 0, 0, 0], [6, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 2, 0]]
    panel = conditional_severity(wins, list("abcde"))
    shown = show_panel(panel, {"reviewers": 5})
    assert [name for name, unit in shown.units.items() if unit.value is not None] == ["a", "c"]


def test_departments_are_compared_only_with_one_pool_of_reviewers():
    units = [Unit(f"d{i}", 9 + i, 2) for i in range(5)]
    panel = department_tests(units)
    own = show_panel(panel, {"departments": 5, "common_reviewer_pool": 0})
    assert own.reasons == ("REVIEWER_POOL_NOT_COMMON",)
    shown = show_panel(panel, {"departments": 5, "common_reviewer_pool": 1})
    assert shown.units["d0"].reasons == ("N_LT_MIN",)
    assert shown.units["d1"] == panel.units["d1"]
