"""Edge cases of each section that an example file may ask for: what is answered, and with which
reason (statistics.md §0.4 and the edge rules of its sections).
"""

import json
import math

import pytest

from peeraudit.domain.qualification.comparison import Tolerance
from peeraudit.domain.qualification.examples import REFUSALS, run_example
from peeraudit.domain.qualification.functions import FUNCTIONS, find_function
from peeraudit.domain.statistics.results import as_json

NOTHING = {"status": "not_estimable", "reason": "NO_SCORED_ITEMS"}
EMPTY = {
    "S2.02": {"N_h": [], "n_h": [], "x_h": []},
    "S2.03": {"N_h": [], "n_h": []},
    "S2.04": {"N_h": [], "n_h": [], "nd_h": [], "xd_h": []},
    "S2.05": {"N_g": [], "n_g": [], "x_g": []},
    "S2.13": {"N_h": [], "drawn_h": [], "scored_h": [], "x_h": []},
    "S4.01": {"triples": [], "K": 3},
    "S4.03": {"reviewer": [], "stratum": [], "n": [], "x": []},
    "S4.04": {"reviewer": [], "stratum": [], "n": [], "x": []},
    "S4.05": {"triples": [], "K": 3},
    "S5.06": {"W": [], "n": [], "x": []},
    "S6.04": {"p": [], "y": [], "h": 2.5, "RA": 2},
    "S8.05": {"p": [], "n": [], "x": 0},
    "S8.06": {"seconds": [], "floor_s": 30},
}
EDGES = [
    ("S2.03", {"N_h": [50], "n_h": [0]}, NOTHING),
    ("S2.03", {"N_h": [50], "n_h": [60]}, {"status": "error", "reason": "N_SAMPLE_GT_FRAME"}),
    ("S2.03", {"N_h": [50], "n_h": [50]}, {"hyper_two_sided_upper_count": 0}),
    # All readers agree on all cases: the cases lie endlessly far apart.
    (
        "S4.05",
        {"triples": [[i, r, 1 + i % 3] for i in range(9) for r in range(3)], "K": 3},
        {"status": "not_estimable", "reason": "UNSTABLE"},
    ),
    (
        "S4.03",
        {"reviewer": ["a", "b"], "stratum": ["x", "x"], "n": [50, 50], "x": [5, 5]},
        {"sigma": 0.0, "severity_mode": [0.0, 0.0], "severity_cond_sd": [0.0, 0.0]},
    ),
    (
        "S2.02",
        {"N_h": [400], "n_h": [40], "x_h": [5]},
        {"coverage_of_frame": 1.0, "headline_method": "wilson_neff"},
    ),
    (
        "S2.12",
        {"n1": 5, "n2": 0, "m": 0},
        {"status": "unreliable", "reason": "OVERLAP_LT_7", "N_hat": 5.0, "ci": None},
    ),
    (
        "S3.03",
        {"ratings": [[1], [2]], "K": 3},
        {"status": "not_estimable", "reason": "NO_MULTIPLY_RATED_ITEMS"},
    ),
    ("S8.05", {"p": [0.05], "n": [60], "x": 60}, {"prob_le_x": 1.0, "p_mid": 1.0}),
    (
        "S10.01",
        {"cells": [{"n": 5, "x": 6, "authors": [5]}]},
        {"status": "error", "reason": "X_GT_N"},
    ),
]
# Whoever counts more discrepant reports than reports is told so by one code, in all sections.
MORE_THAN_ALL = [
    ("S4.03", {"reviewer": ["a", "b"], "stratum": ["s", "s"], "n": [5, 5], "x": [6, 1]}),
    ("S4.04", {"reviewer": ["a", "b"], "stratum": ["s", "s"], "n": [5, 5], "x": [6, 1]}),
    ("S5.02", {"n": [5, 5], "x": [6, 1], "target": 0.1}),
    ("S5.03", {"n": [5] * 12, "x": [6] + [1] * 11}),
    ("S5.04", {"n": [5] * 12, "x": [6] + [1] * 11}),
    ("S5.05", {"n_m": [5], "x": 6, "ref_rate": [0.1]}),
    ("S5.06", {"W": [1.0], "n": [5], "x": [6]}),
    ("S6.01", {"n": [5] * 12, "x": [6] + [1] * 11}),
    ("S8.05", {"p": [0.1], "n": [5], "x": 6}),
]
MIX = {"p_mix": [0.1], "w_mix": [0.9], "RA": 2, "RQ": 1, "h": 1, "scaling": 100}
REFUSED = [
    # 1 - 0.97 is a hair above 0.03 in binary fractions.
    ("S1.01", {"p": 0.97, "d": 0.03, "N": 500}, "half-width"),
    ("S1.08", {"frame": [], "seed": "a" * 20, "n_h": {}}, "nothing to draw"),
    ("S3.01", {"ratings": [[1, 2], [1, 6]], "K": 5}, "item 2"),
    ("S4.02", {"wins": [[0, 1], [2, 0]], "ridge_sd": 0}, "above 0"),
    ("S3.01", {"ratings": [[1, 0]], "K": 5}, "item 1"),
    ("S3.01", {"ratings": [[1, 1]], "K": 1}, "two categories"),
    ("S5.06", {"W": [0.5, 0.4], "n": [50, 50], "x": [1, 0]}, "sum to 1"),
    ("S6.06", MIX, "sum to 1"),
    ("S10.02", {"table": [[20, 7], [3, 30]], "primary": [[5, 5]]}, "no cell"),
    ("S8.02", {"table": [[None, 1], [1, 2], [3, 4]]}, "answers come"),
]


