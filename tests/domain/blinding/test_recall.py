"""How much of what is marked in foreign texts is hidden, and how much else? Printed as tables."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from peeraudit.domain.blinding.exchange import person_of
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

NAMES, IDS, PHONES, MAILS, DATES = "names", "ids", "phones", "e-mails", "dates"
FLOORS = {NAMES: 0.95, IDS: 0.98, PHONES: 0.98, MAILS: 0.98, DATES: 0.98}
A_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/(?:19|20)?\d{2}|(?:19|20)\d{2}")
GROUPS = {
    "NOM": NAMES, "PRENOM": NAMES, "PATIENT": NAMES, "PHYSICIAN": NAMES, "NAME": NAMES,
    "IPP": IDS, "NDA": IDS, "SECU": IDS, "ID": IDS, "MEDICAL_RECORD_NUMBER": IDS,
    "HEALTH_PLAN_BENEFICIARY_NUMBER": IDS, "SOCIAL_SECURITY_NUMBER": IDS, "ACCOUNT_NUMBER": IDS,
    "UNIQUE_IDENTIFIER": IDS, "CERTIFICATE_LICENSE_NUMBER": IDS,
    "TEL": PHONES, "PHONE": PHONES, "PHONE_NUMBER": PHONES, "FAX_NUMBER": PHONES,
    "MAIL": MAILS, "EMAIL_ADDRESS": MAILS,
    "DATE": DATES, "DATE_NAISSANCE": DATES, "BIRTHDATE": DATES,
}  # fmt: skip


@dataclass(frozen=True)
class Marked:
    text: str
    spans: list[tuple[int, int, str]]
    language: str


def eds_pseudo(folder: Path) -> Iterator[Marked]:
    for line in (folder / "eds_pseudo_fr/templates.jsonl").read_text().splitlines():
        given = json.loads(line)
        yield Marked(
            given["text"], [(s["start"], s["end"], s["label"]) for s in given["spans"]], "fr"
        )


def injected(folder: Path) -> Iterator[Marked]:
    for line in (folder / "injected_en_radiology/reports.jsonl").read_text().splitlines():
        given = json.loads(line)
        yield Marked(
            given["text"], [(s["start"], s["end"], s["label"]) for s in given["spans"]], "en"
        )


def asq(folder: Path) -> Iterator[Marked]:
    for line in (folder / "asq_phi/queries.jsonl").read_text().splitlines():
        given = json.loads(line)
        text, spans = given["text"], []
        for tag in given["phi"]:
            at = text.find(tag["value"])
            while at >= 0:
                spans.append((at, at + len(tag["value"]), tag["identifier_type"]))
                at = text.find(tag["value"], at + 1)
        yield Marked(text, spans, "en")


def presidio(folder: Path) -> Iterator[Marked]:
    given = json.loads((folder / "presidio/synth_dataset_v2_first500.json").read_text())
    for one in given:
        spans = [(s["start_position"], s["end_position"], s["entity_type"]) for s in one["spans"]]
        yield Marked(one["full_text"], spans, "en")


@dataclass
class Result:
    found: Counter[str]
    wanted: Counter[str]
    right: int
    hidden: int
    unmarked: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.hidden

    @property
    def precision_with_days(self) -> float:
        """The same, days that nobody marked counted as right."""
        return (self.right + self.unmarked) / self.hidden

    def recall(self, group: str) -> float:
        return self.found[group] / self.wanted[group]


def measure(texts: Iterator[Marked], groups: dict[str, str]) -> Result:
    result = Result(Counter(), Counter(), 0, 0)
    for one in texts:
        spans = mask(one.text, KnownIdentities(), one.language).spans
        covered = bytearray(len(one.text))
        for span in spans:
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
        for start, end, label in one.spans:
            if group := groups.get(label):
                places = range(start, end)
                result.wanted[group] += 1
                result.found[group] += all(covered[i] or not one.text[i].isalnum() for i in places)
        result.hidden += len(spans)
        wrong = [
            span
            for span in spans
            if not any(start < span.end and span.start < end for start, end, _ in one.spans)
        ]
        result.right += len(spans) - len(wrong)
        result.unmarked += sum(
            bool(A_DAY.fullmatch(one.text[span.start : span.end])) for span in wrong
        )
    return result


def table(name: str, result: Result) -> None:
    print(  # noqa: T201 - the table is what the evaluation is for
        f"\n{name}: precision {result.precision:.3f} of {result.hidden} stretches,"
        f" {result.precision_with_days:.3f} with unmarked days"
    )
    for group in sorted(result.wanted):
        found, wanted = result.found[group], result.wanted[group]
        print(  # noqa: T201
            f"  {group:<10} {found:4} of {wanted:4}  recall {found / wanted:.3f}"
        )


@pytest.mark.parametrize(
    "read",
    [
        # Made hard on purpose: broken spacing, glued words, numbers with a letter for a digit.
        pytest.param(eds_pseudo, id="eds_pseudo_fr"),
        pytest.param(injected, id="injected_en_radiology"),
        pytest.param(asq, id="asq_phi"),
    ],
)
def test_rules_and_dictionaries_alone_reach_the_floors(
    shared: Path,
    read: Callable[[Path], Iterator[Marked]],
) -> None:
    result = measure(read(shared / "deidentification"), GROUPS)

    table(read.__name__, result)
    short = {g: result.recall(g) for g in result.wanted if result.recall(g) < FLOORS[g]}
    # One miss among a handful of numbers is no rate.
    assert not {g: r for g, r in short.items() if result.wanted[g] - result.found[g] > 1}
    # The bodies of the injected set hold days that nobody marked: see its README.
    floor = 0.98 if read is injected else 0.90
    measured = result.precision_with_days if read is injected else result.precision
    assert measured >= floor


PROSE = {"PERSON": NAMES, "CREDIT_CARD": IDS, "US_SSN": IDS, "IBAN_CODE": IDS,
         "EMAIL_ADDRESS": MAILS, "PHONE_NUMBER": PHONES}  # fmt: skip


def half_of(texts: Iterator[Marked], which: int) -> Iterator[Marked]:
    """Yield the texts whose digest is even or odd; the rules were written with the even in view."""
    for one in texts:
        if hashlib.sha256(one.text.encode()).digest()[-1] % 2 == which:
            yield one


@pytest.mark.parametrize(
    ("which", "floor"),
    [pytest.param(0, 0.97, id="seen"), pytest.param(1, 0.88, id="unseen")],
)
def test_general_prose_is_hidden_in_good_part(shared: Path, which: int, floor: float) -> None:
    """Sentences of shops, songs and novels: lone names without any hint are the rest."""
    texts = half_of(presidio(shared / "deidentification"), which)
    result = measure(texts, PROSE)

    table(f"presidio {which}", result)
    assert result.recall(IDS) == result.recall(MAILS) == 1
    assert result.recall(NAMES) >= floor
    assert result.recall(PHONES) >= 0.92
    assert result.precision >= 0.97


def test_all_sets_together_reach_the_floors(shared: Path) -> None:
    folder = shared / "deidentification"
    results = [measure(read(folder), GROUPS) for read in (eds_pseudo, injected, asq)]
    results.append(measure(presidio(folder), PROSE))
    found = sum((result.found for result in results), Counter())
    wanted = sum((result.wanted for result in results), Counter())
    right = sum(result.right + result.unmarked for result in results)
    hidden = sum(result.hidden for result in results)

    everything = Result(found, wanted, right, hidden)
    table("all sets", everything)
    assert not {g for g in wanted if everything.recall(g) < FLOORS[g]}
    assert everything.precision >= 0.95


@pytest.mark.parametrize("knows", [True, False], ids=["known", "unknown"])
def test_our_own_reports_keep_no_name(knows: bool) -> None:
    network = specimen_network("masking", departments=4)
    left, wanted = Counter[str](), 0
    for report in specimen_reports(network, 240):
        known = KnownIdentities(
            patients=(Person("", report.patient.family, report.patient.given),),
            clinicians=(
                Person("", report.author.family, report.author.given),
                *(Person("", c.family, c.given) for c in report.clinicians),
            ),
            identifiers=(report.patient.ipp, report.accession, report.author.rpps),
            birth_dates=(report.patient.birth_date,),
            phones=(report.patient.phone,),
            departments=tuple(d.name for d in network.departments),
            places=tuple(d.city for d in network.departments),
        )
        masked = mask(report.text, known if knows else KnownIdentities(), report.language).text
        for word in report.identifiers:
            wanted += 1
            left[word] += bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", masked))
    missed = sum(left.values())
    print(  # noqa: T201
        f"\nown reports, {'known' if knows else 'unknown'}: {missed} of {wanted} left",
        left.most_common(5),
    )
    assert missed <= wanted * (0.01 if knows else 0.05)


def test_names_are_read_in_every_spelling() -> None:
    assert person_of("Dr Jean DUPONT") == Person("", "DUPONT", "Jean")
    assert person_of("Dupont, Jean") == Person("", "Dupont", "Jean")
    assert person_of("DUPONT^Jean^Marie") == Person("", "DUPONT", "Jean", "Marie")
    assert person_of("Jean de la Tour") == Person("", "Tour", "Jean de la")
