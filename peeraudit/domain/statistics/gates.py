"""When may a statistic be shown, and to whom?

Computations answer whenever the quantity is defined; these gates belong to what is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.reliability import suppressed
from peeraudit.domain.statistics.results import Status


@dataclass(frozen=True, slots=True)
class Requirement:
    """How much of what there must be.

    Attributes:
        fact: what is counted, such as ``readings_per_reviewer``.
        at_least: the smallest number that suffices.
        reason: the code that says so where there is less.
    """

    fact: str
    at_least: int
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold before a statistic is shown.

    Attributes:
        audience: who may see it: ``department``, ``network``, ``self`` (the reviewer), ``lead``
            (of the audit) or ``analyst`` (on demand).
        requirements: all of them must hold.
    """

    audience: tuple[str, ...]
    requirements: tuple[Requirement, ...] = ()


_ITEMS = Requirement("items", 50, "UNITS_LT_50")
_POSITIVE = Requirement("discrepant_readings", 10, "DISCREPANT_LT_10")
_REVIEWERS = Requirement("reviewers", 5, "REVIEWERS_LT_5")
_READINGS = Requirement("readings_per_reviewer", 30, "READINGS_LT_30")
_PAIRS = Requirement("discordant_pairs_per_reviewer", 10, "DISCORDANT_LT_10")
_TRIPLES = Requirement("items_read_three_times", 30, "UNITS_LT_30")
_FUNNEL = Requirement("departments", 5, "UNITS_LT_5")
_MANY = Requirement("departments", 10, "UNITS_LT_10")
_POOL = Requirement("common_reviewer_pool", 1, "REVIEWER_POOL_NOT_COMMON")
_POINTS = Requirement("points", 12, "PERIODS_LT_12")
_BASELINE = Requirement("baseline_reports", 200, "BASELINE_LT_200")
_ANSWERS = Requirement("answers_per_arm", 30, "ANSWERS_LT_30")
_ALL = ("department", "network")

GATES: Mapping[str, Gate] = {
    "S3.01": Gate(_ALL, (_ITEMS, _POSITIVE)),
    "S3.02": Gate(("self", "lead"), (_ITEMS, _POSITIVE)),
    "S3.03": Gate(("analyst",)),
    "S3.04": Gate(
        _ALL,
        (_ITEMS, _POSITIVE, Requirement("concordant_second_reads", 60, "SECOND_READS_LT_60")),
    ),
    "S4.01": Gate(("analyst",), (_TRIPLES,)),
    "S4.02": Gate(("self", "lead"), (_REVIEWERS, _PAIRS)),
    "S4.03": Gate(("self", "lead"), (_REVIEWERS, _READINGS)),
    "S4.04": Gate(("self", "lead"), (_REVIEWERS, _READINGS)),
    "S4.05": Gate(("analyst",), (_TRIPLES,)),
    "S5.01": Gate(("network",), (_POOL, _FUNNEL)),
    "S5.02": Gate(("network",), (_POOL, _FUNNEL)),
    "S5.03": Gate(("network",), (_POOL, _MANY)),
    "S5.04": Gate(("network",), (_POOL, _MANY)),
    "S5.05": Gate(("network",), (_POOL,)),
    "S5.06": Gate(("network",), (_POOL,)),
    "S6.01": Gate(("department",), (_POINTS,)),
    "S6.02": Gate(("department",), (_POINTS,)),
    # Days between serious cases lead, with the department's list, to patient and author.
    "S6.03": Gate(("analyst",), (_POINTS,)),
    "S6.04": Gate(("lead",), (_BASELINE,)),
    "S6.05": Gate(("lead",), (_BASELINE,)),
    "S6.06": Gate(("lead",), (_BASELINE,)),
    "S6.07": Gate(("lead",), (_BASELINE,)),
    "S6.08": Gate(("lead",), (_BASELINE,)),
    "S6.09": Gate(("department",), (_POINTS,)),
    "S6.10": Gate(("lead",), (_BASELINE,)),
    "S8.01": Gate(("lead",), (_ANSWERS,)),
    "S8.02": Gate(("lead",), (_ANSWERS,)),
    "S8.03": Gate(("lead",), (_ANSWERS,)),
    "S8.04": Gate(("lead",), (_READINGS,)),
    "S8.05": Gate(("lead",), (_READINGS,)),
    "S8.06": Gate(("lead",), (_READINGS,)),
}
# A department below this is not drawn into a funnel.
SMALLEST_POINT = 10


def closed_by(function: str, facts: Mapping[str, int]) -> tuple[str, ...]:
    """Return why a statistic may not be shown; nothing where it may.

    Args:
        function: id in the specification, such as ``S4.03``.
        facts: how much there is of what its gate asks for, by name.

    Raises:
        KeyError: the function has no gate, or a fact that it asks for is not given.
    """
    asked = GATES[function].requirements
    return tuple(part.reason for part in asked if facts[part.fact] < part.at_least)


def is_public(method: str) -> bool:
    """Return whether a department or the network may see a statistic, once its gate is open.

    Args:
        method: id and version of the computation, such as ``S4.03@1``.
    """
    gate = GATES.get(method.partition("@")[0])
    return gate is None or bool(set(gate.audience) & set(_ALL))


def show_panel(panel: Panel, facts: Mapping[str, int]) -> Panel:
    """Return a panel of reviewers or departments as it may be shown (statistics.md 0.7).

    What its gate asks for of the panel must hold for all; what it asks for of each unit hides
    the units that have less, fingerprint included.

    Args:
        panel: of ``S4`` or ``S5``.
        facts: what the gate asks for of the panel as a whole: ``reviewers``, ``departments``,
            ``common_reviewer_pool`` (1 or 0), ``items_read_three_times``.

    Returns:
        The panel; without units, and suppressed, where the gate is closed for all.

    Raises:
        KeyError: a fact that its gate asks for is not given.
    """
    function = panel.method.partition("@")[0]
    asked = GATES[function].requirements
    own = [part for part in asked if part.fact.endswith("_per_reviewer")]
    shared = [part for part in asked if part not in own]
    reasons = tuple(part.reason for part in shared if facts[part.fact] < part.at_least)
    if reasons:
        return Panel(
            method=panel.method,
            inputs_sha256="",
            status=Status.SUPPRESSED,
            reasons=(*panel.reasons, *reasons),
        )
    if function.startswith("S5"):
        own.append(Requirement("reports", SMALLEST_POINT, "N_LT_MIN"))
    units = {
        name: suppressed(unit, short)
        if (short := tuple(part.reason for part in own if unit.n < part.at_least))
        else unit
        for name, unit in panel.units.items()
    }
    return replace(panel, units=units)
