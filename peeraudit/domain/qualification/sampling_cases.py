"""How are the examples of sampling computed (statistics.md §1)?"""

from collections.abc import Sequence
from typing import Any

from peeraudit.domain.assignment.baseline import BaselineItem, BaselineReviewer, assign_at_random
from peeraudit.domain.errors import N_
from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.sampling.acceptance_plans import Question, acceptance_plan, zero_plan
from peeraudit.domain.sampling.draws import draw, ticket
from peeraudit.domain.sampling.frame_checks import duplicates, representativeness, sequence_gaps
from peeraudit.domain.sampling.optimal_allocation import SpreadStratum, allocate_optimally
from peeraudit.domain.sampling.precision_plans import exact_size, wald_size
from peeraudit.domain.sampling.sample_size import allocate, sample_size
from peeraudit.domain.statistics.refusals import NotComputable


def _wald_size(inputs: Inputs) -> Answer:
    plan = wald_size(inputs["p"], inputs["d"], frame_size=inputs.get("N"))
    return {"n0": plan.n0, "n_unrounded": plan.n_unrounded, "n": plan.n}


def _wilson_size(inputs: Inputs) -> Answer:
    plan = sample_size(inputs["p"], inputs["d"], frame_size=inputs.get("N"))
    low, high = plan.expected_ci
    return {
        "m_infinite": plan.m_infinite,
        "n_unrounded": plan.n_unrounded,
        "n": plan.n,
        "ci_low_at_p": low,
        "ci_high_at_p": high,
    }


def _exact_size(inputs: Inputs) -> Answer:
    plan = exact_size(inputs["p"], inputs["d"], frame_size=inputs.get("N"))
    return {
        "n_infinite": plan.m_infinite,
        "expected_half_width_at_n_infinite": plan.expected_half_width,
        "n": plan.n,
    }


def _zero_failures(inputs: Inputs) -> Answer:
    size = inputs.get("N")
    plan = zero_plan(inputs["p0"], confidence=inputs.get("conf", 0.95), frame_size=size)
    found: dict[str, object] = {"rule_of_three": plan.rule_of_three, "n_binomial": plan.n_binomial}
    if size is not None:
        found |= {"D": plan.marked, "n_hypergeometric": plan.n, "miss_prob": plan.risk}
    return found


def _acceptance(inputs: Inputs) -> Answer:
    rates = inputs["p_good"], inputs["p_bad"]
    risks = inputs.get("alpha", 0.05), inputs.get("beta", 0.10)
    plan = acceptance_plan(Question(*rates, *risks, inputs.get("N")))
    return {
        "n": plan.n,
        "c": plan.c,
        "producer_risk": plan.producer_risk,
        "consumer_risk": plan.consumer_risk,
    }


def _proportional(inputs: Inputs) -> Answer:
    sizes = inputs["N_h"]
    found = allocate(
        sizes,
        inputs["n"],
        minimum=_each(inputs.get("min_h"), len(sizes), 0),
        maximum=_each(inputs.get("max_h"), len(sizes), max(sizes, default=0)),
    )
    return _allocated(found.status, found.sizes, found.required)


def _optimal(inputs: Inputs) -> Answer:
    sizes = inputs["N_h"]
    minimum = _each(inputs.get("min_h"), len(sizes), 0)
    maximum = _each(inputs.get("max_h"), len(sizes), max(sizes, default=0))
    rows = zip(sizes, inputs["S_h"], minimum, maximum, strict=True)
    found = allocate_optimally([SpreadStratum(*row) for row in rows], inputs["n"])
    return {
        **_allocated(found.status, found.sizes, found.required),
        "variance_of_mean": found.variance,
        "neyman_continuous": found.continuous,
    }


def _each(limit: int | Sequence[int] | None, strata: int, if_none: int) -> list[int]:
    """Return one limit per stratum: examples give one for all, one for each, or none."""
    if isinstance(limit, Sequence):
        return list(limit)
    return [if_none if limit is None else limit] * strata


def _allocated(status: str, sizes: Sequence[int], required: int) -> dict[str, object]:
    if not sizes:
        return {"status": status, "reason": status, "n_h": None, "required_n": required}
    return {"status": status, "n_h": sizes, "required_n": required}


def _draw(inputs: Inputs) -> Answer:
    frame = [(stratum, key) for stratum, key in inputs["frame"]]
    seed = inputs["seed"]
    if not frame:
        raise NotComputable(
            "OUT_OF_RANGE", N_("The frame is empty: there is nothing to draw from.")
        )
    found = draw(frame, seed, inputs["n_h"])
    first = frame[0][1]
    first_ticket = ticket(seed, first)
    strata: dict[str, Any] = {
        name: {
            "sample": [item.item_key for item in part.sample],
            "reserve_next": [item.item_key for item in part.reserves[:2]],
            "last_ticket": part.sample[-1].ticket if part.sample else None,
        }
        for name, part in found.strata.items()
    }
    return {
        "frame_sha256": found.frame_sha256,
        "seed_sha256": found.seed_sha256,
        "first_key": first,
        "first_key_ticket": first_ticket,
        "first_key_u": int(first_ticket[:13], 16) / 2**52,
        "strata": strata,
    }


def _assignment(inputs: Inputs) -> Answer:
    found = assign_at_random(
        [
            BaselineItem(item["key"], item["modality"], frozenset(item.get("excluded") or ()))
            for item in inputs["items"]
        ],
        [
            BaselineReviewer(one["id"], one["capacity"], frozenset(one["modalities"]))
            for one in inputs["reviewers"]
        ],
        readings=inputs["k"],
        seed=inputs["seed"],
    )
    return {"assignment": found.readers, "load": found.loads}


def _frame_checks(inputs: Inputs) -> Answer:
    gaps = sequence_gaps(inputs["seq"])
    alike = representativeness(inputs["cat_frame"], inputs["cat_sample"])
    total = inputs.get("control_total")
    return {
        "duplicates": duplicates(inputs["keys"]),
        "gaps": gaps,
        "missing_in_sequence": sum(last - first + 1 for first, last in gaps),
        "control_difference": None if total is None else len(set(inputs["keys"])) - total,
        "chi2": alike.chi2,
        "df": alike.df,
        "p_value": alike.p_value,
        "max_std_diff": alike.max_std_diff,
    }


SAMPLING = {
    "S1.01": _wald_size,
    "S1.02": _wilson_size,
    "S1.03": _exact_size,
    "S1.04": _zero_failures,
    "S1.05": _acceptance,
    "S1.06": _proportional,
    "S1.07": _optimal,
    "S1.08": _draw,
    "S1.09": _assignment,
    "S1.10": _frame_checks,
}
