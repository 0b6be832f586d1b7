from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import NotAllowed
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.trail import TrailEntry
from peeraudit.services import acceptances, scoring
from tests.factories.accounts import make_department
from tests.factories.network import make_actor
from tests.factories.readings import make_drawn_campaign
from tests.factories.scoring import make_reading, make_reviewer


@pytest.fixture
def person(session, password_hash):
    return make_reviewer(session, password_hash)


@pytest.fixture
def offered(session, person):
    """Three readings that one campaign offers, the first of them to be answered soonest."""
    place = make_department(session)
    campaign = make_drawn_campaign(session, [place], state=CampaignState.RUNNING)
    return [
        make_reading(
            session,
            person[0],
            campaign=campaign,
            department=place,
            days=days,
            answer_by=now() + timedelta(days=days - 4),
        )
        for days in (5, 7, 9)
    ]


def accept(row, person):
    with unit_of_work():
        return acceptances.accept_offers(row.campaign_id, by=person[1])


def states(session):
    session.expire_all()
    return [row.state for row in session.scalars(select(Assignment).order_by(Assignment.due_at))]


class TestListOffers:
    def test_a_campaign_is_told_once_with_its_first_days(self, offered, person):
        [offer] = acceptances.list_offers(by=person[1])

        assert offer.count == 3
        assert offer.answer_by == offered[0].answer_by
        assert offer.due_at == offered[0].due_at

    def test_what_was_answered_or_is_planned_is_not_among_them(self, session, offered, person):
        offered[0].state = AssignmentState.ACCEPTED
        offered[1].state = AssignmentState.PLANNED
        session.commit()

        assert [one.count for one in acceptances.list_offers(by=person[1])] == [1]

    def test_a_case_that_was_taken_back_waits_for_no_answer(self, session, offered, person):
        for row in offered:
            session.get(Case, row.case_id).state = CaseState.QUARANTINED
        session.commit()

        assert acceptances.list_offers(by=person[1]) == ()

    def test_who_does_not_read_is_refused(self, session):
        with pytest.raises(NotAllowed):
            acceptances.list_offers(by=make_actor(session, "coordinator", make_department(session)))


class TestAccept:
    def test_one_click_accepts_all_of_a_campaign_and_the_trail_keeps_each(
        self, session, offered, person
    ):
        assert accept(offered[0], person) == 3

        assert states(session) == [AssignmentState.ACCEPTED] * 3
        kept = select(TrailEntry).where(TrailEntry.act == "accept_assignment")
        entries = session.scalars(kept).all()
        assert {entry.object_id for entry in entries} == {row.id for row in offered}
        assert {entry.actor_id for entry in entries} == {person[1].account_id}

    def test_a_second_click_changes_nothing(self, session, offered, person):
        accept(offered[0], person)

        assert accept(offered[0], person) == 0
        assert states(session) == [AssignmentState.ACCEPTED] * 3

    def test_offers_of_another_campaign_and_of_others_stay(
        self, session, password_hash, offered, person
    ):
        mine = make_reading(session, person[0], days=20)
        theirs = make_reading(session, make_reviewer(session, password_hash)[0], days=21)

        accept(offered[0], person)
        with unit_of_work():
            assert acceptances.accept_offers(theirs.campaign_id, by=person[1]) == 0

        session.expire_all()
        assert mine.state is AssignmentState.OFFERED
        assert theirs.state is AssignmentState.OFFERED

    def test_opening_the_first_case_accepts_the_others(self, session, offered, person):
        other = make_reading(session, person[0], days=20)

        with unit_of_work():
            scoring.open_case(offered[0].id, by=person[1])

        assert states(session) == [
            AssignmentState.STARTED,
            AssignmentState.ACCEPTED,
            AssignmentState.ACCEPTED,
            AssignmentState.OFFERED,
        ]
        assert other.state is AssignmentState.OFFERED
