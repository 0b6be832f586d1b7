import re

import pytest
from sqlalchemy import event

from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign
from tests.services.test_masking import DOUBTFUL, TEXT, masked_case

HOME = "/deidentification/"


@pytest.fixture
def department(session, sign_in):
    department = make_department(session)
    sign_in(Role.COORDINATOR, department.id)
    return department


@pytest.fixture
def campaign(session, department):
    return make_campaign(session, [department], state=CampaignState.DRAWN)


@pytest.fixture
def case(session, campaign, department):
    return masked_case(session, campaign, department)


def queries_of(client, address):
    seen = []

    def note(*args):
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def text_of(client, address):
    # A form's token bears the time at which it was made.
    return re.sub(r'value="[^"]{60,}"', "", client.get(address).text)


class TestListCases:
    def test_it_counts_what_waits_and_shows_each_case(self, client, case):
        page = client.get(HOME)

        assert case.code in page.text
        assert client.get(f"{HOME}?stage=to_check").text.count(case.code) >= 1
        assert case.code not in client.get(f"{HOME}?stage=excluded").text

    def test_the_number_of_queries_does_not_grow(self, client, session, campaign, department):
        for _ in range(2):
            masked_case(session, campaign, department)
        few = queries_of(client, HOME)
        for _ in range(18):
            masked_case(session, campaign, department)

        assert queries_of(client, HOME) == few

    def test_an_empty_list_says_what_will_be_there(self, client, department):
        assert "empty" in client.get(HOME).text


class TestShowCase:
    def test_original_and_masked_text_stand_side_by_side(self, client, case):
        page = client.get(f"{HOME}{case.id}").text

        assert "<mark" in page
        assert page.count("Durand") >= 1
        masked = page.split('id="masked-heading"')[1].split("</section>")[0]
        assert "Durand" not in masked
        assert "Foyer du lobe moyen" in masked

    def test_a_case_without_its_text_says_that_it_waits_for_it(self, client, session, case):
        case.state, case.awaits_text, case.masked_text = CaseState.DRAWN, True, ""
        session.commit()

        page, listed = client.get(f"{HOME}{case.id}").text, client.get(HOME).text

        assert "Attend son texte" in page
        assert "Attend son texte" in listed
        assert 'href="/intake/wanted"' in page
        assert "En cours de masquage" not in page

    def test_it_does_not_tell_whether_the_case_is_read_twice(self, client, session, case):
        once = [text_of(client, url) for url in (HOME, f"{HOME}{case.id}")]
        case.is_double_read = True
        session.commit()

        assert [text_of(client, url) for url in (HOME, f"{HOME}{case.id}")] == once

    def test_the_coordinator_of_another_department_finds_nothing(self, client, sign_in, case):
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR)

        assert client.get(f"{HOME}{case.id}").status_code == 404
        assert client.post(f"{HOME}{case.id}/approve").status_code in {404, 302}
        assert case.code not in client.get(HOME).text


class TestCorrections:
    def test_words_are_masked_without_a_script(self, client, session, case):
        answer = client.post(
            f"{HOME}{case.id}/hide", data={"words": "lobe moyen", "kind": "other", "seen": ""}
        )

        assert answer.status_code == 302
        session.expire_all()
        assert "⟦other⟧" in session.get_one(Case, case.id).masked_text

    def test_words_are_taught_and_taken_off_the_list_again(self, client, session, case):
        client.post(
            f"{HOME}{case.id}/hide",
            data={"words": "lobe moyen", "kind": "place", "seen": "", "teach": "y"},
        )

        shown = client.get(f"{HOME}words").text
        assert "lobe moyen" in shown
        forget = re.search(r'action="([^"]+/forget)"', shown)
        assert client.post(forget[1]).status_code == 302
        assert "lobe moyen" not in client.get(f"{HOME}words").text

    def test_words_too_short_to_teach_change_nothing(self, client, session, case):
        before = case.masked_text

        answer = client.post(
            f"{HOME}{case.id}/hide", data={"words": "du", "kind": "other", "teach": "y"}
        )

        assert answer.status_code == 422
        session.expire_all()
        assert session.get_one(Case, case.id).masked_text == before

    def test_words_that_do_not_occur_are_told_and_kept(self, client, case):
        answer = client.post(
            f"{HOME}{case.id}/hide", data={"words": "introuvable", "kind": "other"}
        )

        assert answer.status_code == 422
        assert 'value="introuvable"' in answer.text

    def test_a_mask_is_taken_away_with_a_reason(self, client, session, case):
        start = TEXT.index("Durand")

        client.post(
            f"{HOME}{case.id}/show", data={"start": start, "reason": "ordinary_word", "seen": ""}
        )

        session.expire_all()
        assert "Durand" in session.get_one(Case, case.id).masked_text

    def test_a_mask_without_a_choice_is_refused_beside_the_list(self, client, case):
        answer = client.post(f"{HOME}{case.id}/show", data={"reason": "ordinary_word"})

        assert answer.status_code == 422
        assert "start-error" in answer.text


class TestOneAfterAnother:
    def test_approving_leads_to_the_next_and_at_last_to_the_list(
        self, client, session, campaign, department
    ):
        for _ in range(2):
            masked_case(session, campaign, department)
        where = client.get(f"{HOME}next").location
        seen = []

        while "/deidentification/?" not in where and where != HOME:
            case_id = where.split("?")[0].rsplit("/", 1)[1]
            seen.append(case_id)
            where = client.post(f"{HOME}{case_id}/approve", data={"seen": ""}).location
            where = client.get(where).location

        assert len(set(seen)) == 2
        states = {c.state for c in session.query(Case)}
        assert states == {CaseState.ELIGIBLE}

    def test_an_exclusion_asks_for_a_reason_of_the_list(self, client, session, case):
        refused = client.post(f"{HOME}{case.id}/exclude", data={"reason": "because"})
        client.post(f"{HOME}{case.id}/exclude", data={"reason": "objection"})

        assert refused.status_code == 422
        session.expire_all()
        assert session.get_one(Case, case.id).state is CaseState.EXCLUDED

    def test_all_without_doubt_are_approved_at_once(self, client, session, campaign, department):
        sure = masked_case(session, campaign, department)
        doubtful = masked_case(session, campaign, department, DOUBTFUL)

        client.post(f"{HOME}approve-all", data={"campaign_id": str(campaign.id)})

        session.expire_all()
        assert session.get_one(Case, sure.id).state is CaseState.ELIGIBLE
        assert session.get_one(Case, doubtful.id).state is CaseState.QUARANTINED

    def test_a_get_changes_nothing(self, client, session, case):
        for address in ("", "next", str(case.id), f"{case.id}?stage=to_check"):
            client.get(f"{HOME}{address}")

        session.expire_all()
        assert session.get_one(Case, case.id).state is CaseState.DEIDENTIFIED
