from datetime import date

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.notifications import NoticeKind
from peeraudit.services import accounts, mail_choices, notifications
from peeraudit.web.navigation import NOTICES_ON_FIRST_PAGE
from tests.factories.accounts import make_account


def tell(account_id, count, key):
    with unit_of_work():
        notifications.tell(
            account_id,
            NoticeKind.CASES_TO_CHECK,
            key=key,
            params={"count": count},
            path="/intake/",
        )


def ids_of(account_id):
    person = accounts.find_person(account_id)
    return [n.id for n in notifications.inbox(by=person.as_actor(person.grants[0]))]


class TestMessages:
    def test_the_first_page_shows_the_newest_unread_ones(self, client, sign_in):
        account_id = sign_in(Role.COORDINATOR)
        for number in range(NOTICES_ON_FIRST_PAGE + 1):
            tell(account_id, number + 2, str(number))

        page = client.get("/intake/")

        assert "4 nouveaux messages" in page.text
        assert page.text.count('class="notice"') == NOTICES_ON_FIRST_PAGE
        assert 'class="notice"' not in client.get("/accounts/password").text

    def test_opening_one_marks_it_and_goes_there(self, client, sign_in):
        account_id = sign_in(Role.COORDINATOR)
        tell(account_id, 1, "a")

        answer = client.post(f"/messages/{ids_of(account_id)[0]}")
        page = client.get("/messages/")

        assert answer.location == "/intake/"
        assert "Un cas de votre service a été tiré" in page.text
        assert 'class="unread"' not in page.text

    def test_all_are_marked_at_once(self, client, sign_in):
        account_id = sign_in(Role.COORDINATOR)
        for key in "abc":
            tell(account_id, 2, key)

        client.post("/messages/read")

        assert 'class="unread"' not in client.get("/messages/").text

    def test_the_message_of_another_is_not_there(self, client, sign_in):
        other = sign_in(Role.COORDINATOR)
        tell(other, 2, "a")
        message_id = ids_of(other)[0]
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR)

        assert client.post(f"/messages/{message_id}").status_code == 404

    def test_dates_and_words_are_of_the_readers_language(self, client, sign_in):
        account_id = sign_in(Role.REVIEWER)
        with unit_of_work():
            notifications.tell(
                account_id,
                NoticeKind.CASES_OFFERED,
                key="k",
                params={"count": 6, "due": date(2026, 12, 4)},
            )

        assert "6 cas attendent votre relecture avant le 4 déc. 2026" in (
            client.get("/messages/").text
        )

    def test_who_has_no_role_is_led_to_the_first_page(self, client, session, password_hash):
        account = make_account(session, password_hash)
        client.post(
            "/accounts/sign-in", data={"email": account.email, "password": "a fine long password"}
        )

        assert client.get("/messages/").location == "/"
        assert "pas encore de rôle" in client.get("/").text


class TestMails:
    @pytest.fixture(autouse=True)
    def english(self, client):
        client.post("/accounts/preferences", data={"language": "en"})

    def test_a_reviewer_does_without_the_digest(self, client, session, sign_in):
        account_id = sign_in(Role.REVIEWER)
        page = client.get("/messages/mails").text
        assert page.count("checked") == 4
        assert "cases that are due" in page

        kept = client.post(
            "/messages/mails", data={"kinds": ["case_replaced"]}, follow_redirects=True
        )

        assert "Your choice is kept." in kept.text
        assert client.get("/messages/mails").text.count("checked") == 1
        assert not mail_choices.wants_mail(account_id, NoticeKind.CASES_DUE)
        assert mail_choices.wants_mail(account_id, NoticeKind.CASES_OFFERED)

    def test_what_asks_one_to_act_is_no_choice(self, client, sign_in):
        account_id = sign_in(Role.REVIEWER)

        answer = client.post("/messages/mails", data={"kinds": ["cases_offered"]})

        assert answer.status_code == 422
        assert mail_choices.wants_mail(account_id, NoticeKind.CASES_OFFERED)

    def test_a_role_without_choice_says_so(self, client, sign_in):
        sign_in(Role.COORDINATOR)

        assert "Nothing to choose" in client.get("/messages/mails").text
