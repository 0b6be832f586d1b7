"""Do the headline intervals of agreement hold what they promise, in larger simulations?"""

import pytest

from tests.domain.statistics.interval_coverage import agreement_coverage, two_phase_coverage

pytestmark = pytest.mark.benchmark


def tell(what, shares):
    print(f"\n{what}: " + ", ".join(f"{n} {s:.3f}" for n, s in shares.items()))  # noqa: T201


@pytest.mark.parametrize("items", [60, 100, 200, 400])
def test_agreement(items):
    shares = agreement_coverage(items, runs=3000, seed=items)
    tell(f"{items} items", shares)
    # Of few items, positive agreement holds more than it promises.
    assert all(0.92 < share < 0.995 for share in shares.values())


@pytest.mark.parametrize("again", [0.12, 0.2])
def test_agreement_of_triggered_second_reads(again):
    shares = two_phase_coverage(1000, again=again, runs=3000, seed=7)
    tell(f"{again:.0%} of the concordant", shares)
    assert all(0.92 < share < 0.98 for share in shares.values())
