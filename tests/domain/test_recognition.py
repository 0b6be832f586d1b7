from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.recognition import (
    Judged,
    Recognised,
    Recognition,
    RecognitionAnswer,
    check_answer,
    count_guesses,
    names_author,
)
from peeraudit.domain.statistics.integrity.blinding_indices import (
    bang_index,
    guess_test,
    james_index,
)

PLACES = tuple(UUID(int=number) for number in range(1, 4))
NO, GUESS, SURE = Recognition
AUTHOR, DEPARTMENT = Recognised


def problems(answer, about=tuple(Recognised), places=PLACES):
    with pytest.raises(InvalidFields) as caught:
        check_answer(answer, about, places)
    return set(caught.value.fields)


class TestCheckAnswer:
    @pytest.mark.parametrize(
        "answer",
        [
            RecognitionAnswer(NO),
            RecognitionAnswer(GUESS, DEPARTMENT),
            RecognitionAnswer(SURE, DEPARTMENT, PLACES[0]),
            RecognitionAnswer(GUESS, AUTHOR, PLACES[0], "Lenoir"),
        ],
    )
    def test_it_takes_what_makes_sense(self, answer):
        check_answer(answer, tuple(Recognised), PLACES)

    def test_whoever_recognised_nobody_names_nobody(self):
        assert problems(RecognitionAnswer(NO, name="Lenoir")) == {"recognition"}
        assert problems(RecognitionAnswer(NO, DEPARTMENT)) == {"recognition"}

    def test_a_guess_says_of_what(self):
        assert problems(RecognitionAnswer(GUESS)) == {"about"}

    def test_a_department_that_is_shown_is_not_recognised(self):
        assert problems(RecognitionAnswer(SURE, DEPARTMENT), about=(AUTHOR,)) == {"about"}

    def test_a_department_that_is_not_offered_is_refused(self):
        assert problems(RecognitionAnswer(SURE, DEPARTMENT, uuid4())) == {"department_id"}

    def test_an_endless_name_is_refused(self):
        assert problems(RecognitionAnswer(SURE, AUTHOR, name="x" * 121)) == {"name"}


class TestNamesAuthor:
    @pytest.mark.parametrize(
        "guess", ["Lenoir", "Dr LENOIR", "M. Lenoir", "marie lenoir", "Pr Lenoîr"]
    )
    def test_the_family_name_is_enough(self, guess):
        assert names_author(guess, "Marie LENOIR")

    @pytest.mark.parametrize("guess", ["", "Marie", "Dr", "Paul Lenoir", "P. Lenoir", "Lenoire"])
    def test_another_name_is_wrong(self, guess):
        assert not names_author(guess, "Marie LENOIR")


ANSWERS = st.lists(
    st.builds(
        Judged,
        recognition=st.sampled_from(Recognition),
        truth=st.sampled_from(PLACES),
        guess=st.none() | st.sampled_from(PLACES),
        author=st.none() | st.booleans(),
    ),
    max_size=40,
)


class TestCountGuesses:
    @given(ANSWERS)
    def test_every_answer_is_counted_once(self, answers):
        counts = count_guesses(answers, PLACES)

        arms = sum(one.right + one.wrong + one.unsure for one in counts.arms)
        table = sum(map(sum, counts.james_table))
        assert arms == table == sum(counts.answers.values()) == len(answers)
        assert counts.places == PLACES

    @given(ANSWERS)
    def test_the_tables_are_those_that_the_indices_take(self, answers):
        counts = count_guesses(answers, PLACES)

        james = james_index(counts.james_table)
        many = guess_test(counts.guesses, dont_know=sum(counts.unsure))
        bang = [bang_index(one.right, one.wrong, one.unsure) for one in counts.arms]
        assert james.n in {None, 0, len(answers)}
        assert many.n in {None, 0, len(answers)}
        assert sum(one.n or 0 for one in bang) == len(answers)

    def test_by_hand(self):
        here, there = PLACES[:2]
        counts = count_guesses(
            [
                Judged(SURE, here, here, author=True),
                Judged(GUESS, here, there, author=False),
                Judged(NO, here),
                Judged(GUESS, there, there),
            ],
            (here, there),
            unanswered=2,
        )

        assert [(a.right, a.wrong, a.unsure) for a in counts.arms] == [(1, 1, 1), (1, 0, 0)]
        assert counts.james_table == ((1, 0), (1, 1), (1, 0))
        assert counts.answers == {NO: 1, GUESS: 2, SURE: 1}
        assert (counts.authors_right, counts.authors_wrong, counts.unanswered) == (1, 1, 2)
