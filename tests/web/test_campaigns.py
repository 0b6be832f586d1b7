import json
import re
from dataclasses import replace
from hashlib import sha256
from html import unescape
from uuid import UUID

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.sampling import Draw
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES as SOUND
from tests.factories.campaigns import make_draft, make_frozen, make_locked, send_reports
from tests.factories.cases import make_report
from tests.factories.network import make_actor, make_reader

DICE = "4 1 6 2 3 5 5 1 2 6 4 3 1 1 6 2 5 4 3 2"
RULES = {
    "title": "Scanners d’octobre",
    "scope_modalities": ["CT"],
    "scope_period_start": "2026-10-01",
    "scope_period_end": "2026-10-31",
    "sampling_target": "6",
    "sampling_stratum_minimum": "2",
    "sampling_share": "",
    "sampling_modality_minimum": "0",
    "sampling_strata": ["modality"],
    "sampling_allocation": "proportional",
    "sampling_expected_rates": "",
    "double_reading_share": "12.5",
    "double_reading_minimum": "0",
    "routing_second_review_scores": ["2b", "3a", "3b"],
    "blinding_hide_department": "y",
    "blinding_dates": "month",
    "blinding_text_dates": "masked",
    "assignment_allocation": "random",
    "assignment_distinct_departments": "y",
    "assignment_max_load": "",
    "delays_answer_days": "5",
    "delays_review_days": "14",
    "delays_second_review_days": "7",
    "delays_adjudication_days": "14",
    "delays_reply_days": "14",
    "delays_alert_triage_hours": "4",
    "thresholds_inside_reviews": "10",
    "thresholds_inside_authors": "3",
    "thresholds_outside_reviews": "30",
    "thresholds_outside_authors": "5",
    "retention_identity_months": "6",
    "assumed_rate": "6",
    "assumed_minutes": "6",
}


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made)
    for place in made:
        make_reader(session, place)
    return made


@pytest.fixture
def rules(places):
    return {**RULES, "departments": [str(place.id) for place in places]}


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def draft(places, lead):
    return f"/campaigns/{make_draft(places, by=lead)}"


@pytest.fixture
def frozen(places, lead):
    return f"/campaigns/{make_frozen(places, by=lead)}"


def campaign_of(session, url):
    return session.get(Campaign, UUID(url.rsplit("/", 1)[1]))


