"""How are the examples of turn-round and workload computed (statistics.md §7)?"""

from peeraudit.domain.qualification.answers import Answer, Inputs, limited
from peeraudit.domain.statistics.turn_round import completion, quantile
from peeraudit.domain.statistics.workload import workload_inequality


def _quantiles(inputs: Inputs) -> Answer:
    found = [(q, quantile(inputs["t"], q)) for q in inputs["q"]]
    if not inputs["t"]:
        return limited(found[0][1])
    return {"quantiles": [{"q": q, "value": part.value, **part.details} for q, part in found]}


def _kaplan_meier(inputs: Inputs) -> Answer:
    found = completion(inputs["time"], inputs["event"])
    at = [(t, found.at(t)) for t in inputs.get("at") or ()]
    return {
        **limited(found.median),
        "median": found.median.value,
        "median_low": found.median.details.get("low"),
        "median_high": found.median.details.get("high"),
        "at": [
            {
                "t": t,
                "S": point.S,
                "low": point.ci[0] if point.ci else None,
                "high": point.ci[1] if point.ci else None,
                "se": point.se,
            }
            for t, point in at
        ],
        "n": found.n,
        "events": found.events,
    }


def _inequality(inputs: Inputs) -> Answer:
    found = workload_inequality(inputs["load"], inputs.get("capacity"))
    return limited(found) if found.value is None else found.details


WORKLOAD = {"S7.01": _quantiles, "S7.02": _kaplan_meier, "S7.03": _inequality}
