"""Where a gate is closed (statistics.md 0.7) the page says why, in both languages."""

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.statistics.comparing import Comparison
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.statistics.over_time import TimeChart
from peeraudit.domain.statistics.panel_agreement import SecondReads, panel_agreement
from peeraudit.domain.statistics.panel_blinding import Guesses, panel_blinding
from peeraudit.domain.statistics.panel_severity import panel_severity, shown_severity
from peeraudit.domain.statistics.reliability import suppressed
from peeraudit.domain.statistics.response import THIN
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.agreement_page import agreement_lines, agreement_notes
from peeraudit.domain.summaries.blinding_page import blinding_rows, together_told
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.funnel_page import REASONS, funnel_of, funnel_of_all
from peeraudit.domain.summaries.in_words import reason_of
from peeraudit.domain.summaries.over_time_page import time_page
from peeraudit.domain.summaries.severity_page import severity_row, severity_table

LIMITS = Limits(reviews=30, authors=5, events=5)
GENERAL = reason_of((), LIMITS).message
ASKED = sorted({(name, part.reason) for name, gate in GATES.items() for part in gate.requirements})
CATALOGUE = Path(__file__).parents[2] / "peeraudit/translations/fr/LC_MESSAGES/messages.po"
BLANK = Estimate(method="S8.02@1", inputs_sha256="")


@pytest.fixture(scope="module")
def french():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def reasons_of(*functions):
    return [reason for name, reason in ASKED if name in functions]


def words_of(sentences):
    """Return all words of sentences, those of the phrases inside them too."""
    found = ""
    for one in sentences:
        found += " " + str(one.message)
        for value in one.params.values():
            if isinstance(value, dict) and "phrase" in value:
                found += " " + value["phrase"][0]
    return found


@pytest.mark.parametrize(("function", "reason"), ASKED)
def test_every_gate_has_words_in_both_languages(french, function, reason):
    code = CODES[reason]

    assert reason_of((reason,), LIMITS).message == code.brief != GENERAL, function
    for words in (code.brief, code.meaning, code.act):
        assert french.get(words).string not in ("", words)


@pytest.mark.parametrize("words", REASONS.values())
def test_why_nothing_is_compared_has_words_in_french(french, words):
    assert french.get(words).string not in ("", words)


class TestPages:
    @pytest.mark.parametrize("reason", [*reasons_of("S5.01"), THIN, "NO_VARIATION"])
    def test_the_funnel(self, reason):
        closed = Comparison(reasons=(reason,))

        assert funnel_of_all(closed, {}).sentences
        assert funnel_of(closed.seen_from("a", None)).sentences

    @pytest.mark.parametrize("reason", reasons_of("S6.01", "S6.02"))
    def test_the_chart_over_time(self, reason):
        page = time_page(TimeChart(reasons=(reason,)), LIMITS)

        assert CODES[reason].brief in words_of(page.sentences)

    def test_severity_of_the_panel_and_of_one_reviewer(self):
        rows = tuple((("CT", 12 + n, 1 + n % 3),) for n in range(4))
        few = shown_severity(panel_severity(rows))
        many = shown_severity(panel_severity((*rows, (("CT", 60, 4),), (("CT", 70, 9),))))

        assert CODES["REVIEWERS_LT_5"].meaning in words_of(severity_table(few).sentences)
        hidden = next(one for one in many.units.values() if one.value is None)
        assert severity_row("R01", hidden).verdict.message == CODES["READINGS_LT_30"].meaning

    @pytest.mark.parametrize("is_routed", [False, True])
    def test_agreement(self, is_routed):
        seconds = SecondReads(
            (40, 5, 3, 1, 1), ((4, 1, 0, 0, 0), *[(0, 1, 0, 0, 0)] * 4), is_routed
        )
        found = panel_agreement((((2, 0, 0, 0, 0), 5),), seconds, CR3_1)

        lines = agreement_lines(found, LIMITS)
        assert all(one.reason for one in lines)
        assert GENERAL not in words_of(one.reason for one in lines)
        assert GENERAL not in words_of(agreement_notes(found, LIMITS))

    def test_blinding(self):
        few = Guesses(("a", "b"), ((2, 1), (1, 3)), (4, 5), (3, 4), asks_department=True)
        found = panel_blinding(few)

        rows = blinding_rows(found, {"a": "A", "b": "B"})
        assert {row.verdict.message for row in rows} == {CODES["ANSWERS_LT_30"].meaning}
        assert CODES["ANSWERS_LT_30"].brief in words_of([together_told(found)])

    def test_an_index_without_an_interval_says_that_answers_were_alike(self):
        one = suppressed(replace(BLANK, value=1.0, n=40), ("NO_VARIATION",))

        assert GENERAL not in words_of([together_told({"together": one})])
