"""Which of many small probabilities are still small once all of them are counted?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def benjamini_hochberg(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the false-discovery q-value of each p-value, in the same order.

    q of the i-th smallest of m is the least m p_j / j over j >= i, at most 1. Monotone in p.

    Args:
        p: p-values, each 0 to 1; may be empty.

    Source:
        Benjamini Y., Hochberg Y. (1995). J R Stat Soc B 57, 289-300.
        doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    # A factor of 1 or more first: the greatest p is its own q to the last bit, on every machine.
    scaled = values[order] * (len(values) / np.arange(1, len(values) + 1))
    falling = np.minimum.accumulate(scaled[::-1])[::-1]
    q = np.empty(len(values))
    q[order] = np.minimum(falling, 1.0)
    return q
