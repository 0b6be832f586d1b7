from collections import Counter
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import event

from peeraudit.domain.workflow import GONE, READING_TURNS, AssignmentState, Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.services.assignment_material import loads_of
from tests.factories.cases import make_campaign
from tests.factories.moments import MOMENT
from tests.factories.readings import make_cases, make_network

KINDS = tuple(product(Turn, AssignmentState))


@pytest.fixture
def given(session):
    """A campaign with assignments of every turn and state, each of a case of its own."""
    places, people = make_network(session)
    campaign, other = make_campaign(session, places), make_campaign(session, places)
    for number, (turn, state) in enumerate(KINDS):
        cases = make_cases(session, campaign, places[0], 2) + make_cases(
            session, other, places[0], 1
        )
        for case in cases:
            session.add(
                Assignment(
                    id=uuid4(),
                    campaign_id=case.campaign_id,
                    case_id=case.id,
                    reviewer_id=people[number % 3].id,
                    turn=turn,
                    state=state,
                    due_at=MOMENT,
                )
            )
    session.commit()
    return campaign, people


def test_a_load_is_what_somebody_reads_or_has_read(given):
    campaign, people = given
    expected = Counter()
    for number, (turn, state) in enumerate(KINDS):
        if turn in READING_TURNS and state not in GONE:
            expected[str(people[number % 3].id)] += 2

    assert loads_of(campaign.id) == expected
    for one in people:
        own = {str(one.id): expected[str(one.id)]} if expected[str(one.id)] else {}
        assert loads_of(campaign.id, [one.id]) == own
    assert loads_of(campaign.id, []) == {}


@pytest.mark.parametrize("of_all", [True, False])
def test_loads_are_counted_from_an_index_with_nothing_left_to_test(session, given, of_all):
    campaign, people = given
    sent = []
    listener = (db.engine, "before_cursor_execute", lambda *args: sent.append(args[2:4]))
    event.listen(*listener)
    try:
        loads_of(campaign.id, None if of_all else [people[0].id])
    finally:
        event.remove(*listener)
    # The last one: the campaign is read again first.
    statement, parameters = sent[-1]
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        # So few rows are read faster as they stand.
        for way in ("seqscan", "bitmapscan"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    rows = connection.exec_driver_sql(explain + statement, parameters).all()
    steps = "\n".join(str(row[-1]) for row in rows)

    assert "ix_assignment_campaign_load" in steps
    assert "COVERING INDEX" in steps if is_sqlite else "Index Only Scan" in steps
    assert "Filter" not in steps
