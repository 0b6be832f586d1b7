"""How are the examples of monitoring over time computed (statistics.md §6)?"""

from peeraudit.domain.qualification.answers import Answer, Inputs, limited
from peeraudit.domain.statistics.monitoring.charts import g_chart, p_chart, t_chart
from peeraudit.domain.statistics.monitoring.cusum import risk_adjusted_cusum
from peeraudit.domain.statistics.monitoring.run_lengths import (
    bernoulli_run_length,
    calibrate_threshold,
    ewma_run_length,
    risk_adjusted_run_length,
)
from peeraudit.domain.statistics.monitoring.series import ewma_chart, run_rules


def _p_chart(inputs: Inputs) -> Answer:
    found = p_chart(inputs["x"], inputs["n"])
    if found.value is None:
        return limited(found)
    details = found.details
    return {
        "p": details["p"],
        "center": found.value,
        "p_chart": {"lcl": details["lcl"], "ucl": details["ucl"]},
        "sigma_z": details["sigma_z"],
        "laney": {"lcl": details["laney_lcl"], "ucl": details["laney_ucl"]},
        "laney_z": details["laney_z"],
    }


def _g_chart(inputs: Inputs) -> Answer:
    found = g_chart(inputs["gaps"])
    return limited(found) if found.value is None else found.details


def _t_chart(inputs: Inputs) -> Answer:
    found = t_chart(inputs["times"])
    if found.value is None:
        return limited(found)
    return dict(found.details) | {"center": found.value}


def _cusum(inputs: Inputs) -> Answer:
    found = risk_adjusted_cusum(inputs["p"], inputs["y"], h=inputs["h"], odds_ratio=inputs["RA"])
    return limited(found) if found.value is None else found.details


def _bernoulli(inputs: Inputs) -> Answer:
    found = bernoulli_run_length(inputs["p_true"], m=inputs["m"], hm=inputs["hm"])
    return dict(found.details) | {"arl": found.value}


def _risk_adjusted(inputs: Inputs) -> Answer:
    found = risk_adjusted_run_length(
        inputs["p_mix"],
        inputs["w_mix"],
        h=inputs["h"],
        odds_ratio=inputs["RA"],
        true_ratio=inputs["RQ"],
        scaling=inputs["scaling"],
    )
    return {"arl": found.value}


def _calibration(inputs: Inputs) -> Answer:
    found = calibrate_threshold(
        inputs["p_mix"],
        inputs["w_mix"],
        target=inputs["arl0"],
        odds_ratio=inputs["RA"],
        scaling=inputs["scaling"],
    )
    return limited(found) if found.value is None else dict(found.details) | {"h": found.value}


def _ewma(inputs: Inputs) -> Answer:
    found = ewma_chart(
        inputs["x"], inputs["n"], inputs["p0"], weight=inputs["lam"], limit=inputs["L"]
    )
    return limited(found) if found.value is None else found.details


def _ewma_length(inputs: Inputs) -> Answer:
    found = ewma_run_length(inputs["lam"], inputs["L"], shift=inputs["shift"])
    return {"arl": found.value}


def _runs(inputs: Inputs) -> Answer:
    found = run_rules(inputs["y"], centre=inputs.get("center"))
    if found.reasons:
        return limited(found)
    return dict(found.details) | {"center": found.value}


MONITORING = {
    "S6.01": _p_chart,
    "S6.02": _g_chart,
    "S6.03": _t_chart,
    "S6.04": _cusum,
    "S6.05": _bernoulli,
    "S6.06": _risk_adjusted,
    "S6.07": _ewma,
    "S6.08": _ewma_length,
    "S6.09": _runs,
    "S6.10": _calibration,
}
