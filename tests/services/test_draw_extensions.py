import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.errors import InvalidInput, NotAllowed
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.sampling import DrawExtension, Frame
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding, draw_extensions, frames, masking, sampling
from peeraudit.services.statistics_counts import ground_of
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.campaigns import make_frozen, make_locked, send_reports
from tests.factories.network import make_actor

WHY = "three reviewers more take part"


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made, each=8)
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def campaign_id(places, lead):
    made = make_frozen(places, by=lead)
    with unit_of_work():
        sampling.draw_sample(made, by=lead)
    return made


def extend(campaign_id, target, by, reason=WHY):
    with unit_of_work():
        return draw_extensions.extend_draw(campaign_id, target, reason=reason, by=by)


def cases_of(session, campaign_id):
    session.expire_all()
    return session.scalars(select(Case).where(Case.campaign_id == campaign_id)).all()


def live_case(session, campaign_id, place):
    """Return a case of a department that is not excluded."""
    mine = blinding.case_ids_of_department(campaign_id, place.id)
    live = select(Case.id).where(Case.id.in_(mine), Case.state != CaseState.EXCLUDED)
    return session.scalars(live.order_by(Case.id)).first()


class TestExtendDraw:
    def test_the_next_tickets_come_and_nothing_that_was_drawn_changes(
        self, session, campaign_id, lead
    ):
        before = {case.id: case.is_double_read for case in cases_of(session, campaign_id)}

        assert extend(campaign_id, 10, lead) == 4
        sweep()

        after = cases_of(session, campaign_id)
        assert len(after) == 10
        assert {case.id: case.is_double_read for case in after if case.id in before} == before
        # Half of all cases are read twice under these rules.
        assert sum(case.is_double_read for case in after) == 5
        assert all(case.masked_text for case in after)
        view = sampling.show_draw(campaign_id, by=lead)
        assert (view.cases, [one.cases for one in view.extensions]) == (10, [4])

    def test_the_proof_replays_draw_replacements_and_extensions(
        self, session, campaign_id, places, lead
    ):
        coordinator = make_actor(session, Role.COORDINATOR, places[0])
        for target in (10, 12):
            out = live_case(session, campaign_id, places[0])
            with unit_of_work():
                masking.exclude_case(out, ExclusionReason.CANNOT_BE_MASKED, by=coordinator)
            extend(campaign_id, target, lead)
            sweep()

        proof = json.loads(json.dumps(sampling.prove_draw(campaign_id, by=lead)))

        assert verify_proof(proof) == []
        assert len(proof["replacements"]) == 1 + len(proof["extensions"]) - 1
        assert [one["after"] for one in proof["extensions"]] == [1, 2]
        live = [c for c in cases_of(session, campaign_id) if c.state is not CaseState.EXCLUDED]
        assert len(live) == 12

    def test_a_replacement_after_an_extension_takes_the_ticket_behind_it(
        self, session, campaign_id, places, lead
    ):
        extend(campaign_id, 12, lead)
        sweep()
        coordinator = make_actor(session, Role.COORDINATOR, places[0])
        out = live_case(session, campaign_id, places[0])
        with unit_of_work():
            masking.exclude_case(out, ExclusionReason.CANNOT_BE_MASKED, by=coordinator)

        proof = json.loads(json.dumps(sampling.prove_draw(campaign_id, by=lead)))

        assert len(proof["replacements"]) == 1
        assert verify_proof(proof) == []

    def test_the_statistics_know_the_larger_sample(self, session, campaign_id, lead):
        extend(campaign_id, 10, lead)

        assert sum(ground_of(campaign_id).drawn.values()) == 10
        frame = session.scalars(select(Frame)).one()
        assert sum(frames.sizes_of(frame).values()) == 6
        assert sum(frames.current_sizes_of(frame).values()) == 10

    def test_who_when_and_why_are_kept_for_good(self, session, campaign_id, lead):
        extend(campaign_id, 10, lead)

        row = session.scalars(select(DrawExtension)).one()
        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "extend_draw")).one()
        assert (row.reason, row.extended_by, row.target) == (WHY, lead.account_id, 10)
        assert entry.reason == WHY
        for change in ("UPDATE draw_extension SET target = 3", "DELETE FROM draw_extension"):
            with pytest.raises(DatabaseError):
                session.execute(text(change))
            session.rollback()

    @pytest.mark.parametrize("target", [1, 6])
    def test_what_draws_nothing_more_is_refused(self, campaign_id, lead, target):
        with pytest.raises(InvalidInput):
            extend(campaign_id, target, lead)

    @pytest.mark.parametrize("reason", ["", "because", "x" * 301])
    def test_it_needs_a_reason(self, campaign_id, lead, reason):
        with pytest.raises(InvalidInput, match="Say why"):
            extend(campaign_id, 10, lead, reason)

    def test_before_the_draw_and_after_the_readings_it_is_too_early_or_too_late(
        self, session, campaign_id, places, lead
    ):
        with pytest.raises(InvalidInput, match="until its readings are closed"):
            extend(make_locked(places, by=lead), 10, lead)
        session.get_one(Campaign, campaign_id).state = CampaignState.ADJUDICATING
        session.commit()
        with pytest.raises(InvalidInput, match="until its readings are closed"):
            extend(campaign_id, 10, lead)

    def test_all_there_is_is_all_that_can_be_drawn(self, session, campaign_id, lead):
        with pytest.raises(InvalidInput, match="The list holds 16 reports"):
            extend(campaign_id, 17, lead)
        assert len(cases_of(session, campaign_id)) == 6

        assert extend(campaign_id, 16, lead) == 10
        assert verify_proof(sampling.prove_draw(campaign_id, by=lead)) == []

    def test_only_who_may_draw_may_extend(self, session, campaign_id, places):
        with pytest.raises(NotAllowed):
            extend(campaign_id, 10, make_actor(session, Role.COORDINATOR, places[0]))
