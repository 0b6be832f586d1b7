import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.multiplicity import benjamini_hochberg

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(p_values)
def test_it_is_that_of_another_implementation(p):
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))


@given(p_values)
def test_q_grows_with_p_and_is_never_below_it(p):
    q = benjamini_hochberg(p)
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()
    assert (q >= np.array(p) - 1e-15).all()
    assert q.max() <= 1


def test_of_none_there_are_none():
    assert benjamini_hochberg([]).tolist() == []
