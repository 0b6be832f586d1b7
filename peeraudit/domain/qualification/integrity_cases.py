"""How are the examples of blinding and reviewing patterns computed (statistics.md §8)?"""

from peeraudit.domain.qualification.answers import Answer, Inputs, limited
from peeraudit.domain.statistics.integrity.blinding_indices import (
    bang_index,
    guess_test,
    james_index,
)
from peeraudit.domain.statistics.integrity.reviewing_patterns import (
    TrendStratum,
    low_count,
    reading_times,
    stratified_trend,
)
from peeraudit.domain.statistics.results import Estimate


def _index(found: Estimate) -> Answer:
    if found.value is None:
        return limited(found)
    return {"bi": found.value, "se": found.se, "ci": found.ci}


def _bang(inputs: Inputs) -> Answer:
    return _index(bang_index(inputs["correct"], inputs["incorrect"], inputs["dont_know"]))


def _james(inputs: Inputs) -> Answer:
    return _index(james_index(inputs["table"]))


def _guesses(inputs: Inputs) -> Answer:
    found = guess_test(inputs["table"], dont_know=inputs["dont_know"])
    if found.value is None:
        return limited(found)
    return dict(found.details) | {"index_all": found.value}


def _trend(inputs: Inputs) -> Answer:
    strata = [
        TrendStratum(tuple(part["score"]), tuple(part["x"]), tuple(part["n"]))
        for part in inputs["strata"]
    ]
    found = stratified_trend(strata)
    return limited(found) if found.value is None else found.details


def _low_count(inputs: Inputs) -> Answer:
    found = low_count(inputs["p"], inputs["n"], inputs["x"])
    if found.value is None:
        return limited(found)
    return dict(found.details) | {"prob_le_x": found.value}


def _times(inputs: Inputs) -> Answer:
    found = reading_times(inputs["seconds"], floor=inputs["floor_s"])
    if found.value is None:
        return limited(found)
    return dict(found.details) | {"median_s": found.value}


INTEGRITY = {
    "S8.01": _bang,
    "S8.02": _james,
    "S8.03": _guesses,
    "S8.04": _trend,
    "S8.05": _low_count,
    "S8.06": _times,
}
