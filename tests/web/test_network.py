import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import today
from peeraudit.domain.accounts import Role
from peeraudit.models.network import Department, OwnLimit, Reviewer
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign
from tests.factories.network import make_reader

DEPARTMENT = {"name": "Hôpital Nord", "code": "NORD", "language": "fr", "active": "y"}
READING = {"capacity": "40", "accepting": "y", "specialities": ["CT:chest", "MR:*"]}


class TestDepartmentPages:
    def test_one_is_added_and_changed(self, client, session, sign_in):
        sign_in(Role.NETWORK_LEAD)
        added = client.post("/network/departments/new", data=DEPARTMENT)
        url = f"/network/departments/{session.query(Department).one().id}"

        changed = client.post(url, data={**DEPARTMENT, "city": "Lyon"}, follow_redirects=True)

        assert added.status_code == 302
        assert "Lyon" in changed.text
        assert 'value="NORD"' in client.get(url).text

    def test_what_is_wrong_is_told_beside_the_field_and_kept(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post("/network/departments/new", data={**DEPARTMENT, "code": "a b"})

        assert answer.status_code == 422
        assert 'id="code-error"' in answer.text
        assert 'value="a b"' in answer.text

    def test_an_empty_network_says_so(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        assert 'class="empty"' in client.get("/network/departments").text

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER])
    def test_a_department_changes_nothing(self, client, sign_in, role):
        sign_in(role)

        assert client.post("/network/departments/new", data=DEPARTMENT).status_code == 403


