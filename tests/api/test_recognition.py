import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.models.identities import RecognitionRow
from peeraudit.services import scoring, tokens
from tests.factories.accounts import make_department
from tests.factories.scoring import make_reading, make_reviewer


@pytest.fixture
def reviewer(session, password_hash):
    return make_reviewer(session, password_hash)


@pytest.fixture
def headers(reviewer):
    with unit_of_work():
        secret = tokens.create_token(
            "test", frozenset({Permission.SCORE_CASES}), days=1, by=reviewer[1]
        )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def url(session, reviewer, place):
    row = make_reading(session, reviewer[0], department=place)
    with unit_of_work():
        scoring.submit_review(row.id, ScoreSheet("1"), by=reviewer[1])
    return f"/api/v1/recognition/{row.id}"


def test_a_script_answers_once(client, session, headers, url, place):
    asked = client.get(url, headers=headers).json
    sent = {"recognition": "guess", "about": "department", "department_id": str(place.id)}

    given = client.post(url, json=sent, headers=headers)
    again = client.post(url, json={"recognition": "no"}, headers=headers)

    assert asked["about"] == ["author", "department"]
    assert str(place.id) in {one["id"] for one in asked["departments"]}
    assert (given.status_code, again.status_code) == (204, 409)
    assert client.get(url, headers=headers).status_code == 409
    [row] = session.scalars(select(RecognitionRow)).all()
    assert row.recognition.value == "guess"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"recognition": "perhaps"},
        {"recognition": "sure"},
        {"recognition": "no", "name": "Noir"},
        {"recognition": "sure", "about": "author", "name": "x" * 121},
    ],
)
def test_nonsense_is_refused(client, session, headers, url, sent):
    assert client.post(url, json=sent, headers=headers).status_code == 422
    assert session.scalars(select(RecognitionRow)).all() == []
