import re
from html import unescape

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.recognition import Recognition
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.models.identities import RecognitionRow
from peeraudit.services import blinding_recognition, scoring
from tests.factories.accounts import make_department
from tests.factories.readings import reviewer_actor
from tests.factories.scoring import add_reviewer, make_reading


@pytest.fixture
def reviewer(session, sign_in):
    home = make_department(session)
    return add_reviewer(session, sign_in(Role.REVIEWER, home.id), home)


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def url(client, session, reviewer, place):
    row = make_reading(session, reviewer, department=place)
    with unit_of_work():
        scoring.submit_review(row.id, ScoreSheet("1"), by=reviewer_actor(reviewer))
    client.post("/accounts/preferences", data={"language": "fr"})
    return f"/recognition/{row.id}"


def kept(session):
    return session.scalars(select(RecognitionRow)).all()


class TestRecogniseAuthor:
    def test_no_is_one_press_and_the_next_case_begins(self, client, session, reviewer, url):
        following = make_reading(session, reviewer)
        page = client.get(url).text

        answer = client.post(url, data={"recognition": "no"})

        assert "Avez-vous reconnu l’auteur ou le service" in page
        assert re.search(r'name="recognition"\s+value="no"', page)
        assert answer.location == f"/scoring/{following.id}"
        assert [row.recognition for row in kept(session)] == [Recognition.NO]

    def test_where_no_case_is_left_the_list_says_so(self, client, url):
        assert client.post(url, data={"recognition": "no"}).location == "/scoring/"

    @pytest.mark.parametrize("said", ["guess", "sure"])
    def test_a_guess_is_asked_of_whom(self, client, session, url, said, place):
        page = client.get(f"{url}?recognition={said}").text

        sent = {"recognition": said, "about": "author", "department_id": place.id, "name": "Noir"}
        client.post(url, data=sent)

        assert place.name in unescape(page)
        [row] = kept(session)
        assert (row.recognition.value, row.about) == (said, "author")
        assert blinding_recognition.open_guess(row) == (place.id, "Noir")

    def test_what_is_missing_is_said_and_what_was_chosen_stays(self, client, session, url, place):
        sent = {"recognition": "sure", "department_id": place.id}

        answer = client.post(url, data=sent)

        assert answer.status_code == 422
        assert "Dites si vous avez reconnu l’auteur ou le service." in answer.text
        assert re.search(rf'selected value="{place.id}"', answer.text)
        assert kept(session) == []

    @pytest.mark.parametrize(
        "sent", [{}, {"recognition": "maybe"}, {"recognition": "sure", "about": "patient"}]
    )
    def test_nonsense_is_refused(self, client, session, url, sent):
        assert client.post(url, data=sent).status_code == 422
        assert kept(session) == []

    def test_a_department_of_nowhere_is_refused(self, client, session, url):
        sent = {"recognition": "sure", "about": "department", "department_id": "nowhere"}

        assert client.post(url, data=sent).status_code == 422

    def test_a_second_click_changes_nothing(self, client, session, url):
        client.post(url, data={"recognition": "no"})

        again = client.post(url, data={"recognition": "sure", "about": "author"})

        assert (again.location, client.get(url).location) == ("/scoring/", "/scoring/")
        assert [row.recognition for row in kept(session)] == [Recognition.NO]

    def test_an_open_question_comes_before_the_next_case(self, client, session, reviewer, url):
        following = make_reading(session, reviewer)

        assert client.post("/scoring/next").location == url
        client.post(url, data={"recognition": "no"})
        assert client.post("/scoring/next").location == f"/scoring/{following.id}"

    def test_a_case_that_is_not_handed_in_is_not_asked_about(self, client, session, reviewer):
        row = make_reading(session, reviewer)

        assert client.get(f"/recognition/{row.id}").status_code == 404
        answer = client.post(f"/recognition/{row.id}", data={"recognition": "no"})
        assert answer.status_code == 404
