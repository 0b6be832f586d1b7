from html import unescape

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.services.test_summaries import STRATA

OPEN = [Read(30), Read(2, "2b", outcome=None, state=CaseState.SECOND_REVIEW)]


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
        # One department has a modality that is too small.
        assert "donnés en pour cent entiers" in page

    def test_where_nothing_is_hidden_no_reason_is_given(self, client, session, lead):
        audit = make_audit(session, STRATA[:2], state=CampaignState.RUNNING)
        answer = client.post(url(audit))
        sweep()

        assert "donnés en pour cent entiers" not in unescape(client.get(answer.location).text)

    def test_an_unknown_snapshot_is_not_found(self, client, session, lead):
        audit = make_audit(session, STRATA)

        assert client.get(url(audit) + "?snapshot=7").status_code == 404


class TestBoard:
    """Freezing and publishing have one place, the board; the numbers lead there and show them."""

    def test_it_freezes_computes_and_publishes(self, client, session, lead):
        audit = make_audit(session, STRATA)
        board = url(audit, "")[:-1]
        before = client.get(url(audit)).text
        client.post(f"{board}/step", data={"event": "freeze"})
        sweep()

        page = client.get(board).text
        answer = client.post(f"{board}/step", data={"event": "report"}, follow_redirects=True)

        assert f'href="{board}">Le tableau' in before
        assert before.count("<form") == client.get("/messages/").text.count("<form") + 1
        assert "Publier les synthèses" in page
        assert "Les synthèses sont publiées" in answer.text
        assert "Chiffres définitifs" in client.get(url(audit)).text
        assert state(session, audit) is CampaignState.REPORTED

    def test_open_cases_ask_for_a_reason_which_survives_a_refusal(self, client, session, lead):
        audit = make_audit(session, [{"CT": (90, OPEN)}])

        answer = client.post(url(audit, "step"), data={"event": "freeze", "reason": "trop"})

        assert answer.status_code == 422
        assert "trop" in answer.text
        assert state(session, audit) is CampaignState.ADJUDICATING

    def test_with_a_reason_open_cases_are_left_out(self, client, session, lead):
        audit = make_audit(session, [{"CT": (90, OPEN)}])
        why = {"event": "freeze", "reason": "Le relecteur est parti."}

        answer = client.post(url(audit, "step"), data=why)

        assert answer.status_code == 302
        assert state(session, audit) is CampaignState.FROZEN

    def test_before_the_freeze_nothing_is_published(self, client, session, lead):
        audit = make_audit(session, STRATA)

        answer = client.post(url(audit, "step"), data={"event": "report"})

        assert answer.status_code == 422
        assert state(session, audit) is CampaignState.ADJUDICATING
