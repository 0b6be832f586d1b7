"""What does masking cost, next to the least that any masking must do, in the same run?

The baseline looks every word of the text up in a set, which nothing that knows names can spare.
"""

import re
from itertools import pairwise
from time import perf_counter

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
        start = perf_counter()
        for item in items:
            work(*item)
        times.append(perf_counter() - start)
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

    masked = best_of(3, mask, list(zip(texts, known, strict=True)))
    looked = best_of(3, look_up_words, [(text,) for text in texts])

    size = sum(map(len, texts)) / len(texts)
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{size:.0f} characters: {masked:.0f} reports/s; words alone {looked:.0f}/s;"
        f" ratio {looked / masked:.1f}"
    )
    assert looked / masked < 45
