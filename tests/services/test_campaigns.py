from dataclasses import replace
from uuid import uuid4

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import IllegalMove, InvalidFields, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.protocol import Protocol, Sampling, Scope
from peeraudit.domain.workflow import CampaignEvent, CampaignState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.trail import TrailEntry
from peeraudit.services import campaigns
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES, SCOPE, make_draft, make_locked
from tests.factories.network import make_actor


@pytest.fixture
def places(session):
    return [make_department(session), make_department(session)]


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def acts(session):
    return [entry.act for entry in session.query(TrailEntry).order_by(TrailEntry.id)]


class TestCreateCampaign:
    def test_a_draft_has_rules_departments_and_a_number_of_its_year(self, lead, places):
        campaign = campaigns.show_campaign(make_draft(places, by=lead), by=lead)

        assert campaign.is_draft
        assert campaign.protocol == RULES
        assert campaign.code == "2026-01"
        assert [place.id for place in campaign.departments] == [place.id for place in places]
        assert campaign.protocol_sha256 is None

    def test_each_has_a_number_of_its_own(self, lead, places):
        ids = [make_draft(places, by=lead) for _ in range(3)]

        codes = {campaigns.show_campaign(one, by=lead).code for one in ids}
        assert codes == {"2026-01", "2026-02", "2026-03"}

    def test_rules_that_are_not_sound_are_refused_by_field(self, session, lead):
        bad = replace(RULES, title=" ", sampling=Sampling(0, 0))

        with pytest.raises(InvalidFields) as refused, unit_of_work():
            campaigns.create_campaign(bad, by=lead)

        assert set(refused.value.fields) == {"title", "sampling.target"}
        assert session.query(Campaign).count() == 0

    def test_a_title_that_the_table_cannot_hold_is_refused(self, lead):
        with pytest.raises(InvalidFields), unit_of_work():
            campaigns.create_campaign(replace(RULES, title="x" * 161), by=lead)

    def test_an_unknown_department_is_refused(self, lead):
        with pytest.raises(NotFound), unit_of_work():
            campaigns.create_campaign(RULES, [uuid4()], by=lead)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.QUALITY_LEAD, Role.REVIEWER])
    def test_nobody_of_a_department_writes_rules(self, session, places, role):
        with pytest.raises(NotAllowed), unit_of_work():
            campaigns.create_campaign(RULES, by=make_actor(session, role, places[0]))


class TestSaveProtocol:
    def test_a_draft_takes_other_rules_and_departments(self, lead, places):
        campaign_id = make_draft(places, by=lead)

        with unit_of_work():
            campaigns.save_protocol(
                campaign_id, replace(RULES, title=" Autre "), [places[1].id], by=lead
            )

        campaign = campaigns.show_campaign(campaign_id, by=lead)
        assert campaign.title == campaign.protocol.title == "Autre"
        assert [place.id for place in campaign.departments] == [places[1].id]

    def test_a_locked_one_refuses_and_keeps_everything(self, lead, places):
        campaign_id = make_locked(places, by=lead)
        before = campaigns.show_campaign(campaign_id, by=lead)

        with pytest.raises(InvalidInput, match="is locked"), unit_of_work():
            campaigns.save_protocol(campaign_id, replace(RULES, title="x"), [], by=lead)

        assert campaigns.show_campaign(campaign_id, by=lead) == before