class TestProtocolEditor:
    def test_the_rules_are_kept_as_they_were_typed(self, client, session, sign_in, rules):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post("/campaigns/new", data={**rules, "act": "keep"})

        kept = json.loads(session.query(Campaign).one().protocol)
        assert answer.status_code == 302
        assert kept["sampling"] == {"target": 6, "stratum_minimum": 2}
        assert kept["double_reading"] == {"share": 0.125, "minimum": 0}
        assert 'value="12.5"' in client.get(f"{answer.location}/protocol/edit").text

    def test_limits_of_what_each_is_given_are_kept_and_shown_again(
        self, client, session, sign_in, rules
    ):
        limits = {"min_load": 3, "max_load": 30, "department_quota": 8, "author_limit": 4}
        sign_in(Role.NETWORK_LEAD)
        typed = {f"assignment_{name}": str(number) for name, number in limits.items()}

        made = client.post("/campaigns/new", data={**rules, **typed, "act": "keep"})

        kept = json.loads(session.query(Campaign).one().protocol)["assignment"]
        assert {name: kept[name] for name in limits} == limits
        edited = client.get(f"{made.location}/protocol/edit").text
        assert all(f'value="{number}"' in edited for number in limits.values())
        told = client.get(f"{made.location}/protocol").text
        assert "au plus 4 comptes rendus d’un même auteur" in told

    def test_a_plan_by_share_and_expected_rates_is_kept_and_shown_again(
        self, client, session, sign_in, rules
    ):
        sign_in(Role.NETWORK_LEAD)
        plan = {
            "sampling_share": "12.5",
            "sampling_allocation": "optimal",
            "sampling_expected_rates": "ct 6,5 ; ",
            "sampling_modality_minimum": "4",
            "sampling_one_per_patient": "y",
        }

        answer = client.post("/campaigns/new", data={**rules, **plan, "act": "keep"})

        kept = json.loads(session.query(Campaign).one().protocol)["sampling"]
        assert kept["expected_rates"] == [{"modality": "CT", "rate": 0.065}]
        assert (kept["share"], kept["allocation"]) == (0.125, "optimal")
        assert (kept["modality_minimum"], kept["one_per_patient"]) == (4, True)
        assert 'value="CT 6,5"' in client.get(f"{answer.location}/protocol/edit").text
        assert "12,5" in client.get(f"{answer.location}/protocol").text

    def test_strata_and_a_minimum_of_each_author_are_kept_and_shown_again(
        self, client, session, sign_in, rules
    ):
        sign_in(Role.NETWORK_LEAD)
        plan = {"sampling_strata": ["week", "author", "modality"], "sampling_author_minimum": "2"}

        answer = client.post("/campaigns/new", data={**rules, **plan, "act": "keep"})

        kept = json.loads(session.query(Campaign).one().protocol)
        assert kept["strata"] == ["department", "modality", "author", "week"]
        assert kept["sampling"]["author_minimum"] == 2
        edited = client.get(f"{answer.location}/protocol/edit").text
        ticked = re.findall(r'<input checked[^>]*name="sampling_strata"[^>]*value="(\w+)"', edited)
        assert ticked == ["modality", "author", "week"]
        told = client.get(f"{answer.location}/protocol").text
        assert "service × modalité × auteur × semaine" in re.sub(r"\s+", " ", told)

    def test_a_minimum_of_each_author_needs_authors_as_strata_and_it_says_why(
        self, client, sign_in, rules
    ):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post("/campaigns/new", data={**rules, "sampling_author_minimum": "2"})

        assert answer.status_code == 422
        assert 'id="sampling_author_minimum-error"' in answer.text
        assert "le taux serait biaisé" in answer.text

    @pytest.mark.parametrize("typed", ["CT", "CT six", "6", "CT 6 MR 3"])
    def test_rates_that_cannot_be_read_stay_typed_and_are_explained(
        self, client, sign_in, rules, typed
    ):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post("/campaigns/new", data={**rules, "sampling_expected_rates": typed})

        assert answer.status_code == 422
        assert 'id="sampling_expected_rates-error"' in answer.text
        assert f'value="{typed}"' in answer.text

    def test_a_new_one_begins_with_sound_defaults(self, client, sign_in, places):
        sign_in(Role.NETWORK_LEAD)

        page = client.get("/campaigns/new").text

        assert 'value="300"' in page
        assert "data-consequences-panel" in page

    def test_the_button_tells_the_consequences_and_keeps_nothing(
        self, client, session, sign_in, rules
    ):
        sign_in(Role.NETWORK_LEAD)

        page = client.post("/campaigns/new", data={**rules, "act": "recalculate"})

        assert page.status_code == 200
        assert "±" in page.text
        assert 'value="12.5"' in page.text
        assert session.query(Campaign).count() == 0

    def test_the_page_asks_for_the_consequences_as_one_types(self, client, sign_in, rules):
        sign_in(Role.NETWORK_LEAD)

        told = client.post("/campaigns/consequences.json", data={**rules, "title": ""}).json
        empty = client.post("/campaigns/consequences.json", data={}).json

        assert told["is_known"]
        assert "±" in told["panel"]
        assert not empty["is_known"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", " "),
            ("sampling_target", "0"),
            ("sampling_target", "many"),
            ("scope_modalities", []),
            ("scope_period_end", "2026-09-01"),
            ("double_reading_share", "120"),
            ("routing_second_review_scores", ["2b"]),
            ("delays_review_days", "0"),
            ("thresholds_outside_reviews", "5"),
            ("retention_identity_months", "0"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept(
        self, client, session, sign_in, rules, field, value
    ):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post("/campaigns/new", data={**rules, field: value})

        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert 'value="12.5"' in answer.text or field == "double_reading_share"
        assert session.query(Campaign).count() == 0

    def test_a_locked_one_is_shown_and_not_edited(self, client, session, sign_in, places, lead):
        url = f"/campaigns/{make_locked(places, by=lead)}"
        sign_in(Role.NETWORK_LEAD)
        before = campaign_of(session, url).protocol

        answer = client.post(f"{url}/protocol/edit", data=RULES)

        assert answer.location.endswith(f"{url}/protocol")
        assert campaign_of(session, url).protocol == before

    def test_a_coordinator_writes_nothing(self, client, sign_in, rules):
        sign_in(Role.COORDINATOR)

        assert client.post("/campaigns/new", data=rules).status_code == 403


class TestLock:
    def test_the_rules_are_read_once_more_and_then_bind(self, client, session, sign_in, draft):
        sign_in(Role.NETWORK_LEAD)
        asked = client.get(f"{draft}/lock").text

        client.post(f"{draft}/lock")

        campaign = campaign_of(session, draft)
        assert campaign.state is CampaignState.LOCKED
        assert campaign.protocol_sha256 in asked
        assert campaign.protocol_sha256 in client.get(draft).text

    def test_a_second_click_does_no_harm(self, client, session, sign_in, draft):
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{draft}/lock")
        locked_at = campaign_of(session, draft).locked_at

        answer = client.post(f"{draft}/lock")

        assert answer.status_code == 422
        assert campaign_of(session, draft).locked_at == locked_at
        assert client.get(f"{draft}/lock").status_code == 302

    def test_the_file_has_the_hash_that_is_shown(self, client, sign_in, places, lead, session):
        url = f"/campaigns/{make_locked(places, by=lead)}"
        sign_in(Role.QUALITY_LEAD, places[0].id)

        content = client.get(f"{url}/protocol.json").get_data()

        hash_shown = campaign_of(session, url).protocol_sha256
        assert sha256(content).hexdigest() == hash_shown
        assert hash_shown in client.get(f"{url}/protocol").text


class TestFramePage:
    def test_the_list_is_frozen_and_published(self, client, sign_in, places, lead):
        url = f"/campaigns/{make_locked(places, by=lead)}"
        sign_in(Role.NETWORK_LEAD)

        page = client.post(f"{url}/frame/freeze", follow_redirects=True)
        lines = client.get(f"{url}/frame.tsv")

        assert 'class="hash"' in page.text
        assert "attachment" in lines.headers["Content-Disposition"]
        assert lines.get_data().count(b"\n") == 10

    def test_a_second_click_freezes_nothing_more(self, client, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)

        assert client.post(f"{frozen}/frame/freeze").status_code == 422

    def test_it_is_discarded_only_with_a_reason(self, client, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)

        refused = client.post(f"{frozen}/frame/discard", data={"reason": ""})
        done = client.post(f"{frozen}/frame/discard", data={"reason": "export partiel"})

        assert refused.status_code == 422
        assert 'id="reason-error"' in refused.text
        assert done.status_code == 302
        assert client.get(f"{frozen}/frame.tsv").status_code == 404

    def test_a_department_reads_it_and_freezes_nothing(self, client, sign_in, places, frozen):
        sign_in(Role.COORDINATOR, places[0].id)

        assert "<form" not in client.get(f"{frozen}/frame").text.split("<main")[1]
        assert client.post(f"{frozen}/frame/freeze").status_code == 403


class TestFinerFramePage:
    def frozen_with(self, places, lead, *fields):
        rules = replace(SOUND, sampling=replace(SOUND.sampling, stratum_minimum=0, strata=fields))
        return f"/campaigns/{make_frozen(places, by=lead, rules=rules)}"

    def test_finer_strata_can_be_opened_and_are_told_in_words(self, client, sign_in, places, lead):
        url = self.frozen_with(places, lead, StratumField.MODALITY, StratumField.REGION)
        sign_in(Role.COORDINATOR, places[0].id)

        page = client.get(f"{url}/frame").text

        assert "<summary>Les strates plus fines</summary>" in page
        assert "service × modalité × région anatomique" in page
        assert page.count(">Thorax<") == 2

    @pytest.mark.parametrize("page", ["frame", "draw"])
    def test_a_colleague_reads_how_many_authors_there_are_and_downloads_nothing(
        self, client, sign_in, places, lead, page
    ):
        url = self.frozen_with(places, lead, StratumField.MODALITY, StratumField.AUTHOR)
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{url}/draw", data={"dice": DICE})
        assert "frame.tsv" in client.get(f"{url}/{page}").text
        sign_in(Role.COORDINATOR, places[0].id)

        told = client.get(f"{url}/{page}").text

        assert "frame.tsv" not in told
        assert "des collègues se reconnaîtraient" in told
        assert client.get(f"{url}/frame.tsv").status_code == 403
        assert client.get(f"{url}/draw/proof.json").status_code == 403
        shown = unescape(client.get(f"{url}/frame").text)
        assert f"{places[0].name}\xa0: 1 auteur" in shown


class TestDrawPage:
    def test_the_draw_is_shown_with_its_proof(self, client, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)

        page = client.post(f"{frozen}/draw", data={"dice": DICE}, follow_redirects=True)
        proof = json.loads(client.get(f"{frozen}/draw/proof.json").get_data())

        assert "41623551264311625432" in page.text
        assert verify_proof(proof) == []

    def test_a_double_click_draws_once_and_shows_the_draw(self, client, session, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{frozen}/draw")

        again = client.post(f"{frozen}/draw")

        assert again.location.endswith("/draw")
        assert session.query(Draw).count() == 1
        assert session.query(Case).count() == 6

    def test_dice_that_are_none_are_told_and_kept(self, client, session, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post(f"{frozen}/draw", data={"dice": "12 34"})

        assert answer.status_code == 422
        assert 'value="12 34"' in answer.text
        assert session.query(Case).count() == 0

    def test_a_draw_is_made_larger_with_a_reason(self, client, session, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{frozen}/draw", data={"dice": DICE})
        more = {"target": "8", "reason": "trois relecteurs de plus"}

        refused = client.post(f"{frozen}/draw/extend", data={**more, "reason": "oui"})
        page = client.post(f"{frozen}/draw/extend", data=more, follow_redirects=True)
        proof = json.loads(client.get(f"{frozen}/draw/proof.json").get_data())

        assert refused.status_code == 422
        assert 'value="oui"' in refused.text
        assert session.query(Case).count() == 8
        assert "trois relecteurs de plus" in page.text
        assert verify_proof(proof) == []

    def test_before_the_freeze_it_says_what_comes_first(self, client, sign_in, places, lead):
        sign_in(Role.NETWORK_LEAD)

        assert "/frame" in client.get(f"/campaigns/{make_locked(places, by=lead)}/draw").text

    def test_a_coordinator_reads_it_and_draws_nothing(self, client, sign_in, places, frozen):
        sign_in(Role.COORDINATOR, places[0].id)

        assert 'name="dice"' not in client.get(f"{frozen}/draw").text
        assert client.post(f"{frozen}/draw").status_code == 403
        assert client.post(f"{frozen}/draw/extend").status_code == 403


class TestNamedPage:
    def test_a_coordinator_names_a_report_and_sees_what_became_of_it(
        self, client, session, sign_in, places, lead, frozen
    ):
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{frozen}/draw")
        report = make_report(session, places[0])
        sign_in(Role.COORDINATOR, places[0].id)
        named = {"accession": report.accession, "reason": "safety_event"}

        refused = client.post(f"{frozen}/named", data={**named, "accession": "none"})
        page = client.post(f"{frozen}/named", data=named, follow_redirects=True)

        code = session.query(Case).filter_by(channel="targeted").one().code
        assert refused.status_code == 422
        assert 'value="none"' in refused.text
        assert code in page.text
        assert f"{frozen}/named" in client.get(frozen).text


class TestBoard:
    @pytest.fixture
    def running(self, client, session, sign_in, frozen):
        sign_in(Role.NETWORK_LEAD)
        client.post(f"{frozen}/draw")
        campaign_of(session, frozen).state = CampaignState.RUNNING
        states = [CaseState.FINAL, CaseState.ADJUDICATION, CaseState.AUTHOR_NOTIFIED]
        for case, state in zip(session.query(Case), [*states, *states], strict=True):
            case.state = state
        session.commit()
        return frozen

    def test_the_lead_takes_the_next_step_with_the_one_button(self, client, session, running):
        page = client.get(running).text

        client.post(f"{running}/step", data={"event": "settle"})

        assert page.count("btn-primary") == 1
        assert 'value="settle"' in page
        assert campaign_of(session, running).state is CampaignState.ADJUDICATING

    def test_freezing_without_waiting_wants_a_reason(self, client, session, running):
        client.post(f"{running}/step", data={"event": "settle"})

        refused = client.post(f"{running}/step", data={"event": "freeze"})
        client.post(f"{running}/step", data={"event": "freeze", "reason": "un relecteur est parti"})

        assert refused.status_code == 422
        assert "data-error-summary" in refused.text
        assert campaign_of(session, running).state is CampaignState.FROZEN

    def test_a_department_sees_neither_what_tells_nor_a_button(
        self, client, sign_in, places, running
    ):
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR, places[0].id)

        main = client.get(running).text.split("<main")[1]

        assert "btn-primary" not in main
        assert places[1].code not in main
        assert main.count('class="number">6<') == 1
        assert client.post(f"{running}/step", data={"event": "settle"}).status_code == 403

    def test_another_department_finds_nothing(self, client, session, sign_in, running):
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR, make_department(session).id)

        paths = ("", "/protocol", "/protocol.json", "/frame", "/frame.tsv", "/draw")
        for path in (*paths, "/draw/proof.json"):
            assert client.get(f"{running}{path}").status_code == 404, path

    def test_an_unknown_step_is_refused(self, client, running):
        assert client.post(f"{running}/step", data={"event": "draw"}).status_code == 422


class TestListCampaigns:
    def test_the_lead_writes_the_first_one(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        assert "/campaigns/new" in client.get("/campaigns/").text

    def test_a_department_sees_only_what_binds_it(self, client, sign_in, places, draft, frozen):
        sign_in(Role.QUALITY_LEAD, places[0].id)

        page = client.get("/campaigns/").text

        assert frozen in page
        assert draft not in page
        assert "/campaigns/new" not in page
