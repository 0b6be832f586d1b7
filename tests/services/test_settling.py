from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select, update

from peeraudit.adapters import clock, queue
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.readiness import CasesStillOpen, ScoresFrozen
from peeraudit.domain.workflow import CampaignState, CaseState, Turn
from peeraudit.models.accounts import Account
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.messages import Message
from peeraudit.models.network import Absence, Conflict, Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import adjudication, feedback, outcomes, settling
from peeraudit.services.adjudication import Decision
from peeraudit.tasks.expiry import expire_duties
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.moments import MOMENT
from tests.factories.settling import make_adjudicator, make_author, make_stage

SERIOUS = ("2b", "3a", "3b")


@pytest.fixture
def stage(session):
    return make_stage(session)


def told(session, account_id):
    return sorted(
        session.scalars(select(Message.kind).where(Message.account_id == account_id)).all()
    )


def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def lead(session):
    return Actor(make_account(session, "-", Role.NETWORK_LEAD).id, Role.NETWORK_LEAD)


def route_again(case, times=3):
    for _ in range(times):
        with unit_of_work():
            settling.route_case(case.id)


class TestOneReading:
    @pytest.mark.parametrize("score", ["1", "2a"])
    def test_a_mild_score_closes_without_a_word_to_the_author(self, session, stage, score):
        case = stage.case()

        stage.score(case, score)

        outcome = stage.outcome(case)
        assert stage.state(case) is CaseState.FINAL
        assert (outcome.score, outcome.basis) == (score, "single")
        assert outcome.final_at is not None
        assert outcome.author_notified_at is None
        assert told(session, stage.author.account_id) == []

    @pytest.mark.parametrize("score", SERIOUS)
    def test_a_serious_score_goes_to_a_second_reader(self, session, stage, score):
        case = stage.case()

        stage.score(case, score)

        assert stage.state(case) is CaseState.SECOND_REVIEW
        [second] = stage.waiting(case, (Turn.SECOND,))
        assert second.reviewer_id == stage.readers[1].id
        assert second.origin == "routing"
        assert stage.outcome(case) is None

    def test_a_designated_case_waits_for_both(self, stage):
        case = stage.case(both=True)

        stage.score(case, "3b")

        assert stage.state(case) is CaseState.IN_REVIEW
        assert stage.outcome(case) is None


class TestTwoReadings:
    @pytest.mark.parametrize("both", [True, False])
    @pytest.mark.parametrize("score", SERIOUS)
    def test_agreement_on_a_serious_score_is_proposed_to_the_author(
        self, session, stage, score, both
    ):
        case = stage.case(both=both)

        stage.score(case, score, words="Premier avis, assez long.")
        stage.score(case, score, words="Second avis, assez long.", error_type="overcall")

        outcome = stage.outcome(case)
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
        assert (outcome.score, outcome.basis) == (score, "agreement")
        assert outcome.error_type == "missed_finding"
        assert sorted(outcome.comment.split("\n\n")) == [
            "Premier avis, assez long.",
            "Second avis, assez long.",
        ]
        assert outcome.author_notified_at is not None
        assert outcome.reply_due_at - outcome.author_notified_at == timedelta(days=14)
        assert outcome.final_at is None
        assert told(session, stage.author.account_id) == ["outcome_for_author"]

    def test_agreement_on_a_mild_score_is_final(self, stage):
        case = stage.case(both=True)

        stage.score(case, "1")
        stage.score(case, "1")

        assert stage.state(case) is CaseState.FINAL
        assert stage.outcome(case).basis == "agreement"

    @pytest.mark.parametrize(
        ("first", "second"), [p for p in product(("1", "2a", "3b"), repeat=2) if p[0] != p[1]]
    )
    def test_any_difference_goes_to_an_adjudicator(self, session, stage, first, second):
        case = stage.disputed(scores=(first, second))

        assert stage.state(case) is CaseState.ADJUDICATION
        [row] = stage.waiting(case)
        assert row.due_at - row.offered_at == timedelta(days=14)
        account_id = session.get_one(Reviewer, row.reviewer_id).account_id
        assert told(session, account_id) == ["case_to_settle"]

    def test_a_routed_second_reading_that_differs_goes_to_an_adjudicator(self, stage):
        case = stage.case()

        stage.score(case, "3a")
        stage.score(case, "1")

        assert stage.state(case) is CaseState.ADJUDICATION


