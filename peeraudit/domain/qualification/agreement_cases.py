"""How are the examples of agreement computed (statistics.md §3)?"""

from typing import Any

from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.statistics.agreement import agreement_suite, count_patterns
from peeraudit.domain.statistics.results import Estimate


def _coefficient(found: Estimate) -> dict[str, object]:
    if found.value is None:
        return {"value": None, "reason": found.reasons[0]}
    shown: dict[str, object] = {
        **found.details,
        "value": found.value,
        "se": found.se,
        "ci": found.ci,
    }
    if found.n_eff is not None:
        shown["n_eff"] = found.n_eff
    if found.reasons:
        shown["ci_note"] = found.reasons[0]
    return shown


def _suite(inputs: Inputs) -> Answer:
    k = inputs["K"]
    # Categories count from 1 in the examples, where null is a missing reading.
    items = [[score - 1 for score in row if score is not None] for row in inputs["ratings"]]
    patterns = count_patterns(items, categories=k)
    suite = agreement_suite(patterns, categories=k, positive=range(1, k))
    found: dict[str, Any] = {
        "n_items": suite.n_items,
        "n_items_multi": suite.n_items_multi,
        "n_ratings_used": suite.n_ratings_used,
        "n_patterns": suite.n_patterns,
    }
    if suite.reasons:
        return found | {"status": suite.status.value, "reason": suite.reasons[0]}
    for name, estimate in suite.coefficients.items():
        group, part = name.split(".")
        found.setdefault(group, {})[part] = _coefficient(estimate)
    return found


AGREEMENT = {"S3.01": _suite}
