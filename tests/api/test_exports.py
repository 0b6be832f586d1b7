from io import BytesIO
from zipfile import ZipFile

import pytest

from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.told_files import recompute_told
from tests.api.test_summaries import bearer
from tests.factories.audits import make_audit
from tests.factories.network import make_actor
from tests.services.test_snapshot_exports import PURPOSE, STRATA
from tests.services.test_summaries import publish

NUMBERS = frozenset({Permission.EXPORT_NUMBERS})
REVIEWS = frozenset({Permission.EXPORT_REVIEWS})


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def url(session, lead):
    audit = make_audit(session, STRATA)
    publish(audit, lead)
    return f"/api/v1/campaigns/{audit.campaign.id}/export"


def files_of(answer):
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_script_takes_the_numbers_along(client, session, url):
    headers = bearer(make_actor(session, Role.EXTERNAL_AUDITOR), NUMBERS)

    files = files_of(client.post(f"{url}/numbers?language=en", headers=headers))

    again = recompute_told(files["numbers.csv"], files["told.json"])
    assert again.result == files["result.json"]
    assert "Anybody can compute them again" in files["README.txt"]


def test_a_script_takes_the_reviews_along(client, lead, url):
    answer = client.post(f"{url}/reviews", json={"purpose": PURPOSE}, headers=bearer(lead, REVIEWS))

    files = files_of(answer)
    assert recompute(files["reviews.csv"], files["protocol.json"]).results == files["result.json"]


def test_a_purpose_is_asked_for(client, lead, url):
    headers = bearer(lead, REVIEWS)

    assert client.post(f"{url}/reviews", json={}, headers=headers).status_code == 422
    assert client.post(f"{url}/reviews", json={"purpose": "x"}, headers=headers).status_code == 422


def test_a_token_for_the_numbers_gives_no_reviews(client, lead, url):
    answer = client.post(f"{url}/reviews", json={"purpose": PURPOSE}, headers=bearer(lead, NUMBERS))

    assert answer.status_code == 403
