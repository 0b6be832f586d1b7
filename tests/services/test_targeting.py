import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import FrameEntry
from peeraudit.services import blinding, boards, draw_extensions, sampling, targeting
from peeraudit.services.statistics_counts import count_readings
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.audits import Read, make_audit
from tests.factories.campaigns import make_frozen, make_locked, send_reports
from tests.factories.cases import make_report
from tests.factories.network import make_actor

WHY = TargetReason.SAFETY_EVENT


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made)
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def coordinator(session, places):
    return make_actor(session, Role.COORDINATOR, places[0])


@pytest.fixture
def campaign_id(places, lead):
    made = make_frozen(places, by=lead)
    with unit_of_work():
        sampling.draw_sample(made, by=lead)
    return made


def name(campaign_id, report, by):
    with unit_of_work():
        return targeting.name_report(campaign_id, report.accession, WHY, by=by)


def undrawn(session, campaign_id, place):
    """Return the reports of a department that no ticket drew."""
    reports = session.scalars(select(Report).where(Report.department_id == place.id)).all()
    drawn = blinding.drawn_reports([one.id for one in reports])
    return [one for one in reports if one.id not in drawn]


class TestNameReport:
    def test_it_becomes_a_case_like_the_others_and_counts_apart(
        self, session, campaign_id, places, coordinator, lead
    ):
        [report, *_] = undrawn(session, campaign_id, places[0])

        made = session.get_one(Case, name(campaign_id, report, coordinator))
        sweep()
        session.refresh(made)

        assert (made.channel, made.state) != ("random", CaseState.DRAWN)
        assert made.masked_text
        others = session.scalars(select(Case).where(Case.channel == "random")).all()
        assert {len(one.code) for one in others} == {len(made.code)}
        assert sampling.show_draw(campaign_id, by=lead).cases == 6
        assert boards.show_board(campaign_id, by=lead).named == 1
        assert targeting.count_named(campaign_id, places[0].id) == 1
        assert targeting.count_named(campaign_id, places[1].id) == 0
        [line] = targeting.list_named(campaign_id, by=coordinator)
        assert (line.code, line.reason, line.was_drawn) == (made.code, WHY, False)

    def test_a_report_that_is_a_case_already_is_refused(
        self, session, campaign_id, places, coordinator
    ):
        [report, *_] = undrawn(session, campaign_id, places[0])
        name(campaign_id, report, coordinator)

        with pytest.raises(Conflicting):
            name(campaign_id, report, coordinator)

    def test_another_department_s_report_is_none(self, session, campaign_id, places, coordinator):
        [report, *_] = undrawn(session, campaign_id, places[1])

        with pytest.raises(NotFound):
            name(campaign_id, report, coordinator)

    @pytest.mark.parametrize(
        "change", [{"status": "preliminary"}, {"has_text": False}, {"modality": "US"}]
    )
    def test_what_cannot_be_read_is_refused(
        self, session, campaign_id, places, coordinator, change
    ):
        report = make_report(session, places[0])
        session.execute(update(Report).where(Report.id == report.id).values(**change))
        session.commit()

        with pytest.raises(InvalidInput):
            name(campaign_id, report, coordinator)

    def test_it_is_too_early_before_the_draw_and_too_late_after_the_readings(
        self, session, campaign_id, places, coordinator, lead
    ):
        report = make_report(session, places[0])
        with pytest.raises(InvalidInput, match="between the draw"):
            name(make_locked(places, by=lead), report, coordinator)
        session.get_one(Campaign, campaign_id).state = CampaignState.FROZEN
        session.commit()
        with pytest.raises(InvalidInput, match="between the draw"):
            name(campaign_id, report, coordinator)

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.NETWORK_LEAD])
    def test_only_a_coordinator_or_quality_lead_names(self, session, campaign_id, places, role):
        place = None if role is Role.NETWORK_LEAD else places[0]
        with pytest.raises(NotAllowed):
            name(campaign_id, make_report(session, places[0]), make_actor(session, role, place))


class TestChannels:
    def test_one_that_a_ticket_draws_later_counts_from_then_on(
        self, session, campaign_id, places, coordinator, lead
    ):
        for report in undrawn(session, campaign_id, places[0]):
            name(campaign_id, report, coordinator)
        with unit_of_work():
            draw_extensions.extend_draw(campaign_id, 10, reason="all there is to read", by=lead)

        channels = session.scalars(select(Case.channel)).all()
        assert channels == ["random"] * 10
        assert all(one.was_drawn for one in targeting.list_named(campaign_id, by=coordinator))
        proof = json.loads(json.dumps(sampling.prove_draw(campaign_id, by=lead)))
        assert verify_proof(proof) == []
        entries = select(FrameEntry.report_id).where(FrameEntry.excluded_reason == "")
        assert len(blinding.drawn_reports(session.scalars(entries).all())) == 10

    def test_no_case_changes_its_channel_otherwise(self, session, campaign_id, places, coordinator):
        [report, *_] = undrawn(session, campaign_id, places[0])
        named = name(campaign_id, report, coordinator)
        drawn = session.scalars(select(Case.id).where(Case.channel == "random")).first()

        for case_id, channel in ((named, "random"), (drawn, "targeted")):
            with pytest.raises(DatabaseError):
                session.execute(update(Case).where(Case.id == case_id).values(channel=channel))
            session.rollback()

    @settings(
        deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        st.lists(
            st.tuples(st.integers(1, 3), st.sampled_from(["1", "2a", "2b", "3a", "3b"])), max_size=4
        )
    )
    def test_whatever_named_cases_score_no_number_moves(self, session, scores):
        plain = [Read(8, "1", None, "1"), Read(2, "2b", "2b", "2b")]
        named = [Read(n, score, None, score, channel="targeted") for n, score in scores]

        one, other = (
            count_readings(make_audit(session, [{"CT": (40, reads)}]).campaign.id)
            for reads in (plain, [*plain, *named])
        )

        assert [cell.classes for cell in one.cells] == [cell.classes for cell in other.cells]
        assert one.patterns == other.patterns
        assert one.second_reads == other.second_reads
