from datetime import timedelta
from uuid import uuid4

import pytest
from markupsafe import escape

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Grant, Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.services import accounts, tokens
from peeraudit.services.sign_in import FAILURES_PER_ACCOUNT
from peeraudit.web.login import IDLE_LIMIT, WHOLE_LIMIT
from tests.conftest import PASSWORD
from tests.factories.accounts import make_account, make_department

GOOD = "quatre mots choisis seul"
SECRET_SHOWN = "pa_"


@pytest.fixture
def someone(session, password_hash):
    return make_account(session, password_hash, Role.REVIEWER)


def enter(client, email, password=PASSWORD, **kwargs):
    return client.post("/accounts/sign-in", data={"email": email, "password": password}, **kwargs)


class TestSignIn:
    def test_it_goes_on_to_the_page_that_was_asked_for(self, client, someone):
        asked = client.get("/messages/?role=1")

        answer = client.post(asked.location, data={"email": someone.email, "password": PASSWORD})

        assert answer.location == "/messages/?role=1"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil"])
    def test_it_never_leads_elsewhere(self, client, someone, target):
        answer = enter(client, someone.email, query_string={"next": target})

        assert answer.location == "/"

    def test_the_address_survives_a_wrong_password_and_the_password_does_not(self, client, someone):
        answer = enter(client, someone.email, "not this one")

        assert answer.status_code == 422
        assert someone.email in answer.text
        assert "not this one" not in answer.text

    def test_guessing_is_stopped_and_told(self, client, someone):
        for _ in range(FAILURES_PER_ACCOUNT):
            enter(client, someone.email, "not this one")

        answer = enter(client, someone.email)

        assert answer.status_code == 422
        assert "quart d’heure" in answer.text

    def test_nothing_may_be_kept_by_the_browser(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        for path in ("/accounts/people", "/accounts/tokens", "/messages/"):
            assert client.get(path).headers["Cache-Control"] == "no-store"

    def test_outside_the_demonstration_nobody_enters_without_a_password(self, client, someone):
        assert client.post(f"/accounts/enter/{someone.id}").status_code == 404


class TestEndOfSession:
    @pytest.mark.parametrize("limit", [IDLE_LIMIT, WHOLE_LIMIT])
    def test_a_session_ends_and_says_so(self, client, sign_in, limit):
        sign_in(Role.ADMINISTRATOR)

        with clock.shifted(limit + timedelta(minutes=1)):
            sent_away = client.get("/accounts/people")
            page = client.get(sent_away.location)

        assert sent_away.location == "/accounts/sign-in?next=/accounts/people"
        assert "Votre session a expiré" in page.text

    def test_a_form_sent_too_late_says_that_it_was_not_kept(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        with clock.shifted(IDLE_LIMIT + timedelta(minutes=1)):
            sent_away = client.post(
                "/accounts/people/new", headers={"Referer": "http://localhost/accounts/people/new"}
            )
            page = client.get(sent_away.location)

        assert sent_away.location == "/accounts/sign-in?next=/accounts/people/new"
        assert "n’a pas été enregistré" in page.text

    def test_who_keeps_working_stays(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        for minutes in range(20, 121, 20):
            with clock.shifted(timedelta(minutes=minutes)):
                assert client.get("/accounts/people").status_code == 200

    def test_a_new_password_ends_the_session(self, client, sign_in):
        account_id = sign_in(Role.ADMINISTRATOR)
        with unit_of_work():
            accounts.set_password(account_id, GOOD, by=None)

        assert client.get("/accounts/people").status_code == 302

    def test_signing_out_ends_it(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)
        client.post("/accounts/sign-out")

        assert client.get("/accounts/people").status_code == 302


class TestCsrf:
    def test_a_form_without_its_token_changes_nothing_and_leads_back(
        self, app, client, sign_in, monkeypatch
    ):
        sign_in(Role.ADMINISTRATOR)
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

        answer = client.post(
            "/accounts/people/new",
            data={"name": "Anne"},
            headers={"Referer": "http://localhost/accounts/people/new"},
        )
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

        assert answer.location == "http://localhost/accounts/people/new"
        assert "Rien n’a été" in client.get("/accounts/people/new").text


class TestPeople:
    def values(self, **changed):
        return {
            "name": "Anne Martin",
            "email": "anne@hospital.example",
            "role": "network_lead",
            "department": "",
            "language": "fr",
            "password": GOOD,
        } | changed

    def test_an_account_is_opened_with_its_role(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        answer = client.post("/accounts/people/new", data=self.values())
        page = client.get(answer.location)

        assert answer.status_code == 302
        assert "Anne Martin" in page.text
        assert "Responsable du réseau" in page.text
        assert "Anne Martin" in client.get("/accounts/people?q=anne").text

    def test_a_role_that_lacks_its_department_is_told_and_nothing_is_lost(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        answer = client.post("/accounts/people/new", data=self.values(role="reviewer"))

        assert answer.status_code == 422
        assert "anne@hospital.example" in answer.text
        assert GOOD not in answer.text

    def test_a_search_that_finds_nobody_says_so(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        assert "Personne ne correspond" in client.get("/accounts/people?q=zzzz").text

    def test_a_role_is_given_and_taken(self, client, sign_in, session, someone):
        sign_in(Role.ADMINISTRATOR)
        url = f"/accounts/people/{someone.id}"
        given = client.post(url, data={"role": "network_lead", "department": ""})
        grant = next(
            g for g in accounts.find_person(someone.id).grants if g.role is Role.NETWORK_LEAD
        )
        taken = client.post(f"{url}/roles/{grant.id}/take")

        assert given.status_code == taken.status_code == 302
        assert [g.role for g in accounts.find_person(someone.id).grants] == [Role.REVIEWER]

    def test_an_account_is_closed_and_opened_again(self, client, sign_in, someone):
        sign_in(Role.ADMINISTRATOR)
        url = f"/accounts/people/{someone.id}"
        client.post(f"{url}/close")
        closed = client.get(url)
        client.post(f"{url}/open")

        assert "Compte fermé" in closed.text
        assert accounts.find_person(someone.id) is not None

    def test_the_own_account_cannot_be_closed(self, client, sign_in):
        me = sign_in(Role.ADMINISTRATOR)

        client.post(f"/accounts/people/{me}/close", headers={"Referer": "http://localhost/"})

        assert accounts.find_person(me) is not None

    def test_a_first_password_must_be_replaced_before_anything_else(self, client, sign_in, someone):
        sign_in(Role.ADMINISTRATOR)
        client.post(f"/accounts/people/{someone.id}/password", data={"password": GOOD})
        client.post("/accounts/sign-out")
        enter(client, someone.email, GOOD)

        sent_on = client.get("/messages/")
        page = client.get(sent_on.location)
        client.post(sent_on.location, data={"present": GOOD, "new": PASSWORD})

        assert sent_on.location == "/accounts/password"
        assert "choisi par quelqu’un d’autre" in page.text
        assert client.get("/messages/").status_code == 200

    def test_a_weak_first_password_is_refused_beside_the_field(self, client, sign_in, someone):
        sign_in(Role.ADMINISTRATOR)

        answer = client.post(f"/accounts/people/{someone.id}/password", data={"password": "short"})

        assert answer.status_code == 422

    def test_somebody_unknown_is_not_found(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        assert client.get(f"/accounts/people/{uuid4()}").status_code == 404


class TestPassword:
    def test_it_is_changed_and_the_session_goes_on(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        answer = client.post("/accounts/password", data={"present": PASSWORD, "new": GOOD})

        assert answer.status_code == 302
        assert client.get("/accounts/people").status_code == 200

    def test_a_wrong_one_is_told_and_counts_as_a_guess(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)
        wrong = {"present": "not this one", "new": GOOD}
        for _ in range(FAILURES_PER_ACCOUNT):
            answer = client.post("/accounts/password", data=wrong)

        stopped = client.post("/accounts/password", data={"present": PASSWORD, "new": GOOD})

        assert answer.status_code == stopped.status_code == 422
        assert "actuel n’est pas le bon" in answer.text
        assert "quart d’heure" in stopped.text

    def test_other_sessions_can_be_ended_while_this_one_goes_on(self, app, client, sign_in):
        account_id = sign_in(Role.ADMINISTRATOR)
        elsewhere = app.test_client()
        enter(elsewhere, accounts.find_person(account_id).email)

        client.post("/accounts/sessions/end")

        assert client.get("/accounts/people").status_code == 200
        assert elsewhere.get("/accounts/people").status_code == 302


class TestTokens:
    def test_the_secret_is_shown_once(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        made = client.post(
            "/accounts/tokens", data={"name": "nightly", "days": 30, "scopes": ["read_campaign"]}
        )
        later = client.get("/accounts/tokens")

        assert made.status_code == 201
        assert SECRET_SHOWN in made.text
        assert "nightly" in later.text
        assert SECRET_SHOWN not in later.text

    def test_only_what_the_person_may_can_be_chosen(self, client, sign_in):
        sign_in(Role.REVIEWER)

        answer = client.post(
            "/accounts/tokens", data={"name": "x", "days": 30, "scopes": ["manage_accounts"]}
        )

        assert answer.status_code == 422
        assert "manage_accounts" not in client.get("/accounts/tokens").text

    def test_it_is_revoked(self, client, sign_in):
        account_id = sign_in(Role.NETWORK_LEAD)
        actor = Actor(account_id, Role.NETWORK_LEAD)
        with unit_of_work():
            tokens.create_token("old", frozenset({Permission.READ_CAMPAIGN}), days=1, by=actor)
        token_id = tokens.list_tokens(by=actor)[0].id

        answer = client.post(f"/accounts/tokens/{token_id}/revoke")

        assert answer.status_code == 302
        assert tokens.list_tokens(by=actor) == []


class TestRoleInUse:
    def test_another_role_is_chosen_and_named(self, client, sign_in, session):
        account_id = sign_in(Role.NETWORK_LEAD)
        place = make_department(session)
        with unit_of_work():
            accounts.give_role(account_id, Grant(Role.COORDINATOR, place.id), by=None)
        grant = accounts.find_person(account_id).grants[0]

        client.post(f"/accounts/role/{grant.id}")

        assert f"Coordinateur · {escape(place.name)}" in client.get("/messages/").text

    def test_a_role_of_somebody_else_cannot_be_chosen(self, client, sign_in, someone):
        sign_in(Role.NETWORK_LEAD)
        grant = accounts.find_person(someone.id).grants[0]

        assert client.post(f"/accounts/role/{grant.id}").status_code == 404


class TestPreferences:
    def test_the_language_is_kept_with_the_person(self, client, sign_in):
        account_id = sign_in(Role.ADMINISTRATOR)

        client.post("/accounts/preferences", data={"language": "en", "next": "/accounts/people"})

        assert 'lang="en"' in client.get("/accounts/people").text
        assert accounts.find_person(account_id).language == "en"

    def test_what_is_no_language_changes_nothing(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        client.post("/accounts/preferences", data={"language": "xx", "theme": "pink"})

        assert 'lang="fr"' in client.get("/accounts/people").text