class TestAgain:
    def test_repeating_the_duty_changes_nothing(self, session, stage):
        cases = [stage.case(), stage.case(both=True), stage.disputed(), stage.case(both=True)]
        stage.score(cases[0], "3b")
        for score in ("1", "1"):
            stage.score(cases[1], score)
        for score in ("3a", "3a"):
            stage.score(cases[3], score)
        before = (
            [stage.state(case) for case in cases],
            count(session, Assignment),
            count(session, Outcome),
            count(session, Message),
            count(session, TrailEntry),
        )

        for case in cases:
            route_again(case)

        assert before == (
            [stage.state(case) for case in cases],
            count(session, Assignment),
            count(session, Outcome),
            count(session, Message),
            count(session, TrailEntry),
        )

    def test_a_duty_killed_before_its_commit_leaves_nothing_and_is_done_later(self, stage):
        case = stage.case()
        stage.score(case, "2a", settle=False)

        def killed():
            with unit_of_work():
                settling.route_case(case.id)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            killed()

        assert stage.state(case) is CaseState.REVIEWED
        assert stage.outcome(case) is None
        sweep()
        assert stage.state(case) is CaseState.FINAL

    def test_the_clock_finds_a_case_whose_duty_was_lost(self, session, stage):
        case = stage.case()
        stage.score(case, "1", settle=False)
        session.execute(
            update(queue.Outbox)
            .where(queue.Outbox.task == TaskName.ROUTE_CASE.value)
            .values(done_at=MOMENT)
        )
        session.commit()

        expire_duties()

        assert stage.state(case) is CaseState.FINAL

    def test_a_case_that_does_not_exist_is_refused(self, session, stage):
        with pytest.raises(NotFound), unit_of_work():
            settling.route_case(stage.campaign.id)


class TestChooseAdjudicator:
    def test_whoever_has_fewest_waiting_is_chosen(self, stage):
        chosen = [stage.waiting(stage.disputed())[0].reviewer_id for _ in range(4)]

        assert {chosen.count(one.id) for one in stage.adjudicators} == {2}

    def test_the_same_is_chosen_whatever_the_ids_are(self, stage):
        case = stage.disputed()

        first = stage.waiting(case)[0].reviewer_id

        assert first in {one.id for one in stage.adjudicators}

    @pytest.mark.parametrize(
        "spoil",
        ["closed", "away", "not_accepting", "conflict", "colleague", "own_department", "no_role"],
    )
    def test_nobody_who_must_not_settle_is_asked(self, session, stage, spoil):
        bad, good = stage.adjudicators
        account = session.get_one(Account, bad.account_id)
        if spoil == "closed":
            account.active = False
        elif spoil == "away":
            today = clock.today()
            session.add(
                Absence(reviewer_id=bad.id, first_day=today, last_day=today + timedelta(days=1))
            )
        elif spoil == "not_accepting":
            bad.accepting = False
        elif spoil == "conflict":
            session.add(
                Conflict(reviewer_id=bad.id, department_id=stage.home.id, declared_at=MOMENT)
            )
        elif spoil == "colleague":
            session.add(
                Conflict(
                    reviewer_id=bad.id, colleague_id=stage.author.account_id, declared_at=MOMENT
                )
            )
        elif spoil == "own_department":
            bad.department_id = stage.home.id
        else:
            bad.adjudicates = False
        session.commit()

        chosen = {stage.waiting(stage.disputed())[0].reviewer_id for _ in range(3)}

        assert chosen == {good.id}

    def test_a_reader_of_the_case_never_settles_it(self, session):
        stage = make_stage(session, adjudicators=0)
        for reader in stage.readers:
            reader.adjudicates = True
        session.commit()

        case = stage.disputed()

        assert stage.waiting(case) == []

    def test_who_belongs_to_no_department_of_the_campaign_never_settles_it(self, session):
        stage = make_stage(session, adjudicators=0)
        make_adjudicator(session, make_department(session))

        case = stage.disputed()

        assert stage.waiting(case) == []

    def test_the_network_leads_are_told_when_nobody_is_free_and_the_clock_asks_again(self, session):
        stage, by = make_stage(session, adjudicators=0), lead(session)
        case = stage.disputed()

        for _ in range(3):
            expire_duties()
        assert stage.state(case) is CaseState.ADJUDICATION
        assert told(session, by.account_id) == ["case_without_reviewer"]
        make_adjudicator(session, session.get_one(type(stage.home), stage.readers[0].department_id))
        expire_duties()

        assert len(stage.waiting(case)) == 1

    def test_an_adjudication_that_was_never_opened_goes_to_another_when_late(self, stage):
        case = stage.disputed()
        first = stage.waiting(case)[0].reviewer_id

        with clock.shifted(timedelta(days=15)):
            expire_duties()
            expire_duties()

        [row] = stage.waiting(case)
        assert {first, row.reviewer_id} == {one.id for one in stage.adjudicators}

    def test_it_stays_with_the_first_one_when_nobody_else_may(self, session):
        stage = make_stage(session, adjudicators=1)
        case = stage.disputed()

        with clock.shifted(timedelta(days=15)):
            expire_duties()

        assert stage.waiting(case)[0].reviewer_id == stage.adjudicators[0].id
        stage.decide(case, "1")
        assert stage.state(case) is CaseState.FINAL


