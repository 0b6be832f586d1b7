from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from peeraudit.adapters.clock import now, shifted
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import InvalidFields, NotFound
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.protocol import BlindingMode
from peeraudit.domain.recognition import Recognised, Recognition, RecognitionAnswer
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.identities import RecognitionRow
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding_keys, blinding_recognition, duties, scoring
from peeraudit.services.blinding_recognition import AlreadyAnswered
from tests.factories.accounts import make_department
from tests.factories.readings import make_drawn_campaign, protocol_of
from tests.factories.scoring import make_reading, make_reviewer

NO = RecognitionAnswer(Recognition.NO)


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def campaign(session, place):
    return make_drawn_campaign(session, [place], state=CampaignState.RUNNING)


@pytest.fixture
def reviewer(session, password_hash):
    return make_reviewer(session, password_hash)


@pytest.fixture
def read(session, campaign, place, reviewer):
    """Return a function that lets the reviewer hand a review in."""

    def hand_in():
        row = make_reading(session, reviewer[0], campaign=campaign, department=place)
        with unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), by=reviewer[1])
        return row

    return hand_in


def answer(row, said, reviewer):
    with unit_of_work():
        blinding_recognition.answer_question(row.id, said, by=reviewer[1])


def kept(session):
    return session.scalars(select(RecognitionRow)).one()


class TestQuestion:
    def test_every_department_but_the_own_is_offered(self, session, read, reviewer, place):
        other = make_department(session)

        question = blinding_recognition.show_question(read().id, by=reviewer[1])

        offered = {one for one, _ in question.departments}
        assert {place.id, other.id} <= offered
        assert reviewer[0].department_id not in offered

    def test_a_department_that_is_shown_is_not_asked_for(self, session, place, reviewer):
        rules = replace(protocol_of(), blinding=BlindingMode(hide_department=False))
        shown = make_drawn_campaign(session, [place], state=CampaignState.RUNNING, protocol=rules)
        row = make_reading(session, reviewer[0], campaign=shown, department=place)
        with unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), by=reviewer[1])

        question = blinding_recognition.show_question(row.id, by=reviewer[1])

        assert (question.about, question.departments) == ((Recognised.AUTHOR,), ())

    def test_it_is_asked_only_once_the_review_is_in(self, session, campaign, place, reviewer):
        row = make_reading(session, reviewer[0], campaign=campaign, department=place)

        with pytest.raises(NotFound):
            blinding_recognition.show_question(row.id, by=reviewer[1])
        with pytest.raises(NotFound):
            answer(row, NO, reviewer)

    def test_nobody_answers_for_another(self, session, read, password_hash):
        row = read()

        with pytest.raises(NotFound):
            answer(row, NO, make_reviewer(session, password_hash))

    def test_what_is_open_is_found_for_a_day(self, read, reviewer):
        row = read()
        by = reviewer[1]

        assert blinding_recognition.find_unanswered(by=by) == row.id
        with shifted(timedelta(hours=25)):
            assert blinding_recognition.find_unanswered(by=by) is None
        answer(row, NO, reviewer)
        assert blinding_recognition.find_unanswered(by=by) is None


class TestAnswer:
    def test_it_is_given_once(self, session, read, reviewer, place):
        row = read()
        answer(row, NO, reviewer)

        with pytest.raises(AlreadyAnswered):
            answer(row, RecognitionAnswer(Recognition.SURE, Recognised.DEPARTMENT), reviewer)
        assert kept(session).recognition is Recognition.NO

    def test_a_contradiction_is_refused_and_nothing_is_kept(self, session, read, reviewer):
        with pytest.raises(InvalidFields):
            answer(read(), RecognitionAnswer(Recognition.GUESS), reviewer)

        assert session.scalars(select(RecognitionRow)).all() == []

    def test_whom_one_thinks_of_stands_nowhere_in_clear(self, session, read, reviewer, place):
        said = RecognitionAnswer(Recognition.SURE, Recognised.AUTHOR, place.id, "Quidamus")

        answer(read(), said, reviewer)

        row = kept(session)
        assert b"Quidamus" not in row.sealed_guess
        assert place.id.hex.encode() not in row.sealed_guess
        assert blinding_recognition.open_guess(row) == (place.id, "Quidamus")
        entries = session.scalars(select(TrailEntry)).all()
        assert "answer_recognition" in {entry.act for entry in entries}
        assert not any("Quidamus" in e.details + e.reason or "sure" in e.details for e in entries)

    @pytest.mark.parametrize(
        "values",
        [
            {"recognition": "maybe", "about": ""},
            {"recognition": "no", "about": "author"},
            {"recognition": "sure", "about": ""},
            {"recognition": "guess", "about": "patient"},
            {"recognition": "no", "about": "", "sealed_guess": b"x"},
        ],
    )
    def test_the_database_refuses_what_contradicts_itself(self, session, read, values):
        row = read()
        table = RecognitionRow.__table__
        plain = {c.name: c for c in table.columns}
        values = {"assignment_id": row.id, "answered_at": now(), **values}

        with pytest.raises((IntegrityError, StatementError), match=r"ck_recognition|not among"):
            session.execute(insert(table).values({plain[k]: v for k, v in values.items()}))


class TestCounts:
    def test_right_and_wrong_are_known_only_as_counts(
        self, session, read, reviewer, place, campaign
    ):
        other = make_department(session)
        guess, sure = Recognition.GUESS, Recognition.SURE
        answer(read(), RecognitionAnswer(sure, Recognised.AUTHOR, place.id, "Lenoir"), reviewer)
        answer(read(), RecognitionAnswer(guess, Recognised.AUTHOR, place.id, "Dupond"), reviewer)
        answer(read(), RecognitionAnswer(guess, Recognised.DEPARTMENT, other.id), reviewer)
        answer(read(), RecognitionAnswer(guess, Recognised.DEPARTMENT), reviewer)
        answer(read(), NO, reviewer)
        read()

        counts = blinding_recognition.count_campaign(campaign.id)

        arm = counts.arms[counts.places.index(place.id)]
        assert (arm.right, arm.wrong, arm.unsure) == (2, 1, 2)
        assert (counts.authors_right, counts.authors_wrong, counts.unanswered) == (1, 1, 1)
        assert counts.answers == {Recognition.NO: 1, guess: 3, sure: 1}


def test_a_new_key_seals_the_guesses_anew(session, app, monkeypatch, read, reviewer, place):
    old, new = b"\7" * KEY_BYTES, b"\10" * KEY_BYTES
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old}))
    said = RecognitionAnswer(Recognition.SURE, Recognised.DEPARTMENT, place.id)
    answer(read(), said, reviewer)
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old, 2: new}))

    with unit_of_work():
        job_id = blinding_keys.order_rotation()
    duties.run_job(job_id, blinding_keys.rotate_keys)

    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({2: new}))
    session.expire_all()
    assert blinding_recognition.open_guess(kept(session)) == (place.id, "")
