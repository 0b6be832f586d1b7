"""What does every statistic hand back, and how is what it was computed from fingerprinted?"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from peeraudit.domain.statistics.own_rules import own_rules_behind

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


CONTRADICTIONS = frozenset(
    {"X_GT_N", "N_SAMPLE_GT_FRAME", "N_DOMAIN_GT_SAMPLE", "N_SCORED_GT_DRAWN"}
)
"""Reason codes of counts that cannot belong together."""


class Status(StrEnum):
    """How far a number may be trusted (statistics.md §0.4)."""

    OK = "ok"
    LOW_PRECISION = "low_precision"
    UNRELIABLE = "unreliable"
    BOUNDS_ONLY = "bounds_only"
    SUPPRESSED = "suppressed"
    NOT_ESTIMABLE = "not_estimable"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One statistic with all that is needed to print it, judge it and trace it.

    Attributes:
        method: id and version of the computation, such as ``S2.02@1``.
        inputs_sha256: fingerprint of the counts it was computed from (:func:`hash_inputs`).
        value: the estimate, dimensionless; None where it is undefined.
        ci: lower and upper limit at 95 %; None where there is no interval.
        ci_method: the name of the interval.
        se: standard error, in the unit of ``value``.
        n: scored reports, or items with two readings for agreement.
        N: reports in the frame; None where the question knows no frame.
        n_eff: effective sample size; None for a census or where it has no meaning.
        status: how far the number may be trusted.
        reasons: codes that say why a number is missing or limited.
        warnings: codes of what a reader should know beside the number.
        details: what the details pane shows; JSON values or tuples.
    """

    method: str
    inputs_sha256: str
    value: float | None = None
    ci: tuple[float, float] | None = None
    ci_method: str | None = None
    se: float | None = None
    n: int = 0
    N: int | None = None
    n_eff: float | None = None
    status: Status = Status.OK
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def own_rules(self) -> tuple[str, ...]:
        """Codes of the rules of our own that its interval follows."""
        return own_rules_behind(self.method, self.ci_method)

    def to_dict(self) -> dict[str, Json]:
        """Return the result contract as JSON values: lists for tuples, None for the undefined."""
        return {
            "value": as_json(self.value),
            "ci": as_json(self.ci),
            "ci_method": self.ci_method,
            "se": as_json(self.se),
            "n": self.n,
            "N": self.N,
            "n_eff": as_json(self.n_eff),
            "status": self.status.value,
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "own_rules": list(self.own_rules),
            "method": self.method,
            "inputs_sha256": self.inputs_sha256,
            "details": as_json(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Estimate":
        """Return the estimate that ``to_dict`` wrote; what was a tuple in its details is a list.

        Raises:
            LookupError, TypeError, ValueError: it wrote something else.
        """
        parts = dict(data)
        if not isinstance(parts["method"], str) or not isinstance(parts["ci_method"], str | None):
            raise TypeError("a method is named by a text")
        del parts["own_rules"]  # it follows from the method and the interval
        parts["ci"] = None if parts["ci"] is None else (parts["ci"][0], parts["ci"][1])
        parts["status"] = Status(parts["status"])
        for name in ("reasons", "warnings"):
            parts[name] = tuple(parts[name])
        return cls(**parts)


def as_json(value: object) -> Json:
    """Return ``value`` as JSON knows it.

    Args:
        value: a scalar, or mappings and sequences of such.

    Returns:
        The same with lists for sequences, text for keys, and None for what is not finite.

    Raises:
        TypeError: a value has no JSON form.
    """
    # The frequent ones first: this is asked of every count of every stratum.
    if value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(part) for key, part in value.items()}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def hash_inputs(method: str, **inputs: object) -> str:
    """Return the fingerprint of a computation: which method, on which counts.

    Args:
        method: id and version, such as ``S2.02@1``.
        inputs: the counts; sequences whose order has no meaning are sorted by the caller.

    Returns:
        SHA-256 in lower-case hex of the canonical JSON (sorted keys, no spaces, ASCII).
    """
    document = {"inputs": as_json(inputs), "method": method}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def undefined(
    method: str, inputs_sha256: str, *, reason: str, n: int = 0, frame_size: int | None = None
) -> Estimate:
    """Return a statistic without a value, which says why there is none.

    Args:
        method: id and version of the computation.
        inputs_sha256: fingerprint of its inputs.
        reason: the code; one of ``CONTRADICTIONS`` makes the status ``error``, any other
            ``not_estimable``.
        n: scored reports.
        frame_size: reports in the frame; None where unknown.
    """
    return Estimate(
        n=n,
        N=frame_size,
        status=Status.ERROR if reason in CONTRADICTIONS else Status.NOT_ESTIMABLE,
        reasons=(reason,),
        method=method,
        inputs_sha256=inputs_sha256,
    )
