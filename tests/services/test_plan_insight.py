import pytest
from sqlalchemy import select

from peeraudit.domain.errors import NotAllowed, NotFound
from peeraudit.models.assignments import Plan
from peeraudit.services import plan_insight
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    make_network,
    make_reviewer,
    plan,
    plan_and_publish,
    reviewer_actor,
)


def insight_of(campaign, by):
    return plan_insight.show_insight(plan(campaign, by).id, by=by)


def test_three_departments_that_read_one_another_are_one_part(session, by):
    places, _ = make_network(session)
    campaign = make_drawn_campaign(session, places)
    for place in places:
        make_cases(session, campaign, place, 6, is_double_read=True)

    design = insight_of(campaign, by).design

    assert design.is_connected
    assert (design.readings, design.reviewers, design.departments) == (36, 6, 3)
    assert design.shared_cases == 18
    assert design.severity.worst > 0


def test_two_departments_cannot_be_told_from_their_readers(session, by):
    places, _ = make_network(session, departments=2)
    campaign = make_drawn_campaign(session, places)
    for place in places:
        make_cases(session, campaign, place, 4)

    design = insight_of(campaign, by).design

    assert (len(design.parts), design.severity) == (2, None)


def test_what_was_given_out_before_counts_with_the_next_plan(session, by):
    places, _ = make_network(session)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 5)
    plan_and_publish(campaign, by)
    make_cases(session, campaign, places[1], 4)

    assert insight_of(campaign, by).design.readings == 9


def test_what_was_given_out_before_counts_once_the_next_plan_is_published_too(session, by):
    places, _ = make_network(session)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 5)
    plan_and_publish(campaign, by)
    make_cases(session, campaign, places[1], 4)
    plan_and_publish(campaign, by)

    plans = session.scalars(select(Plan.id).order_by(Plan.number)).all()
    designs = [plan_insight.show_insight(one, by=by).design for one in plans]

    assert [one.readings for one in designs] == [5, 9]


def test_cases_that_few_may_read_come_first(session, by):
    places, _ = make_network(session, reviewers=3)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 2)
    rare = make_cases(session, campaign, places[0], 1)[0]
    rare.modality = "MR"
    session.commit()
    make_reviewer(session, places[1], specialities=(("MR", "*"),))

    hard = insight_of(campaign, by).hard

    assert [(one.code, one.eligible) for one in hard] == [(rare.code, 1)]


def test_a_plan_that_cannot_place_all_says_what_would_mend_it(session, by):
    places, _ = make_network(session, departments=2, reviewers=1, capacity=1)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 3)

    remedies = insight_of(campaign, by).remedies

    more = next(one for one in remedies if one.raised)
    assert [(one.department, one.most) for one in more.raised] == [(places[1].name, 3)]
    assert "above maximums: 2 " in str(more.reason)
    given_up = next(one for one in remedies if one.codes)
    assert len(given_up.codes) == 2


def test_a_plan_that_places_all_needs_none(session, by):
    places, _ = make_network(session)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 3)

    assert insight_of(campaign, by).remedies == ()


def test_reviewers_see_none_of_it(session, by):
    places, people = make_network(session)
    campaign = make_drawn_campaign(session, places)
    make_cases(session, campaign, places[0], 1)
    view = plan(campaign, by)

    with pytest.raises(NotAllowed):
        plan_insight.show_insight(view.id, by=reviewer_actor(people[0]))
    with pytest.raises(NotFound):
        plan_insight.show_insight(campaign.id, by=by)
