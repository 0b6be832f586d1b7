import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.integrity.blinding_indices import bang_index
from peeraudit.domain.statistics.panel_blinding import Guesses, panel_blinding
from peeraudit.domain.summaries.blinding_page import blinding_rows, recognition_told, together_told

NAMES = {"a": "Nord", "b": "Sud"}


def guesses(table=((20, 5), (4, 12)), unsure=(40, 45), authors=(9, 3), *, asks_department=True):
    return Guesses(("a", "b"), table, unsure, authors, asks_department)


def test_each_department_is_an_arm_and_all_of_them_one_more():
    found = panel_blinding(guesses())

    assert set(found) == {"author", "department", "together", "arm:a", "arm:b"}
    assert found["arm:a"].value == bang_index(20, 4, 40).value
    assert found["department"].value == bang_index(32, 9, 85).value
    assert found["author"].value == bang_index(9, 3, 114).value
    assert [row.name for row in blinding_rows(found, NAMES)][2:] == ["Nord", "Sud"]
    assert together_told(found).params["index"]["decimal"] == found["together"].value
    assert len(list(recognition_told(found))) == 2


def test_an_arm_of_few_answers_is_not_told_and_says_why():
    found = panel_blinding(guesses(table=((2, 5), (1, 12)), unsure=(26, 45)))

    assert (found["arm:a"].value, found["arm:a"].reasons) == (None, ("ANSWERS_LT_30",))
    assert found["arm:a"].details == {}
    assert found["arm:b"].value is not None
    assert blinding_rows(found, NAMES)[2].counts is None


def test_where_nobody_named_anybody_no_interval_is_made_up():
    found = panel_blinding(guesses(table=((0, 0), (0, 0)), authors=(0, 0)))

    assert {one.value for one in found.values()} == {None}
    assert {one.reasons for one in found.values()} == {("NO_VARIATION",)}
    assert list(recognition_told(found)) == []


def test_a_department_that_is_shown_was_not_asked_about():
    assert set(panel_blinding(guesses(asks_department=False))) == {"author"}


def test_where_nobody_was_asked_there_is_nothing():
    assert panel_blinding(None) == {}
    assert blinding_rows({}, NAMES) == ()


counts = st.integers(0, 60)


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(st.tuples(counts, counts), st.tuples(counts, counts)),
    st.tuples(counts, counts),
    st.data(),
)
def test_an_index_has_an_interval_or_says_what_is_missing(table, unsure, data):
    answers = sum(map(sum, table)) + sum(unsure)
    right = data.draw(st.integers(0, answers))
    given_ = guesses(table, unsure, (right, data.draw(st.integers(0, answers - right))))

    found = panel_blinding(given_)
    rows = blinding_rows(found, NAMES)

    assert (
        Guesses.from_dict(
            {
                "places": given_.places,
                "table": given_.table,
                "unsure": given_.unsure,
                "authors": given_.authors,
                "asks_department": True,
            }
        )
        == given_
    )
    for one in found.values():
        assert (one.value is None) == (one.ci is None)
        assert one.value is not None or one.reasons
    for row in rows:
        assert (row.value is None) == (row.counts is None)
        assert row.counts is None or sum(row.counts) >= 30
    assert sum(found[f"arm:{place}"].n for place in "ab") <= answers


@pytest.mark.parametrize(
    ("arm", "said"),
    [((2, 2, 196), "no sign"), ((60, 5, 40), "recognised more"), ((15, 15, 4), "cannot be told")],
)
def test_an_index_is_put_into_words(arm, said):
    right, wrong, unsure = arm
    found = panel_blinding(guesses(((right, 0), (wrong, 0)), (unsure, 0)))

    assert said in blinding_rows({"arm:a": found["arm:a"]}, NAMES)[0].verdict.message
