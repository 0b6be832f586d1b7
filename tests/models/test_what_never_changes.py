import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from peeraudit.models.trail import TrailEntry
from tests.factories.moments import MOMENT


@pytest.fixture
def entry(session):
    entry = TrailEntry(at=MOMENT, act="test", object_kind="case")
    session.add(entry)
    session.commit()
    return entry


@pytest.mark.parametrize("statement", [update(TrailEntry).values(act="other"), delete(TrailEntry)])
def test_the_trail_refuses_to_be_changed(session, entry, statement):
    with pytest.raises(DatabaseError, match="never change"):
        session.execute(statement)
