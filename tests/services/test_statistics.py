import json
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, IllegalMove, NotAllowed, NotFound
from peeraudit.domain.jobs import JobState
from peeraudit.domain.readiness import CasesStillOpen
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.cells import ClassCounts
from peeraudit.domain.workflow import CampaignState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.identities import RecognitionRow
from peeraudit.models.sampling import Draw, DrawReplacement
from peeraudit.models.summaries import Snapshot
from peeraudit.services import jobs, statistics
from peeraudit.services.statistics_counts import count_readings, guesses_of
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit, make_review
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor, make_reader

# 60 CT: 6 discrepant at the first reading, 5 confirmed; 20 of them read twice by design.
CT = (
    300,
    [
        Read(38, "1", None, "1"),
        Read(2, "2a", None, "2a"),
        Read(16, "1", "1", "1"),
        Read(1, "1", "2b", "2b"),
        Read(2, "2b", "2b", "2b"),
        Read(1, "3a", "1", "1"),
    ],
)
MR = (120, [Read(30, "1", None, "1")])


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def order(campaign, by):
    with unit_of_work():
        return statistics.order_statistics(campaign.id, by=by)


def freeze(campaign, by, **values):
    with unit_of_work():
        job_id = statistics.freeze_campaign(campaign.id, by=by, **values)
    sweep()
    return job_id


def cells(audit):
    counts = count_readings(audit.campaign.id)
    return {(c.department, c.modality): c for c in counts.cells}


