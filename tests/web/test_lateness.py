from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Role
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment
from peeraudit.models.network import Reviewer
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_network,
    plan_and_publish,
)


@pytest.fixture
def network(session):
    return make_network(session)


@pytest.fixture
def row(session, password_hash, network):
    """A reading that is late."""
    campaign = make_drawn_campaign(session, network[0])
    make_cases(session, campaign, network[0][0], 1)
    plan_and_publish(campaign, lead(session, password_hash))
    row = session.scalars(select(Assignment)).one()
    row.due_at = now() - timedelta(days=2)
    session.commit()
    return row


def name_of(session, row):
    account_id = session.get(Reviewer, row.reviewer_id).account_id
    return session.get(Account, account_id).name


def enter(client, sign_in, *who):
    sign_in(*who)
    client.post("/accounts/preferences", data={"language": "en"})


def test_the_lead_sees_who_is_late_and_why_and_passes_the_case_on(client, session, sign_in, row):
    enter(client, sign_in, Role.NETWORK_LEAD)
    board = client.get(f"/campaigns/{row.campaign_id}").text
    url = f"/campaigns/{row.campaign_id}/late"
    assert url in board

    page = client.get(url).text
    assert name_of(session, row) in page
    assert "one offer not answered" in page

    after = client.post(f"{url}/{row.reviewer_id}", data={"count": "1"}, follow_redirects=True).text
    assert "One case went to another reviewer." in after
    session.expire_all()
    assert session.get(Assignment, row.id).state.value == "replaced"


def test_a_coordinator_sees_no_reviewer(client, session, sign_in, network, row):
    home = network[0][0]
    enter(client, sign_in, Role.COORDINATOR, home.id)

    page = client.get(f"/campaigns/{row.campaign_id}/late").text

    assert name_of(session, row) not in page
    assert "What waits in our department" in page
    assert "Nothing waits for your department" in page
    refused = client.post(f"/campaigns/{row.campaign_id}/late/{row.reviewer_id}")
    assert refused.status_code == 403
