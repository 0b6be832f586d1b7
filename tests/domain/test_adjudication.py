from itertools import product

import pytest

from peeraudit.domain.adjudication import (
    WORDS_MAXIMUM,
    AlreadyReconsidered,
    AlreadyReplied,
    AuthorNotNotified,
    Basis,
    Candidate,
    Outcome,
    Route,
    Step,
    adjudicate,
    check_final,
    check_reply,
    check_words,
    choose_adjudicator,
    events_after,
    needs_notice,
    order_for_adjudicator,
    route_case,
)
from peeraudit.domain.errors import InvalidFields, NotFound
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.protocol import Routing
from peeraudit.domain.workflow import CaseEvent

ROUTING = Routing()


class TestRouteCase:
    @pytest.mark.parametrize("score", ["1", "2a"])
    def test_a_mild_single_review_closes(self, score):
        step = route_case([score], 1, ROUTING)

        assert step == Step(Route.CLOSE, Outcome(score, Basis.SINGLE))

    @pytest.mark.parametrize("score", ["2b", "3a", "3b"])
    def test_no_single_review_settles_a_serious_score(self, score):
        assert route_case([score], 1, ROUTING) == Step(Route.SECOND_REVIEW)

    @pytest.mark.parametrize("score", CR3_1.codes)
    def test_a_designated_double_reading_waits_for_both(self, score):
        assert route_case([score], 2, ROUTING) == Step(Route.WAIT)

    def test_nothing_is_settled_without_a_review(self):
        assert route_case([], 0, ROUTING) == Step(Route.WAIT)

    @pytest.mark.parametrize("planned", [1, 2])
    @pytest.mark.parametrize(("first", "second"), list(product(CR3_1.codes, CR3_1.codes)))
    def test_two_reviews_close_if_they_agree(self, first, second, planned):
        step = route_case([first, second], planned, ROUTING)

        if first == second:
            assert step == Step(Route.CLOSE, Outcome(first, Basis.AGREEMENT))
        else:
            assert step == Step(Route.ADJUDICATE)


class TestEventsAfter:
    def test_each_step_moves_the_case(self):
        mild = Step(Route.CLOSE, Outcome("2a", Basis.SINGLE))
        serious = Step(Route.CLOSE, Outcome("3a", Basis.AGREEMENT))

        assert events_after(mild, CR3_1) == (CaseEvent.CONCUR, CaseEvent.PROPOSE)
        assert events_after(serious, CR3_1) == (CaseEvent.PROPOSE,)
        assert events_after(Step(Route.SECOND_REVIEW), CR3_1) == (CaseEvent.ASK_SECOND,)
        assert events_after(Step(Route.ADJUDICATE), CR3_1) == (CaseEvent.ADJUDICATE,)
        assert events_after(Step(Route.WAIT), CR3_1) == ()


class TestAdjudicate:
    def test_the_outcome_says_that_it_was_decided(self):
        assert adjudicate("2b", CR3_1) == Outcome("2b", Basis.ADJUDICATED)

    def test_a_score_off_the_scale_is_refused(self):
        with pytest.raises(NotFound):
            adjudicate("9", CR3_1)


class TestCheckFinal:
    @pytest.mark.parametrize("score", ["2b", "3a", "3b"])
    def test_a_serious_outcome_is_never_final_before_its_author_knows(self, score):
        assert needs_notice(CR3_1, score)

        with pytest.raises(AuthorNotNotified, match="before its author has been notified"):
            check_final(CR3_1, score, notified=False, awaiting_reply=False)

        check_final(CR3_1, score, notified=True, awaiting_reply=False)

    @pytest.mark.parametrize("score", ["1", "2a"])
    def test_a_mild_one_needs_no_notice(self, score):
        check_final(CR3_1, score, notified=False, awaiting_reply=False)

    def test_a_notified_author_is_given_the_time_to_reply(self):
        with pytest.raises(AuthorNotNotified, match="may still reply"):
            check_final(CR3_1, "3b", notified=True, awaiting_reply=True)


class TestCheckReply:
    def test_a_first_reply_may_ask_for_reconsideration(self):
        check_reply(replied=False, asks_reconsideration=True, reconsidered=False)

    def test_there_is_one_reply(self):
        with pytest.raises(AlreadyReplied):
            check_reply(replied=True, asks_reconsideration=False, reconsidered=False)

    def test_there_is_one_reconsideration(self):
        check_reply(replied=False, asks_reconsideration=False, reconsidered=True)

        with pytest.raises(AlreadyReconsidered):
            check_reply(replied=False, asks_reconsideration=True, reconsidered=True)


class TestOrderForAdjudicator:
    def test_it_depends_on_the_seed_and_not_on_the_turn(self):
        orders = {
            tuple(order_for_adjudicator(ids, seed=f"s{n}", case="K7"))
            for n in range(20)
            for ids in (["a", "b"], ["b", "a"])
        }

        assert orders == {("a", "b"), ("b", "a")}
        assert all(
            order_for_adjudicator(["a", "b"], seed=f"s{n}", case="K7")
            == order_for_adjudicator(["b", "a"], seed=f"s{n}", case="K7")
            for n in range(20)
        )


class TestCheckWords:
    @pytest.mark.parametrize(
        ("stance", "words", "asks"),
        [("agree", "", False), ("disagree", "I see it differently.", False),
         ("disagree", "I see it differently.", True)],
    )  # fmt: skip
    def test_a_clear_reply_passes(self, stance, words, asks):
        check_words(stance, words, asks_reconsideration=asks)

    @pytest.mark.parametrize(
        ("stance", "words", "asks", "field"),
        [
            ("", "", False, "stance"),
            ("perhaps", "", False, "stance"),
            ("agree", "", True, "asks_reconsideration"),
            ("disagree", "  no  ", False, "text"),
            ("agree", "x" * (WORDS_MAXIMUM + 1), False, "text"),
        ],
    )
    def test_an_unclear_one_is_refused_at_its_field(self, stance, words, asks, field):
        with pytest.raises(InvalidFields) as refused:
            check_words(stance, words, asks_reconsideration=asks)

        assert set(refused.value.fields) == {field}


class TestChooseAdjudicator:
    def test_nobody_may(self):
        assert choose_adjudicator([], seed="s", case="K7") is None

    def test_the_fewest_waiting_comes_first(self):
        people = [Candidate("a", 2), Candidate("b", 1), Candidate("c", 3)]

        assert choose_adjudicator(people, seed="s", case="K7") == "b"

    def test_ties_are_decided_by_the_seed_and_not_by_the_order(self):
        people = [Candidate("a", 1), Candidate("b", 1)]

        chosen = [choose_adjudicator(people, seed=f"s{n}", case="K7") for n in range(20)]

        assert set(chosen) == {"a", "b"}
        assert chosen == [
            choose_adjudicator(people[::-1], seed=f"s{n}", case="K7") for n in range(20)
        ]
