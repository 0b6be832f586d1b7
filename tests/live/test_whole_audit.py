"""A script runs a whole campaign over HTTP, on a real feed, while workers are killed."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports
from tests.live.script import Script, lead_of, people

FEED = "hl7v2/scout/all_messages_cr.hl7"
TABLES = "reports/scout_derived"
FIRST, LAST = date(1994, 7, 1), date(2005, 12, 31)
SEED = "live"
CODES = ["FEED", "TABLE"]
LEAD = lead_of(CODES)
REVIEWERS = [f"reviewer{n}@{code.lower()}.example" for code in CODES for n in range(4)]
ADJUDICATORS = [who for who in REVIEWERS if not who.startswith("reviewer3")]
COORDINATORS = [f"coordinator@{code.lower()}.example" for code in CODES]
PROTOCOL = {
    "title": "Audit of a real feed",
    "scope": {
        "modalities": ["CR", "MG", "MR"],
        "period_start": FIRST.isoformat(),
        "period_end": LAST.isoformat(),
    },
    "sampling": {"target": 90, "stratum_minimum": 5},
    "double_reading": {"share": 0.2, "minimum": 20},
    # With two departments, both readers of a case come from the other one.
    "assignment": {"distinct_departments": False},
}


def feed_authors(feed: Path) -> list[str]:
    """Return the ids under which the feed's messages name their radiologists."""
    _, items = open_reports(feed, feed.name, None)
    found = {item.report.author.identifier for item in items if getattr(item, "report", None)}
    return sorted(found - {""})


def invented_table() -> bytes:
    network = specimen_network(SEED, departments=1, reviewers=6)
    days = (LAST - FIRST).days
    reports = specimen_reports(network, 240, first_day=FIRST, days=days)
    return "".join(csv_lines([r for r in reports if r.modality in {"CR", "MG", "MR"}])).encode()


@pytest.fixture(scope="module")
def script(installation, shared):
    keys = feed_authors(shared / FEED)
    table = specimen_network(SEED, departments=1, reviewers=6)
    keys_of_table = [author.rpps for author in table.authors]
    authors = [
        {
            "email": f"author{number}@{code.lower()}.example",
            "name": f"Author {number} of {code}",
            "roles": [["author", code]],
            "author_key": key,
        }
        for code, known in zip(CODES, (keys, keys_of_table), strict=True)
        for number, key in enumerate(known)
    ]
    furniture = installation.furnish(
        departments=[{"code": code, "name": f"Department {code}"} for code in CODES],
        people=[*people(CODES, reviewers=4), *authors],
    )
    return Script(installation, furniture)


def test_a_script_runs_a_whole_campaign(script, installation, shared, record_property):
    _send_everything(script, shared)
    campaign = script.open_campaign(LEAD, PROTOCOL)
    assert verify_proof(script.get(LEAD, f"/campaigns/{campaign}/draw/proof")) == []
    assert sum(script.check(who, campaign) for who in COORDINATORS) == 90

    seconds = _publish_while_the_worker_is_killed(script, installation, campaign)
    record_property("plan_seconds_after_the_kill", round(seconds, 1))
    authors = [who for who in script.tokens if who.startswith("author")]
    acts = [
        partial(script.read_all, REVIEWERS),
        partial(script.settle_all, ADJUDICATORS),
        partial(script.answer_all, authors),
        partial(script.hand_over_all, COORDINATORS),
    ]
    script.until_settled(LEAD, campaign, acts)

    seconds = _freeze_while_the_worker_is_killed(script, installation, campaign)
    record_property("numbers_seconds_after_the_kill", round(seconds, 1))
    _read_the_summaries(script, installation, campaign)


def _send_everything(script, shared):
    feed, table = COORDINATORS
    first = script.send(feed, "FEED", "feed.hl7", (shared / FEED).read_bytes())
    assert first["counts"]["accepted"] > 200
    # The table holds the same reports: none is new.
    again = script.send(feed, "FEED", "reports.csv", (shared / TABLES / "reports.csv").read_bytes())
    assert again["counts"].get("accepted", 0) == 0, again["counts"]
    for path in sorted((shared / TABLES).glob("reports_*.csv")):
        dialect = script.send(feed, "FEED", path.name, path.read_bytes())
        assert dialect["counts"].get("accepted", 0) == 0, (path.name, dialect["counts"])
    sent = script.send(table, "TABLE", "invented.csv", invented_table())
    assert sent["counts"]["accepted"] > 50


def _publish_while_the_worker_is_killed(script, installation, campaign):
    script.post(LEAD, f"/campaigns/{campaign}/plans")
    installation.kill_worker()
    seconds = script.wait(
        lambda: script.newest_plan(LEAD, campaign) is not None, "the plan is made all the same"
    )
    plan = script.newest_plan(LEAD, campaign)
    assert plan["number"] == 1
    assert plan["missing"] == 0
    published = script.publish(LEAD, plan)
    drawn = script.get(LEAD, f"/campaigns/{campaign}/draw")
    assert drawn["double_reads"] >= 20
    assert published == drawn["cases"] + drawn["double_reads"]
    # A second click changes nothing.
    address = f"/api/v1/plans/{plan['id']}/publish"
    again = installation.call("POST", address, token=script.tokens[LEAD], json_body={})
    assert again.status in {200, 409, 422}
    queues = [script.get(who, "/scoring/")["cases"] for who in REVIEWERS]
    # The second readings follow when the first are in.
    assert sum(map(len, queues)) == drawn["cases"]
    return seconds


def _freeze_while_the_worker_is_killed(script, installation, campaign):
    script.post(LEAD, f"/campaigns/{campaign}/freeze", {})
    installation.kill_worker()
    snapshots = f"/campaigns/{campaign}/snapshots"
    seconds = script.wait(
        lambda: script.get(LEAD, snapshots)["snapshots"], "the numbers are computed all the same"
    )
    made = script.get(LEAD, snapshots)["snapshots"]
    assert [(one["number"], one["is_final"]) for one in made] == [(1, True)]
    return seconds


def _read_the_summaries(script, installation, campaign):
    script.post(LEAD, f"/campaigns/{campaign}/summaries")
    for code in CODES:
        who = f"quality_lead@{code.lower()}.example"
        (line,) = script.get(who, "/summaries")["summaries"]
        summary = script.get(who, f"/summaries/{line['id']}")
        assert summary["number"].endswith(f"-{code}-1")
        pdf = f"/api/v1/summaries/{line['id']}/pdf?language=en"
        answer = installation.call("GET", pdf, token=script.tokens[who])
        assert answer.status == 200
        assert answer.body.startswith(b"%PDF-")
    # Nobody reads another department's.
    other = script.get("quality_lead@feed.example", "/summaries")["summaries"]
    address = f"/api/v1/summaries/{other[0]['id']}"
    stranger = script.tokens["quality_lead@table.example"]
    assert installation.call("GET", address, token=stranger).status == 404
