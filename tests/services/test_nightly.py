from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.jobs import JobKind, JobState
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.summaries import Snapshot
from peeraudit.services import jobs, nightly, statistics
from peeraudit.services.nightly import last_night
from peeraudit.tasks.statistics import compute_nightly
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit, make_review
from tests.factories.network import make_actor, make_reader

READ = {"CT": (90, [Read(30)])}


@pytest.fixture
def audit(session):
    return make_audit(session, [READ], state=CampaignState.RUNNING)


def snapshots(session, audit):
    return session.query(Snapshot).filter_by(campaign_id=audit.campaign.id).count()


def night(count=1):
    """Let a night pass, and its work be done."""
    with clock.shifted(timedelta(days=count)):
        compute_nightly()
        sweep()


class TestOrderNightlyStatistics:
    @pytest.mark.parametrize("state", [CampaignState.RUNNING, CampaignState.ADJUDICATING])
    def test_a_campaign_that_is_read_gets_its_numbers(self, session, state):
        audit = make_audit(session, [READ], state=state)

        night()

        assert snapshots(session, audit) == 1
        assert jobs.latest(JobKind.STATISTICS, subject_id=audit.campaign.id).requested_by is None

    def test_asking_again_in_one_night_gives_no_second_job(self, session, audit):
        with unit_of_work():
            first = nightly.order_nightly_statistics()
            second = nightly.order_nightly_statistics()
        sweep()
        compute_nightly()

        assert (len(first), second) == (1, [])
        assert snapshots(session, audit) == 1

    def test_a_night_without_a_new_reading_writes_nothing_down(self, session, audit):
        night(1)
        night(2)

        latest = jobs.latest(JobKind.STATISTICS, subject_id=audit.campaign.id)
        assert (latest.state, latest.result) == (JobState.SUCCEEDED, {"unchanged": True})
        assert snapshots(session, audit) == 1

    def test_a_night_after_a_new_reading_does(self, session, audit):
        night(1)
        reader = make_reader(session, audit.departments[0])
        make_review(session, audit.cases[0], reader, "second", "2b")
        audit.cases[0].is_double_read = True
        session.commit()
        night(2)

        assert snapshots(session, audit) == 2

    @pytest.mark.parametrize(
        "state", [CampaignState.DRAWN, CampaignState.FROZEN, CampaignState.REPORTED]
    )
    def test_a_campaign_that_is_not_being_read_is_left_alone(self, session, state):
        audit = make_audit(session, [READ], state=state)

        night()

        assert snapshots(session, audit) == 0

    def test_what_the_lead_has_just_ordered_is_the_nights(self, session, audit):
        lead = make_actor(session, Role.NETWORK_LEAD)
        with unit_of_work():
            statistics.order_statistics(audit.campaign.id, by=lead)
        compute_nightly()
        sweep()

        assert snapshots(session, audit) == 1


class TestLastNight:
    @pytest.mark.parametrize(
        ("moment", "due"),
        [
            (datetime(2026, 1, 10, 0, 59, tzinfo=UTC), datetime(2026, 1, 9, 1, tzinfo=UTC)),
            (datetime(2026, 1, 10, 1, 0, tzinfo=UTC), datetime(2026, 1, 10, 1, tzinfo=UTC)),
            (datetime(2026, 7, 10, 0, 0, tzinfo=UTC), datetime(2026, 7, 10, 0, tzinfo=UTC)),
            (datetime(2026, 7, 9, 23, 59, tzinfo=UTC), datetime(2026, 7, 9, 0, tzinfo=UTC)),
        ],
    )
    def test_it_is_two_in_the_morning_where_the_readers_are(self, moment, due):
        assert last_night(moment) == due

    @given(st.integers(0, 5 * 365 * 24 * 60))
    def test_every_day_has_one(self, minutes):
        moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        nights = [last_night(moment + timedelta(hours=h)) for h in range(0, 75, 3)]

        assert all(
            n <= moment + timedelta(hours=h) for n, h in zip(nights, range(0, 75, 3), strict=True)
        )
        gaps = {later - earlier for earlier, later in pairwise(sorted(set(nights)))}
        assert gaps <= {timedelta(hours=h) for h in (23, 24, 25)}
