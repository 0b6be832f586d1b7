from dataclasses import fields
from datetime import date

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Role
from peeraudit.domain.protocol import Sampling
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.services import tokens
from tests.factories.accounts import make_department
from tests.factories.cases import make_report
from tests.factories.network import make_actor, make_reader

RULES = {
    "title": "Scanners d’octobre",
    "scope": {"modalities": ["CT"], "period_start": "2026-10-01", "period_end": "2026-10-31"},
    "sampling": {"target": 6, "stratum_minimum": 2},
}
URL = "/api/v1/campaigns"


@pytest.fixture
def departments(session):
    made = [make_department(session) for _ in range(2)]
    for department in made:
        for week in range(5):
            make_report(session, department).performed_on = date(2026, 10, 1 + 7 * week)
        make_reader(session, department)
    session.commit()
    return made


@pytest.fixture
def bearer(session):
    def of(role, department=None):
        actor = make_actor(session, role, department)
        with unit_of_work():
            secret = tokens.create_token("test", ROLE_PERMISSIONS[role], days=1, by=actor)
        return {"Authorization": f"Bearer {secret}"}

    return of


@pytest.fixture
def lead(bearer):
    return bearer(Role.NETWORK_LEAD)


@pytest.fixture
def post(client, lead):
    def send(path, body=None, headers=None):
        return client.post(f"{URL}{path}", json=body or {}, headers=headers or lead)

    return send


@pytest.fixture
def draft(post, departments):
    body = {"protocol": RULES, "department_ids": [str(d.id) for d in departments]}
    answer = post("", body)
    assert answer.status_code == 201, answer.text
    return f"/{answer.json['id']}"


class TestFinerStrata:
    @pytest.fixture
    def start(self, post, departments):
        def begin(*strata, **sampling):
            rules = {**RULES, "strata": ["department", *strata]}
            rules["sampling"] = {**rules.get("sampling", {}), **sampling}
            ids = [str(one.id) for one in departments]
            return post("", {"protocol": rules, "department_ids": ids})

        return begin

    def test_a_list_is_divided_as_the_call_says(self, client, post, lead, start):
        made = start("week", "modality", "region", stratum_minimum=0)
        campaign = f"/{made.json['id']}"
        post(f"{campaign}/lock")

        frame = post(f"{campaign}/frame").json

        assert frame["divided_by"] == ["department", "modality", "region", "week"]
        assert frame["strata_count"] == len(frame["finer"]) > len(frame["strata"]) == 2
        assert {one["region"] for one in frame["finer"]} == {"chest"}
        assert sum(one["frame_size"] for one in frame["finer"]) == frame["frame_size"]
        post(f"{campaign}/draw", {"dice": "4 1 6 2 3 5 5 1 2 6 4 3 1 1 6 2 5 4 3 2"})
        proof = client.get(f"{URL}{campaign}/draw/proof", headers=lead).json
        assert verify_proof(proof) == []

    def test_authors_are_counted_and_their_reports_are_not(
        self, client, post, bearer, start, departments
    ):
        campaign = f"/{start('modality', 'author').json['id']}"
        post(f"{campaign}/lock")
        frame = post(f"{campaign}/frame").json
        colleague = bearer(Role.QUALITY_LEAD, departments[0])

        refused = client.get(f"{URL}{campaign}/frame/list", headers=colleague)

        assert frame["authors"] == {one.code: 1 for one in departments}
        assert frame["finer"] == []
        assert (refused.status_code, refused.json["error"]) == (403, "NotAllowed")

    @pytest.mark.parametrize(
        ("strata", "sampling", "word"),
        [
            (["site"], {}, "strata"),
            (["week", "week"], {}, "strata"),
            (["modality"], {"author_minimum": 3}, "author"),
            (["modality"], {"strata": ["week"]}, "sampling.strata"),
        ],
    )
    def test_strata_that_cannot_be_are_refused(self, start, strata, sampling, word):
        answer = start(*strata, **sampling)

        assert answer.status_code == 422
        assert word in answer.text


