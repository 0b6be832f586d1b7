from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.blind_reads import (
    OwnFindings,
    check_draft,
    check_findings,
    opening_of,
)
from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.intake.sections import Section, split_sections
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

KINDS = ("indication", "technique", "comparison", "findings", "conclusion", "other")
SECTIONS = st.lists(
    st.builds(Section, kind=st.sampled_from(KINDS), heading=st.text(max_size=8), body=st.text()),
    max_size=8,
)


class TestOpening:
    @given(SECTIONS)
    def test_it_holds_nothing_but_why_and_how(self, sections):
        shown = opening_of(sections)

        assert {part.kind for part in shown} <= {"indication", "technique"}
        allowed = [part.body for part in sections if part.kind in {"indication", "technique"}]
        assert all(any(part.body in body for body in allowed) for part in shown)

    @given(SECTIONS)
    def test_a_report_whose_findings_do_not_stand_apart_shows_nothing(self, sections):
        apart = [part for part in sections if part.kind not in {"findings", "conclusion"}]

        assert opening_of(apart) == []

    def test_what_follows_an_empty_line_is_not_shown(self):
        text = "INDICATION : toux.\n\nFoyer du lobe moyen.\nCONCLUSION : pneumopathie."

        [shown] = opening_of(split_sections(text, "fr"))

        assert shown.body == "toux."

    def test_text_without_heads_shows_nothing(self):
        assert opening_of(split_sections("Toux. Foyer du lobe moyen.", "fr")) == []

    def test_a_head_for_two_parts_shows_neither(self):
        text = "Technique et résultats : hélice. Foyer.\nConclusion : pneumopathie."

        assert opening_of(split_sections(text, "fr")) == []

    def test_of_invented_reports_no_finding_is_shown_and_mostly_the_indication_is(self):
        reports = list(islice(specimen_reports(specimen_network("read first"), 300), 300))
        opened = 0

        for report in reports:
            parts = split_sections(report.text, report.language)
            shown = " ".join(part.body for part in opening_of(parts))
            opened += bool(shown)
            for part in parts:
                if part.kind in {"findings", "conclusion"} and part.body.strip():
                    assert part.body.strip() not in shown

        assert opened > 200


class TestCheck:
    @pytest.mark.parametrize("text", ["RAS", "Normal.", "Foyer du lobe moyen.\nPas d’épanchement."])
    def test_findings_may_be_short(self, text):
        check_findings(OwnFindings(text, 30))

    @pytest.mark.parametrize(
        ("findings", "field"),
        [
            (OwnFindings(""), "findings"),
            (OwnFindings("  \n "), "findings"),
            (OwnFindings("x" * 10_001), "findings"),
            (OwnFindings("RAS", -1), "seconds"),
            (OwnFindings("RAS", 86_401), "seconds"),
        ],
    )
    def test_nothing_at_all_and_too_much_are_refused(self, findings, field):
        with pytest.raises(InvalidFields) as caught:
            check_findings(findings)

        assert set(caught.value.fields) == {field}

    def test_a_draft_may_be_empty_but_not_endless(self):
        check_draft(OwnFindings())
        with pytest.raises(InvalidFields):
            check_draft(OwnFindings("x" * 10_001))
