"""How are the examples of rates computed (statistics.md §2)?"""

from peeraudit.domain.qualification.answers import Answer, Inputs, limited
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.reliability import judge
from peeraudit.domain.statistics.results import Estimate
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
    rows = zip(inputs["N_h"], inputs["n_h"], inputs["x_h"], strict=True)
    found = stratified_rate([Stratum(*row) for row in rows])
    return limited(found) if found.value is None else _headline(found)


def _zero_events(inputs: Inputs) -> Answer:
    return zero_event_bounds(list(zip(inputs["N_h"], inputs["n_h"], strict=True)))


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


RATES = {
    "S2.01": _simple,
    "S2.02": _stratified,
    "S2.03": _zero_events,
    "S2.06": _two_phase,
    "S2.14": _reliability,
}
