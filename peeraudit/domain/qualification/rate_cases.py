"""How are the examples of rates computed (statistics.md §2)?"""

from peeraudit.domain.qualification.answers import NOTHING_SCORED, Answer, Inputs, limited
from peeraudit.domain.statistics.capture_recapture import capture_recapture
from peeraudit.domain.statistics.categories import category_distribution
from peeraudit.domain.statistics.differences import Period, difference, trend
from peeraudit.domain.statistics.imperfect_reading import (
    Count,
    Verified,
    corrected_rate,
    reader_accuracy,
)
from peeraudit.domain.statistics.post_stratification import post_stratified_rate
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.reliability import judge
from peeraudit.domain.statistics.response import DrawnStratum, response_bounds
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.statistics.subgroups import SubgroupStratum, subgroup_rate
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate
from peeraudit.domain.statistics.zero_events import zero_event_bounds


def _headline(found: Estimate) -> dict[str, object]:
    return {
        "p": found.value,
        "se": found.se,
        "n_eff": found.n_eff,
        **found.details,
        "headline_method": found.ci_method,
        "headline": found.ci,
    }


def _simple(inputs: Inputs) -> Answer:
    found = simple_rate(inputs["x"], inputs["n"], frame_size=inputs.get("N"))
    return limited(found) if found.value is None else _headline(found)


def _stratified(inputs: Inputs) -> Answer:
    rows = list(zip(inputs["N_h"], inputs["n_h"], inputs["x_h"], strict=True))
    if not rows:
        return NOTHING_SCORED
    found = stratified_rate([Stratum(*row) for row in rows])
    # One stratum is answered by S2.01, which knows of no other.
    return limited(found) if found.value is None else {"coverage_of_frame": 1.0, **_headline(found)}


def _zero_events(inputs: Inputs) -> Answer:
    strata = list(zip(inputs["N_h"], inputs["n_h"], strict=True))
    if not strata:
        return NOTHING_SCORED
    # The rules for counts that cannot be together are those of the rate.
    rate = stratified_rate([Stratum(size, n, 0) for size, n in strata])
    return limited(rate) if rate.value is None else zero_event_bounds(strata)


def _two_phase(inputs: Inputs) -> Answer:
    rows = enumerate(zip(inputs["n_g"], inputs["m_g"], inputs["y_g"], strict=True))
    # The examples give the discrepant first reads first, then the concordant ones.
    groups = [PhaseGroup(*row, concordant=i == 1) for i, row in rows]
    found = two_phase_rate(groups, frame_size=inputs.get("N"))
    if found.value is None:
        return {**limited(found), **found.details}
    return {
        "p": found.value,
        "se": found.se,
        "mover_wilson": found.ci,
        **found.details,
        "fn_rate_among_negatives": found.details.get("missed_rate"),
        "fn_rate_ci": found.details.get("missed_ci"),
    }


def _reliability(inputs: Inputs) -> Answer:
    low, high = inputs["ci"]
    df = {"df": inputs["df"]} if inputs.get("df") is not None else {}
    found = judge(
        Estimate(
            value=inputs["p"],
            n=inputs["n"],
            n_eff=inputs.get("n_eff"),
            ci=(low, high),
            details=df,
            method="S2.14@1",
            inputs_sha256="",
        )
    )
    if found is None:
        return {"status": "not_estimable", "reason": "NO_SCORED_ITEMS"}
    return {
        "abs_width": found.abs_width,
        "rel_width": found.rel_width,
        "status": found.label.value,
    }


def _subgroup(inputs: Inputs) -> Answer:
    names = ("N_h", "n_h", "nd_h", "xd_h")
    rows = list(zip(*(inputs[name] for name in names), strict=True))
    if not rows:
        return NOTHING_SCORED
    found = subgroup_rate([SubgroupStratum(*row) for row in rows])
    return limited(found) if found.value is None else _weighted(found)


def _post_stratified(inputs: Inputs) -> Answer:
    rows = list(zip(inputs["N_g"], inputs["n_g"], inputs["x_g"], strict=True))
    if not rows:
        return NOTHING_SCORED
    found = post_stratified_rate([Stratum(*row) for row in rows])
    return limited(found) if found.value is None else _weighted(found)


def _weighted(found: Estimate) -> dict[str, object]:
    return {
        "p": found.value,
        "se": found.se,
        "n_eff": found.n_eff,
        "wilson": found.ci,
        **found.details,
    }


def _difference(inputs: Inputs) -> Answer:
    found = difference((inputs["p1"], inputs["m1"]), (inputs["p2"], inputs["m2"]))
    return {
        "difference": found.value,
        "newcombe": found.ci,
        "z_score": found.details["z"],
        "p_value": found.details["p_value"],
    }


def _trend(inputs: Inputs) -> Answer:
    scores = inputs.get("score") or range(1, len(inputs["n"]) + 1)
    rows = zip(scores, inputs["n"], inputs["x"], strict=True)
    found = trend([Period(*row) for row in rows])
    if found.value is None:
        return limited(found)
    return {"slope_per_unit": found.value, "ci": found.ci, **found.details}


def _categories(inputs: Inputs) -> Answer:
    found = category_distribution(inputs["counts"])
    return found.details or limited(found)


def _corrected(inputs: Inputs) -> Answer:
    found = corrected_rate(
        Count(inputs["x"], inputs["n"]),
        Count(inputs["se_x"], inputs["se_n"]),
        Count(inputs["sp_x"], inputs["sp_n"]),
    )
    if found.value is None:
        return limited(found)
    return {"adjusted": found.value, "lang_reiczigel": found.ci, **found.details}


def _reader_accuracy(inputs: Inputs) -> Answer:
    positive, negative = (
        Verified(inputs[f"n_{side}"], inputs[f"m_{side}"], inputs[f"d_{side}"])
        for side in ("pos", "neg")
    )
    found = reader_accuracy(positive, negative)
    if found.prevalence is None:
        return limited(found.sensitivity)
    return {
        "sensitivity": found.sensitivity.value,
        "specificity": found.specificity.value,
        "naive_sensitivity": found.naive_sensitivity,
        "prevalence": found.prevalence,
        "sens_ci": found.sensitivity.ci,
        "spec_ci": found.specificity.ci,
    }


def _capture_recapture(inputs: Inputs) -> Answer:
    found = capture_recapture(inputs["n1"], inputs["n2"], inputs["m"])
    return {
        **limited(found),
        "N_hat": found.value,
        "se": found.se,
        "ci": found.ci,
        **found.details,
    }


def _response(inputs: Inputs) -> Answer:
    names = ("N_h", "drawn_h", "scored_h", "x_h")
    rows = list(zip(*(inputs[name] for name in names), strict=True))
    if not rows:
        return NOTHING_SCORED
    found = response_bounds([DrawnStratum(*row) for row in rows])
    return found.details or limited(found)


RATES = {
    "S2.01": _simple,
    "S2.02": _stratified,
    "S2.03": _zero_events,
    "S2.04": _subgroup,
    "S2.05": _post_stratified,
    "S2.06": _two_phase,
    "S2.07": _difference,
    "S2.08": _trend,
    "S2.09": _categories,
    "S2.10": _corrected,
    "S2.11": _reader_accuracy,
    "S2.12": _capture_recapture,
    "S2.13": _response,
    "S2.14": _reliability,
}