class TestAWholeCampaign:
    def test_a_script_goes_from_the_rules_to_a_proven_draw(self, client, post, lead, draft):
        digest = post(f"{draft}/lock").json["protocol_sha256"]
        frame = post(f"{draft}/frame")
        drawn = post(f"{draft}/draw", {"dice": "4 1 6 2 3 5 5 1 2 6 4 3 1 1 6 2 5 4 3 2"})

        proof = client.get(f"{URL}{draft}/draw/proof", headers=lead).json
        board = client.get(f"{URL}{draft}/board", headers=lead).json

        assert frame.status_code == drawn.status_code == 201
        assert drawn.json["seed"] == "41623551264311625432"
        assert drawn.json["cases"] == frame.json["sample"] == 6
        assert verify_proof(proof) == []
        assert proof["frame_sha256"] == frame.json["sha256"]
        assert proof["protocol_sha256"] == digest
        assert board["state"] == "drawn"
        assert board["steps"]["masking"] == 6
        assert [job["kind"] for job in board["jobs"]] == ["masking"]
        assert board["next_act"] == "wait_for_check"

    def test_a_draw_is_made_larger_and_still_proven(self, client, post, lead, draft):
        post(f"{draft}/lock")
        post(f"{draft}/frame")
        post(f"{draft}/draw")

        refused = post(f"{draft}/draw/extend", {"target": 9, "reason": ""})
        more = post(f"{draft}/draw/extend", {"target": 9, "reason": "narrower intervals"})
        proof = client.get(f"{URL}{draft}/draw/proof", headers=lead).json

        assert refused.status_code == 422
        assert (more.status_code, more.json["cases"]) == (201, 9)
        assert [one["cases"] for one in more.json["extensions"]] == [3]
        assert [one["target"] for one in proof["extensions"]] == [9]
        assert verify_proof(proof) == []

    def test_the_published_list_is_the_very_text_of_its_hash(self, client, post, lead, draft):
        post(f"{draft}/lock")
        frame = post(f"{draft}/frame").json

        answer = client.get(f"{URL}{draft}/frame/list", headers=lead)

        assert answer.mimetype == "text/tab-separated-values"
        assert answer.get_data(as_text=True).count("\n") == frame["frame_size"] == 10

    def test_the_list_can_be_discarded_before_the_draw_with_a_reason(self, post, client, draft):
        post(f"{draft}/lock")
        post(f"{draft}/frame")

        assert post(f"{draft}/frame/discard", {"reason": " "}).status_code == 422
        assert post(f"{draft}/frame/discard", {"reason": "feed was late"}).status_code == 204
        assert post(f"{draft}/draw").status_code == 422


class TestTheRules:
    def test_every_wrong_rule_is_named(self, post):
        body = {"protocol": {**RULES, "title": " ", "sampling": {"target": 0}}}

        answer = post("", body)

        assert answer.status_code == 422
        assert set(answer.json["details"]) >= {"title", "sampling.target"}

    @pytest.mark.parametrize("rules", [{"colour": "blue"}, {"sampling": {"size": 3}}])
    def test_an_unknown_rule_is_refused_and_not_ignored(self, post, rules):
        answer = post("", {"protocol": {**RULES, **rules}})

        assert answer.status_code == 422
        assert answer.json["error"] == "InvalidInput"

    def test_a_draft_changes_and_a_locked_one_refuses(self, client, post, lead, draft, departments):
        body = {
            "protocol": {**RULES, "title": "Autre"},
            "department_ids": [str(departments[0].id), str(departments[1].id)],
        }
        changed = client.put(f"{URL}{draft}/protocol", json=body, headers=lead)
        post(f"{draft}/lock")

        refused = client.put(f"{URL}{draft}/protocol", json=body, headers=lead)

        assert changed.json["title"] == "Autre"
        assert refused.status_code == 422
        assert client.get(f"{URL}{draft}", headers=lead).json["protocol_sha256"]

    def test_the_price_of_rules_is_told_without_keeping_them(self, client, post, lead, departments):
        ids = [str(d.id) for d in departments]
        answer = post("/forecast", {"protocol": RULES, "department_ids": ids, "minutes": 10})

        assert answer.json["frame_size"] == 10
        assert answer.json["cases"] == 6
        assert answer.json["hours"] == answer.json["readings"] * 10 / 60 / 2
        assert client.get(URL, headers=lead).json == {"campaigns": []}