class TestGuesses:
    """Whom a reviewer recognised may be answered when the readings are all in."""

    def answer(self, session, case):
        given = select(Assignment.id).where(Assignment.case_id == case.id)
        session.add(
            RecognitionRow(
                assignment_id=session.scalars(given).first(), recognition="no", answered_at=MOMENT
            )
        )
        session.commit()

    def test_an_answer_after_the_freeze_changes_no_final_number(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        self.answer(session, audit.cases[0])
        freeze(audit.campaign, lead)
        self.answer(session, audit.cases[1])

        (row,) = session.scalars(select(Snapshot)).all()
        (verdict,) = statistics.verify_snapshots(audit.campaign.code)

        assert CampaignCounts.from_json(row.data).guesses.answers == 1
        assert verdict.holds

    def test_where_nobody_answered_there_are_none(self, session):
        audit = make_audit(session, [{"CT": CT}])

        assert guesses_of(audit.campaign.id) is None


class TestDrawn:
    def test_what_was_drawn_and_not_read_stays_drawn(self, session):
        unread = Read(10, None, None, None, state=CaseState.ASSIGNED)
        audit = make_audit(session, [{"CT": (300, [Read(30), unread])}])
        place = str(audit.departments[0].id), "CT"

        assert (cells(audit)[place].scored, cells(audit)[place].drawn) == (30, 40)

    @pytest.mark.parametrize(
        ("reason", "drawn"), [("cannot_be_masked", 31), ("objection", 31), ("not_a_report", 30)]
    )
    def test_a_replaced_report_stays_drawn_unless_it_never_belonged(self, session, reason, drawn):
        audit = make_audit(session, [{"CT": (300, [Read(30)])}])
        place = audit.departments[0]
        session.add(
            DrawReplacement(
                id=uuid4(),
                draw_id=session.scalars(
                    select(Draw.id).where(Draw.campaign_id == audit.campaign.id)
                ).one(),
                number=1,
                stratum=f"{place.code}:CT",
                removed_key="one",
                added_key="other",
                reason=reason,
                replaced_at=MOMENT,
            )
        )
        session.commit()

        assert cells(audit)[str(place.id), "CT"].drawn == drawn


class TestCountReadings:
    def test_it_counts_readings_outcomes_and_what_was_verified_by_design(self, session):
        audit = make_audit(session, [{"CT": CT, "MR": MR}])

        found = cells(audit)[str(audit.departments[0].id), "CT"]

        assert (found.frame, found.scored, found.discrepant) == (300, 60, 5)
        assert (found.confirmed, found.unsettled) == (5, 0)
        # A 1 and a 2a may be settled by one reviewer: they were verified only where the ticket
        # had designated the case.
        assert found.classes == (
            ClassCounts("1", routed=False, concordant=True, read=55, verified=17, found=1),
            ClassCounts("2a", routed=False, concordant=False, read=2, verified=0, found=0),
            ClassCounts("2b", routed=True, concordant=False, read=2, verified=2, found=2),
            ClassCounts("3a", routed=True, concordant=False, read=1, verified=1, found=0),
        )
        assert sum(found.authors) == 60

    def test_the_pairs_are_those_of_the_designated_cases(self, session):
        audit = make_audit(session, [{"CT": CT, "MR": MR}])

        counts = count_readings(audit.campaign.id)

        assert dict(counts.patterns) == {
            (2, 0, 0, 0, 0): 16,
            (1, 0, 1, 0, 0): 1,
            (0, 0, 2, 0, 0): 2,
            (1, 0, 0, 1, 0): 1,
        }

    def test_a_targeted_or_excluded_case_never_counts(self, session):
        strata = {
            "CT": (50, [Read(3), Read(4, channel="targeted"), Read(5, state=CaseState.EXCLUDED)])
        }
        audit = make_audit(session, [strata])

        assert cells(audit)[str(audit.departments[0].id), "CT"].scored == 3

    def test_a_case_without_outcome_or_sent_back_is_not_settled(self, session):
        reads = [
            Read(3, "2b", outcome=None, state=CaseState.SECOND_REVIEW),
            Read(2, "2b", "2b", "2b", state=CaseState.ADJUDICATION),
            Read(1),
        ]
        audit = make_audit(session, [{"CT": (50, reads)}])

        found = cells(audit)[str(audit.departments[0].id), "CT"]

        assert (found.scored, found.unsettled, found.confirmed) == (6, 5, 0)
        routed = next(one for one in found.classes if one.score == "2b")
        assert (routed.read, routed.verified) == (5, 0)

    def test_the_first_submitted_version_is_the_reading(self, session):
        audit = make_audit(session, [{"CT": (50, [Read(1, None, outcome=None)])}])
        [case] = audit.cases
        reader = make_reader(session, audit.departments[0])
        first = make_review(session, case, reader, Turn.FIRST, "3b")
        make_review(
            session, case, reader, Turn.FIRST, "1", version=2,
            assignment=session.get_one(Assignment, first.assignment_id),
        )  # fmt: skip
        session.commit()

        assert cells(audit)[str(audit.departments[0].id), "CT"].discrepant == 1

    def test_a_stratum_that_nobody_read_keeps_its_place(self, session):
        audit = make_audit(session, [{"CT": (50, [Read(3)]), "MR": (70, [])}])

        found = cells(audit)[str(audit.departments[0].id), "MR"]

        assert (found.frame, found.scored) == (70, 0)

    def test_blinding_modes_are_never_pooled(self, session):
        audit = make_audit(session, [{"CT": (50, [Read(3), Read(2, mode="author,date:hidden")])}])

        with pytest.raises(Conflicting, match="blinding modes"):
            count_readings(audit.campaign.id)


class TestOrderStatistics:
    def test_a_running_campaign_gets_interim_snapshots_numbered_in_turn(self, session, lead):
        audit = make_audit(session, [{"CT": CT}], state=CampaignState.RUNNING)
        for _ in range(2):
            order(audit.campaign, lead)
            sweep()

        found = statistics.list_snapshots(audit.campaign.id, by=lead)

        assert [(one.number, one.is_final) for one in found] == [(2, False), (1, False)]

    def test_two_orders_at_once_are_one(self, session, lead):
        audit = make_audit(session, [{"CT": CT}], state=CampaignState.RUNNING)
        order(audit.campaign, lead)

        with pytest.raises(Conflicting):
            order(audit.campaign, lead)

    def test_only_the_network_lead_orders(self, session):
        audit = make_audit(session, [{"CT": CT}], state=CampaignState.RUNNING)
        quality = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])

        with pytest.raises(NotAllowed):
            order(audit.campaign, quality)

    def test_a_campaign_that_is_not_read_yet_has_no_numbers(self, session, lead):
        audit = make_audit(session, [{"CT": CT}], state=CampaignState.DRAWN)

        with pytest.raises(IllegalMove):
            order(audit.campaign, lead)


