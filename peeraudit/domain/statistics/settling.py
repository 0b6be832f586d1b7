"""To how many digits is a number written down, so that every machine writes the same?

Processors and libraries differ in the last bits of a sum or a logarithm: relative differences
up to 1e-15 were seen between instruction sets, and 1e-13 after a search for a summit. What is
hashed, compared or kept for good is therefore written with fewer digits than are computed.
"""

from peeraudit.domain.statistics.results import Json

SIGNIFICANT = 10
"""Digits of every number that is written down; the methods promise eight."""
DECIMALS = 12
"""No digit stands further behind the point: what is smaller than this is a zero with noise."""
ROUNDING = 1e-9
"""By how much a computed number may miss the whole number that it is."""


def settled(value: Json) -> Json:
    """Return JSON values with every broken number at ten digits, the same on every machine.

    Args:
        value: a scalar, or lists and mappings of such.

    Returns:
        The same; a broken number has at most ten significant digits and twelve decimals, and a
        zero has no sign. Settling what is settled changes nothing.
    """
    if isinstance(value, float):
        return _written(value)
    if isinstance(value, list):
        return [settled(part) for part in value]
    if isinstance(value, dict):
        return {name: settled(part) for name, part in value.items()}
    return value


def _written(value: float) -> float:
    if abs(value) < 0.5 * 10**-DECIMALS:
        return 0.0
    # Python writes decimals exactly, so that no processor has a say in this.
    return round(float(f"{value:.{SIGNIFICANT - 1}e}"), DECIMALS) + 0.0
