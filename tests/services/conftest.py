"""Fixtures of the use cases."""

import pytest

from tests.factories.readings import lead, make_network


@pytest.fixture(autouse=True)
def unheard(no_broker):
    """No test here needs somebody to hear of its work; a test sweeps where it wants it done."""


@pytest.fixture
def by(session, password_hash):
    """The network lead."""
    return lead(session, password_hash)


@pytest.fixture
def network(session):
    """Three departments with two reviewers each: the departments, and the reviewers."""
    return make_network(session)
