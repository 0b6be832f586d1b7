"""How are the examples of disclosure control computed (statistics.md §10)?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.statistics.refusals import NotComputable
from peeraudit.domain.statistics.suppression import Cell, Tier, complementary, primary_reasons

# The examples judge by limits between the two tiers of the product.
LIMITS: dict[str, float] = {"n_min": 10, "author_min": 3, "x_min": 5, "dominance": 0.8}


def _primary(inputs: Inputs) -> Answer:
    limits = LIMITS | {name: inputs[name] for name in LIMITS if inputs.get(name) is not None}
    tier = Tier(
        n_min=int(limits["n_min"]),
        author_min=int(limits["author_min"]),
        x_min=int(limits["x_min"]),
        dominance=limits["dominance"],
    )
    if any(not 0 <= cell["x"] <= cell["n"] for cell in inputs["cells"]):
        raise NotComputable("X_GT_N", N_("A cell has more discrepant reports than reports."))
    given = [Cell(cell["n"], cell["x"], tuple(cell["authors"])) for cell in inputs["cells"]]
    return {"reasons": [primary_reasons(cell, tier) for cell in given]}


def _complementary(inputs: Inputs) -> Answer:
    found = complementary(inputs["table"], [(i, j) for i, j in inputs["primary"]])
    return {
        "suppressed": [[int(cell) for cell in row] for row in found.hidden],
        "audit": [{"cell": r.cell, "low": r.low, "high": r.high} for r in found.audit],
    }


SUPPRESSION = {"S10.01": _primary, "S10.02": _complementary}
