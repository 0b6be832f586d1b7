import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.statistics.panel_agreement import SecondReads, panel_agreement
from tests.domain.statistics.test_agreement_two_phase import FIRST, TABLE

SCALE = find_instrument("CR3", 1)
PATTERNS = (((2, 0, 0, 0, 0), 50), ((0, 0, 2, 0, 0), 6), ((1, 0, 1, 0, 0), 2))


def seconds(first=FIRST, table=TABLE, *, is_routed=True):
    return SecondReads(tuple(first), tuple(map(tuple, table)), is_routed)


def test_where_the_first_score_decided_every_class_counts_with_its_weight():
    found = panel_agreement(PATTERNS, seconds(), SCALE)

    positive, alpha, same = found["positive"], found["alpha"], found["same"]
    assert {one.method for one in found.values()} == {"S3.04@1"}
    assert positive.value == pytest.approx(0.445595855, abs=1e-9)
    assert positive.ci == pytest.approx((0.313320448, 0.586054436), abs=1e-9)
    assert alpha.ci == pytest.approx((0.228293286, 0.553324256), abs=1e-9)
    # What nobody may take for the agreement stands beside it, and beside what chance gives.
    assert same.value == pytest.approx(0.875)
    assert same.details["naive"] == pytest.approx(0.639534884, abs=1e-9)
    assert same.details["independence"] < same.value
    assert positive.details["read_twice"] == 172


def test_chance_gives_the_share_of_discrepant_readings_had_all_been_read_twice():
    found = panel_agreement(PATTERNS, seconds(), SCALE)["positive"]

    again = [
        sum(FIRST[j] * row[k] / sum(row) for j, row in enumerate(TABLE)) for k in range(len(FIRST))
    ]
    called = (sum(FIRST[1:]) + sum(again[1:])) / (2 * sum(FIRST))
    assert found.details["independence"] == pytest.approx(called)


@pytest.mark.parametrize(
    ("first", "table", "why"),
    [
        # 59 concordant cases read again are one too few.
        (FIRST, [[52, 4, 2, 1, 0], *TABLE[1:]], ["SECOND_READS_LT_60"]),
        (FIRST, [*TABLE[:4], [0] * 5], ["CLASS_WITHOUT_SECOND_READ"]),
        (
            [920, 4, 0, 0, 0],
            [[92, 0, 0, 0, 0], [2, 2, 0, 0, 0], *([[0] * 5] * 3)],
            ["DISCREPANT_LT_10"],
        ),
    ],
)
def test_what_cannot_be_weighted_says_why_and_only_designated_cases_count(first, table, why):
    found = panel_agreement(PATTERNS, seconds(first, table), SCALE)

    assert set(found) == {"positive", "alpha"}
    assert {one.method for one in found.values()} == {"S3.01@1"}
    assert found["positive"].value == pytest.approx(12 / 14)
    assert found["positive"].details["not_weighted"] == why


def test_where_no_score_decided_nothing_is_weighted_and_nothing_explained():
    found = panel_agreement(PATTERNS, seconds(is_routed=False), SCALE)

    assert found["positive"].method == "S3.01@1"
    assert "not_weighted" not in found["positive"].details


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=5, max_size=5), min_size=5, max_size=5),
    st.lists(st.integers(0, 200), min_size=5, max_size=5),
)
def test_a_coefficient_has_an_interval_or_says_what_is_missing(table, unread):
    first = [sum(row) + more for row, more in zip(table, unread, strict=True)]

    for one in panel_agreement(PATTERNS, seconds(first, table), SCALE).values():
        assert one.value is not None
        assert one.ci is not None
        assert one.ci[0] <= one.value <= one.ci[1]
        assert one.method == "S3.04@1" or one.details["not_weighted"]
