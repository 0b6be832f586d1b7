"""Fixtures of the REST interface."""

import pytest


@pytest.fixture(autouse=True)
def unheard(no_broker):
    """No test here needs somebody to hear of its work; a test sweeps where it wants it done."""
