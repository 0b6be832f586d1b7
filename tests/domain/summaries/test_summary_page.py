from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.agreement_words import agreement_in_text
from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.summaries.disclosure import Audience
from peeraudit.domain.summaries.summary_content import Facts, SummaryContent, write_content
from peeraudit.domain.summaries.summary_page import compare, lay_out, scale_to
from tests.domain.summaries.test_disclosure import BIG, cell, telling_of

MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
FACTS = Facts(
    campaign_code="2026-01",
    campaign_title="Automne",
    period_start=date(2026, 9, 1),
    period_end=date(2026, 10, 31),
    department_code="CHUN",
    department_name="CHU Nord",
    instrument=("CR3", 1),
    hides_department=True,
    seed="20261101204512345678",
    frame_sha256="f" * 64,
    protocol_sha256="p" * 64,
    snapshot=3,
    data_sha256="d" * 64,
    methods=("S2.01@1", "S2.02@1"),
    frozen_at=MOMENT,
    issued_at=MOMENT,
)
SMALL = cell("a", "US", 90, 8, 2)


def content_of(*cells):
    return write_content("2026-01-CHUN-1", FACTS, telling_of(*cells), "a", Thresholds())


class TestSummaryContent:
    def test_what_is_kept_reads_back_as_it_was(self):
        content = content_of(*BIG, SMALL)

        again = SummaryContent.from_json(content.to_json())

        assert again.to_json() == content.to_json()
        assert again.facts == FACTS

    def test_another_text_is_refused(self):
        with pytest.raises(ValueError, match="no summary"):
            SummaryContent.from_json("{}")

    def test_both_audiences_have_their_own_part(self):
        content = content_of(*BIG, SMALL)

        inside, outside = (content.parts[audience] for audience in Audience)

        assert (inside.limits.reviews, outside.limits.reviews) == (10, 30)
        assert inside.told != outside.told


class TestLayOut:
    def test_the_department_comes_first_and_hidden_rows_bear_their_reason(self):
        page = lay_out("1", FACTS, content_of(*BIG, SMALL).parts[Audience.INSIDE])

        first = page.first_read[0]
        assert first.is_total
        assert first.decimals == 0
        hidden = [row for row in page.first_read if row.reason]
        assert len(hidden) == 2
        assert all(row.estimate.value is None and row.events is None for row in hidden)

    def test_a_department_without_small_numbers_is_told_to_a_tenth(self):
        page = lay_out("1", FACTS, content_of(*BIG).parts[Audience.INSIDE])

        assert page.first_read[0].decimals == 1
        assert page.first_read[0].events == 16
        assert page.reference == 0.13
        assert page.warnings == ()

    def test_the_scale_holds_every_interval(self):
        page = lay_out("1", FACTS, content_of(*BIG).parts[Audience.INSIDE])

        assert all(row.estimate.ci[1] <= page.scale.end for row in page.first_read)

    def test_agreement_is_told_by_a_rule_of_our_own_and_says_so(self, app):
        page = lay_out("1", FACTS, content_of(*BIG).parts[Audience.INSIDE])

        positive, alpha, *_ = page.agreement
        assert positive.estimate.ci_method == "wilson_shared_calls"
        assert "Interval of the shared calls" in {str(name.message) for name, _ in page.own_rules}
        with app.test_request_context():
            words = agreement_in_text(page.agreement, ())["agreement"]
        assert [one["mark"] for one in words] == ["†", ""]
        assert words[0]["interval"]
        assert alpha.estimate.own_rules == ()


class TestScaleTo:
    @pytest.mark.parametrize(
        ("highest", "ticks"),
        [
            (0.0, (0.0, 0.01, 0.02)),
            (0.055, (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06)),
            (0.06, (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06)),
            (0.31, (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35)),
            (1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ],
    )
    def test_it_takes_round_steps(self, highest, ticks):
        assert scale_to(highest).ticks == ticks

    @given(st.floats(0, 1))
    def test_it_starts_at_zero_holds_the_highest_and_has_at_most_ten_lines(self, highest):
        scale = scale_to(highest)

        assert scale.ticks[0] == 0
        assert scale.ticks[-1] == scale.end
        assert highest <= scale.end + 1e-6
        assert len(scale.ticks) <= 10


class TestCompare:
    def test_departments_stand_in_the_order_given_and_nothing_is_ranked(self):
        rows = compare(
            telling_of(*BIG),
            {"c": "Val", "a": "Nord"},
            content_of(*BIG).parts[Audience.OUTSIDE].limits,
        )

        assert [row.name for row in rows] == ["", "Val", "Nord"]
