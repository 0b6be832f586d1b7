from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import AlreadySettled
from peeraudit.domain.errors import InvalidFields, NotAllowed, NotFound
from peeraudit.domain.workflow import AssignmentState, CaseState, DeclineReason, Turn
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import adjudication, readings
from peeraudit.services.adjudication import Decision, NotToSettle
from peeraudit.tasks.upkeep import sweep
from tests.factories.moments import MOMENT
from tests.factories.settling import make_stage

DECISION = Decision("3a", "missed_finding", "Le nodule mesure 9 mm et n'est pas décrit.", 45)


@pytest.fixture
def stage(session):
    return make_stage(session)


def settle(stage, case, decision=DECISION):
    by, assignment_id = stage.adjudicator(case)
    with unit_of_work():
        return adjudication.settle_case(assignment_id, decision, by=by)


class TestListCases:
    def test_it_lists_the_own_waiting_cases_and_counts_the_settled(self, stage):
        cases = [stage.disputed() for _ in range(2)]
        by, _ = stage.adjudicator(cases[0])
        mine = [case for case in cases if stage.adjudicator(case)[0] == by]

        before = adjudication.list_cases(by=by)
        settle(stage, cases[0])
        after = adjudication.list_cases(by=by)

        assert {one.code for one in before.cases} == {case.code for case in mine}
        assert len(after.cases) == len(mine) - 1
        assert (before.done, after.done) == (0, 1)
        assert adjudication.find_next(by=by) == (
            after.cases[0].assignment_id if after.cases else None
        )

    def test_a_reviewer_has_no_such_list(self, stage):
        with pytest.raises(NotAllowed):
            adjudication.list_cases(by=replace(stage.author, role=Role.REVIEWER))


class TestShowCase:
    def test_it_shows_both_reviews_and_nothing_of_who_wrote_them(self, session, stage):
        case = stage.case(both=True)
        stage.score(case, "2b", words="Avis premier, suffisamment long.")
        stage.score(case, "3a", words="Avis second, suffisamment long.")
        by, assignment_id = stage.adjudicator(case)

        view = adjudication.show_case(assignment_id, by=by)

        assert [one.letter for one in view.opinions] == ["A", "B"]
        assert {one.score for one in view.opinions} == {"2b", "3a"}
        assert view.contested is None
        shown = repr(view)
        hidden = [str(r.id) for r in stage.readers]
        hidden += [str(r.account_id) for r in stage.readers]
        hidden += ["LENOIR", str(stage.home.id), stage.home.name]
        hidden += [str(i) for i in session.scalars(select(Review.id))]
        assert [word for word in hidden if word in shown] == []

    def test_the_order_tells_nothing_of_the_turn(self, stage):
        orders = set()
        for _ in range(8):
            case = stage.disputed()
            by, assignment_id = stage.adjudicator(case)
            view = adjudication.show_case(assignment_id, by=by)
            orders.add(tuple(one.score for one in view.opinions))

        assert orders == {("2b", "3a"), ("3a", "2b")}

    def test_nobody_sees_anothers_case(self, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)
        [other] = [a for a in stage.adjudicators if a.account_id != by.account_id]

        with pytest.raises(NotFound):
            adjudication.show_case(assignment_id, by=Actor(other.account_id, Role.ADJUDICATOR))

    def test_a_reader_does_not_reach_a_reading_through_this_page(self, session, stage):
        case = stage.case()
        [row] = stage.waiting(case, (Turn.FIRST,))

        with pytest.raises(NotFound):
            adjudication.show_case(row.id, by=Actor(stage.readers[0].account_id, Role.ADJUDICATOR))


