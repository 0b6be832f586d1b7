# ruff: noqa: N803 - the runners take the inputs under the names of the reference file

import json
import math
from pathlib import Path

import pytest

from peeraudit.domain.statistics.agreement import agreement_suite, count_patterns
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.reliability import judge
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.statistics.suppression import Cell, Tier, complementary, primary_reasons
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate
from peeraudit.domain.statistics.zero_events import zero_event_bounds

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"
DOCUMENT = json.loads(SOURCE.read_text()) if SOURCE.is_file() else None
REFERENCE_TIER = Tier(n_min=10, author_min=3, x_min=5, dominance=0.8)


def edge(estimate):
    return {"status": estimate.status.value, "reason": estimate.reasons[0]}


def run_simple(x, n, N):
    found = simple_rate(x, n, frame_size=N)
    if found.value is None:
        return edge(found)
    headline = {"headline_method": found.ci_method, "headline": found.ci}
    return {"p": found.value, "se": found.se, "n_eff": found.n_eff} | found.details | headline


def run_stratified(N_h, n_h, x_h):
    found = stratified_rate([Stratum(*row) for row in zip(N_h, n_h, x_h, strict=True)])
    if found.value is None:
        return edge(found)
    headline = {"headline_method": found.ci_method, "headline": found.ci}
    return {"p": found.value, "se": found.se, "n_eff": found.n_eff} | found.details | headline


def run_zero(N_h, n_h):
    return zero_event_bounds(list(zip(N_h, n_h, strict=True)))


def run_two_phase(N, n_g, m_g, y_g):
    rows = enumerate(zip(n_g, m_g, y_g, strict=True))
    found = two_phase_rate([PhaseGroup(*row, concordant=i == 1) for i, row in rows], frame_size=N)
    if found.value is None:
        return edge(found) | found.details
    beside = {
        "fn_rate_among_negatives": found.details["missed_rate"],
        "fn_rate_ci": found.details["missed_ci"],
    }
    return {"p": found.value, "se": found.se, "mover_wilson": found.ci} | found.details | beside


def run_reliability(p, n, n_eff, ci):
    precision = judge(
        Estimate(value=p, n=n, n_eff=n_eff, ci=tuple(ci), method="", inputs_sha256="")
    )
    return {
        "abs_width": precision.abs_width,
        "rel_width": precision.rel_width,
        "status": precision.label.value,
    }


def coefficient(found):
    if found.value is None:
        return {"value": None, "reason": found.reasons[0]}
    shown = dict(found.details) | {"value": found.value, "se": found.se, "ci": found.ci}
    if found.n_eff is not None:
        shown["n_eff"] = found.n_eff
    if found.reasons:
        shown["ci_note"] = found.reasons[0]
    return shown


def run_agreement(ratings, K):
    items = [[score - 1 for score in row if score is not None] for row in ratings]
    suite = agreement_suite(count_patterns(items, categories=K), categories=K, positive=range(1, K))
    found = {
        "n_items": suite.n_items,
        "n_items_multi": suite.n_items_multi,
        "n_ratings_used": suite.n_ratings_used,
        "n_patterns": suite.n_patterns,
    }
    if suite.reasons:
        return found | {"status": suite.status.value, "reason": suite.reasons[0]}
    for name, estimate in suite.coefficients.items():
        group, part = name.split(".")
        found.setdefault(group, {})[part] = coefficient(estimate)
    return found


def run_primary(cells):
    given = [Cell(c["n"], c["x"], tuple(c["authors"])) for c in cells]
    return {"reasons": [primary_reasons(cell, REFERENCE_TIER) for cell in given]}


def run_complementary(table, primary):
    found = complementary(table, [tuple(place) for place in primary])
    return {
        "suppressed": [[int(cell) for cell in row] for row in found.hidden],
        "audit": [{"cell": r.cell, "low": r.low, "high": r.high} for r in found.audit],
    }


RUNNERS = {
    "S2.01_srs_rate": run_simple,
    "S2.02_stratified_rate": run_stratified,
    "S2.03_zero_events": run_zero,
    "S2.06_two_phase_rate": run_two_phase,
    "S2.14_reliability_flags": run_reliability,
    "S3.01_agreement_suite": run_agreement,
    "S10.01_primary": run_primary,
    "S10.02_complementary": run_complementary,
}


def differences(got, expected, rel, absolute, where=""):
    if isinstance(expected, dict):
        return [
            problem
            for key, part in expected.items()
            for problem in differences(got.get(key), part, rel, absolute, f"{where}.{key}")
        ]
    if isinstance(expected, list):
        if got is None or len(got) != len(expected):
            return [f"{where}: {got} is not {expected}"]
        return [
            problem
            for i, part in enumerate(expected)
            for problem in differences(got[i], part, rel, absolute, f"{where}[{i}]")
        ]
    if isinstance(expected, float):
        close = got is not None and math.isclose(got, expected, rel_tol=rel, abs_tol=absolute)
        return [] if close else [f"{where}: {got} is not {expected}"]
    return [] if got == expected else [f"{where}: {got} is not {expected}"]


def cases():
    if DOCUMENT is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason="../shared/data is absent"))]
    every = DOCUMENT["examples"] + DOCUMENT["edge_cases"]
    return [pytest.param(c, id=c["id"]) for c in every if c["function"] in RUNNERS]


@pytest.mark.parametrize("case", cases())
def test_reference_example_is_reproduced(case):
    tolerance = DOCUMENT["functions"][case["function"]]["tolerance"]
    got = RUNNERS[case["function"]](**case["inputs"])
    assert differences(got, case["expected"], tolerance["rel"], tolerance["abs"]) == []
