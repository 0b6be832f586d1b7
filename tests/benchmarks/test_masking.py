"""What does masking cost, next to the least that any masking must do, in the same run?

The baseline looks every word of the text up in a set, which nothing that knows names can spare.
Both are told by the time of the processor, at their best of some runs: others use the machine too.
Each text holds some eighteen things to hide, of which eleven are numbers and days; it is read
twice, the second time around what was hidden. A quarter of the time is the expressions for
numbers, a fifth those for titles and labels, a tenth parting the text into words.
"""

import re
from itertools import pairwise
from time import process_time

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

WORD = re.compile(r"\w+")
NAMES = frozenset({"petit", "dupont", "smith"})
LENGTH = 1600


def look_up_words(text):
    return [found.span() for found in WORD.finditer(text) if found[0].lower() in NAMES]


def best_of(runs, work, items):
    times = []
    for _ in range(runs):
        start = process_time()
        for item in items:
            work(*item)
        times.append(process_time() - start)
    return len(items) / min(times)


@pytest.mark.benchmark
def test_masking_beside_looking_up_words():
    network = specimen_network("speed")
    colleagues = tuple(Person("", f"Family{i}", f"Given{i}") for i in range(30))
    reports = list(specimen_reports(network, 300))
    texts, known = [], []
    for one, other in pairwise(reports):
        texts.append(f"{one.text}\n{other.text}"[:LENGTH])
        people = (Person("", one.author.family, one.author.given), *colleagues)
        patient = (Person("", one.patient.family, one.patient.given),)
        known.append(KnownIdentities(patient, people, (one.accession, one.patient.ipp)))

    masked = best_of(5, mask, list(zip(texts, known, strict=True)))
    looked = best_of(5, look_up_words, [(text,) for text in texts])

    size = sum(map(len, texts)) / len(texts)
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{size:.0f} characters: {masked:.0f} reports/s; words alone {looked:.0f}/s;"
        f" ratio {looked / masked:.1f}"
    )
    assert looked / masked < 45
