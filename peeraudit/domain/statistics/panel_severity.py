"""How severe are the reviewers of a campaign beside one another, as it may be shown?

Nobody is named: a reviewer is a row of counts. The same counts give the same rows wherever they
come from, so that a reviewer finds the own row by the own counts, and nobody another's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from peeraudit.domain.statistics.gates import show_panel
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status
from peeraudit.domain.statistics.severity.counts import ReviewerCell
from peeraudit.domain.statistics.severity.panel import MODEL, severity_panel

ReviewerRow: TypeAlias = tuple[tuple[str, int, int], ...]
"""(modality, first readings that chance allotted, of these discrepant) of one reviewer, sorted."""

DIGITS = 6
"""The fit goes to its summit in steps; further digits would hang on the machine."""


NO_PANEL = Panel(method=MODEL, inputs_sha256="", status=Status.NOT_ESTIMABLE)
"""Of a campaign of which nothing is known."""


def panel_severity(rows: Sequence[ReviewerRow]) -> Panel:
    """Return the severity of each reviewer, S4.03, nothing hidden yet.

    Args:
        rows: one for each reviewer, only readings that chance allotted.

    Returns:
        The panel by the codes of ``code_of``; without units where no reading was allotted by
        chance (``ALLOCATION_NOT_RANDOM``) or where some reviewers share no modality, not even
        over others, with the rest (``DESIGN_NOT_CONNECTED``).
    """
    ordered = sorted(rows)
    if not any(n for row in ordered for _, n, _ in row):
        return _blank("ALLOCATION_NOT_RANDOM")
    if not _is_connected(ordered):
        return _blank("DESIGN_NOT_CONNECTED")
    cells = [
        ReviewerCell(code_of(place, len(ordered)), modality, n, x)
        for place, row in enumerate(ordered)
        for modality, n, x in row
    ]
    panel = severity_panel(cells, allocation_random=True)
    units = {name: _rounded(one) for name, one in panel.units.items()}
    sigma = panel.details.get("sigma")
    details = {"sigma": round(sigma, DIGITS)} if isinstance(sigma, float) else {}
    return replace(panel, units=units, details=details)


def code_of(place: int, reviewers: int) -> str:
    """Return the code of a reviewer by the place of the row: no name, and no rank either."""
    return f"R{place + 1:0{max(2, len(str(reviewers)))}d}"


def shown_severity(panel: Panel) -> Panel:
    """Return the panel as a reviewer (the own row) and the lead may see it (statistics.md 4)."""
    if not panel.units:
        return panel
    return show_panel(panel, {"reviewers": len(panel.units)})


def own_severity(rows: Sequence[ReviewerRow], own: ReviewerRow, panel: Panel) -> Estimate | None:
    """Return a reviewer's own estimate out of the panel that may be shown.

    Args:
        rows: of all reviewers.
        own: the counts of one of them.
        panel: what ``shown_severity`` gave for the rows.

    Returns:
        The estimate; None where there is no panel, or the counts have changed since.
    """
    ordered = sorted(rows)
    if own not in ordered:
        return None
    return panel.units.get(code_of(ordered.index(own), len(ordered)))


def _blank(reason: str) -> Panel:
    return replace(NO_PANEL, reasons=(reason,))


def _is_connected(rows: Sequence[ReviewerRow]) -> bool:
    """Return whether modalities link all reviewers, directly or over others."""
    groups: list[set[str]] = []
    for row in rows:
        mine = {modality for modality, n, _ in row if n}
        if not mine:
            continue
        apart = [group for group in groups if not group & mine]
        groups = [*apart, mine.union(*(group for group in groups if group & mine))]
    return len(groups) == 1


def _rounded(one: Estimate) -> Estimate:
    low, high = one.ci or (None, None)
    kept: Mapping[str, object] = {"flagged": bool(one.details.get("flagged", False))}
    return replace(
        one,
        value=None if one.value is None else round(one.value, DIGITS),
        se=None if one.se is None else round(one.se, DIGITS),
        ci=None if low is None or high is None else (round(low, DIGITS), round(high, DIGITS)),
        details=kept,
    )


def rows_of(calls: Mapping[tuple[str, str, bool], int]) -> tuple[ReviewerRow, ...]:
    """Return the rows of counts behind some readings.

    Args:
        calls: readings by (reviewer, modality, whether a discrepancy was called), only those that
            chance allotted.
    """
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for (reviewer, modality, called), readings in calls.items():
        cell = found[reviewer][modality]
        cell[0] += readings
        cell[1] += readings * called
    return tuple(
        sorted(
            tuple(sorted((modality, n, x) for modality, (n, x) in cells.items()))
            for cells in found.values()
        )
    )
