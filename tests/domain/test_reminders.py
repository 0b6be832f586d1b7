from datetime import date, timedelta

import pytest

from peeraudit.domain.reminders import Reminder, ReminderKind, answer_reminder_on, reminder_on

DUE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days_after_due", "expected"),
    [
        (-4, None),
        (-3, Reminder(ReminderKind.BEFORE_DUE)),
        (-1, Reminder(ReminderKind.BEFORE_DUE)),
        (0, Reminder(ReminderKind.AT_DUE)),
        (1, Reminder(ReminderKind.AFTER_DUE, 1)),
        (7, Reminder(ReminderKind.AFTER_DUE, 1)),
        (8, Reminder(ReminderKind.AFTER_DUE, 2)),
        (15, Reminder(ReminderKind.AFTER_DUE, 3)),
    ],
)
def test_reminders_come_before_at_and_weekly_after_the_due_day(days_after_due, expected):
    assert reminder_on(DUE + timedelta(days=days_after_due), due=DUE) == expected


@pytest.mark.parametrize(("left", "number"), [(2, None), (1, 1), (0, 2), (-1, None)])
def test_an_offer_is_recalled_twice_before_it_lapses(left, number):
    day = date(2026, 12, 1)

    found = answer_reminder_on(day, last=day + timedelta(days=left))

    assert found == (number and Reminder(ReminderKind.TO_ANSWER, number))