class TestWhoMay:
    def test_a_department_sees_its_campaigns_once_they_are_locked(
        self, client, post, draft, bearer, departments
    ):
        inside = bearer(Role.COORDINATOR, departments[0])
        before = client.get(URL, headers=inside).json["campaigns"]
        post(f"{draft}/lock")

        after = client.get(URL, headers=inside).json["campaigns"]

        assert before == []
        assert [one["state"] for one in after] == ["locked"]

    def test_another_department_does_not_know_of_it(self, client, post, draft, bearer, session):
        post(f"{draft}/lock")
        outside = bearer(Role.COORDINATOR, make_department(session))

        for path in ("", "/board", "/frame", "/draw", "/draw/proof"):
            assert client.get(f"{URL}{draft}{path}", headers=outside).status_code == 404, path

    @pytest.mark.parametrize("path", ["", "/forecast"])
    def test_a_coordinator_writes_no_rules(self, post, bearer, departments, path):
        headers = bearer(Role.COORDINATOR, departments[0])

        assert post(path, {"protocol": RULES}, headers).status_code == 403

    @pytest.mark.parametrize("act", ["lock", "frame", "draw", "advance"])
    def test_a_coordinator_moves_nothing(self, post, draft, bearer, departments, act):
        headers = bearer(Role.COORDINATOR, departments[0])

        assert post(f"{draft}/{act}", {"event": "settle"}, headers).status_code == 403

    def test_the_board_of_a_department_hides_what_tells_of_scores(
        self, client, post, draft, bearer, departments
    ):
        post(f"{draft}/lock")
        post(f"{draft}/frame")
        post(f"{draft}/draw")
        headers = bearer(Role.COORDINATOR, departments[0])

        board = client.get(f"{URL}{draft}/board", headers=headers).json

        assert {"settling", "reply", "settled"}.isdisjoint(board["steps"])
        assert board["jobs"] == []
        assert [one["department"]["code"] for one in board["departments"]] == [departments[0].code]


def test_a_step_too_early_says_where_the_campaign_stands(post, draft):
    answer = post(f"{draft}/advance", {"event": "settle"})

    assert answer.status_code == 422
    assert answer.json["error"] == "IllegalMove"


def test_the_description_tells_every_rule(client):
    described = client.get("/api/v1/openapi.json").json

    assert "/api/v1/campaigns/{campaign_id}/draw/proof" in described["paths"]
    schemas = described["components"]["schemas"]
    [rules] = [one for name, one in schemas.items() if name.endswith("SamplingRules")]
    # The strata stand beside the sampling, as in the text that is locked.
    assert set(rules["properties"]) == {field.name for field in fields(Sampling)} - {"strata"}
    [whole] = [one for name, one in schemas.items() if name.endswith("ProtocolRules")]
    assert "strata" in whole["properties"]


def test_a_department_names_a_report_to_teach_from(
    client, session, post, bearer, draft, departments
):
    for step in ("lock", "frame", "draw"):
        post(f"{draft}/{step}")
    report = make_report(session, departments[0])
    token = bearer(Role.COORDINATOR, departments[0])

    answer = client.post(
        f"{URL}{draft}/named",
        json={"accession": report.accession, "reason": "complaint"},
        headers=token,
    )

    assert answer.status_code == 201
    assert [one["reason"] for one in answer.json] == ["complaint"]
    assert client.get(f"{URL}{draft}/named", headers=token).json == answer.json
    assert post(f"{draft}/named", {}).status_code == 403
