"""How are the numbers of many units handed back that were computed together?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from peeraudit.domain.statistics.results import Estimate, Json, Status, as_json


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The estimates of one computation over many reviewers or departments.

    Attributes:
        method: id and version of the computation, such as ``S4.03@1``.
        inputs_sha256: fingerprint of the counts.
        units: one estimate per unit, in the order of the units' keys.
        n: readings or reports over all units.
        status: of the computation as a whole; a unit has its own beside it.
        reasons: codes why it failed.
        warnings: codes of what a reader should know.
        details: what all units share; JSON values or tuples.
    """

    method: str
    inputs_sha256: str
    units: Mapping[str, Estimate] = field(default_factory=dict)
    n: int = 0
    status: Status = Status.OK
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Json]:
        """Return the panel as JSON values."""
        return {
            "method": self.method,
            "inputs_sha256": self.inputs_sha256,
            "units": {key: part.to_dict() for key, part in self.units.items()},
            "n": self.n,
            "status": self.status.value,
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "details": as_json(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Panel":
        """Return the panel that ``to_dict`` wrote; what was a tuple in its details is a list."""
        return cls(
            **{
                **data,
                "units": {key: Estimate.from_dict(part) for key, part in data["units"].items()},
                "status": Status(data["status"]),
                "reasons": tuple(data["reasons"]),
                "warnings": tuple(data["warnings"]),
            }
        )
