import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.workflow import AssignmentState
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import score_drafts, tokens
from tests.factories.scoring import make_reading, make_reviewer

URL = "/api/v1/scoring/"
DISCREPANT = {
    "score": "3b",
    "error_type": "missed_finding",
    "comment": "A nodule of 9 mm was missed.",
    "seconds": 90,
}


@pytest.fixture
def reviewer(session, password_hash):
    return make_reviewer(session, password_hash)


@pytest.fixture
def reading(session, reviewer):
    return make_reading(session, reviewer[0])


def bearer(actor, *scopes):
    with unit_of_work():
        secret = tokens.create_token("test", frozenset(scopes), days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def headers(reviewer):
    return bearer(reviewer[1], Permission.SCORE_CASES)


def test_a_script_reads_its_queue_keeps_a_draft_and_hands_in(client, session, headers, reading):
    [waiting] = client.get(URL, headers=headers).json["cases"]
    one = URL + waiting["assignment_id"]

    shown = client.get(one, headers=headers).json
    kept = client.put(f"{one}/draft", json={"score": "2a"}, headers=headers)
    sent = client.post(f"{one}/review", json={**DISCREPANT, "revision": 1}, headers=headers)

    assert "⟦patient⟧" in shown["sections"][0]["text"]
    assert shown["instrument"] == "CR3/1"
    assert kept.json == {"revision": 1}
    assert sent.status_code == 201
    assert str(session.scalars(select(Review.id)).one()) == sent.json["review_id"]
    after = client.get(URL, headers=headers).json
    assert (after["cases"], after["done"], after["seconds"]) == ([], 1, 90)


def test_the_sheet_is_given_back_as_it_was_kept(client, headers, reading):
    client.put(f"{URL}{reading.id}/draft", json={"score": "2a"}, headers=headers)

    shown = client.get(f"{URL}{reading.id}", headers=headers).json

    assert (shown["sheet"]["score"], shown["revision"]) == ("2a", 1)


def test_each_missing_field_is_named(client, headers, reading):
    answer = client.post(f"{URL}{reading.id}/review", json={"score": "3b"}, headers=headers)

    assert answer.status_code == 422
    assert set(answer.json["details"]) == {"error_type", "comment"}


def test_a_review_is_handed_in_once(client, session, headers, reading):
    client.post(f"{URL}{reading.id}/review", json=DISCREPANT, headers=headers)

    for answer in (
        client.post(f"{URL}{reading.id}/review", json=DISCREPANT, headers=headers),
        client.get(f"{URL}{reading.id}", headers=headers),
        client.put(f"{URL}{reading.id}/draft", json={}, headers=headers),
    ):
        assert answer.status_code == 409
    assert len(session.scalars(select(Review.id)).all()) == 1


def test_a_stale_revision_is_a_conflict(client, headers, reading):
    url = f"{URL}{reading.id}/draft"
    client.put(url, json={"score": "2a"}, headers=headers)

    answer = client.put(url, json={"score": "1", "revision": 0}, headers=headers)

    assert (answer.status_code, answer.json["error"]) == (409, "ChangedElsewhere")


@pytest.mark.parametrize("known", [{}, {"revision": 0}, {"revision": 3}])
def test_a_review_of_what_changed_meanwhile_is_a_conflict(client, session, headers, reading, known):
    score_drafts.outdate_windows(reading.id, is_hidden=False)
    session.commit()
    url = f"{URL}{reading.id}"

    answer = client.post(f"{url}/review", json={**DISCREPANT, **known}, headers=headers)

    assert (answer.status_code, answer.json["error"]) == (409, "ChangedElsewhere")
    assert "Relisez le cas" in answer.json["message"]
    assert session.scalars(select(Review)).all() == []
    revision = client.get(url, headers=headers).json["revision"]
    sent = {**DISCREPANT, "revision": revision}
    assert client.post(f"{url}/review", json=sent, headers=headers).status_code == 201


def test_a_case_is_given_back(client, session, headers, reading):
    answer = client.post(f"{URL}{reading.id}/decline", json={"reason": "conflict"}, headers=headers)

    assert answer.status_code == 204
    row = session.get(Assignment, reading.id, populate_existing=True)
    assert row.state is not AssignmentState.OFFERED


def test_somebody_elses_case_is_not_found(client, session, headers, password_hash):
    row = make_reading(session, make_reviewer(session, password_hash)[0])

    assert client.get(f"{URL}{row.id}", headers=headers).status_code == 404
    sent = client.post(f"{URL}{row.id}/review", json=DISCREPANT, headers=headers)
    assert sent.status_code == 404


def test_a_token_without_the_scope_is_refused(client, reviewer, reading):
    headers = bearer(reviewer[1], Permission.DECLARE_PROFILE)

    assert client.get(URL, headers=headers).status_code == 403


def test_a_script_is_told_that_dates_are_shifted(client, session, headers, reading):
    [waiting] = client.get(URL, headers=headers).json["cases"]
    one = URL + waiting["assignment_id"]
    masked = client.get(one, headers=headers).json
    case = session.scalar(select(Case).where(Case.code == masked["code"]))
    case.masked_text = "Comparé au ⟦date=12/05/2022⟧, né le ⟦date⟧."
    session.commit()

    shifted = client.get(one, headers=headers).json

    assert masked["shifted_dates"] is False
    assert shifted["shifted_dates"] is True
    assert shifted["sections"][0]["text"] == "Comparé au 12/05/2022, né le ⟦date⟧."


def test_offers_are_listed_and_accepted_once(client, session, reviewer, reading):
    headers = bearer(reviewer[1], Permission.SCORE_CASES)
    [offer] = client.get(f"{URL}offers", headers=headers).json["offers"]
    assert (offer["count"], offer["answer_by"]) == (1, None)

    address = f"{URL}offers/{reading.campaign_id}/accept"
    answers = [client.post(address, headers=headers).json for _ in range(2)]

    assert answers == [{"accepted": 1}, {"accepted": 0}]
    session.expire_all()
    assert reading.state is AssignmentState.ACCEPTED


def test_cases_are_given_back_where_somebody_is_free(client, reviewer, reading):
    headers = bearer(reviewer[1], Permission.SCORE_CASES)
    address = f"{URL}offers/{reading.campaign_id}/give-back"

    assert client.post(address, headers=headers, json={"count": 1}).json == {
        "moved": 0,
        "stayed": 1,
    }
    assert client.post(address, headers=headers, json={"count": 0}).status_code == 422
