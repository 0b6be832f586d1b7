"""Which invented reports does a network hand in?"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from peeraudit.domain.specimens.composition import Sign, Style, draw_style, sections
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.letterhead import (
    Sheet,
    SpecimenClinician,
    SpecimenPatient,
    call,
    clinician,
    head,
    mention,
    signature,
    standing,
    written_day,
)
from peeraudit.domain.specimens.library import MODALITY_SHARES, scenarios_for
from peeraudit.domain.specimens.names import mobile, person
from peeraudit.domain.specimens.network import SpecimenAuthor, SpecimenDepartment, SpecimenNetwork
from peeraudit.domain.specimens.phrases import Scene
from peeraudit.domain.specimens.scenario import Finding, Scenario
from peeraudit.domain.specimens.truths import SIDED, Truth, draw_kind, draw_score, reviewer_comment

_SIZES: Final = (1.3, 1.0, 0.8, 0.9)
FIRST_DAY: Final = date(2026, 1, 5)
"""First day of the period when none is given."""


@dataclass(frozen=True, slots=True)
class SpecimenReport:
    """One invented report with the truth about it.

    Args:
        report_id: number of the report message; unique.
        accession: number of the examination; unique.
        department_code: where it was written.
        language: ``fr`` or ``en``.
        modality: canonical modality code.
        region: canonical body region.
        exam: name of the examination.
        performed_on: day of the examination.
        signed_at: moment of the signature, UTC.
        urgency: ``routine`` or ``urgent``.
        patient: whom it is about.
        author: who signed it.
        clinicians: doctors named in it; the first one asked for the examination.
        text: the report.
        identifiers: every identifier that stands in the text, exactly as it stands.
        truth: the true class, the error and a reviewer's comment.
    """

    report_id: str
    accession: str
    department_code: str
    language: str
    modality: str
    region: str
    exam: str
    performed_on: date
    signed_at: datetime
    urgency: str
    patient: SpecimenPatient
    author: SpecimenAuthor
    clinicians: tuple[SpecimenClinician, ...]
    text: str
    identifiers: tuple[str, ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class Lapse:
    """A stretch in which a department errs more often: what an audit over time should find.

    Args:
        department_code: whose reports.
        first, last: its days, the last one included.
        factor: of the share of reports with an error.
    """

    department_code: str
    first: date
    last: date
    factor: float


@dataclass(frozen=True, slots=True)
class _Habits:
    style: Style
    factor: float


class ReportWriter:
    """Writes the reports of one network over one period; any one of them by its number.

    Report n depends on the seed, the network and the period alone, never on the reports before
    it, so that lists of different lengths agree on what they share.

    Args:
        network: who works where.
        first_day: first day of the period.
        days: length of the period.
        lapses: stretches in which a department errs more often than it does otherwise.
    """

    def __init__(
        self,
        network: SpecimenNetwork,
        *,
        first_day: date = FIRST_DAY,
        days: int = 90,
        lapses: Sequence[Lapse] = (),
    ) -> None:
        self._seed = network.seed
        self._lapses = tuple(lapses)
        self._first_day = first_day
        self._days = days
        self._tag = Dice(f"{network.seed}/tag").digits(4)
        self._sites = tuple(
            (site, _SIZES[place % len(_SIZES)]) for place, site in enumerate(network.departments)
        )
        self._authors = {d.code: network.authors_of(d.code) for d in network.departments}
        self._habits = {a.key: self._habits_of(a) for a in network.authors}

    def _habits_of(self, author: SpecimenAuthor) -> _Habits:
        dice = Dice(f"{self._seed}/habits/{author.key}")
        return _Habits(draw_style(dice), 0.7 + 0.6 * dice.uniform())

    def _patient(self, number: int) -> tuple[SpecimenDepartment, SpecimenPatient]:
        dice = Dice(f"{self._seed}/patient/{number}")
        site = dice.weighted(self._sites)
        family, given, sex = person(dice, site.language)
        young = dice.chance(0.03)
        age = dice.between(6, 17) if young else 18 + dice.below(40) + dice.below(38)
        born = self._first_day - timedelta(days=age * 365 + age // 4 + dice.below(365))
        phone = mobile(dice, site.language)
        ipp = f"{dice.between(1, 8)}{_scattered(number, 7919):07d}{dice.below(10)}"
        return site, SpecimenPatient(family, given, born, sex, ipp, phone)

    def _examination(self, dice: Dice, site: SpecimenDepartment, sex: str, age: int) -> Scenario:
        for _ in range(40):
            fitting = scenarios_for(site.language, dice.weighted(MODALITY_SHARES), sex, age)
            if fitting:
                return dice.pick(fitting)
        return dice.pick(scenarios_for(site.language, "CR", sex, age))

    def _author(self, dice: Dice, site: SpecimenDepartment, scenario: Scenario) -> SpecimenAuthor:
        all_authors = self._authors[site.code]
        kind = (scenario.modality, scenario.region)
        skilled = [a for a in all_authors if kind in a.specialities]
        return dice.pick(skilled or all_authors)

    def _day(self, dice: Dice, *, urgent: bool) -> date:
        day = self._first_day + timedelta(days=dice.below(self._days))
        weekend = day.weekday() - 4
        if urgent or weekend <= 0 or day - timedelta(days=weekend) < self._first_day:
            return day
        return day - timedelta(days=weekend)

    def _lapse(self, site: SpecimenDepartment, day: date) -> float:
        return math.prod(
            one.factor
            for one in self._lapses
            if one.department_code == site.code and one.first <= day <= one.last
        )

    def report(self, number: int) -> SpecimenReport:
        """Return report ``number``, from 0."""
        dice = Dice(f"{self._seed}/report/{number}")
        site, patient = self._patient(dice.below(number + 1) if dice.chance(0.15) else number)
        age_now = _age(patient.birth_date, self._first_day)
        scenario = self._examination(dice, site, patient.sex, age_now)
        urgent = dice.below(100) < scenario.urgent
        day = self._day(dice, urgent=urgent)
        wait = dice.between(10, 110) if urgent else dice.between(25, 2600)
        signed = datetime.combine(day, time(dice.between(8, 16)), UTC) + timedelta(minutes=wait)
        author = self._author(dice, site, scenario)
        sheet = Sheet(
            site,
            patient,
            author,
            clinician(dice, site.language),
            f"{site.code}{day.year % 100}{_scattered(number, 48271):07d}",
            scenario.exam,
            day,
            signed.date(),
            _age(patient.birth_date, day),
        )
        factor = site.difficulty * self._habits[author.key].factor * self._lapse(site, day)
        score = draw_score(dice, scenario.modality, factor)
        signs, truth = _signs(dice, scenario, sheet, score)
        text = _text(sheet, scenario, signs, dice, self._habits[author.key].style)
        others, ending = _ending(sheet, signs, dice, urgent=urgent)
        text += ending
        return SpecimenReport(
            f"PA{self._tag}{number:08d}",
            sheet.accession,
            site.code,
            site.language,
            scenario.modality,
            scenario.region,
            scenario.exam,
            day,
            signed,
            "urgent" if urgent else "routine",
            patient,
            author,
            others,
            text,
            standing(sheet, others, text),
            truth,
        )


def _scattered(number: int, factor: int) -> int:
    """Return seven digits, another for each number below ten million; ``factor`` is a prime."""
    return (number * factor + 2718281) % 10**7


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _scene(dice: Dice, sheet: Sheet, prior: str) -> Scene:
    return Scene(dice, sheet.department.language, sheet.patient.sex, sheet.age, prior=prior)


def _one_side(scenario: Scenario) -> bool:
    return any(mark in scenario.technique for mark in SIDED)


def _on_the_right(sheet: Sheet) -> bool:
    """Return the side of an examination of one side: as good as drawn, and the same all along."""
    return int(sheet.accession[-1]) % 2 == 0


def _prior(dice: Dice, sheet: Sheet) -> str:
    earlier = sheet.performed_on - timedelta(days=dice.between(60, 900))
    return written_day(earlier, sheet.department.language)


def _chosen(dice: Dice, findings: list[Finding], wanted: int) -> list[Finding]:
    """Return up to ``wanted`` findings, the first one kept, no two in the same organ."""
    kept: list[Finding] = []
    for finding in findings[:1] + dice.shuffled(findings[1:]):
        organs = set(finding.organ.split("+"))
        if len(kept) < wanted and all(organs.isdisjoint(k.organ.split("+")) for k in kept):
            kept.append(finding)
    return kept


def _signs(dice: Dice, scenario: Scenario, sheet: Sheet, score: str) -> tuple[list[Sign], Truth]:
    """Draw what is there and, for a class above 1, the error made about the first of it."""
    wanted = dice.weighted(((0, 0.45), (1, 0.4), (2, 0.15)))
    findings = dice.shuffled([f for f in scenario.findings if f.ages[0] <= sheet.age <= f.ages[1]])
    if score != "1":
        wanted = max(1, wanted)
        findings.sort(key=lambda finding: finding.grave != score.endswith("b"))
    prior = _prior(dice, sheet) if dice.chance(0.45) else ""
    signs = []
    for finding in _chosen(dice, findings, wanted):
        scene = _scene(dice, sheet, prior)
        scene.right = _on_the_right(sheet) if _one_side(scenario) else dice.chance(0.5)
        scene.size = dice.between(*finding.size)
        scene.site = dice.pick(finding.sites)
        signs.append(Sign(finding, scene))
    if score == "1" or not signs:
        return signs, Truth()
    kind = draw_kind(dice, score, signs[0].finding, has_prior=bool(prior))
    if kind == "missed_finding" and len(signs) > 1:
        kind = "satisfaction_of_search"
    signs[0] = replace(signs[0], error=kind)
    comment = reviewer_comment(kind, signs[0].finding, signs[0].scene)
    return signs, Truth(score, kind, comment)


def _text(sheet: Sheet, scenario: Scenario, signs: list[Sign], dice: Dice, style: Style) -> str:
    prior = signs[0].scene.prior if signs else ""
    if not signs and dice.chance(0.4):
        prior = _prior(dice, sheet)
    scene = _scene(dice, sheet, prior)
    scene.right = _on_the_right(sheet)
    body = sections(scenario, signs, scene, style)
    if dice.chance(0.12):
        heading, mark, rest = body.partition(": ")
        body = f"{heading}{mark}{mention(sheet, dice)}. {rest}"
    return f"{head(sheet, dice)}\n\n{body}"


def _ending(
    sheet: Sheet, signs: list[Sign], dice: Dice, *, urgent: bool
) -> tuple[tuple[SpecimenClinician, ...], str]:
    """Return the doctors whom the report names, and its end: a call that was made, the name."""
    signed = f"\n\n{signature(sheet, dice)}"
    alarming = urgent and any(sign.finding.grave and not sign.error for sign in signs)
    if not alarming or dice.chance(0.3):
        return (sheet.referrer,), signed
    called = clinician(dice, sheet.department.language)
    return (sheet.referrer, called), f"\n{call(sheet, dice, called)}{signed}"


def specimen_reports(
    network: SpecimenNetwork,
    count: int,
    *,
    first_day: date = FIRST_DAY,
    days: int = 90,
    start: int = 0,
    lapses: Sequence[Lapse] = (),
) -> Iterator[SpecimenReport]:
    """Yield ``count`` invented reports, one at a time, in order of their number.

    The first n of a longer list are the reports of the shorter one.

    Args:
        network: who works where; its seed is the reports' seed.
        count: how many.
        first_day: first day of the period.
        days: length of the period.
        start: the number of the first one, for a list that follows on another.
        lapses: stretches in which a department errs more often than it does otherwise.
    """
    writer = ReportWriter(network, first_day=first_day, days=days, lapses=lapses)
    return (writer.report(number) for number in range(start, start + count))
