from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.codes import case_code
from peeraudit.domain.errors import Conflicting, IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.intake.reports import Patient
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.protocol import BlindingMode, DateBlinding, Sampling
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.sampling.draws import draw, ticket
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.cases import Case
from peeraudit.models.jobs import Job
from peeraudit.models.sampling import Draw, Frame, FrameEntry
from peeraudit.services import blinding, campaigns, frames, sampling
from peeraudit.services import blinding_records as records
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES, make_draft, make_frozen, make_locked, send_reports
from tests.factories.cases import make_report
from tests.factories.network import make_actor

DICE = "41623551264311625432"


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made)
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def draw_once(campaign_id, lead, **values):
    with unit_of_work():
        return sampling.draw_sample(campaign_id, by=lead, **values)


class TestFreezeFrame:
    def test_the_list_is_frozen_with_what_is_to_be_drawn(self, lead, places):
        campaign_id = make_frozen(places, by=lead)

        frame = frames.show_frame(campaign_id, by=lead)

        assert len(frame.sha256) == 64
        assert (frame.frame_size, frame.sample) == (10, 6)
        assert {(part.department, part.frame_size, part.sample) for part in frame.strata} == {
            (place.code, 5, 3) for place in places
        }

    def test_before_the_freeze_it_is_what_it_would_be_today(self, session, lead, places):
        campaign_id = make_locked(places, by=lead)
        before = frames.show_frame(campaign_id, by=lead)
        send_reports(session, places[:1], each=2)

        after = frames.show_frame(campaign_id, by=lead)

        assert (before.sha256, before.frozen_at) == ("", None)
        assert (before.frame_size, after.frame_size) == (10, 12)

    def test_a_report_that_comes_later_is_not_in_it(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        before = frames.show_frame(campaign_id, by=lead)

        send_reports(session, places)

        assert frames.show_frame(campaign_id, by=lead) == before

    def test_what_cannot_be_drawn_is_counted_with_its_reason(self, session, lead, places):
        reports = send_reports(session, places[:1], each=4)
        reports[0].status, reports[1].modality, reports[2].has_text = "preliminary", "US", False
        reports[3].is_current = False
        session.commit()

        frame = frames.show_frame(make_frozen(places, by=lead), by=lead)

        assert frame.frame_size == 10
        assert frame.excluded == {"no_text": 1, "not_final": 1, "other_modality": 1}

    def test_a_patient_has_one_report_in_it_where_the_rules_say_so(self, session, lead, places):
        patient = Patient(identifiers=("IPP-1",))
        for _ in range(4):
            make_report(session, places[0], patient=patient)
        make_report(session, places[1], patient=patient)
        rules = replace(RULES, sampling=Sampling(6, 2, one_per_patient=True))

        frame = frames.show_frame(make_frozen(places, by=lead, rules=rules), by=lead)

        # Each department knows its own patients only.
        assert frame.excluded == {"same_patient": 3}
        assert [part.frame_size for part in frame.strata] == [6, 6]

    def test_minimums_that_do_not_fit_block_it_and_are_told(self, lead, places):
        rules = replace(RULES, sampling=Sampling(3, 2))

        frame = frames.show_frame(make_draft(places, by=lead, rules=rules), by=lead)

        assert frame.is_blocked
        assert any("ask for 4 reports" in str(one.sentence) for one in frame.findings)

    def test_a_share_that_the_minimums_raise_is_told_and_blocks_nothing(self, lead, places):
        rules = replace(RULES, sampling=Sampling(6, 2, share=0.1))

        frame = frames.show_frame(make_frozen(places, by=lead, rules=rules), by=lead)

        assert frame.sample == 4
        assert any("more than the share" in str(one.sentence) for one in frame.findings)

    def test_a_stratum_that_lost_most_of_its_reports_is_told_and_blocks_nothing(
        self, session, lead, places
    ):
        send_reports(session, places, each=35)
        make_frozen(places, by=lead)
        first = RULES.scope.period_end + timedelta(days=1)
        later = replace(RULES.scope, period_start=first, period_end=first + timedelta(days=30))
        for place, count in ((places[0], 3), (places[1], 38)):
            for report in send_reports(session, [place], each=count):
                report.performed_on = first + timedelta(days=1)
        session.commit()

        frame = frames.show_frame(
            make_frozen(places, by=lead, rules=replace(RULES, scope=later)), by=lead
        )

        [said] = [str(one.sentence) for one in frame.findings if "last period" in str(one.sentence)]
        assert said.startswith(f"{places[0].code}:CT holds 3 reports")
        assert "about 40" in said

    def test_a_department_without_a_report_blocks_it(self, session, lead, places):
        campaign_id = make_locked([*places, make_department(session)], by=lead)

        assert frames.show_frame(campaign_id, by=lead).is_blocked
        with pytest.raises(InvalidInput, match="no eligible report"), unit_of_work():
            frames.freeze_frame(campaign_id, by=lead)
        assert session.query(Frame).count() == 0

    def test_a_second_freeze_is_refused(self, lead, places):
        campaign_id = make_frozen(places, by=lead)

        with pytest.raises(Conflicting), unit_of_work():
            frames.freeze_frame(campaign_id, by=lead)

    def test_the_published_list_names_no_report_and_no_two_lists_can_be_joined(
        self, session, lead, places
    ):
        first, second = (make_frozen(places, by=lead) for _ in range(2))
        lists = [frames.list_frame(one, by=lead).decode() for one in (first, second)]

        assert not {line.split("\t")[1] for line in lists[0].splitlines()} & {
            line.split("\t")[1] for line in lists[1].splitlines()
        }
        assert "ACC-" not in lists[0]

    def test_it_can_be_discarded_with_a_reason_and_frozen_anew(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)

        with pytest.raises(InvalidInput), unit_of_work():
            frames.discard_frame(campaign_id, reason=" ", by=lead)
        with unit_of_work():
            frames.discard_frame(campaign_id, reason="one feed was late", by=lead)

        assert session.query(FrameEntry).count() == 0
        with unit_of_work():
            assert frames.freeze_frame(campaign_id, by=lead)

    def test_a_coordinator_freezes_and_discards_nothing(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        inside = make_actor(session, Role.COORDINATOR, places[0])

        with pytest.raises(NotAllowed), unit_of_work():
            frames.discard_frame(campaign_id, reason="x", by=inside)
        with pytest.raises(NotAllowed), unit_of_work():
            frames.freeze_frame(campaign_id, by=inside)


class TestDrawSample:
    def test_the_sample_is_what_anybody_draws_from_list_and_seed(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        lines = [
            tuple(line.split("\t"))
            for line in frames.list_frame(campaign_id, by=lead).decode().splitlines()
        ]

        assert draw_once(campaign_id, lead, dice=DICE) == 6

        again = draw(lines, DICE, {f"{place.code}:CT": 3 for place in places})
        links = records.links_of_campaign(campaign_id)
        drawn = select(FrameEntry.item_key).where(
            FrameEntry.report_id.in_([link.report_id for link in links])
        )
        assert len(links) == session.query(Case).count() == 6
        assert set(session.scalars(drawn)) == set(again.keys)

    def test_list_and_seed_lead_nobody_from_a_case_to_its_report(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead, dice=DICE)

        keys = session.scalars(select(FrameEntry.item_key)).all()

        known = {ticket(DICE, key) for key in keys} | set(keys)
        assert {case.ticket for case in session.query(Case)} & known == set()

    def test_the_cases_are_random_codes_that_name_nothing(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead, dice=DICE)

        cases = session.query(Case).all()

        assert {case.state for case in cases} == {CaseState.DRAWN}
        assert all(len(case.code) == len(case_code(bytes(16))) for case in cases)
        assert {case.shown_date for case in cases} == {"2026-10"}
        assert len(blinding.places_of_cases(campaign_id)) == 6

    def test_a_hidden_date_is_not_even_kept_with_the_case(self, session, lead, places):
        rules = replace(RULES, blinding=BlindingMode(dates=DateBlinding.HIDDEN))
        draw_once(make_frozen(places, by=lead, rules=rules), lead)

        assert {case.shown_date for case in session.query(Case)} == {""}

    def test_half_are_designated_for_a_second_reading(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead, dice=DICE)

        assert sampling.show_draw(campaign_id, by=lead).double_reads == 3
        assert session.query(Case).filter_by(is_double_read=True).count() == 3

    def test_the_masking_is_ordered_in_the_same_transaction(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead)

        job = session.scalars(select(Job)).one()
        duty = session.scalars(select(Outbox)).one()

        assert (job.kind, job.campaign_id, job.subject_id, job.total) == (
            JobKind.MASKING,
            campaign_id,
            campaign_id,
            6,
        )
        assert job.lock_key == f"masking:{campaign_id}"
        assert duty.task == TaskName.MASK_CASES.value

    def test_a_second_click_draws_nothing_more(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead)
        before = sampling.show_draw(campaign_id, by=lead)

        with pytest.raises(IllegalMove):
            draw_once(campaign_id, lead)

        assert session.query(Case).count() == 6
        assert session.query(Draw).count() == 1
        assert sampling.show_draw(campaign_id, by=lead) == before

    def test_without_dice_each_seed_is_fresh(self, lead, places):
        ids = [make_frozen(places, by=lead) for _ in range(2)]
        for campaign_id in ids:
            draw_once(campaign_id, lead)

        seeds = {sampling.show_draw(campaign_id, by=lead).seed for campaign_id in ids}
        assert len(seeds) == 2
        assert {len(seed) for seed in seeds} == {64}

    def test_a_list_that_was_changed_behind_its_hash_is_not_drawn_from(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        entry = session.scalars(select(FrameEntry).limit(1)).one()
        session.execute(
            update(FrameEntry).where(FrameEntry.id == entry.id).values(item_key="f" * 64)
        )
        session.commit()

        with pytest.raises(InvalidInput, match="no longer the one"):
            draw_once(campaign_id, lead)

        assert session.query(Case).count() == 0
        assert campaigns.show_campaign(campaign_id, by=lead).state is CampaignState.LOCKED

    def test_nothing_is_drawn_before_the_freeze(self, lead, places):
        with pytest.raises(InvalidInput, match="First freeze"):
            draw_once(make_locked(places, by=lead), lead)

    def test_dice_that_are_none_draw_nothing(self, session, lead, places):
        with pytest.raises(InvalidInput, match="20 digits"):
            draw_once(make_frozen(places, by=lead), lead, dice="123")

        assert session.query(Case).count() == 0

    def test_after_the_draw_the_list_stays(self, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead)

        with pytest.raises(IllegalMove), unit_of_work():
            frames.discard_frame(campaign_id, reason="I do not like it", by=lead)

    def test_a_coordinator_draws_nothing(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)

        with pytest.raises(NotAllowed):
            draw_once(campaign_id, make_actor(session, Role.COORDINATOR, places[0]))

    def test_the_database_refuses_a_seed_that_is_older_than_the_list(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        frame = session.scalars(select(Frame)).one()
        session.add(
            Draw(
                campaign_id=campaign_id,
                frame_id=frame.id,
                frame_frozen_at=frame.frozen_at,
                seed=DICE,
                seed_sha256="0" * 64,
                algorithm="peer-audit/draw/v1",
                result="{}",
                drawn_at=frame.frozen_at - timedelta(seconds=1),
            )
        )

        with pytest.raises(IntegrityError, match="frame_before_seed"):
            session.flush()
        session.rollback()

    def test_the_seed_of_a_draw_never_changes(self, session, lead, places):
        draw_once(make_frozen(places, by=lead), lead)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(update(Draw).values(seed=DICE))
        session.rollback()

    def test_a_whole_small_stratum_is_drawn(self, session, lead, places):
        rules = replace(RULES, sampling=Sampling(300, 5))

        assert draw_once(make_frozen(places, by=lead, rules=rules), lead) == 10


class TestProveDraw:
    def test_the_proof_holds_and_names_the_campaign(self, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead, dice=DICE)

        proof = sampling.prove_draw(campaign_id, by=lead)

        assert verify_proof(proof) == []
        assert proof["campaign"] == campaigns.show_campaign(campaign_id, by=lead).code
        assert proof["protocol_sha256"] == RULES.sha256()

    def test_sizes_that_the_rules_do_not_give_are_found_out(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        frame = session.scalars(select(Frame)).one()
        frame.allocation = frame.allocation.replace('"sample": 3', '"sample": 4', 1)
        session.commit()
        draw_once(campaign_id, lead, dice=DICE)

        [problem] = verify_proof(sampling.prove_draw(campaign_id, by=lead))

        assert problem.endswith("the rules draw 3 of 5 reports, and the bundle 4.")

    def test_a_list_that_was_changed_later_is_found_out(self, session, lead, places):
        campaign_id = make_frozen(places, by=lead)
        draw_once(campaign_id, lead, dice=DICE)
        entry = session.scalars(select(FrameEntry).limit(1)).one()
        entry.item_key = "f" * 64
        session.commit()

        problems = verify_proof(sampling.prove_draw(campaign_id, by=lead))

        assert problems[0].startswith("The list of reports is not the one that was published")

    def test_before_the_draw_there_is_none(self, lead, places):
        campaign_id = make_frozen(places, by=lead)

        assert sampling.show_draw(campaign_id, by=lead) is None
        with pytest.raises(NotFound):
            sampling.prove_draw(campaign_id, by=lead)

    def test_before_the_freeze_there_is_no_list(self, lead, places):
        with pytest.raises(NotFound):
            frames.list_frame(make_locked(places, by=lead), by=lead)
