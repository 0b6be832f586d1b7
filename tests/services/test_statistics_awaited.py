"""A case that may still be read in time is no missing answer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from peeraudit.adapters.clock import now
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.snapshot_files import read_rules, write_rules
from peeraudit.domain.statistics.campaign import CampaignCounts, compute
from peeraudit.domain.statistics.counting import count_tallies
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.services.statistics_awaited import awaited_of
from peeraudit.services.statistics_counts import count_readings, live_ground
from peeraudit.services.statistics_tallies import tallies_of
from tests.factories.audits import Read, make_audit
from tests.factories.network import make_reader

UNREAD = Read(10, None, None, None, state=CaseState.ASSIGNED)


@pytest.fixture
def audit(session):
    """30 CT were read, and 10 were not."""
    return make_audit(session, [{"CT": (300, [Read(30), UNREAD])}], state=CampaignState.RUNNING)


def ask(session, audit, case, days, *, state=AssignmentState.OFFERED):
    reader = make_reader(session, audit.departments[0])
    row = Assignment(
        id=uuid4(), campaign_id=case.campaign_id, case_id=case.id, reviewer_id=reader.id,
        turn=Turn.FIRST, state=state, due_at=now() + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    session.commit()


def unread(audit):
    return [case for case in audit.cases if case.state is CaseState.ASSIGNED]


def awaited(audit):
    return awaited_of(audit.campaign.id).get((str(audit.departments[0].id), "CT"), 0)


class TestAwaitedOf:
    def test_nobody_was_asked_yet(self, audit):
        assert awaited(audit) == 10

    def test_whoever_was_asked_has_time_left_or_let_it_pass(self, session, audit):
        cases = unread(audit)
        ask(session, audit, cases[0], days=3)
        ask(session, audit, cases[1], days=-1)

        assert awaited(audit) == 9

    def test_somebody_else_was_asked_when_it_had_passed(self, session, audit):
        case = unread(audit)[0]
        ask(session, audit, case, days=-1, state=AssignmentState.EXPIRED)
        ask(session, audit, case, days=7)

        assert awaited(audit) == 10

    def test_one_that_waits_for_its_second_reading_has_its_first(self, session):
        read = Read(4, "1", None, None, state=CaseState.IN_REVIEW)
        audit = make_audit(session, [{"CT": (50, [read])}], state=CampaignState.RUNNING)

        assert awaited_of(audit.campaign.id) == {}

    def test_targeted_and_excluded_cases_are_none(self, session):
        reads = [
            Read(1, None, None, None, channel="targeted", state=CaseState.ASSIGNED),
            Read(1, None, None, None, state=CaseState.EXCLUDED),
        ]
        audit = make_audit(session, [{"CT": (50, reads)}], state=CampaignState.RUNNING)

        assert awaited_of(audit.campaign.id) == {}

    def test_once_the_data_are_frozen_nothing_is(self, session, audit):
        audit.campaign.state = CampaignState.FROZEN
        session.commit()

        assert awaited_of(audit.campaign.id) == {}


class TestBounds:
    def test_what_is_awaited_does_not_widen_them(self, audit):
        response = compute(count_readings(audit.campaign.id)).network.response

        assert response.ci == (0, 0)
        assert response.warnings == ()
        assert response.details["awaited"] == 10

    def test_what_is_late_does(self, session, audit):
        for case in unread(audit)[:6]:
            ask(session, audit, case, days=-1)

        response = compute(count_readings(audit.campaign.id)).network.response

        assert response.ci == pytest.approx((0, 6 / 36))
        assert response.details["awaited"] == 4

    def test_the_export_says_how_many(self, audit):
        ground = live_ground(audit.campaign.id)
        counts = count_tallies(tallies_of(audit.campaign.id, CR3_1), ground)
        rules = write_rules(protocol_of(audit), ground, number=1, data_sha256="")

        assert read_rules(rules).ground.awaited == ground.awaited
        assert CampaignCounts.from_json(counts.to_json()) == counts


def protocol_of(audit):
    return from_json(audit.campaign.protocol)
