from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.absences import Away, days_later, may_start, must_hand_over

DAY = date(2026, 12, 1)


def away(first, last):
    return Away(DAY + timedelta(days=first), DAY + timedelta(days=last))


AWAYS = st.lists(
    st.tuples(st.integers(-20, 40), st.integers(0, 30)).map(lambda p: away(p[0], p[0] + p[1])),
    max_size=4,
)


class TestMayStart:
    def test_who_is_away_today_may_not(self):
        assert not may_start([away(0, 0)], DAY, 14)

    def test_who_leaves_for_most_of_the_delay_may_not(self):
        assert may_start([away(7, 30)], DAY, 14)
        assert not may_start([away(6, 30)], DAY, 14)

    def test_what_is_over_or_far_off_does_not_count(self):
        assert may_start([away(-9, -1), away(14, 40)], DAY, 14)

    def test_days_named_twice_count_once(self):
        assert may_start([away(7, 10), away(8, 30)], DAY, 14)


class TestDaysLater:
    def test_what_falls_due_within_an_absence_is_due_as_many_days_later(self):
        due = DAY + timedelta(days=2)

        assert days_later(due, [away(0, 9)], most=14) == 10

    def test_what_falls_due_on_another_day_stays(self):
        assert days_later(DAY, [away(1, 9), away(-5, -1)], most=14) == 0

    def test_the_next_absence_counts_too_where_the_new_day_lies_within_it(self):
        assert days_later(DAY, [away(3, 5), away(0, 2)], most=14) == 6

    def test_a_delay_is_doubled_at_most(self):
        assert days_later(DAY, [away(0, 59)], most=14) == 14

    @given(AWAYS, st.integers(1, 60))
    def test_it_never_falls_due_earlier_nor_more_than_the_delay_later(self, absences, most):
        later = days_later(DAY, absences, most=most)

        assert 0 <= later <= most
        covered = any(one.covers(DAY) for one in absences)
        assert (later > 0) == covered


class TestMustHandOver:
    def test_a_reader_who_finishes_hands_over_only_what_a_long_absence_would_hold_up(self):
        assert not must_hand_over(away(0, 13), finishes=True, days=14)
        assert must_hand_over(away(0, 14), finishes=True, days=14)

    def test_a_reader_who_does_not_hands_over_in_any_case(self):
        assert must_hand_over(away(0, 0), finishes=False, days=14)