class TestSettleCase:
    def test_a_serious_decision_is_told_to_the_author(self, session, stage):
        case = stage.disputed()

        outcome_id = settle(stage, case)

        outcome = stage.outcome(case)
        assert outcome.id == outcome_id
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
        assert (outcome.score, outcome.basis) == ("3a", "adjudicated")
        assert outcome.comment == DECISION.comment

    def test_a_mild_decision_is_final(self, stage):
        case = stage.disputed()

        settle(stage, case, Decision("1"))

        assert stage.state(case) is CaseState.FINAL
        assert stage.outcome(case).score == "1"

    def test_it_is_kept_as_a_review_that_never_changes(self, session, stage):
        case = stage.disputed()
        settle(stage, case)

        review = session.scalars(select(Review).where(Review.turn == Turn.ADJUDICATOR)).one()
        assert (review.score, review.seconds) == ("3a", 45)
        with pytest.raises(DatabaseError, match="never change"):
            session.execute(update(Review).values(score="1"))

    def test_a_second_click_changes_nothing(self, session, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)
        settle(stage, case)

        with pytest.raises(AlreadySettled), unit_of_work():
            adjudication.settle_case(assignment_id, Decision("1"), by=by)

        assert stage.outcome(case).score == "3a"
        decided = select(func.count()).select_from(Review).where(Review.turn == Turn.ADJUDICATOR)
        assert session.scalar(decided) == 1

    @pytest.mark.parametrize(
        ("decision", "field"),
        [
            (Decision(""), "score"),
            (Decision("9"), "score"),
            (Decision("3a", "", "Assez de mots ici."), "error_type"),
            (Decision("3a", "missed_finding", "court"), "comment"),
        ],
    )
    def test_an_incomplete_decision_is_refused(self, stage, decision, field):
        case = stage.disputed()

        with pytest.raises(InvalidFields) as refused:
            settle(stage, case, decision)

        assert field in refused.value.fields
        assert stage.state(case) is CaseState.ADJUDICATION

    def test_one_that_was_begun_is_settled_as_well(self, session, stage):
        case = stage.disputed()
        stage.waiting(case)[0].state = AssignmentState.STARTED
        session.commit()

        settle(stage, case)

        assert stage.outcome(case).score == "3a"

    def test_a_case_that_is_masked_again_waits(self, session, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)
        session.get_one(Case, case.id).state = CaseState.QUARANTINED
        session.commit()

        with pytest.raises(NotToSettle, match="taken back"):
            adjudication.show_case(assignment_id, by=by)


class TestLeave:
    def test_who_recognises_the_author_gives_the_case_back(self, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)

        with unit_of_work():
            readings.decline(assignment_id, DeclineReason.RECOGNISED, by=by)
        sweep()

        other, new_id = stage.adjudicator(case)
        assert other != by
        with pytest.raises(NotToSettle):
            adjudication.show_case(assignment_id, by=by)
        assert adjudication.show_case(new_id, by=other)

    def test_a_case_that_names_somebody_goes_back_to_its_department(self, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)

        with unit_of_work():
            readings.decline(assignment_id, DeclineReason.IDENTIFIER_SEEN, by=by)

        assert stage.state(case) is CaseState.QUARANTINED
        assert adjudication.list_cases(by=by).cases == ()


class TestConstraints:
    @pytest.mark.parametrize("score", ["2b", "3a", "3b"])
    def test_a_serious_outcome_is_never_final_before_its_author_was_told(
        self, session, stage, score
    ):
        case = stage.case()
        session.add(
            Outcome(
                case_id=case.id, score=score, basis="adjudicated",
                proposed_at=MOMENT, final_at=MOMENT,
            )
        )  # fmt: skip

        with pytest.raises(IntegrityError, match="author_first"):
            session.flush()

    def test_two_never_settle_one_case_at_once(self, session, stage):
        case = stage.disputed()
        [row] = stage.waiting(case)
        [other] = [a for a in stage.adjudicators if a.id != row.reviewer_id]
        session.add(
            Assignment(
                campaign_id=case.campaign_id, case_id=case.id, reviewer_id=other.id,
                turn=Turn.ADJUDICATOR, state=AssignmentState.OFFERED, due_at=MOMENT,
            )
        )  # fmt: skip

        with pytest.raises(IntegrityError):
            session.flush()
