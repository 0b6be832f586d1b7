from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import AlreadyReplied
from peeraudit.domain.errors import IllegalMove, InvalidFields, NotAllowed, NotFound
from peeraudit.domain.workflow import CaseState, Turn
from peeraudit.models.accounts import Account
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.assignments import Assignment
from peeraudit.models.messages import Message
from peeraudit.models.scoring import Review
from peeraudit.services import adjudication, feedback, settling
from peeraudit.tasks.expiry import expire_duties
from tests.factories.accounts import make_account
from tests.factories.settling import make_adjudicator, make_author, make_stage

WORDS = "Le nodule était connu et décrit dans le compte rendu précédent."


@pytest.fixture
def stage(session):
    return make_stage(session)


@pytest.fixture
def case(stage):
    """A case whose serious outcome its author has been told of."""
    case = stage.case(both=True)
    for _ in range(2):
        stage.score(case, "3a")
    return case


def reply(stage, case, stance="disagree", text=WORDS, *, again=False):
    with unit_of_work():
        feedback.reply(
            stage.outcome(case).id, stance, text, asks_reconsideration=again, by=stage.author
        )


def told(session, account_id):
    kinds = select(Message.kind).where(Message.account_id == account_id)
    return sorted(session.scalars(kinds).all())


class TestListOutcomes:
    def test_what_may_be_answered_comes_first(self, stage, case):
        mild = stage.case()
        stage.score(mild, "1")

        found = feedback.list_outcomes(by=stage.author)

        assert [line.score for line in found.to_answer] == ["3a"]
        assert [line.score for line in found.others] == ["1"]
        assert found.others[0].is_final
        assert dict(found.scores) == {"3a": 1, "1": 1}

    def test_nobody_reads_anothers(self, session, stage, case):
        other = make_author(session, stage.home, key="RPPS-2")

        assert feedback.list_outcomes(by=other).scores == {}
        with pytest.raises(NotFound):
            feedback.show_outcome(stage.outcome(case).id, by=other)
        with pytest.raises(NotFound), unit_of_work():
            feedback.reply(stage.outcome(case).id, "agree", by=other)

    def test_another_role_of_the_same_person_reads_nothing(self, stage, case):
        with pytest.raises(NotAllowed):
            feedback.list_outcomes(by=replace(stage.author, role=Role.QUALITY_LEAD))

    def test_an_outcome_under_way_is_not_shown(self, stage):
        stage.disputed()

        found = feedback.list_outcomes(by=stage.author)

        assert found.to_answer == found.others == ()


class TestShowOutcome:
    def test_it_tells_what_and_never_who(self, session, stage, case):
        view = feedback.show_outcome(stage.outcome(case).id, by=stage.author)

        assert view.line.score == "3a"
        assert view.line.accession.startswith("ACC-")
        assert view.line.may_reply
        assert view.is_open
        shown = repr(view)
        hidden = [str(r.id) for r in stage.readers] + [str(r.account_id) for r in stage.readers]
        hidden += [str(one) for one in session.scalars(select(Review.id))]
        names = select(Account.name).where(Account.id.in_([r.account_id for r in stage.readers]))
        hidden += session.scalars(names).all()
        assert [word for word in hidden if word in shown] == []


class TestReply:
    def test_an_author_who_agrees_makes_it_final(self, session, stage, case):
        reply(stage, case, "agree", "")

        assert stage.state(case) is CaseState.FINAL
        assert stage.outcome(case).final_at is not None
        view = feedback.show_outcome(stage.outcome(case).id, by=stage.author)
        assert view.reply.stance == "agree"
        assert not view.line.may_reply

    def test_a_disagreement_without_more_is_kept_and_final(self, stage, case):
        reply(stage, case)

        assert stage.state(case) is CaseState.FINAL

    def test_a_second_reply_is_refused(self, session, stage, case):
        reply(stage, case)

        with pytest.raises(AlreadyReplied):
            reply(stage, case, "agree", "")

        assert session.scalar(select(func.count()).select_from(Reply)) == 1

    @pytest.mark.parametrize(
        ("stance", "text", "again", "field"),
        [
            ("", "", False, "stance"),
            ("agree", "", True, "asks_reconsideration"),
            ("disagree", "non", False, "text"),
            ("agree", "x" * 5001, False, "text"),
        ],
    )
    def test_an_unclear_reply_is_refused(self, stage, case, stance, text, again, field):
        with pytest.raises(InvalidFields) as refused:
            reply(stage, case, stance, text, again=again)

        assert field in refused.value.fields
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED

    def test_what_needed_no_word_takes_no_reply(self, stage):
        mild = stage.case()
        stage.score(mild, "1")

        with pytest.raises(IllegalMove):
            reply(stage, mild)

    def test_it_is_too_late_after_the_delay(self, stage, case):
        with clock.shifted(timedelta(days=15)):
            expire_duties()

        with pytest.raises(IllegalMove):
            reply(stage, case)


