"""Cases of patients under 18 go to those who read such ones, from the file to the stand-in."""

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.workflow import GONE, DeclineReason
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.network import Reviewer
from peeraudit.services import readings
from peeraudit.services.draw_cases import case_of
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan,
    plan_and_publish,
    protocol_of,
    reviewer_actor,
)


@pytest.fixture
def campaign(session, network):
    """Six cases of children and three of others."""
    campaign = make_drawn_campaign(session, network[0])
    for place in network[0]:
        make_cases(session, campaign, place, 2, is_child=True)
        make_cases(session, campaign, place, 1)
    return campaign


def only_read_children(session, network, *kept):
    for one in network[1]:
        session.get(Reviewer, one.id).reads_children = one in kept
    session.commit()


def readers(session, case_id):
    held = select(Assignment).where(Assignment.case_id == case_id, Assignment.state.not_in(GONE))
    session.expire_all()
    return {row.reviewer_id for row in session.scalars(held)}


def test_a_drawn_report_of_a_child_makes_a_case_of_a_child(session, campaign):
    protocol = protocol_of()
    for report in session.scalars(select(Report).limit(2)):
        for young in (True, False):
            report.is_child = young
            assert case_of(report, campaign, protocol).is_child is young


def test_the_plan_gives_children_to_those_who_read_them(session, network, campaign, by):
    kept = [one for one in network[1] if one.department_id in {p.id for p in network[0][:2]}]
    only_read_children(session, network, *kept)

    plan_and_publish(campaign, by)

    allowed = {one.id for one in kept}
    placed = [row for row in session.scalars(select(Assignment)) if row.campaign_id == campaign.id]
    assert len(placed) == 9
    from_children = {row.reviewer_id for row in placed if is_child(session, row)}
    assert from_children
    assert from_children <= allowed


def is_child(session, row):
    return session.get(Case, row.case_id).is_child


def test_where_nobody_reads_children_the_plan_says_so(session, network, campaign, by):
    only_read_children(session, network)

    view = plan(campaign, by)

    unplaced = view.unplaced
    assert len(unplaced) == 6
    assert all("under 18" in one.reason.message for one in unplaced)


def test_who_steps_in_reads_children_too(session, network, campaign, by):
    plan_and_publish(campaign, by)
    rows = session.scalars(select(Assignment).where(Assignment.campaign_id == campaign.id)).all()
    row = next(one for one in rows if is_child(session, one))
    giver = next(one for one in network[1] if one.id == row.reviewer_id)
    others = [one for one in network[1] if one.department_id != giver.department_id]
    able = [one for one in others if one.department_id != others[0].department_id] or others
    only_read_children(session, network, giver, *able)

    with unit_of_work():
        readings.decline(row.id, DeclineReason.UNAVAILABLE, by=reviewer_actor(giver))

    assert readers(session, row.case_id) <= {one.id for one in [*able, giver]} - {giver.id}
