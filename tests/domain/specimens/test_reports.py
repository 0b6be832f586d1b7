import hashlib
import itertools
import re
from collections import Counter
from datetime import UTC, date, timedelta

import pytest

from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.intake.vocabulary import MODALITIES, REGIONS, modality_of, region_of
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.files import to_csv
from peeraudit.domain.specimens.library import ENGLISH, FRENCH
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.phrases import Scene, worded
from peeraudit.domain.specimens.reports import Lapse, ReportWriter, specimen_reports

NETWORK = specimen_network("tests")
REPORTS = tuple(specimen_reports(NETWORK, 3000))
GOLDEN = "68f22abe1f093be39707191e7814a39bb3497c9beee6c417745e4b972f28ed70"
EVERY = FRENCH + ENGLISH


def discrepant(kind):
    return [r for r in REPORTS if r.truth.error_type == kind]


def section(text, *heads):
    _, _, rest = next(p for h in heads if (p := text.partition(h))[1])
    return rest


def test_the_same_seed_gives_the_same_bytes():
    told = to_csv(REPORTS[:200]) + repr([r.truth for r in REPORTS[:200]])
    assert hashlib.sha256(told.encode()).hexdigest() == GOLDEN


def test_a_report_depends_on_its_number_alone():
    assert ReportWriter(NETWORK).report(1234) == REPORTS[1234]
    assert tuple(specimen_reports(NETWORK, 5)) == REPORTS[:5]


def test_reports_are_made_one_at_a_time():
    endless = specimen_reports(NETWORK, 10**12)
    assert next(endless) == REPORTS[0]


def test_a_list_that_follows_on_another_goes_on_with_its_numbers():
    assert tuple(specimen_reports(NETWORK, 5, start=20)) == REPORTS[20:25]


def test_a_lapse_is_planted_in_its_department_and_days_alone():
    code = NETWORK.departments[0].code
    lapse = Lapse(code, date(2026, 2, 1), date(2026, 2, 28), 4.0)

    worse = tuple(specimen_reports(NETWORK, 3000, lapses=[lapse]))

    within = [
        r.department_code == code and lapse.first <= r.performed_on <= lapse.last for r in REPORTS
    ]
    for report, other, is_within in zip(REPORTS, worse, within, strict=True):
        assert is_within or other == report
    before, after = (
        sum(r.truth.score != "1" for r, one in zip(reports, within, strict=True) if one)
        for reports in (REPORTS, worse)
    )
    assert after > 2.5 * before > 0


def test_another_seed_gives_other_reports():
    other = next(specimen_reports(specimen_network("other"), 1))
    assert other.text != REPORTS[0].text


def test_numbers_are_unique_and_no_two_reports_read_alike():
    for field in ("report_id", "accession", "text"):
        assert len({getattr(r, field) for r in REPORTS}) == len(REPORTS)
    bodies = {
        re.split(r"INDICATION|MOTIF|Indication|CLINICAL|Clinical", r.text)[1] for r in REPORTS
    }
    assert len(bodies) > 0.97 * len(REPORTS)


def test_every_identifier_listed_stands_in_the_text():
    for report in REPORTS:
        assert report.identifiers
        assert all(value in report.text for value in report.identifiers)


def test_no_name_or_number_in_the_text_is_left_off_the_list():
    for report in REPORTS:
        rest = report.text
        for value in sorted(report.identifiers, key=len, reverse=True):
            rest = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "#", rest)
        called = r"(?:\d\d ){4}\d\d(?!\d)|07700 9\d{5}"
        assert report.patient.family.upper() not in re.findall(r"[\w-]+", rest)
        assert report.patient.ipp not in rest
        assert re.findall(r"Dr [A-ZÉ]\w+", rest) == []
        assert len(re.findall(called, rest)) <= 1, "only the number that was called"


def test_eponyms_are_nobodys_name():
    names = {v for r in REPORTS for v in r.identifiers}
    eponyms = {"Baker", "Douglas", "Crohn", "Bosniak", "Fleischner", "Hodgkin", "Murphy", "Weber"}
    assert not names & eponyms
    text = "\n".join(r.text for r in REPORTS)
    assert all(eponym in text for eponym in eponyms)


def test_most_reports_are_french_and_some_are_english():
    share = sum(r.language == "fr" for r in REPORTS) / len(REPORTS)
    assert 0.68 < share < 0.85


