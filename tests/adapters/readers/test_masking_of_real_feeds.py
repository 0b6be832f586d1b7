import csv
import json
import re
from pathlib import Path

import pytest

from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.domain.blinding.known import KnownIdentities, known_identities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.intake.reports import Accepted

DATA = Path("../shared/data")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data of ../shared are absent")

# Written in small letters these are plain words: white matter, lung fields, an individual.
HOMOGRAPHS = {"white", "fields", "an"}


def test_known_identifiers_of_the_feed_vanish() -> None:
    feed = DATA / "hl7v2/scout/all_messages_cr.hl7"
    masked = {
        item.report.report_id: mask(
            item.report.text, known_identities(item.report), item.report.language
        ).text
        for item in read_hl7v2(feed, feed.name)
        if isinstance(item, Accepted)
    }
    left = []
    with (DATA / "hl7v2/scout/identifiers_in_text.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "date" or row["control_id"] not in masked:
                continue
            shape = rf"(?<!\w){re.escape(row['value'])}(?!\w)"
            found = re.findall(shape, masked[row["control_id"]], re.IGNORECASE)
            left += [word for word in found if word not in HOMOGRAPHS]

    assert left == []


@pytest.mark.parametrize(
    ("name", "floor"),
    [("eds_pseudo_fr/templates.jsonl", 0.70), ("injected_en_radiology/reports.jsonl", 0.90)],
)
def test_rules_alone_find_most_of_what_is_marked(name: str, floor: float) -> None:
    found = wanted = 0
    for line in (DATA / "deidentification" / name).read_text().splitlines():
        record = json.loads(line)
        text = record["text"]
        hidden = [False] * len(text)
        for span in mask(text, KnownIdentities()).spans:
            hidden[span.start : span.end] = [True] * (span.end - span.start)
        for span in record["spans"]:
            wanted += 1
            places = range(span["start"], span["end"])
            found += all(hidden[i] or not text[i].isalnum() for i in places)

    assert found / wanted >= floor