class TestLockCampaign:
    def test_the_hash_is_that_of_the_rules(self, session, lead, places):
        campaign_id = make_draft(places, by=lead)

        with unit_of_work():
            digest = campaigns.lock_campaign(campaign_id, by=lead)

        campaign = campaigns.show_campaign(campaign_id, by=lead)
        assert digest == campaign.protocol_sha256 == RULES.sha256() == campaign.protocol.sha256()
        assert campaign.state is CampaignState.LOCKED
        assert acts(session) == ["create_campaign", "lock_campaign"]

    def test_a_second_lock_is_refused(self, lead, places):
        campaign_id = make_locked(places, by=lead)

        with pytest.raises(IllegalMove), unit_of_work():
            campaigns.lock_campaign(campaign_id, by=lead)

    def test_without_a_department_nothing_is_locked(self, lead):
        campaign_id = make_draft([], by=lead)

        with pytest.raises(InvalidInput, match="No department"), unit_of_work():
            campaigns.lock_campaign(campaign_id, by=lead)

        assert campaigns.show_campaign(campaign_id, by=lead).is_draft

    def test_minimums_that_cannot_be_met_are_told_before_they_bind(self, lead, places):
        rules = Protocol("x", Scope(("CT", "MR"), SCOPE.period_start, SCOPE.period_end))
        rules = replace(rules, sampling=Sampling(19, 5))
        campaign_id = make_draft(places, by=lead, rules=rules)

        with pytest.raises(InvalidInput, match="4 strata with at least 5"), unit_of_work():
            campaigns.lock_campaign(campaign_id, by=lead)


class TestAdvanceCampaign:
    def test_the_system_moves_it_and_the_trail_tells(self, session, lead, places):
        campaign_id = make_locked(places, by=lead)

        with unit_of_work():
            state = campaigns.advance_campaign(campaign_id, CampaignEvent.DRAW, by=None)

        assert state is CampaignState.DRAWN
        assert acts(session)[-1] == "draw_campaign"

    def test_the_freeze_writes_down_when(self, session, lead, places):
        campaign_id = make_locked(places, by=lead)
        session.get(Campaign, campaign_id).state = CampaignState.ADJUDICATING
        session.commit()

        with unit_of_work():
            campaigns.advance_campaign(campaign_id, CampaignEvent.FREEZE, by=lead)

        assert campaigns.show_campaign(campaign_id, by=lead).frozen_at is not None

    @pytest.mark.parametrize("event", list(CampaignEvent))
    def test_nobody_of_a_department_moves_it(self, session, lead, places, event):
        campaign_id = make_locked(places, by=lead)
        inside = make_actor(session, Role.COORDINATOR, places[0])

        with pytest.raises(NotAllowed), unit_of_work():
            campaigns.advance_campaign(campaign_id, event, by=inside)

    def test_what_does_not_exist_does_not_move(self, session):
        with pytest.raises(NotFound), unit_of_work():
            campaigns.advance_campaign(uuid4(), CampaignEvent.DRAW, by=None)


class TestWhoSees:
    def test_a_department_sees_what_binds_it_and_no_draft(self, session, lead, places):
        make_draft(places, by=lead)
        locked = make_locked(places, by=lead)
        inside = make_actor(session, Role.QUALITY_LEAD, places[0])

        assert [one.id for one in campaigns.list_campaigns(by=inside)] == [locked]
        assert len(campaigns.list_campaigns(by=lead)) == 2

    def test_another_department_knows_of_nothing(self, session, lead, places):
        locked = make_locked(places, by=lead)
        outside = make_actor(session, Role.COORDINATOR, make_department(session))

        assert campaigns.list_campaigns(by=outside) == []
        with pytest.raises(NotFound):
            campaigns.show_campaign(locked, by=outside)

    def test_a_draft_does_not_exist_for_a_department(self, session, lead, places):
        draft = make_draft(places, by=lead)

        with pytest.raises(NotFound):
            campaigns.show_campaign(draft, by=make_actor(session, Role.COORDINATOR, places[0]))

    def test_a_reviewer_sees_no_campaign(self, session, places):
        with pytest.raises(NotAllowed):
            campaigns.list_campaigns(by=make_actor(session, Role.REVIEWER, places[0]))

    def test_departments_at_rest_are_not_offered(self, session, lead, places):
        places[0].active = False
        session.commit()

        assert [one.id for one in campaigns.list_choices(by=lead)] == [places[1].id]


def test_the_rules_of_nothing_are_not_found(session):
    with pytest.raises(NotFound):
        campaigns.protocol_of(uuid4())
