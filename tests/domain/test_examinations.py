from typing import get_args

from peeraudit.domain.examinations import LATERALITY_LABELS, URGENCY_LABELS, facts_of
from peeraudit.domain.intake.reports import Laterality, Urgency


def test_every_side_and_urgency_has_its_words():
    assert set(LATERALITY_LABELS) == set(get_args(Laterality)) - {""}
    assert set(URGENCY_LABELS) == set(get_args(Urgency)) - {""}


def test_before_a_report_is_shown_only_what_was_given_is_told():
    facts = facts_of("left", "urgent", "region laterality")

    assert facts.given() == facts_of("", "urgent", "")
