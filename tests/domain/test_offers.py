from datetime import timedelta

import pytest

from peeraudit.domain.offers import answer_by, has_lapsed
from peeraudit.domain.protocol import Delays
from peeraudit.domain.workflow import AssignmentState
from tests.factories.moments import MOMENT

HOUR = timedelta(hours=1)
NEVER_LAPSES = set(AssignmentState) - {AssignmentState.OFFERED, AssignmentState.ACCEPTED}


def test_an_offer_waits_for_as_many_days_as_the_protocol_says():
    assert answer_by(MOMENT, Delays(answer_days=5)) == MOMENT + timedelta(days=5)


def test_without_such_a_rule_it_waits_until_its_due_day():
    assert answer_by(MOMENT, Delays()) is None


@pytest.mark.parametrize(
    ("state", "answer", "due", "lapsed"),
    [
        (AssignmentState.OFFERED, -HOUR, HOUR, True),
        (AssignmentState.OFFERED, HOUR, 2 * HOUR, False),
        (AssignmentState.OFFERED, None, HOUR, False),
        (AssignmentState.OFFERED, None, -HOUR, True),
        (AssignmentState.OFFERED, HOUR, -HOUR, True),
        (AssignmentState.ACCEPTED, -2 * HOUR, HOUR, False),
        (AssignmentState.ACCEPTED, -2 * HOUR, -HOUR, True),
        *((state, -HOUR, -HOUR, False) for state in sorted(NEVER_LAPSES)),
    ],
)
def test_what_lapses(state, answer, due, lapsed):
    until = None if answer is None else MOMENT + answer

    assert has_lapsed(state, answer=until, due=MOMENT + due, now=MOMENT) is lapsed
