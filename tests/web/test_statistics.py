from html import unescape

import pytest

from peeraudit.adapters import queue
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.services.test_summaries import STRATA

OPEN = [Read(30), Read(2, "2b", outcome=None, state=CaseState.SECOND_REVIEW)]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)


@pytest.fixture
def lead(sign_in):
    return sign_in(Role.NETWORK_LEAD)


def url(audit, what="statistics"):
    return f"/campaigns/{audit.campaign.id}/{what}"


def state(session, audit):
    session.expire_all()
    return session.get_one(Campaign, audit.campaign.id).state


class TestShowStatistics:
    def test_before_the_first_computation_it_offers_one(self, client, session, lead):
        audit = make_audit(session, STRATA, state=CampaignState.RUNNING)

        page = client.get(url(audit))

        assert page.status_code == 200
        assert "Calculer à ce jour" in page.text

    def test_interim_numbers_are_shown_with_what_may_leave_the_departments(
        self, client, session, lead
    ):
        audit = make_audit(session, STRATA, state=CampaignState.RUNNING)
        answer = client.post(url(audit))
        sweep()

        page = unescape(client.get(answer.location).text)

        assert "Chiffres provisoires" in page
        assert all(place.name in page for place in audit.departments)

    def test_an_unknown_snapshot_is_not_found(self, client, session, lead):
        audit = make_audit(session, STRATA)

        assert client.get(url(audit) + "?snapshot=7").status_code == 404


class TestFreezeCampaign:
    def test_it_freezes_computes_and_lets_the_summaries_be_published(self, client, session, lead):
        audit = make_audit(session, STRATA)
        client.post(url(audit, "freeze"))
        sweep()

        page = client.get(url(audit)).text
        answer = client.post(url(audit, "summaries"))

        assert "Publier les synthèses" in page
        assert answer.location == "/summaries/"
        assert state(session, audit) is CampaignState.REPORTED

    def test_open_cases_ask_for_a_reason_which_survives_a_refusal(self, client, session, lead):
        audit = make_audit(session, [{"CT": (90, OPEN)}])

        answer = client.post(url(audit, "freeze"), data={"reason": "trop court"[:4]})

        assert answer.status_code == 422
        assert "trop" in answer.text
        assert state(session, audit) is CampaignState.ADJUDICATING

    def test_with_a_reason_open_cases_are_left_out(self, client, session, lead):
        audit = make_audit(session, [{"CT": (90, OPEN)}])

        answer = client.post(url(audit, "freeze"), data={"reason": "Le relecteur est parti."})

        assert answer.status_code == 302
        assert state(session, audit) is CampaignState.FROZEN


class TestPublishSummaries:
    def test_before_the_freeze_it_says_why_it_cannot(self, client, session, lead):
        audit = make_audit(session, STRATA)

        answer = client.post(url(audit, "summaries"))

        assert answer.status_code == 422
        assert state(session, audit) is CampaignState.ADJUDICATING
