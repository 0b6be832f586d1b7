import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import NotAllowed
from peeraudit.domain.workflow import CampaignState, Turn
from peeraudit.services import severity, statistics
from peeraudit.services.statistics_counts import count_readings
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit, make_review
from tests.factories.network import make_actor, make_reader

READERS, EACH = 6, 32


@pytest.fixture
def stage(session):
    """Six reviewers with 32 cases each; the first calls every second one, the others a few."""
    audit = make_audit(session, [{"CT": (900, [Read(READERS * EACH, None, None, "1")])}])
    people = [make_reader(session, audit.departments[0]) for _ in range(READERS)]
    for place, case in enumerate(audit.cases):
        who = place % READERS
        called = (place // READERS) % (2 if who == 0 else 9 + who) == 0
        make_review(session, case, people[who], Turn.FIRST, "2b" if called else "1")
    session.commit()
    return audit, people


def actor_of(reviewer):
    return Actor(reviewer.account_id, Role.REVIEWER, reviewer.department_id)


def freeze(campaign, session):
    with unit_of_work():
        statistics.freeze_campaign(campaign.id, by=make_actor(session, Role.NETWORK_LEAD))
    sweep()


def test_a_reviewer_reads_the_own_line_once_the_final_numbers_are_there(stage, session):
    audit, people = stage
    before = severity.list_positions(by=actor_of(people[0]))
    freeze(audit.campaign, session)

    severe, mild = (severity.list_positions(by=actor_of(people[k])) for k in (0, 5))

    assert before == []
    assert [one.title for one in severe] == [audit.campaign.title]
    assert severe[0].row.readings == mild[0].row.readings == EACH
    assert severe[0].row.limits[0] > 1
    assert mild[0].row.odds_ratio < 1
    # The lead's table has the same line under a code.
    view = statistics.show_snapshot(audit.campaign.id, 1, by=make_actor(session, Role.NETWORK_LEAD))
    assert len(view.telling.severity.units) == READERS
    assert all(str(one.id) not in str(view.telling.to_dict()) for one in people)


def test_a_second_reading_tells_nothing_of_a_reviewer(stage, session):
    audit, people = stage
    before = count_readings(audit.campaign.id).reviewers
    make_review(session, audit.cases[0], people[1], Turn.SECOND, "3b")
    session.commit()

    rows = count_readings(audit.campaign.id).reviewers

    assert rows == before
    assert sum(n for row in rows for _, n, _ in row) == READERS * EACH


def test_who_reads_no_case_may_not_ask(session):
    with pytest.raises(NotAllowed):
        severity.list_positions(by=make_actor(session, Role.NETWORK_LEAD))


def test_who_has_read_nothing_reads_nothing(session):
    audit = make_audit(session, [{"CT": (90, [Read(3)])}], state=CampaignState.RUNNING)
    newcomer = make_reader(session, audit.departments[0])

    assert severity.list_positions(by=actor_of(newcomer)) == []
