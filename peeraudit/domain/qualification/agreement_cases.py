"""How are the examples of agreement computed (statistics.md §3)?"""

from typing import Any

from peeraudit.domain.qualification.answers import Answer, Inputs, limited
from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_bootstrap import bootstrap_agreement
from peeraudit.domain.statistics.agreement_pair import pair_agreement
from peeraudit.domain.statistics.agreement_patterns import count_patterns
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement
from peeraudit.domain.statistics.results import Estimate

# The examples' limits are Monte Carlo figures at so many resamples.
REPLICATES = 20_000


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


def _patterns(inputs: Inputs) -> dict[tuple[int, ...], int]:
    # Categories count from 1 in the examples, where null is a missing reading.
    k = inputs["K"]
    items = [[score for score in row if score is not None] for row in inputs["ratings"]]
    for place, row in enumerate(items, 1):
        if not all(1 <= score <= k for score in row):
            raise ValueError(f"item {place}: a score of {row} is none of the categories 1 to {k}")
    return count_patterns([[score - 1 for score in row] for row in items], categories=k)


def _positive(inputs: Inputs, k: int) -> list[int]:
    """Return the discrepant categories from 0: all above the first, unless the example says."""
    given = inputs.get("positive")
    return list(range(1, k)) if given is None else [category - 1 for category in given]


def _suite(inputs: Inputs) -> Answer:
    k = inputs["K"]
    positive = _positive(inputs, k)
    suite = agreement_suite(_patterns(inputs), categories=k, positive=positive)
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


def _pair(inputs: Inputs) -> Answer:
    found = pair_agreement(inputs["table"])
    if found.reasons:
        return {"status": found.status.value, "reason": found.reasons[0]}
    return {name: _coefficient(part) for name, part in found.kappas.items()} | {
        "n": found.n,
        "pabak": found.pabak,
        "kappa_max": found.kappa_max,
        "prevalence_index": found.prevalence_index,
        "bias_index": found.bias_index,
        "bowker_chi2": found.bowker_chi2,
        "bowker_df": found.bowker_df,
        "bowker_p": found.bowker_p,
    }


def _bootstrap(inputs: Inputs) -> Answer:
    k = inputs["K"]
    found = bootstrap_agreement(
        _patterns(inputs),
        categories=k,
        positive=_positive(inputs, k),
        names=("ordinal.gwet", "krippendorff.ordinal"),
        replicates=inputs.get("B", REPLICATES),
    )
    gwet, alpha = found["ordinal.gwet"], found["krippendorff.ordinal"]
    if gwet.ci is None and alpha.ci is None:
        return limited(alpha)
    return {
        "gwet_ordinal_pct": gwet.ci,
        "gwet_ordinal_boot_se": gwet.se,
        "kripp_ordinal_pct": alpha.ci,
        "kripp_ordinal_boot_se": alpha.se,
    }


def _two_phase(inputs: Inputs) -> Answer:
    first = inputs["n_first"]
    positive = _positive(inputs, len(first))
    found = two_phase_agreement(first, inputs["table"], positive=positive)
    if found.reasons:
        return {"status": found.status.value, "reason": found.reasons[0]}
    parts: dict[str, object] = {
        name: _coefficient(part) for name, part in found.coefficients.items()
    }
    return parts | {
        "weights_first": found.weights_first,
        "n_double": found.n_double,
        "naive_unweighted_scott": found.naive_scott,
        "naive_unweighted_pct": found.naive_pct,
    }


AGREEMENT = {"S3.01": _suite, "S3.02": _pair, "S3.03": _bootstrap, "S3.04": _two_phase}
