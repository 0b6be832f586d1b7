"""Which cells of a campaign's tables are hidden, so that none can be worked out from others?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from peeraudit.domain.statistics.campaign import FIRST_EDITION, CampaignCounts
from peeraudit.domain.statistics.cells import MEASURES, CellCounts, RowCounts
from peeraudit.domain.statistics.linked_tables import PROTECTION
from peeraudit.domain.statistics.rates import Stratum
from peeraudit.domain.statistics.suppression import Cell, Tier, hidden_cells, primary_reasons
from peeraudit.domain.summaries.coarse_totals import Beneath

PARTNER = "COMPLEMENTARY"
"""Reason of a number that is hidden only because another one could be worked out from it."""

NO_DATA = "NO_DATA"

OF_SIZE = frozenset({"N_LT_MIN", "AUTHORS_LT_MIN", "DOMINANCE"})
OF_EVENTS = frozenset({"X_LT_MIN", "COMPLEMENT_LT_MIN", "GROUP_DISCLOSURE"})
"""Reasons that follow from public sizes, and those that follow from what was found."""

WHOLE = ""
"""Stands for all modalities together."""

Reasons = Mapping[str, tuple[str, ...]]
CountedRow: TypeAlias = CellCounts | RowCounts


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why what is hidden: per measure the rows by modality, and the total.

    Attributes:
        strata: the modalities, and ``WHOLE``, of which finer strata are too small to be told.
        beneath: by measure, then by modality or ``WHOLE``, the strata under each rate of which
            some are hidden; none over finer strata, nor by rules of the first edition.
    """

    rows: Mapping[str, Reasons]
    total: Mapping[str, tuple[str, ...]]
    strata: Collection[str] = ()
    beneath: Mapping[str, Mapping[str, Beneath]] = field(default_factory=dict)

    @property
    def hides_a_row(self) -> bool:
        """Whether a modality is hidden in which something was read."""
        return any(found != (NO_DATA,) for rows in self.rows.values() for found in rows.values())

    @property
    def is_coarse(self) -> bool:
        """Whether the total is told in whole per cent, or small cells could be tried from it."""
        under = any(WHOLE in found for found in self.beneath.values())
        return self.hides_a_row or WHOLE in self.strata or under


def row_of(rows: Sequence[CountedRow], measure: str) -> dict[str, Cell]:
    """Return a department's rows by modality; ``measure`` is one of ``MEASURES``."""
    return {c.modality: Cell(c.scored, c.events(measure), c.authors) for c in rows}


def sum_of(cells: Sequence[CountedRow], measure: str, authors: Sequence[int]) -> Cell:
    """Return cells added up, with the reports of each of their authors."""
    scored, events = sum(c.scored for c in cells), sum(c.events(measure) for c in cells)
    return Cell(scored, events, tuple(authors))


def _total(counts: CampaignCounts, place: str, measure: str) -> Cell:
    return sum_of(counts.of(place), measure, counts.authors.get(place, ()))


def hide_total(counts: CampaignCounts, place: str, measure: str, tier: Tier) -> tuple[str, ...]:
    """Return why a department's total is hidden; nothing where it may be told."""
    return primary_reasons(_total(counts, place, measure), tier)


def hide_in_row(cells: Mapping[str, Cell], tier: Tier) -> dict[str, tuple[str, ...]]:
    """Return what is hidden in a row whose total is told, and why."""
    hidden = {key: why for key, cell in cells.items() if (why := primary_reasons(cell, tier))}
    while _can_be_worked_out([cells[key].n for key in hidden]):
        left = [key for key, cell in cells.items() if key not in hidden and cell.n]
        if not left:
            break
        hidden[min(left, key=lambda key: (cells[key].n, key))] = (PARTNER,)
    return hidden


def _can_be_worked_out(sizes: Sequence[int]) -> bool:
    """Return whether a total less what is told narrows the hidden cells down too far."""
    secret = [size for size in sizes if size > 0]
    return len(secret) == 1 or 0 < sum(secret) < PROTECTION


def hide_outside(counts: CampaignCounts, tier: Tier) -> dict[str, Hidden]:
    """Return what others may not read of each department: one table set for all of them."""
    rows: dict[str, dict[str, Reasons]] = {place: {} for place in counts.departments}
    totals: dict[str, dict[str, tuple[str, ...]]] = {place: {} for place in counts.departments}
    for measure in MEASURES:
        margin = {place: _total(counts, place, measure) for place in counts.departments}
        secret = hide_in_row(margin, tier)
        for place in counts.departments:
            totals[place][measure] = secret.get(place, ())
        table = {place: row_of(counts.rows_of(place), measure) for place in counts.departments}
        for place, found in _hide_in_table(table, tier, secret).items():
            rows[place][measure] = found
    return {
        place: Hidden(rows[place], totals[place], hide_strata(counts, counts.of(place), tier))
        for place in counts.departments
    }


def own_with_reasons(hidden: Hidden, counts: CampaignCounts) -> Hidden:
    """Return what a department reads of itself, hidden for reasons that may be told.

    Its own total stays the rate that was computed, in whole per cent beside a hidden row: it is
    what the department acts on.
    """
    return _with_told_reasons(hidden, counts)


def with_beneath(hidden: Hidden, counts: CampaignCounts, place: str) -> Hidden:
    """Return what others may not read of a department, with the strata under its total."""
    beneath = _beneath(counts, {place: hidden}, by_modality=False)
    return replace(_with_told_reasons(hidden, counts), beneath=beneath)