class TestReconsider:
    def test_another_adjudicator_decides_and_then_it_is_final(self, session, stage):
        case = stage.disputed()
        first, _ = stage.adjudicator(case)
        stage.decide(case, "3a")

        reply(stage, case, again=True)

        assert stage.state(case) is CaseState.ADJUDICATION
        second, assignment_id = stage.adjudicator(case)
        assert second != first
        view = adjudication.show_case(assignment_id, by=second)
        assert view.contested.words == WORDS
        assert view.contested.score == "3a"
        assert adjudication.list_cases(by=second).cases[0].is_reconsideration
        stage.decide(case, "2b")
        outcome = stage.outcome(case)
        assert stage.state(case) is CaseState.FINAL
        assert (outcome.score, outcome.basis) == ("2b", "adjudicated")
        assert outcome.author_notified_at <= outcome.final_at
        assert outcome.reconsidered_at is not None
        assert told(session, stage.author.account_id) == ["outcome_final", "outcome_for_author"]
        decisions = select(Review.score).where(Review.turn == Turn.ADJUDICATOR)
        assert sorted(session.scalars(decisions)) == ["2b", "3a"]

    def test_two_readers_who_agreed_can_be_contested_too(self, stage, case):
        reply(stage, case, again=True)
        stage.decide(case, "1")

        assert stage.state(case) is CaseState.FINAL
        assert stage.outcome(case).score == "1"

    def test_it_happens_once(self, stage, case):
        reply(stage, case, again=True)
        stage.decide(case, "3b")

        with pytest.raises(AlreadyReplied):
            reply(stage, case, again=True)

        assert stage.state(case) is CaseState.FINAL

    def test_the_first_outcome_stands_when_nobody_else_may_decide(self, session):
        stage = make_stage(session, adjudicators=1)
        case = stage.disputed()
        stage.decide(case, "3a")
        reply(stage, case, again=True)
        expire_duties()
        assert stage.state(case) is CaseState.ADJUDICATION

        with clock.shifted(timedelta(days=15)):
            expire_duties()

        outcome = stage.outcome(case)
        assert stage.state(case) is CaseState.FINAL
        assert (outcome.score, outcome.reconsidered_at) == ("3a", None)
        assert "outcome_final" in told(session, stage.author.account_id)
        settlers = (
            select(func.count()).select_from(Assignment).where(Assignment.turn == Turn.ADJUDICATOR)
        )
        assert session.scalar(settlers) == 1

    def test_somebody_who_comes_at_the_last_moment_still_decides(self, session):
        stage = make_stage(session, adjudicators=1)
        case = stage.disputed()
        stage.decide(case, "3a")
        reply(stage, case, again=True)
        home = session.get_one(type(stage.home), stage.readers[0].department_id)
        make_adjudicator(session, home)

        with clock.shifted(timedelta(days=15)):
            expire_duties()

        assert stage.state(case) is CaseState.ADJUDICATION
        assert len(stage.waiting(case)) == 1

    def test_a_freeze_while_nobody_may_decide_lets_it_stand_too(self, session):
        stage = make_stage(session, adjudicators=1)
        case = stage.disputed()
        stage.decide(case, "3a")
        reply(stage, case, again=True)
        lead = Actor(make_account(session, "-", Role.NETWORK_LEAD).id, Role.NETWORK_LEAD)
        with unit_of_work():
            settling.begin_settling(stage.campaign.id, by=lead)
        with unit_of_work():
            settling.freeze_campaign(stage.campaign.id, reason="Fin de l'exercice.", by=lead)

        with clock.shifted(timedelta(days=15)):
            expire_duties()

        assert stage.state(case) is CaseState.FINAL
        assert stage.outcome(case).score == "3a"


class TestExpireReplies:
    def test_nothing_ends_before_its_time(self, stage, case):
        with clock.shifted(timedelta(days=13)):
            expire_duties()

        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED

    def test_the_outcome_is_final_when_time_is_over_and_its_author_is_told_once(
        self, session, stage, case
    ):
        with clock.shifted(timedelta(days=15)):
            expire_duties()
            expire_duties()

        assert stage.state(case) is CaseState.FINAL
        assert told(session, stage.author.account_id) == ["outcome_final", "outcome_for_author"]

    def test_it_takes_up_a_limited_number_at_a_time(self, session, stage, monkeypatch):
        monkeypatch.setattr(feedback, "REPLIES_PER_SWEEP", 2)
        for _ in range(3):
            case = stage.case(both=True)
            stage.score(case, "3b")
            stage.score(case, "3b")

        with clock.shifted(timedelta(days=15)):
            counts = []
            for _ in range(3):
                with unit_of_work():
                    counts.append(feedback.expire_replies())

        assert counts == [2, 1, 0]
        final = select(func.count()).select_from(Outcome).where(Outcome.final_at.is_not(None))
        assert session.scalar(final) == 3
