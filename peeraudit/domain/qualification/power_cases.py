"""How are the examples of power computed (statistics.md §9)?"""

from dataclasses import asdict

from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.statistics.power import (
    POWER,
    agreement_items,
    compare_two,
    detectable_rate,
    power_against_standard,
)

UNREACHABLE = {"status": "not_estimable", "reason": "NO_CRITICAL_COUNT"}


def _power(inputs: Inputs) -> Answer:
    found = power_against_standard(inputs["n"], inputs["p0"], inputs["p1"])
    return UNREACHABLE if found is None else asdict(found)


def _detectable(inputs: Inputs) -> Answer:
    wanted = inputs.get("power") or POWER
    found = detectable_rate(inputs["n"], inputs["p0"], power=wanted)
    return UNREACHABLE if found is None else asdict(found)


def _two_samples(inputs: Inputs) -> Answer:
    first, second = (inputs["p1"], inputs["n1"]), (inputs["p2"], inputs["n2"])
    return asdict(compare_two(first, second, power=inputs.get("power") or POWER))


def _agreement(inputs: Inputs) -> Answer:
    exact, n = agreement_items(inputs["se_pilot"], inputs["n_pilot"], inputs["half_width"])
    return {"n_unrounded": exact, "n": n}


POWERS = {"S9.01": _power, "S9.02": _detectable, "S9.03": _two_samples, "S9.04": _agreement}