def test_all_modalities_and_regions_come():
    assert {r.modality for r in REPORTS} == {"CT", "MR", "US", "CR", "MG"}
    assert len({r.region for r in REPORTS}) == 10
    assert len({(r.language, r.exam) for r in REPORTS}) >= 40


@pytest.mark.parametrize("scenario", EVERY, ids=lambda s: s.exam)
def test_a_scenario_is_whole(scenario):
    assert scenario.modality in MODALITIES
    assert scenario.region in REGIONS
    assert modality_of("", scenario.exam)[0] == scenario.modality
    assert region_of("", scenario.exam)[0] == scenario.region
    organs = {organ for organ, _ in scenario.lines}
    for finding in scenario.findings:
        assert set(finding.organ.split("+")) <= organs, finding.label
        sized = "<mm" in finding.text + finding.conclusion + finding.label
        assert sized == (finding.size != (0, 0)), finding.label


@pytest.mark.parametrize("scenario", EVERY, ids=lambda s: s.exam)
def test_every_wording_of_a_scenario_is_clean(scenario):
    language = "fr" if scenario in FRENCH else "en"
    templates = [scenario.normal, scenario.negative, scenario.technique]
    templates += [line for _, line in scenario.lines]
    for f in scenario.findings:
        templates += [f.text, f.conclusion, f.advice, f.wrong, f.label]
    for template, sex, turn in itertools.product(templates, "FM", range(8)):
        scene = Scene(Dice(f"{template}{turn}"), language, sex, 60, size=9, prior="01/02/2025")
        assert not re.search(r"[<>{}|]", worded(template, scene)), template


def test_true_classes_come_in_their_shares():
    counts = Counter(r.truth.score for r in REPORTS)
    total = len(REPORTS)
    wanted = {"1": 0.88, "2a": 0.05, "2b": 0.025, "3a": 0.03, "3b": 0.015}
    assert set(counts) == set(wanted)
    for score, share in wanted.items():
        spread = 4 * (share * (1 - share) / total) ** 0.5 + 0.15 * min(share, 0.06)
        assert abs(counts[score] / total - share) < spread, score


def test_departments_differ():
    rates = {}
    for site in NETWORK.departments:
        own = [r for r in REPORTS if r.department_code == site.code]
        rates[site.difficulty] = sum(r.truth.score != "1" for r in own) / len(own)
    assert rates[1.25] > rates[0.85]


def test_a_discrepancy_has_a_known_type_and_a_comment():
    for report in REPORTS:
        planted = report.truth.score != "1"
        assert planted == bool(report.truth.error_type) == bool(report.truth.comment)
        assert not planted or report.truth.error_type in CR3_1.error_codes


def test_a_wrong_side_stands_in_the_conclusion():
    found = [r for r in discrepant("laterality") if r.language == "en"]
    assert found
    for report in found:
        findings = section(report.text, "FINDINGS:", "Findings:")
        assert "right" in findings.lower()
        assert "left" in findings.lower()


def test_a_silent_conclusion_leaves_the_finding_in_the_results():
    found = discrepant("dictation") + discrepant("communication")
    assert found
    for report in found:
        assert report.truth.score in {"2a", "3a", "3b"}


def test_some_missed_findings_stood_in_the_earlier_report():
    told = [r for r in discrepant("missed_finding") if re.search("décrivant|which descr", r.text)]
    assert len(told) > 5


def test_days_and_moments_are_in_order():
    for report in specimen_reports(NETWORK, 300, first_day=date(2025, 9, 1), days=30):
        assert date(2025, 9, 1) <= report.performed_on < date(2025, 10, 1)
        assert report.signed_at.tzinfo is UTC
        assert timedelta(0) <= report.signed_at.date() - report.performed_on < timedelta(4)
        assert report.patient.birth_date < report.performed_on


def test_patients_suit_their_examinations():
    for report in REPORTS:
        if report.modality == "MG" or "pelvienne" in report.exam.split()[-1:]:
            assert report.patient.sex == "F"
        if "prost" in report.exam.lower():
            assert report.patient.sex == "M"


def test_phone_numbers_are_those_kept_for_fiction():
    for report in REPORTS:
        for number in re.findall(r"\b0\d(?: \d\d){4}\b", report.text):
            assert number.startswith(("01 99 00", "06 39 98"))


def test_the_author_works_in_the_department_and_reads_such_examinations():
    for report in REPORTS:
        assert report.author.department_code == report.department_code
        assert (report.modality, report.region) in report.author.specialities