class TestReviewerPages:
    def test_a_person_is_set_up_and_changed(self, client, session, sign_in):
        sign_in(Role.NETWORK_LEAD)
        place = make_department(session)
        account = make_account(session, "-", Role.REVIEWER, place.id)
        added = client.post("/network/reviewers/new", data={**READING, "account": str(account.id)})
        reviewer = session.query(Reviewer).one()

        url = f"/network/reviewers/{reviewer.id}"
        client.post(url, data={**READING, "capacity": "7", "adjudicates": "y"})

        session.refresh(reviewer)
        page = client.get(url).text
        assert added.status_code == 302
        assert (reviewer.capacity, reviewer.adjudicates) == (7, True)
        assert page.count("checked") == 4

    def test_the_list_can_be_narrowed_to_a_department(self, client, session, sign_in):
        sign_in(Role.NETWORK_LEAD)
        places = [make_department(session) for _ in range(2)]
        for place in places:
            make_reader(session, place)

        everybody = client.get("/network/reviewers").text
        some = client.get(f"/network/reviewers?department={places[0].code}").text

        assert everybody.count("data-href") == 2
        assert some.count("data-href") == 1

    def test_a_number_that_is_none_is_told(self, client, session, sign_in):
        sign_in(Role.NETWORK_LEAD)
        reviewer = make_reader(session, make_department(session))

        answer = client.post(f"/network/reviewers/{reviewer.id}", data={**READING, "capacity": "x"})

        assert answer.status_code == 422
        assert 'id="capacity-error"' in answer.text

    def test_nobody_without_a_person(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        assert client.post("/network/reviewers/new", data=READING).status_code == 422


class TestProfilePage:
    def test_a_reviewer_declares_what_is_read(self, client, session, sign_in):
        sign_in(Role.REVIEWER)
        first = client.get("/network/profile").text

        kept = client.post("/network/profile", data=READING, follow_redirects=True)

        assert "banner attention" in first
        assert "banner attention" not in kept.text
        assert session.query(Reviewer).one().capacity == 40
        assert not session.query(Reviewer).one().reads_children

    def test_a_reviewer_says_that_children_are_read(self, client, session, sign_in):
        sign_in(Role.REVIEWER)

        client.post("/network/profile", data={**READING, "reads_children": "y"})

        assert session.query(Reviewer).one().reads_children
        page = client.get("/network/profile").text
        assert re.search(r"<input(?=[^>]*reads_children)(?=[^>]* checked)[^>]*>", page)

    def test_an_absence_is_declared_and_taken_back(self, client, sign_in):
        sign_in(Role.REVIEWER)
        client.post("/network/profile", data=READING)
        day = (today() + timedelta(days=1)).isoformat()
        data = {"absence-first_day": day, "absence-last_day": day, "absence-what": "hand_over"}

        page = client.post("/network/profile/absences", data=data, follow_redirects=True).text
        url = page.split('action="/network/profile/absences/')[1].split('"')[0]
        client.post(f"/network/profile/absences/{url}")

        assert "/remove" not in client.get("/network/profile").text

    def test_the_lead_enters_an_absence_and_takes_it_back(self, client, session, sign_in):
        sign_in(Role.REVIEWER)
        client.post("/network/profile", data=READING)
        client.post("/accounts/sign-out")
        sign_in(Role.NETWORK_LEAD)
        url = f"/network/reviewers/{session.query(Reviewer).one().id}/absences"
        day = (today() + timedelta(days=1)).isoformat()
        data = {"absence-first_day": day, "absence-last_day": day, "absence-what": "hand_over"}

        page = client.post(url, data=data, follow_redirects=True).text
        again = page.split(f'action="{url}/')[1].split('"')[0]
        client.post(f"{url}/{again}")
        wrong = client.post(url, data={**data, "absence-last_day": "2020-01-01"})

        assert "/remove" not in client.get(url).text
        assert wrong.status_code == 422
        assert 'id="absence-last_day-error"' in wrong.text

    def test_days_out_of_order_are_told_and_what_is_kept_stays_shown(self, client, sign_in):
        sign_in(Role.REVIEWER)
        client.post("/network/profile", data=READING)
        days = {"absence-first_day": "2030-05-02", "absence-last_day": "2030-05-01"}

        answer = client.post("/network/profile/absences", data={**days, "absence-what": "finish"})

        assert answer.status_code == 422
        assert 'id="absence-last_day-error"' in answer.text
        assert 'value="40"' in answer.text

    def test_a_conflict_is_declared_and_taken_back(self, client, session, sign_in):
        sign_in(Role.REVIEWER)
        other = make_department(session)
        client.post("/network/profile", data=READING)
        data = {"conflict-department_id": str(other.id), "conflict-reason": "ancien poste"}

        page = client.post("/network/profile/conflicts", data=data, follow_redirects=True).text
        url = page.split('action="/network/profile/conflicts/')[1].split('"')[0]
        client.post(f"/network/profile/conflicts/{url}")

        assert "ancien poste" in page
        assert "ancien poste" not in client.get("/network/profile").text

    def test_a_conflict_with_nobody_is_told(self, client, sign_in):
        sign_in(Role.REVIEWER)
        client.post("/network/profile", data=READING)

        answer = client.post("/network/profile/conflicts", data={"conflict-department_id": ""})

        assert answer.status_code == 422
        assert 'id="conflict-colleague_email-error"' in answer.text


class TestLimitsPage:
    @pytest.fixture(autouse=True)
    def english(self, client):
        client.post("/accounts/preferences", data={"language": "en"})

    @pytest.fixture
    def campaign(self, client, session, sign_in):
        place = make_department(session)
        sign_in(Role.REVIEWER, place.id)
        client.post("/network/profile", data=READING)
        return make_campaign(session, [place])

    def test_limits_are_kept_shown_and_taken_away(self, client, session, campaign):
        assert "/network/profile/limits" in client.get("/network/profile").text
        url = f"/network/profile/limits/{campaign.id}"

        page = client.post(url, data={f"{campaign.id}-most": "7"}, follow_redirects=True).text
        client.post("/network/profile/limits/weekly", data={"weekly-weekly": "3"})
        assert "Your limit is kept." in page
        assert session.scalars(select(OwnLimit.most)).all() == [7]
        assert session.query(Reviewer).one().weekly == 3

        client.post(url, data={f"{campaign.id}-most": ""})
        client.post("/network/profile/limits/weekly", data={"weekly-weekly": ""})
        assert session.scalars(select(OwnLimit.most)).all() == []
        assert session.query(Reviewer).one().weekly is None

    def test_one_that_is_too_high_is_told_at_its_field(self, client, campaign):
        data = {f"{campaign.id}-most": "41"}

        answer = client.post(f"/network/profile/limits/{campaign.id}", data=data)

        assert answer.status_code == 422
        assert "40 cases at most" in answer.text
        assert f'id="{campaign.id}-most-error"' in answer.text

    def test_a_weekly_one_that_is_none_is_told(self, client, campaign):
        answer = client.post("/network/profile/limits/weekly", data={"weekly-weekly": "0"})

        assert answer.status_code == 422
        assert "between 1 and 500" in answer.text
