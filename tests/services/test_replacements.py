import json

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.sampling.draws import draw
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import DrawReplacement, FrameEntry
from peeraudit.services import blinding, frames, masking, sampling, targeting
from peeraudit.services import blinding_records as records
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.campaigns import make_frozen, send_reports
from tests.factories.cases import make_report
from tests.factories.network import make_actor

WHY = ExclusionReason.CANNOT_BE_MASKED


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made)
    return made


@pytest.fixture
def campaign_id(places, lead):
    """Five reports of each department, of which three are drawn; all masked."""
    made = make_frozen(places, by=lead)
    with unit_of_work():
        sampling.draw_sample(made, by=lead)
    sweep()
    return made


@pytest.fixture
def coordinator(session, places):
    return make_actor(session, Role.COORDINATOR, places[0])


def cases_of(session, campaign_id, place):
    ids = blinding.case_ids_of_department(campaign_id, place.id)
    return session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.created_at)).all()


def exclude(case_id, by):
    with unit_of_work():
        return masking.exclude_case(case_id, WHY, by=by)


def keys_in_order(campaign_id, place):
    """Return (sample, reserves) of a department as anybody can draw them."""
    frame = frames.needed_frame(campaign_id)
    seed = sampling.find_draw(campaign_id).seed
    drawn = draw(frames.frozen_lines(frame.id), seed, frames.sizes_of(frame))
    [part] = [p for name, p in drawn.strata.items() if name.startswith(f"{place.code}:")]
    return [t.item_key for t in part.sample], [t.item_key for t in part.reserves]


def report_of(session, case_id):
    [link] = records.links_of([case_id]).values()
    return session.get_one(Report, link.report_id)


def key_of(session, report_id):
    return session.scalar(select(FrameEntry.item_key).where(FrameEntry.report_id == report_id))


class TestReplaceCase:
    def test_the_next_ticket_takes_the_place_and_is_masked(
        self, session, campaign_id, places, coordinator
    ):
        _, reserves = keys_in_order(campaign_id, places[0])
        out = cases_of(session, campaign_id, places[0])[0]

        assert exclude(out.id, coordinator)
        sweep()

        live = [
            one
            for one in cases_of(session, campaign_id, places[0])
            if one.state is not CaseState.EXCLUDED
        ]
        keys = {key_of(session, report_of(session, one.id).id) for one in live}
        assert len(live) == 3
        assert reserves[0] in keys
        assert all(one.masked_text for one in live)

    def test_the_proof_names_both_and_still_holds(
        self, session, campaign_id, places, coordinator, lead
    ):
        out = cases_of(session, campaign_id, places[0])[0]
        removed = key_of(session, report_of(session, out.id).id)
        _, reserves = keys_in_order(campaign_id, places[0])
        exclude(out.id, coordinator)

        proof = sampling.prove_draw(campaign_id, by=lead)

        assert verify_proof(json.loads(json.dumps(proof))) == []
        [entry] = proof["replacements"]
        assert (entry["removed"], entry["added"]) == (removed, reserves[0])
        assert entry["reason"] == WHY.value
        found = sampling.show_draw(campaign_id, by=lead)
        assert found.replaced == ((entry["stratum"], WHY.value),)

    def test_a_replacement_is_replaced_in_its_turn_until_none_is_left(
        self, session, campaign_id, places, coordinator, lead
    ):
        results = []
        for _ in range(4):
            out = next(
                one
                for one in reversed(cases_of(session, campaign_id, places[0]))
                if one.state is not CaseState.EXCLUDED
            )
            results.append(exclude(out.id, coordinator))
            sweep()

        # Two reserves of five reports; then the sample shrinks.
        assert results == [True, True, False, False]
        assert verify_proof(sampling.prove_draw(campaign_id, by=lead)) == []

    def test_designation_for_two_readings_passes_on(
        self, session, campaign_id, places, coordinator
    ):
        out = cases_of(session, campaign_id, places[0])[0]
        session.execute(update(Case).where(Case.id == out.id).values(is_double_read=True))
        session.commit()
        before = {one.id for one in cases_of(session, campaign_id, places[0])}

        exclude(out.id, coordinator)

        [made] = [one for one in cases_of(session, campaign_id, places[0]) if one.id not in before]
        assert made.is_double_read
        assert made.ticket != out.ticket

    def test_a_reserve_that_was_cancelled_since_is_passed_over_and_written_down(
        self, session, campaign_id, places, coordinator, lead
    ):
        _, reserves = keys_in_order(campaign_id, places[0])
        gone = select(FrameEntry.report_id).where(FrameEntry.item_key == reserves[0])
        session.execute(
            update(Report).where(Report.id.in_(gone)).values(excluded_reason="cancelled")
        )
        session.commit()
        out = cases_of(session, campaign_id, places[0])[0]

        exclude(out.id, coordinator)

        proof = sampling.prove_draw(campaign_id, by=lead)
        assert [entry["added"] for entry in proof["replacements"]] == reserves[:2]
        assert verify_proof(proof) == []
        assert len(cases_of(session, campaign_id, places[0])) == 4

    def test_a_reserve_without_its_text_is_asked_for(
        self, session, campaign_id, places, coordinator
    ):
        _, reserves = keys_in_order(campaign_id, places[0])
        empty = select(FrameEntry.report_id).where(FrameEntry.item_key == reserves[0])
        session.execute(
            update(Report).where(Report.id.in_(empty)).values(has_text=False, awaits_text=True)
        )
        session.commit()
        before = {one.id for one in cases_of(session, campaign_id, places[0])}

        exclude(cases_of(session, campaign_id, places[0])[0].id, coordinator)
        sweep()

        [made] = [one for one in cases_of(session, campaign_id, places[0]) if one.id not in before]
        assert (made.awaits_text, made.state) == (True, CaseState.DRAWN)

    def test_once_reviewers_read_nothing_is_drawn(self, session, campaign_id, places, coordinator):
        out = cases_of(session, campaign_id, places[0])[0]
        session.execute(
            update(Campaign).where(Campaign.id == campaign_id).values(state=CampaignState.RUNNING)
        )
        session.commit()

        assert not exclude(out.id, coordinator)
        assert session.scalars(select(DrawReplacement)).all() == []

    def test_a_targeted_case_has_no_reserve(self, session, campaign_id, places, coordinator):
        report = make_report(session, places[0])
        with unit_of_work():
            out = targeting.name_report(
                campaign_id, report.accession, TargetReason.TEACHING, by=coordinator
            )
        sweep()

        assert not exclude(out, coordinator)
        assert session.scalars(select(DrawReplacement)).all() == []

    @pytest.mark.parametrize(
        "change", ["UPDATE draw_replacement SET reason = 'x'", "DELETE FROM draw_replacement"]
    )
    def test_what_was_replaced_never_changes(
        self, session, campaign_id, places, coordinator, change
    ):
        exclude(cases_of(session, campaign_id, places[0])[0].id, coordinator)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(text(change))


class TestPages:
    def test_the_coordinator_is_told_and_the_draw_shows_it(
        self, session, client, sign_in, campaign_id, places
    ):
        sign_in(Role.COORDINATOR, places[0].id)
        out = cases_of(session, campaign_id, places[0])[0]

        page = client.post(
            f"/deidentification/{out.id}/exclude", data={"reason": WHY.value}, follow_redirects=True
        )
        draw_page = client.get(f"/campaigns/{campaign_id}/draw")

        assert "prend sa place" in page.text
        assert "1 compte rendu n’a pu être utilisé" in draw_page.text
        assert "Une fois masqué, il ne se comprend plus" in draw_page.text
