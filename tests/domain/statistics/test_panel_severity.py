from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.panel_severity import (
    code_of,
    own_severity,
    panel_severity,
    rows_of,
    shown_severity,
)
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.summaries.severity_page import own_sentence, severity_row, severity_table

# Six reviewers of two modalities; the last one calls three times as often as the others.
ROWS = (
    *((("CT", 100 + k, 6), ("MR", 50, 3)) for k in range(5)),
    (("CT", 120, 24), ("MR", 60, 12)),
)

reviewers = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["CT", "MR", "US"]), st.integers(1, 60)), min_size=1, max_size=3
    ),
    min_size=1,
    max_size=8,
)


def made(found):
    return rows_of(
        Counter(
            (f"reviewer {who}", modality, k % 7 == who % 7)
            for who, parts in enumerate(found)
            for modality, n in parts
            for k in range(n)
        )
    )


def test_who_calls_more_often_has_an_odds_ratio_above_one_and_nobody_has_a_name():
    panel = shown_severity(panel_severity(ROWS))

    severe = own_severity(ROWS, ROWS[-1], panel)
    mild = own_severity(ROWS, ROWS[0], panel)
    assert set(panel.units) == {"R01", "R02", "R03", "R04", "R05", "R06"}
    assert severity_row("", severe).odds_ratio > 1.5 > severity_row("", mild).odds_ratio
    assert severe.ci[0] > 0
    assert "more often" in own_sentence(severity_row("", severe)).message
    assert severity_table(panel).sentences[0].params["apart"] == {"number": 1}


def test_codes_follow_the_counts_and_not_the_severity():
    assert [code_of(place, 120) for place in (0, 119)] == ["R001", "R120"]


def test_who_has_few_readings_is_not_shown_and_reads_why():
    rows = (*ROWS, (("CT", 29, 2),))
    panel = shown_severity(panel_severity(rows))

    found = own_severity(rows, rows[-1], panel)
    table = severity_table(panel)

    assert (found.value, found.ci, found.reasons) == (None, None, ("READINGS_LT_30",))
    assert (
        own_sentence(severity_row("", found)).message == "The reviewer has fewer than 30 readings."
    )
    assert (len(table.rows), table.hidden) == (6, 1)


def test_with_four_reviewers_nobody_is_shown():
    panel = shown_severity(panel_severity(ROWS[:4]))

    assert (panel.units, panel.reasons) == ({}, ("REVIEWERS_LT_5",))
    assert severity_table(panel).rows == ()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((), "ALLOCATION_NOT_RANDOM"),
        (((("CT", 90, 9),), (("MR", 90, 5),)), "DESIGN_NOT_CONNECTED"),
        # Two pairs that no third reviewer links.
        (
            ((("CT", 50, 5), ("US", 9, 1)), (("US", 50, 4),), (("MR", 50, 4), ("MG", 5, 0))),
            "DESIGN_NOT_CONNECTED",
        ),
    ],
)
def test_what_would_compare_nobody_with_nobody_is_no_panel(rows, why):
    panel = shown_severity(panel_severity(rows))

    assert (panel.units, panel.reasons) == ({}, (why,))
    assert severity_table(panel).sentences[0].message


def test_one_reviewer_may_link_all_others():
    rows = ((("CT", 50, 5),), (("MR", 50, 4),), (("CT", 40, 3), ("MR", 40, 3)))

    assert len(panel_severity(rows).units) == 3


@settings(deadline=None, max_examples=25)
@given(reviewers, st.randoms())
def test_the_same_counts_give_the_same_panel_whoever_they_are_of(found, random):
    rows = made(found)
    shuffled = list(rows)
    random.shuffle(shuffled)
    panel = panel_severity(rows)

    assert panel_severity(shuffled).to_dict() == panel.to_dict()
    assert Panel.from_dict(panel.to_dict()).to_dict() == panel.to_dict()
    for one in shown_severity(panel).units.values():
        assert (one.value is None) == (one.ci is None)
        assert one.value is not None or one.reasons
