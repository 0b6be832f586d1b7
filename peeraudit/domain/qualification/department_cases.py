"""How are the examples of comparing departments computed (statistics.md §5)?"""

from peeraudit.domain.qualification.answers import NOTHING_SCORED, Answer, Inputs, limited
from peeraudit.domain.statistics.comparison.funnels import (
    LEVELS,
    Unit,
    department_tests,
    funnel_limits,
)
from peeraudit.domain.statistics.comparison.overdispersion import overdispersion
from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.comparison.standardisation import (
    direct_standardisation,
    indirect_standardisation,
)
from peeraudit.domain.statistics.panels import Panel


def _units(inputs: Inputs) -> list[Unit]:
    # Keys that sort as the departments stand in the example.
    rows = enumerate(zip(inputs["n"], inputs["x"], strict=True))
    return [Unit(f"{place:06d}", n, x) for place, (n, x) in rows]


def _limited(panel: Panel) -> dict[str, object]:
    return {"status": panel.status.value, "reason": panel.reasons[0]}


def _column(panel: Panel, name: str) -> list[object]:
    return [unit.details[name] for unit in panel.units.values()]


def _funnel(inputs: Inputs) -> Answer:
    lines = funnel_limits(inputs["n"], inputs["target"])
    rows = zip(*(lines[name].tolist() for name in LEVELS), strict=True)
    return {"limits": [dict(zip(LEVELS, row, strict=True)) for row in rows]}


def _tests(inputs: Inputs) -> Answer:
    panel = department_tests(_units(inputs), target=inputs.get("target"))
    if panel.reasons:
        return _limited(panel)
    return {name: _column(panel, name) for name in ("p_midp", "q_bh", "z_midp")}


def _overdispersion(inputs: Inputs) -> Answer:
    panel = overdispersion(_units(inputs), target=inputs.get("target"))
    if panel.reasons:
        return _limited(panel)
    names = ("z", "z_multiplicative", "z_additive")
    return dict(panel.details) | {name: _column(panel, name) for name in names}


def _shrinkage(inputs: Inputs) -> Answer:
    panel = shrunken_rates(_units(inputs), threshold=inputs.get("threshold"), replicates=0)
    if panel.reasons:
        return _limited(panel)
    intervals = [unit.ci or (None, None) for unit in panel.units.values()]
    found = dict(panel.details) | {
        "post_mean": [unit.value for unit in panel.units.values()],
        "low": [low for low, _ in intervals],
        "high": [high for _, high in intervals],
        "shrinkage": _column(panel, "shrinkage"),
    }
    if inputs.get("threshold") is not None:
        found["prob_exceed"] = _column(panel, "prob_exceed")
    return found


def _indirect(inputs: Inputs) -> Answer:
    found = indirect_standardisation(
        inputs["n_m"],
        inputs["x"],
        inputs["ref_rate"],
        overall_reference=inputs.get("overall_ref_rate"),
    )
    if found.value is None:
        return limited(found) | dict(found.details)
    return dict(found.details) | {"ratio": found.value, "ci_exact": found.ci}


def _direct(inputs: Inputs) -> Answer:
    if not inputs["W"]:
        return NOTHING_SCORED
    found = direct_standardisation(inputs["W"], inputs["n"], inputs["x"])
    if found.value is None:
        return limited(found)
    return dict(found.details) | {
        "p": found.value,
        "se": found.se,
        "n_eff": found.n_eff,
        "ci": found.ci,
        "method": found.ci_method,
    }


DEPARTMENTS = {
    "S5.01": _funnel,
    "S5.02": _tests,
    "S5.03": _overdispersion,
    "S5.04": _shrinkage,
    "S5.05": _indirect,
    "S5.06": _direct,
}
