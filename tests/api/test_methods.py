import pytest

from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.methods.catalogue import METHODS
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.statistics.own_rules import OWN_RULES
from tests.api.test_summaries import bearer
from tests.factories.network import make_actor

ANYBODY = frozenset({Permission.USE_API_TOKENS})


@pytest.fixture
def headers(session):
    return bearer(make_actor(session, Role.EXTERNAL_AUDITOR), ANYBODY)


def test_every_method_is_told_with_its_rules_and_sources(client, headers):
    told = client.get("/api/v1/methods?language=en", headers=headers).json

    found = {one["id"]: one for one in told["methods"]}
    assert list(found) == list(METHODS)
    assert found["S2.06"]["tag"] == "S2.06@2"
    assert found["S2.06"]["question"] == METHODS["S2.06"].question
    assert found["S2.06"]["own_rules"] == ["MOVER_TWO_PHASE"]
    assert "10.1093/biomet/60.1.125" in found["S2.06"]["dois"]
    assert {one["code"] for one in told["own_rules"]} == set(OWN_RULES)


def test_every_code_is_told_in_the_language_asked_for(client, headers):
    told = client.get("/api/v1/methods/codes?language=fr", headers=headers).json["codes"]

    assert {one["code"] for one in told} == set(CODES)
    [one] = [one for one in told if one["code"] == "CENSUS"]
    assert one["kind"] == "warning"
    assert one["meaning"].startswith("Tous les comptes rendus de la période ont été relus")


def test_another_language_is_refused(client, headers):
    assert client.get("/api/v1/methods?language=de", headers=headers).status_code == 422