def network_with_beneath(
    hidden: Hidden, counts: CampaignCounts, places: Mapping[str, Hidden]
) -> Hidden:
    """Return what is hidden of the network, with the strata under its rates.

    Args:
        hidden: of the network.
        counts: all that was counted.
        places: what is hidden of each department from whoever reads the network.
    """
    beneath = _beneath(counts, places, by_modality=True)
    return replace(_with_told_reasons(hidden, counts), beneath=beneath)


def _beneath(
    counts: CampaignCounts, places: Mapping[str, Hidden], *, by_modality: bool
) -> dict[str, dict[str, Beneath]]:
    """Return the strata under a total, and under each modality, where some are hidden."""
    if counts.edition == FIRST_EDITION or counts.is_finer:
        return {}
    found: dict[str, dict[str, Beneath]] = {}
    for measure in MEASURES:
        cells = [cell for cell in counts.cells if cell.department in places and cell.scored]
        secret = {(place, code) for place, one in places.items() for code in one.rows[measure]}
        codes = {cell.modality for cell in cells} if by_modality else set[str]()
        for code in (WHOLE, *sorted(codes)):
            mine = [cell for cell in cells if code in (WHOLE, cell.modality)]
            shown, hidden = (
                tuple(
                    Stratum(c.frame, c.scored, c.events(measure))
                    for c in mine
                    if ((c.department, c.modality) in secret) is wanted
                )
                for wanted in (False, True)
            )
            if hidden:
                found.setdefault(measure, {})[code] = Beneath(shown, hidden)
    return found


def _with_told_reasons(hidden: Hidden, counts: CampaignCounts) -> Hidden:
    if counts.edition == FIRST_EDITION:
        return hidden
    return replace(
        hidden,
        rows={
            name: {code: told_reasons(why) for code, why in found.items()}
            for name, found in hidden.rows.items()
        },
        total={name: told_reasons(why) for name, why in hidden.total.items()},
    )


def told_reasons(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Return why a number is hidden, without what would tell its events.

    Where reports or authors are too few, that events are too few as well, or all that there is,
    would say how many there are: of two reports, none, one or both.
    """
    if not set(reasons) & OF_SIZE:
        return reasons
    return tuple(code for code in reasons if code not in OF_EVENTS)


def hide_strata(counts: CampaignCounts, cells: Sequence[CellCounts], tier: Tier) -> frozenset[str]:
    """Return which rates would let a reader try the counts of finer strata that are too small.

    The sizes of the strata and of their samples are public with the draw: of a weighted rate
    with all its digits only few counts would give just this one.

    Args:
        counts: all that was counted.
        cells: whose rates.
        tier: the limits for the audience.

    Returns:
        Modalities, and ``WHOLE``; nothing where strata are by modality alone.
    """
    if not counts.is_finer:
        return frozenset()
    small = {
        cell.modality
        for cell in cells
        for measure in MEASURES
        if cell.scored
        and primary_reasons(Cell(cell.scored, cell.events(measure), cell.authors), tier)
    }
    across = {row.modality for row in counts.rows} if WHOLE in small else set[str]()
    return frozenset(small | across | ({WHOLE} if small else set()))


def _hide_in_table(
    table: Mapping[str, Mapping[str, Cell]], tier: Tier, secret: Collection[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what is hidden in a table; ``secret`` are the places whose totals are hidden."""
    columns = sorted({code for row in table.values() for code in row})
    empty = Cell(0, 0, ())
    grid = [[row.get(code, empty) for code in columns] for row in table.values()]
    why = [[primary_reasons(cell, tier) for cell in line] for line in grid]
    # That nothing was read somewhere is no secret: the sizes of the draw are public.
    primary = [
        (i, j) for i, line in enumerate(grid) for j, c in enumerate(line) if c.n and why[i][j]
    ]
    primary += [(i, j) for i, j in _keys_to(secret, table, grid) if not why[i][j]]
    pattern = hidden_cells([[cell.n for cell in line] for line in grid], primary)
    hidden: dict[str, dict[str, tuple[str, ...]]] = {}
    for i, place in enumerate(table):
        hidden[place] = {
            code: why[i][j] or (PARTNER,)
            for j, code in enumerate(columns)
            if code in table[place] and (why[i][j] or pattern[i][j])
        }
    return hidden


def _keys_to(
    secret: Collection[str], table: Mapping[str, Mapping[str, Cell]], grid: Sequence[Sequence[Cell]]
) -> Iterable[tuple[int, int]]:
    """Yield the smallest cell of each place whose total is hidden: all its cells add up to it."""
    for i, place in enumerate(table):
        read = [j for j, cell in enumerate(grid[i]) if cell.n]
        if place in secret and read:
            yield i, min(read, key=lambda j: (grid[i][j].n, j))


def hide_network(counts: CampaignCounts, tier: Tier) -> Hidden:
    """Return what nobody may read of all departments together."""
    codes = sorted({row.modality for row in counts.rows})
    rows, total = {}, {}
    everyone = [size for place in counts.departments for size in counts.authors.get(place, ())]
    for measure in MEASURES:
        margin = {}
        for code in codes:
            cells = [row for row in counts.rows if row.modality == code]
            margin[code] = sum_of(cells, measure, [n for cell in cells for n in cell.authors])
        rows[measure] = hide_in_row(margin, tier)
        total[measure] = primary_reasons(sum_of(counts.cells, measure, everyone), tier)
    return Hidden(rows, total, hide_strata(counts, counts.cells, tier))