class TestLate:
    def test_a_case_without_an_outcome_has_none_to_show(self, stage):
        with pytest.raises(NotFound):
            outcomes.outcome_of(stage.case().id)

    def test_what_was_settled_meanwhile_is_left_alone(self, stage):
        case = stage.disputed()
        stage.decide(case, "1")

        with unit_of_work():
            settling._replace_late(case.id)
            settling._let_stand(case.id)
            feedback._expire(case.id)

        assert stage.state(case) is CaseState.FINAL


class TestAuthorWithoutAccount:
    def test_the_case_waits_and_the_author_is_told_once_there_is_an_account(self, session):
        stage = make_stage(session, author=False)
        case = stage.case(both=True)
        stage.score(case, "3b")
        stage.score(case, "3b")
        assert stage.state(case) is CaseState.PROPOSED
        assert stage.outcome(case).author_notified_at is None

        author = make_author(session, stage.home)
        expire_duties()

        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
        assert told(session, author.account_id) == ["outcome_for_author"]

    def test_a_closed_account_tells_nobody(self, session, stage):
        session.get_one(Account, stage.author.account_id).active = False
        session.commit()
        case = stage.case(both=True)

        stage.score(case, "3b")
        stage.score(case, "3b")

        assert stage.state(case) is CaseState.PROPOSED
        assert told(session, stage.author.account_id) == []


class TestFreeze:
    def test_settling_begins_when_every_case_was_read(self, session, stage):
        by, case = lead(session), stage.case()

        with pytest.raises(CasesStillOpen), unit_of_work():
            settling.begin_settling(stage.campaign.id, by=by)
        stage.score(case, "3b")
        with unit_of_work():
            settling.begin_settling(stage.campaign.id, by=by)

        assert session.get_one(Campaign, stage.campaign.id).state is CampaignState.ADJUDICATING
        assert settling.count_open(stage.campaign.id) == 1

    def test_open_cases_keep_the_data_from_being_frozen(self, session, stage):
        by, case = lead(session), stage.disputed()
        with unit_of_work():
            settling.begin_settling(stage.campaign.id, by=by)

        with pytest.raises(CasesStillOpen), unit_of_work():
            settling.freeze_campaign(stage.campaign.id, by=by)
        with pytest.raises(InvalidInput), unit_of_work():
            settling.freeze_campaign(stage.campaign.id, reason="court", by=by)
        stage.decide(case, "1")
        with unit_of_work():
            settling.freeze_campaign(stage.campaign.id, by=by)

        assert session.get_one(Campaign, stage.campaign.id).state is CampaignState.FROZEN

    def test_a_freeze_over_open_cases_is_written_down_and_no_score_comes_after_it(
        self, session, stage
    ):
        by, case = lead(session), stage.disputed()
        with unit_of_work():
            settling.begin_settling(stage.campaign.id, by=by)

        with unit_of_work():
            settling.freeze_campaign(
                stage.campaign.id, reason="L'arbitre est absent jusqu'en janvier.", by=by
            )

        [entry] = session.scalars(
            select(TrailEntry).where(TrailEntry.act == "leave_out_cases")
        ).all()
        assert entry.reason.startswith("L'arbitre")
        settler, assignment_id = stage.adjudicator(case)
        with pytest.raises(ScoresFrozen), unit_of_work():
            adjudication.settle_case(assignment_id, Decision("1"), by=settler)
        route_again(case)
        assert stage.outcome(case) is None
        assert adjudication.list_cases(by=settler).cases == ()

    def test_an_author_may_still_reply_after_the_freeze_but_not_reopen(self, session, stage):
        by, case = lead(session), stage.case(both=True)
        stage.score(case, "3b")
        stage.score(case, "3b")
        with unit_of_work():
            settling.begin_settling(stage.campaign.id, by=by)
        with unit_of_work():
            settling.freeze_campaign(stage.campaign.id, reason="Fin de l'exercice.", by=by)
        outcome_id = stage.outcome(case).id

        with pytest.raises(ScoresFrozen), unit_of_work():
            feedback.reply(
                outcome_id, "disagree", "Je ne suis pas d'accord.",
                asks_reconsideration=True, by=stage.author,
            )  # fmt: skip
        with unit_of_work():
            feedback.reply(outcome_id, "agree", by=stage.author)

        assert stage.state(case) is CaseState.FINAL

    def test_only_a_network_lead_freezes(self, session, stage):
        with pytest.raises(NotAllowed), unit_of_work():
            settling.freeze_campaign(stage.campaign.id, by=stage.author)

    def test_a_running_campaign_is_not_frozen(self, session, stage):
        with pytest.raises(IllegalMove), unit_of_work():
            settling.freeze_campaign(stage.campaign.id, by=lead(session))
