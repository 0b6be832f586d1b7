"""Do the headline intervals hold the truth as often as they promise?

Each simulation is seeded: it always gives the same share. The larger ones are benchmarks.
"""

import pytest

from tests.domain.statistics.interval_coverage import agreement_coverage, two_phase_coverage


@pytest.mark.parametrize("items", [100, 300])
def test_agreement(items):
    for name, share in agreement_coverage(items, runs=250, seed=items).items():
        assert 0.91 < share < 0.99, name


def test_agreement_of_triggered_second_reads():
    for name, share in two_phase_coverage(1000, again=0.15, runs=600, seed=7).items():
        assert 0.91 < share < 0.985, name
