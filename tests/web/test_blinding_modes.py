"""Does each blinding mode act on every door through which a case is read?"""

from dataclasses import replace
from html import unescape
from itertools import product

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.protocol import BlindingMode, DateBlinding
from peeraudit.domain.scoring import MODE_WORDS, ScoreSheet, name_blinding
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.scoring import Review
from peeraudit.services import adjudication, scoring, tokens
from tests.factories.accounts import make_department
from tests.factories.readings import make_drawn_campaign, protocol_of, reviewer_actor
from tests.factories.scoring import add_reviewer, make_assignment, make_masked_case, make_reviewer

MODES = [BlindingMode(hide, dates) for hide, dates in product((True, False), DateBlinding)]
ADJUDICATE = Permission.ADJUDICATE_CASES


@pytest.fixture
def place(session):
    return make_department(session, city="Vaudrenay")


@pytest.fixture
def audit(session, place):
    """Return a function that makes a case under a mode, as the draw would."""

    def make(mode, state=CaseState.ASSIGNED):
        rules = replace(protocol_of(), blinding=mode)
        campaign = make_drawn_campaign(
            session, [place], state=CampaignState.RUNNING, protocol=rules
        )
        shown = "2026-10" if mode.dates is DateBlinding.MONTH else ""
        return make_masked_case(session, campaign, place, state=state, shown_date=shown)

    return make


def bearer(actor, permission):
    with unit_of_work():
        secret = tokens.create_token("t", frozenset({permission}), days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


def facts_of(page):
    return page.split('class="case-facts"')[1].split("</p>")[0]


@pytest.mark.parametrize("mode", MODES)
def test_a_reviewer_is_shown_what_the_mode_shows(client, session, sign_in, audit, place, mode):
    home = make_department(session)
    reviewer = add_reviewer(session, sign_in(Role.REVIEWER, home.id), home)
    row = make_assignment(session, audit(mode), reviewer)
    headers = bearer(reviewer_actor(reviewer), Permission.SCORE_CASES)

    page = unescape(client.get(f"/scoring/{row.id}").text)
    told = client.get(f"/api/v1/scoring/{row.id}", headers=headers).json

    assert (place.name in page) is (not mode.hide_department)
    assert told["department"] == ("" if mode.hide_department else place.name)
    assert ("2026" in facts_of(page)) is (mode.dates is DateBlinding.MONTH)
    assert bool(told["month"]) is (mode.dates is DateBlinding.MONTH)
    # The list and its answer come before the case, and tell nothing of it.
    assert place.name not in client.get("/scoring/").text
    assert place.name not in client.get("/api/v1/scoring/", headers=headers).text


@pytest.mark.parametrize("mode", MODES)
def test_an_adjudicator_is_shown_the_same(
    client, session, sign_in, audit, place, mode, password_hash
):
    home = make_department(session)
    case = audit(mode, CaseState.ADJUDICATION)
    for turn, score in ((Turn.FIRST, "1"), (Turn.SECOND, "3b")):
        reader = make_reviewer(session, password_hash)[0]
        row = make_assignment(session, case, reader, turn=turn, state=AssignmentState.SUBMITTED)
        session.add(_review(row, score, name_blinding(mode)))
    account_id = sign_in(Role.ADJUDICATOR)
    reviewer = add_reviewer(session, account_id, home)
    row = make_assignment(session, case, reviewer, turn=Turn.ADJUDICATOR)
    by = replace(reviewer_actor(reviewer), role=Role.ADJUDICATOR, department_id=None)
    headers = bearer(by, ADJUDICATE)

    page = unescape(client.get(f"/adjudication/{row.id}").text)
    told = client.get(f"/api/v1/adjudication/{row.id}", headers=headers).json

    assert (place.name in page) is (not mode.hide_department)
    assert told["department"] == ("" if mode.hide_department else place.name)
    assert ("2026" in facts_of(page)) is (mode.dates is DateBlinding.MONTH)
    with unit_of_work():
        adjudication.settle_case(row.id, adjudication.Decision("1"), by=by)
    modes = session.scalars(select(Review.blinding_mode).distinct()).all()
    assert modes == [name_blinding(mode)]


@pytest.mark.parametrize("mode", MODES)
def test_every_review_bears_the_mode(session, audit, password_hash, mode):
    reviewer, by = make_reviewer(session, password_hash)
    row = make_assignment(session, audit(mode), reviewer)

    with unit_of_work():
        scoring.submit_review(row.id, ScoreSheet("1"), by=by)

    assert session.scalars(select(Review.blinding_mode)).all() == [name_blinding(mode)]


@pytest.mark.parametrize("word", ["", "open", "author", "department,author", "AUTHOR,date:month"])
def test_the_database_takes_no_other_word(session, audit, password_hash, word):
    row = make_assignment(
        session, audit(MODES[0]), make_reviewer(session, password_hash)[0],
        state=AssignmentState.SUBMITTED,
    )  # fmt: skip
    session.add(_review(row, "1", word))

    with pytest.raises(Exception, match="ck_review_blinding_mode"):
        session.flush()


def test_the_database_takes_every_word_of_the_domain(session, audit, password_hash):
    for word in MODE_WORDS:
        reader = make_reviewer(session, password_hash)[0]
        row = make_assignment(session, audit(MODES[0]), reader, state=AssignmentState.SUBMITTED)
        session.add(_review(row, "1", word))

    session.flush()


def _review(row: Assignment, score: str, mode: str) -> Review:
    return Review(
        assignment_id=row.id,
        case_id=row.case_id,
        reviewer_id=row.reviewer_id,
        turn=row.turn,
        instrument="CR3/1",
        score=score,
        blinding_mode=mode,
        submitted_at=row.due_at,
    )