class TestFreezeCampaign:
    def test_it_freezes_and_computes_the_final_numbers_once(self, session, lead):
        audit = make_audit(session, [{"CT": CT}], state=CampaignState.RUNNING)

        job_id = freeze(audit.campaign, lead)

        assert jobs.view(job_id).state is JobState.SUCCEEDED
        [final] = statistics.list_snapshots(audit.campaign.id, by=lead)
        assert final.is_final
        with pytest.raises(Conflicting, match="final"):
            order(audit.campaign, lead)

    def test_open_cases_need_a_reason(self, session, lead):
        reads = [Read(20), Read(1, "2b", outcome=None, state=CaseState.SECOND_REVIEW)]
        audit = make_audit(session, [{"CT": (50, reads)}])

        with pytest.raises(CasesStillOpen):
            freeze(audit.campaign, lead)
        freeze(audit.campaign, lead, reason="The reader has left the network.")

        [final] = statistics.list_snapshots(audit.campaign.id, by=lead)
        assert final.is_final

    def test_an_interim_computation_under_way_does_not_hold_it_up(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        order(audit.campaign, lead)

        freeze(audit.campaign, lead)

        # Both computations found the frozen data, and the second one found them told.
        found = statistics.list_snapshots(audit.campaign.id, by=lead)
        assert [one.is_final for one in found] == [True]


class TestComputeStatistics:
    @pytest.mark.parametrize("bites", [0, 1, 2, 3])
    def test_killed_anywhere_and_run_again_it_gives_one_correct_snapshot(
        self, session, lead, bites
    ):
        audit = make_audit(session, [{"CT": CT, "MR": MR}])
        job_id = order(audit.campaign, lead)
        expected = count_readings(audit.campaign.id).to_json()
        steps = statistics.compute_statistics(job_id)
        for _ in range(bites):
            with unit_of_work():
                next(steps)
        steps.close()

        sweep()

        rows = session.scalars(select(Snapshot)).all()
        assert [row.data for row in rows] == [expected]
        assert jobs.view(job_id).state is JobState.SUCCEEDED

    def test_killed_inside_the_last_bite_nothing_is_written(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        job_id = order(audit.campaign, lead)
        steps = statistics.compute_statistics(job_id)
        with pytest.raises(KeyboardInterrupt):
            run_and_die(steps)
        assert session.scalars(select(Snapshot)).all() == []

        sweep()

        assert len(session.scalars(select(Snapshot)).all()) == 1

    def test_two_workers_at_the_same_job_write_one_snapshot(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        job_id = order(audit.campaign, lead)
        slow = statistics.compute_statistics(job_id)
        with unit_of_work():
            next(slow)
        sweep()

        with unit_of_work():
            list(slow)

        assert len(session.scalars(select(Snapshot)).all()) == 1

    def test_a_snapshot_refuses_to_be_changed(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        freeze(audit.campaign, lead)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(text("UPDATE snapshot SET results = '{}'"))

    def test_readings_that_cannot_be_counted_together_end_the_job_with_a_sentence(
        self, session, lead
    ):
        audit = make_audit(session, [{"CT": (50, [Read(3), Read(2, mode="author,date:hidden")])}])
        job_id = order(audit.campaign, lead)

        sweep()

        assert jobs.view(job_id).state is JobState.FAILED
        assert "blinding modes" in jobs.view(job_id).error


class TestShowSnapshot:
    def test_it_tells_the_network_lead_nothing_below_the_outside_limits(self, session, lead):
        # 25 reports are enough inside the department and too few outside.
        audit = make_audit(session, [{"CT": (90, [Read(25)])}, {"CT": CT}, {"CT": CT}])
        freeze(audit.campaign, lead)

        view = statistics.show_snapshot(audit.campaign.id, 1, by=lead)

        small = view.telling.outside[str(audit.departments[0].id)]
        assert small.total["first_read"].status == "suppressed"
        assert view.telling.inside == {}

    def test_an_unknown_number_is_not_found(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])

        with pytest.raises(NotFound):
            statistics.show_snapshot(audit.campaign.id, 9, by=lead)


class TestVerifySnapshots:
    def test_a_frozen_campaign_holds(self, session, lead):
        audit = make_audit(session, [{"CT": CT, "MR": MR}])
        freeze(audit.campaign, lead)

        [verdict] = statistics.verify_snapshots(audit.campaign.code)

        assert verdict.holds
        assert verdict.same_counts is True

    def test_a_score_that_came_after_the_freeze_is_seen(self, session, lead):
        audit = make_audit(session, [{"CT": (50, [Read(20), Read(1, None, outcome=None)])}])
        audit.cases[-1].state = CaseState.EXCLUDED
        session.commit()
        freeze(audit.campaign, lead)
        case = session.merge(audit.cases[-1])
        case.state = CaseState.FINAL
        reader = make_reader(session, audit.departments[0])
        make_review(session, case, reader, Turn.FIRST, "3b")
        session.commit()

        [verdict] = statistics.verify_snapshots(audit.campaign.code)

        assert not verdict.holds
        assert verdict.same_counts is False
        assert verdict.same_numbers

    def test_the_kept_data_are_the_counts(self, session, lead):
        audit = make_audit(session, [{"CT": CT}])
        freeze(audit.campaign, lead)

        row = session.scalars(select(Snapshot)).one()

        assert CampaignCounts.from_json(row.data) == count_readings(audit.campaign.id)
        assert json.loads(row.results)["numbers"]["network"]["total"]["first_read"]["n"] == 60


def run_and_die(steps):
    for _ in range(2):
        with unit_of_work():
            next(steps)
    with unit_of_work():
        next(steps)
        raise KeyboardInterrupt
