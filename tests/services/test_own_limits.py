import pytest
from sqlalchemy import select, update

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import InvalidFields, InvalidInput, NotFound
from peeraudit.domain.workflow import GONE, AssignmentState, CaseState, DeclineReason, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import OwnLimit, Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import assignment, own_limits, readings
from tests.factories.accounts import make_department
from tests.factories.network import make_actor
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan,
    plan_and_publish,
    reviewer_actor,
)


@pytest.fixture
def campaign(session, network):
    campaign = make_drawn_campaign(session, network[0])
    make_cases(session, campaign, network[0][0], 12)
    return campaign


@pytest.fixture
def reader(network):
    """Somebody of another department than that of the cases."""
    return network[1][2]


def mine(session, reader):
    session.expire_all()
    found = select(Assignment).where(
        Assignment.reviewer_id == reader.id, Assignment.state.not_in(GONE)
    )
    return session.scalars(found.order_by(Assignment.due_at, Assignment.id)).all()


def limit(campaign, reader, most):
    with unit_of_work():
        return own_limits.set_campaign_limit(campaign.id, most, by=reviewer_actor(reader))


def weekly(reader, most):
    with unit_of_work():
        own_limits.set_weekly(most, by=reviewer_actor(reader))


def keep_only(session, reader):
    session.execute(update(Reviewer).where(Reviewer.id != reader.id).values(accepting=False))
    session.commit()


class TestThePlan:
    def test_it_keeps_to_the_limit_of_a_campaign(self, session, campaign, reader, by):
        keep_only(session, reader)
        limit(campaign, reader, 1)

        plan_and_publish(campaign, by)

        assert len(mine(session, reader)) == 1

    def test_it_keeps_to_a_weekly_limit_over_all_campaigns(
        self, session, network, campaign, reader, by
    ):
        keep_only(session, reader)
        weekly(reader, 1)
        plan_and_publish(campaign, by)
        assert len(mine(session, reader)) == 2

        other = make_drawn_campaign(session, network[0])
        make_cases(session, other, network[0][0], 12)
        assert plan(other, by).readings == 0

    def test_a_limit_set_after_the_plan_keeps_it_from_being_published(self, campaign, reader, by):
        view = plan(campaign, by)

        limit(campaign, reader, 1)

        assert view.breaches == ()
        assert assignment.show_plan(campaign.id, by=by).breaches != ()

    def test_the_preview_tells_the_limit(self, campaign, reader, by):
        limit(campaign, reader, 2)

        view = plan(campaign, by)

        assert {one.reviewer_id: one.capacity for one in view.loads}[reader.id] == 2


class TestSetting:
    @pytest.fixture(autouse=True)
    def published(self, campaign, by):
        plan_and_publish(campaign, by)

    def test_what_goes_beyond_goes_to_others(self, session, campaign, reader):
        held = len(mine(session, reader))

        given = limit(campaign, reader, 1)

        assert (given.moved, given.stayed) == (held - 1, 0)
        assert len(mine(session, reader)) == 1
        [kept] = session.scalars(select(OwnLimit)).all()
        assert kept.most == 1

    def test_what_nobody_else_can_take_stays_and_is_told(self, session, campaign, reader):
        keep_only(session, reader)
        held = len(mine(session, reader))

        given = limit(campaign, reader, 0)

        assert (given.moved, given.stayed) == (0, held)

    def test_it_cannot_go_below_what_is_begun(self, session, campaign, reader):
        row = mine(session, reader)[0]
        row.state = AssignmentState.STARTED
        session.get(Case, row.case_id).state = CaseState.IN_REVIEW
        session.commit()

        with pytest.raises(InvalidFields) as caught:
            limit(campaign, reader, 0)

        assert "handed in 1" in str(caught.value.fields["most"])
        assert session.scalars(select(OwnLimit)).all() == []

    def test_it_cannot_go_above_what_the_network_allows(self, campaign, reader):
        with pytest.raises(InvalidFields):
            limit(campaign, reader, 61)

    def test_it_can_be_changed_and_taken_away(self, session, campaign, reader):
        limit(campaign, reader, 5)
        limit(campaign, reader, 7)
        assert [one.most for one in session.scalars(select(OwnLimit))] == [7]

        limit(campaign, reader, None)

        assert session.scalars(select(OwnLimit)).all() == []

    def test_nobody_at_the_limit_takes_over(self, session, network, campaign, reader):
        others = [p for p in network[1] if p.id != reader.id]
        for one in others:
            limit(campaign, one, len(mine(session, one)))
        row = mine(session, reader)[0]

        with unit_of_work():
            readings.decline(row.id, DeclineReason.UNAVAILABLE, by=reviewer_actor(reader))

        live = select(Assignment).where(
            Assignment.case_id == row.case_id, Assignment.state.not_in(GONE)
        )
        assert session.scalars(live).all() == []

    def test_the_page_tells_what_is_begun_and_what_waits(self, session, campaign, reader):
        row = mine(session, reader)[0]
        row.state = AssignmentState.SUBMITTED
        session.commit()

        [one] = own_limits.show_limits(by=reviewer_actor(reader)).campaigns

        waiting = len(mine(session, reader)) - 1
        assert (one.ceiling, one.most, one.begun, one.waiting) == (60, None, 1, waiting)

    def test_the_trail_keeps_that_it_was_set(self, session, campaign, reader):
        limit(campaign, reader, 3)
        weekly(reader, 4)

        acts = session.scalars(select(TrailEntry.act).where(TrailEntry.act == "set_own_limit"))
        assert len(acts.all()) == 2


class TestRefusals:
    def test_a_campaign_of_others_is_none_of_ones_own(self, session, reader):
        other = make_drawn_campaign(session, [make_department(session)])

        with pytest.raises(NotFound):
            limit(other, reader, 3)

    def test_who_has_declared_nothing_declares_first(self, session):
        nobody = make_actor(session, "reviewer", make_department(session))

        with pytest.raises(InvalidInput, match="First say"):
            own_limits.show_limits(by=nobody)


def test_a_second_reader_beyond_the_limit_gives_way(session, network, by):
    campaign = make_drawn_campaign(session, network[0])
    [case] = make_cases(session, campaign, network[0][0], 1, is_double_read=True)
    plan_and_publish(campaign, by)
    rows = {row.turn: row for row in session.scalars(select(Assignment))}
    planned = session.get(Reviewer, rows[Turn.SECOND].reviewer_id)
    limit(campaign, planned, 0)
    rows[Turn.FIRST].state = AssignmentState.SUBMITTED
    session.get(Case, case.id).state = CaseState.IN_REVIEW
    session.commit()

    with unit_of_work():
        readings.offer_second(case.id)

    session.expire_all()
    assert rows[Turn.SECOND].state is AssignmentState.REPLACED
    live = select(Assignment).where(Assignment.turn == Turn.SECOND, Assignment.state.not_in(GONE))
    assert session.scalars(live).one().reviewer_id != planned.id