def answer(function, inputs):
    return as_json(find_function(function)(inputs))


@pytest.mark.parametrize("function", EMPTY)
def test_nothing_scored_is_not_estimable(function):
    assert answer(function, EMPTY[function]) == NOTHING


@pytest.mark.parametrize(("function", "inputs", "expected"), EDGES)
def test_edge(function, inputs, expected):
    case = {"id": "edge", "function": function, "inputs": inputs, "expected": expected}
    assert run_example(case, Tolerance(0, 0)).lines == []


@pytest.mark.parametrize(("function", "inputs"), MORE_THAN_ALL)
def test_more_discrepant_reports_than_reports_are_an_error_with_its_code(function, inputs):
    expected = {"status": "error", "reason": "X_GT_N"}
    case = {"id": "edge", "function": function, "inputs": inputs, "expected": expected}
    assert run_example(case, Tolerance(0, 0)).lines == []


@pytest.mark.parametrize(("function", "inputs", "words"), REFUSED)
def test_what_does_not_fit_is_refused_by_its_rule(function, inputs, words):
    with pytest.raises(REFUSALS, match=words):
        find_function(function)(inputs)


@pytest.mark.parametrize(
    ("function", "inputs", "interval"),
    [
        ("S2.01", {"N": 150, "n": 150, "x": 7}, "headline"),
        ("S2.02", {"N_h": [100, 50], "n_h": [100, 50], "x_h": [4, 0]}, "headline"),
        ("S2.04", {"N_h": [90, 50], "n_h": [90, 50], "nd_h": [50, 30], "xd_h": [5, 3]}, "wilson"),
        ("S2.05", {"N_g": [100, 50], "n_g": [100, 50], "x_g": [2, 0]}, "wilson"),
    ],
)
def test_a_census_leaves_nothing_open_to_the_last_bit(function, inputs, interval):
    found = answer(function, inputs)
    assert found[interval] == [found["p"]] * 2
    assert (found["se"], found["n_eff"]) == (0.0, None)


def test_no_edge_is_answered_with_what_json_does_not_know():
    for function, inputs, _ in EDGES:
        if function != "S10.01":
            json.dumps(answer(function, inputs), allow_nan=False)


def test_every_function_id_of_the_specification_is_there():
    sections = {1: 10, 2: 14, 3: 4, 4: 5, 5: 6, 6: 10, 7: 3, 8: 6, 9: 4, 10: 2}
    wanted = {f"S{s}.{n:02d}" for s, most in sections.items() for n in range(1, most + 1)}
    assert set(FUNCTIONS) == wanted | {"scale"}
    assert math.fsum(sections.values()) == 64
