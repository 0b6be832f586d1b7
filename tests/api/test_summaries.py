import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.workflow import CampaignState
from peeraudit.services import tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import make_audit
from tests.factories.network import make_actor
from tests.pdf import text_of
from tests.services.test_summaries import STRATA, publish

SCOPES = frozenset({Permission.COMPUTE_STATISTICS, Permission.READ_SUMMARY})


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def bearer(actor, scopes=SCOPES):
    with unit_of_work():
        secret = tokens.create_token("test", scopes, days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


def work(session):
    """Let the worker work; what the last call read is put away first, as at a request's end."""
    session.rollback()
    sweep()


class TestStatistics:
    def test_a_script_computes_freezes_and_publishes(self, client, session, lead):
        audit = make_audit(session, STRATA, state=CampaignState.RUNNING)
        headers, url = bearer(lead), f"/api/v1/campaigns/{audit.campaign.id}"
        interim = client.post(f"{url}/statistics", headers=headers)
        work(session)
        frozen = client.post(f"{url}/freeze", json={}, headers=headers)
        work(session)
        published = client.post(f"{url}/summaries", headers=headers)

        snapshots = client.get(f"{url}/snapshots", headers=headers).json["snapshots"]

        assert (interim.status_code, frozen.status_code, published.status_code) == (202, 202, 201)
        assert [one["is_final"] for one in snapshots] == [True, False]
        assert len(published.json["summaries"]) == len(STRATA)

    def test_a_snapshot_tells_only_what_may_leave_the_departments(self, client, session, lead):
        audit = make_audit(session, STRATA)
        publish(audit, lead)
        url = f"/api/v1/campaigns/{audit.campaign.id}/snapshots/1"

        answer = client.get(url, headers=bearer(lead)).json

        assert answer["limits"] == {"reviews": 30, "authors": 5, "events": 5}
        assert "inside" not in answer
        assert len(answer["departments"]) == len(STRATA)
        cells = [row for place in answer["departments"] for row in place["told"]["modalities"]]
        shown = [c for row in cells for c in (row["first_read"],) if c["value"] is not None]
        assert shown
        assert all(cell["n"] >= 30 and cell["details"]["x"] >= 5 for cell in shown)

    def test_a_quality_lead_computes_nothing(self, client, session):
        audit = make_audit(session, STRATA)
        quality = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        headers = bearer(quality, frozenset({Permission.READ_SUMMARY}))

        answer = client.post(f"/api/v1/campaigns/{audit.campaign.id}/statistics", headers=headers)

        assert answer.status_code == 403


class TestSummaries:
    def test_it_gives_the_numbers_of_the_page_and_of_the_paper(self, client, session, lead):
        audit = make_audit(session, STRATA)
        publish(audit, lead)
        quality = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        headers = bearer(quality, frozenset({Permission.READ_SUMMARY}))

        [line] = client.get("/api/v1/summaries", headers=headers).json["summaries"]
        url = f"/api/v1/summaries/{line['id']}"
        summary = client.get(f"{url}?language=en", headers=headers).json
        paper = client.get(f"{url}/pdf?language=en", headers=headers)

        assert summary["audience"] == "inside"
        assert summary["told"]["total"]["first_read"] == line["first_read"]
        text = text_of(paper.data)
        assert f"{line['first_read']['value'] * 100:.1f}%" in text
        assert summary["sentences"]["found"] in text

    def test_another_departments_summary_is_not_found(self, client, session, lead):
        audit = make_audit(session, STRATA)
        [one, *_] = publish(audit, lead)
        outsider = make_actor(session, Role.QUALITY_LEAD)
        headers = bearer(outsider, frozenset({Permission.READ_SUMMARY}))

        assert client.get(f"/api/v1/summaries/{one}", headers=headers).status_code == 404
        assert client.get(f"/api/v1/summaries/{one}/pdf", headers=headers).status_code == 404
