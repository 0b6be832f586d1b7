"""Can those who may read hold the readings of a plan, and if not, where are they too few?"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

# The library marks no type; its documented interface is relied upon.
maximum_flow: Callable[..., Any] = csgraph.maximum_flow
matrix: Callable[..., Any] = sparse.csr_matrix
MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Cell:
    """The readings that the reports of one department and modality ask for."""

    department: str
    modality: str
    readings: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A reviewer: of which department, for which modalities, ready for how many cases.

    Attributes:
        modalities: codes; None for any.
    """

    department: str
    modalities: frozenset[str] | None
    room: int

    def may_read(self, cell: Cell) -> bool:
        """Return whether the reviewer may read the cell: never the own department."""
        return self.department != cell.department and (
            self.modalities is None or cell.modality in self.modalities
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """Cells that ask for more readings than all who may read them are ready for.

    Attributes:
        cells: a minimum cut: with more room for them the plan comes closer to fitting.
        readings: that they ask for.
        reviewers: who may read at least one of them.
        room: of these reviewers together, in readings.
    """

    cells: tuple[Cell, ...]
    readings: int
    reviewers: int
    room: int

    @property
    def missing(self) -> int:
        """Return the readings for which nobody is left."""
        return self.readings - self.room


def find_shortage(cells: Sequence[Cell], readers: Sequence[Reader]) -> Shortage | None:
    """Return where the reviewers are too few, None where the readings can be shared out.

    A maximum flow of readings from cells to reviewers; what cannot flow is shown by the
    minimum cut. It is a bound: that one case is not read twice by one person, conflicts,
    absences and regions can only make a plan harder.

    Args:
        cells: with their readings, at least 0.
        readers: with their room, at least 0.

    Source:
        Ford L. R., Fulkerson D. R. (1956). Can J Math 8, 399-404. doi:10.4153/CJM-1956-045-5
    """
    wanted = sum(cell.readings for cell in cells)
    if not wanted:
        return None
    arcs = _arcs(cells, readers)
    size = len(cells) + len(readers) + 2
    rows, columns, room = np.array(arcs, dtype=np.int64).T
    graph = matrix((room.astype(np.int32), (rows, columns)), shape=(size, size))
    flow = maximum_flow(graph, 0, size - 1)
    if flow.flow_value >= wanted:
        return None
    reached = _reached(graph - flow.flow, size)
    short = tuple(cell for at, cell in enumerate(cells, 1) if at in reached)
    behind = [one for at, one in enumerate(readers, len(cells) + 1) if at in reached]
    return Shortage(
        short,
        sum(cell.readings for cell in short),
        len(behind),
        sum(reader.room for reader in behind),
    )


def _arcs(cells: Sequence[Cell], readers: Sequence[Reader]) -> list[tuple[int, int, int]]:
    """Return (from, to, room) of the arcs: source 0, cells, readers, sink."""
    sink = len(cells) + len(readers) + 1
    arcs = [(0, at, cell.readings) for at, cell in enumerate(cells, 1)]
    for place, reader in enumerate(readers, len(cells) + 1):
        arcs.append((place, sink, reader.room))
        arcs += [(at, place, MOST) for at, cell in enumerate(cells, 1) if reader.may_read(cell)]
    return arcs


def _reached(residual: Any, size: int) -> set[int]:  # noqa: ANN401 - a sparse matrix
    """Return the nodes to which more could still flow from the source."""
    left = matrix(residual)
    seen, queue = {0}, deque([0])
    while queue:
        node = queue.popleft()
        begin, end = left.indptr[node], left.indptr[node + 1]
        for neighbour, room in zip(left.indices[begin:end], left.data[begin:end], strict=True):
            if room > 0 and int(neighbour) not in seen:
                seen.add(int(neighbour))
                queue.append(int(neighbour))
    return seen - {size}
