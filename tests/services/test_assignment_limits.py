"""Limits of the protocol hold in a plan, together with what was given out or read before."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.protocol import AssignmentRules
from peeraudit.domain.workflow import GONE, CampaignState, DeclineReason
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.services import assignment, assignment_material, blinding, readings
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan,
    plan_and_publish,
    protocol_of,
    reviewer_actor,
)

PROLIFIC = Person("RPPS-7", "MARCHAND", "Luc")


def drawn(session, network, **rules):
    return make_drawn_campaign(session, network[0], protocol=protocol_of(AssignmentRules(**rules)))


def given_out(session, campaign):
    return session.scalars(select(Assignment).where(Assignment.campaign_id == campaign.id)).all()


def test_a_reviewer_gets_few_reports_of_one_author(session, network, by):
    campaign = drawn(session, network, author_limit=2)
    make_cases(session, campaign, network[0][0], 6, author=PROLIFIC)

    plan_and_publish(campaign, by)

    loads = Counter(row.reviewer_id for row in given_out(session, campaign))
    assert sum(loads.values()) == 6
    assert max(loads.values()) <= 2


def test_what_was_read_in_another_campaign_counts_for_a_year(session, network, by):
    earlier = drawn(session, network)
    make_cases(session, earlier, network[0][0], 8, author=PROLIFIC)
    plan_and_publish(earlier, by)
    campaign = drawn(session, network, author_limit=2)
    make_cases(session, campaign, network[0][0], 4, author=PROLIFIC)

    full = plan(campaign, by)
    for row in given_out(session, earlier):
        row.offered_at = now() - timedelta(days=366)
    session.commit()
    forgotten = plan(campaign, by)

    # Four reviewers of other departments have had two each.
    assert full.missing == 4
    assert forgotten.missing == 0


def test_a_quota_counts_what_is_given_out_already(session, network, by):
    campaign = drawn(session, network, department_quota=1)
    make_cases(session, campaign, network[0][0], 3)
    plan_and_publish(campaign, by)
    make_cases(session, campaign, network[0][0], 3)

    view = plan(campaign, by)

    assert (view.wanted, view.missing) == (3, 2)


def test_each_gets_the_minimum_that_the_capacity_allows(session, network, by):
    network[1][0].capacity = 1
    session.commit()
    campaign = drawn(session, network, min_load=3)
    for place in network[0]:
        make_cases(session, campaign, place, 6)

    material = assignment_material.gather(campaign.id)
    plan_and_publish(campaign, by)

    assert sorted(one.minimum for one in material.readers.with_room) == [1, 3, 3, 3, 3, 3]
    loads = Counter(row.reviewer_id for row in given_out(session, campaign))
    assert sum(loads.values()) == 18
    assert all(loads[one.id] >= min(3, one.capacity) for one in network[1])


@pytest.mark.parametrize("rules", [{"author_limit": 1}, {"department_quota": 1}])
def test_who_steps_in_keeps_to_the_limit(session, network, by, rules):
    campaign = drawn(session, network, **rules)
    make_cases(session, campaign, network[0][0], 3, author=PROLIFIC)
    plan_and_publish(campaign, by)
    people = {one.id: one for one in network[1]}
    held = given_out(session, campaign)
    for one in network[1]:
        one.accepting = one.id in {row.reviewer_id for row in held}
    session.commit()

    with unit_of_work():
        readings.decline(
            held[0].id, DeclineReason.UNAVAILABLE, by=reviewer_actor(people[held[0].reviewer_id])
        )

    # The two others have room, and have had their one.
    session.expire_all()
    live = [row for row in given_out(session, campaign) if row.state not in GONE]
    assert Counter(row.reviewer_id for row in live) == {
        held[1].reviewer_id: 1,
        held[2].reviewer_id: 1,
    }


def test_a_plan_that_meanwhile_breaks_a_limit_is_not_published(session, network, by):
    campaign = drawn(session, network)
    make_cases(session, campaign, network[0][0], 8, author=PROLIFIC)
    plan(campaign, by)
    row = session.get(Campaign, campaign.id)
    assert row.state is CampaignState.DRAWN
    rules = AssignmentRules(author_limit=1, department_quota=1)
    row.protocol = protocol_of(rules).to_canonical_json()
    session.commit()

    view = assignment.show_plan(campaign.id, by=by)

    assert len([one for one in view.breaches if "too many" in one.message]) == 2


def test_authors_are_opaque_in_what_a_plan_starts_from(session, network):
    campaign = drawn(session, network, author_limit=2)
    make_cases(session, campaign, network[0][0], 2, author=PROLIFIC)

    material = assignment_material.gather(campaign.id)

    assert len({one.author for one in material.cases}) == 1
    assert "MARCHAND" not in repr(material)
    places = blinding.places_of_cases(campaign.id)
    assert {one.author for one in material.cases} == {str(one.author_id) for one in places}
