"""What is the rate once a sample that came out unbalanced is weighted to known margins?"""

import math
from collections.abc import Sequence

from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.rates import Stratum, clip, count_fault
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

METHOD = "S2.05@1"
MIN_CELL = 10


def post_stratified_rate(cells: Sequence[Stratum]) -> Estimate:
    """Return the rate of a simple random sample weighted to the frame's known margin, S2.05.

    Args:
        cells: counts per category of the margin, in any order; N_g is known from the frame,
            n_g came out of one simple random draw. Cells of fewer than 10 scored reports are
            best merged first (:func:`merge_small_cells`).

    Returns:
        The rate with Wilson's interval on the guarded effective size. ``details``: ``x``,
        ``n_eff_raw``, ``n_eff_cap``, ``coverage_of_frame``; the warning ``CELLS_LT_10`` where
        a cell has fewer than 10 scored reports, and ``STRATA_WITHOUT_SCORES`` where one has
        none: the estimate then speaks of the others.

    Raises:
        ValueError: there is no cell, or a count is negative.

    Source:
        Sarndal C.-E., Swensson B., Wretman J. (1992). Model Assisted Survey Sampling, ch. 7.
    """
    if not cells:
        raise ValueError("a rate needs at least one cell")
    ordered = sorted(cells)
    inputs = hash_inputs(METHOD, cells=[[c.frame_size, c.n, c.x] for c in ordered])
    frame, n = sum(c.frame_size for c in ordered), sum(c.n for c in ordered)
    fault = next((f for c in ordered if (f := count_fault(c.x, c.n, c.frame_size))), None)
    if fault or n == 0:
        reason = fault or "NO_SCORED_ITEMS"
        return undefined(METHOD, inputs, reason=reason, n=n, frame_size=frame)
    return _estimate([c for c in ordered if c.n], frame=frame, inputs=inputs)


def _estimate(cells: Sequence[Stratum], *, frame: int, inputs: str) -> Estimate:
    covered, n, x = (sum(getattr(c, name) for c in cells) for name in ("frame_size", "n", "x"))
    weights = [c.frame_size / covered for c in cells]
    left = 1 - n / covered
    p = math.fsum(w * c.x / c.n for w, c in zip(weights, cells, strict=True))
    variance = left * n / max(1, n - 1) * _spread(cells, covered)
    lonely = n == 1 and covered > 1
    open_share = left * math.fsum(w * w / c.n for w, c in zip(weights, cells, strict=True))
    n_cap = 1 / open_share if open_share > 0 else math.inf
    n_raw = p * (1 - p) / variance if variance > 0 else n_cap
    n_eff = min(n_raw, n_cap)
    found = (
        ("CELLS_LT_10", any(c.n < min(MIN_CELL, c.frame_size) for c in cells)),
        ("LONELY_STRATUM", lonely),
        ("STRATA_WITHOUT_SCORES", covered < frame),
        ("CENSUS", math.isinf(n_eff)),
    )
    return Estimate(
        value=p,
        # Nothing is open after a census: its limits are the point, not the rounding of one.
        ci=(p, p)
        if math.isinf(n_eff)
        else clip(wilson(p, n_eff), x / covered, 1 - (n - x) / covered),
        ci_method="wilson_guarded",
        se=None if lonely else math.sqrt(variance),
        n=n,
        N=frame,
        n_eff=None if math.isinf(n_eff) else n_eff,
        warnings=tuple(code for code, holds in found if holds),
        method=METHOD,
        inputs_sha256=inputs,
        details={
            "x": x,
            "n_eff_raw": n_raw,
            "n_eff_cap": n_cap,
            "coverage_of_frame": covered / frame,
        },
    )


def _spread(cells: Sequence[Stratum], covered: int) -> float:
    return math.fsum(
        (c.frame_size / c.n) ** 2 * c.n * (c.x / c.n) * (1 - c.x / c.n) / covered**2 for c in cells
    )


def merge_small_cells(cells: Sequence[Stratum], *, minimum: int = MIN_CELL) -> list[Stratum]:
    """Return the cells with those of too few scored reports merged.

    The smallest cell is merged with the next smallest until none is too small or one is left.

    Args:
        cells: counts per category of the margin, in any order.
        minimum: fewest scored reports of a cell.

    Returns:
        The merged cells, fewest scored reports first.
    """
    left = sorted(cells, key=_by_size)
    while len(left) > 1 and left[0].n < minimum:
        first, second, *rest = left
        merged = Stratum(
            first.frame_size + second.frame_size, first.n + second.n, first.x + second.x
        )
        left = sorted([merged, *rest], key=_by_size)
    return left


def _by_size(cell: Stratum) -> tuple[int, int, int]:
    return cell.n, cell.frame_size, cell.x
