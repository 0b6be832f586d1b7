"""How are the examples of sampling computed (statistics.md §1)?"""

from typing import Any

from peeraudit.domain.frame_checks import duplicates, representativeness, sequence_gaps
from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.sample_size import allocate, sample_size
from peeraudit.domain.sampling import draw, ticket


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


def _proportional(inputs: Inputs) -> Answer:
    minimum, maximum = inputs.get("min_h"), inputs.get("max_h")
    found = allocate(inputs["N_h"], inputs["n"], minimum=minimum or 0, maximum=maximum)
    if not found.sizes:
        return {"status": found.status, "reason": found.status, "required_n": found.required}
    return {"status": found.status, "n_h": found.sizes, "required_n": found.required}


def _draw(inputs: Inputs) -> Answer:
    frame = [(stratum, key) for stratum, key in inputs["frame"]]
    seed = inputs["seed"]
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
    "S1.02": _wilson_size,
    "S1.06": _proportional,
    "S1.08": _draw,
    "S1.10": _frame_checks,
}
