"""Whether reporting changed since a campaign that is over, from the reviews to the lead's page."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.watch_words import watch_in_text
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.errors import NotAllowed
from peeraudit.domain.protocol_reader import from_json
from peeraudit.services import statistics, statistics_watch, tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.network import make_actor

pytestmark = pytest.mark.usefixtures("no_broker")
BEFORE = [{"CT": (900, [Read(240), Read(14, "2b", "2b", "2b")])}]
CALM = {"CT": (600, [Read(90), Read(6, "2b", "2b", "2b")])}
WORSE = {"CT": (600, [Read(60), Read(36, "2b", "2b", "2b")])}
SMALL = {"CT": (600, [Read(12)])}
# Its few MRI may not be told.
WITH_HIDDEN = {"CT": (600, [Read(84), Read(6, "2b", "2b", "2b")]), "MR": (40, [Read(5)])}
MONTHS = ("2026-07", "2026-08", "2026-09", "2026-10")


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def audited(session, lead):
    """Return a function that makes a campaign of a half-year and computes its final numbers."""

    def make(strata, half, *, rules=None, **more):
        audit = make_audit(session, strata, **{"months": MONTHS, "authors": 6} | more)
        first, last = {1: ((1, 1), (6, 30)), 2: ((7, 1), (12, 31))}[half]
        audit.campaign.period_start = date(2026, *first)
        audit.campaign.period_end = date(2026, *last)
        if rules is not None:
            protocol = rules(from_json(audit.campaign.protocol))
            audit.campaign.protocol = protocol.to_canonical_json()
        session.commit()
        with unit_of_work():
            statistics.freeze_campaign(audit.campaign.id, by=lead)
        sweep()
        return audit

    return make


def view(audit, lead):
    return statistics_watch.show_watch(audit.campaign.id, by=lead)


def test_each_department_is_held_against_the_campaign_before(audited, lead):
    before = audited(BEFORE, 1)
    after = audited([CALM, WORSE], 2)

    found = view(after, lead)

    calm, worse = (str(place.id) for place in after.departments)
    assert (found.baseline, found.usual.n) == (before.campaign.title, 254)
    assert found.usual.expected("CT") == 14 / 254
    assert found.usual.interval == pytest.approx((0.0331, 0.0903), abs=1e-4)
    assert set(found.departments) == {calm, worse}
    assert found.hidden == 0
    assert found.departments[calm].worse is None
    assert found.departments[worse].worse in MONTHS
    assert found.departments[worse].n == 96


def test_a_department_whose_rate_is_hidden_is_not_told(audited, lead):
    audited(BEFORE, 1)
    after = audited([CALM, WORSE, SMALL], 2)

    found = view(after, lead)

    # Another one is hidden too, so that no total gives the first away.
    assert str(after.departments[2].id) not in found.departments
    assert len(found.departments) + found.hidden == 3


def test_what_is_usual_is_so_coarse_that_no_mix_follows_from_it(audited, lead, app):
    audited(BEFORE, 1)
    after = audited([CALM, WITH_HIDDEN], 2)

    found = view(after, lead)

    names = {str(place.id): place.name for place in after.departments}
    with app.test_request_context():
        text = watch_in_text(found.baseline, found.usual, found.departments, names, found.hidden)
    assert len(text["rows"]) == 2
    for row in text["rows"]:
        assert re.fullmatch(r"\d+\D%", row["expected"])
        assert int(re.search(r"\d+", row["noticed"])[0]) % 10 == 0


def test_the_campaign_that_says_what_is_usual_is_held_against_nothing(audited, lead):
    before = audited(BEFORE, 1)

    assert view(before, lead).reasons == ("BASELINE_LT_200",)


def test_too_few_readings_before_say_nothing_is_usual(audited, lead):
    audited([CALM], 1)
    after = audited([WORSE], 2)

    assert view(after, lead).reasons == ("BASELINE_LT_200",)


def test_another_blinding_is_another_measure(audited, lead):
    def open_departments(protocol):
        return replace(protocol, blinding=replace(protocol.blinding, hide_department=False))

    audited(BEFORE, 1, rules=open_departments)
    after = audited([WORSE], 2)

    assert view(after, lead).reasons == ("BASELINE_LT_200",)


def test_without_months_there_is_no_order(audited, lead):
    audited(BEFORE, 1)
    after = audited([WORSE], 2, months=())

    assert view(after, lead).reasons == ("DATES_HIDDEN",)


def test_nothing_is_told_before_the_final_numbers(session, audited, lead):
    audited(BEFORE, 1)
    running = make_audit(session, [WORSE], months=MONTHS)

    assert view(running, lead).reasons == ("NOT_FINAL",)


def test_a_huge_network_is_told_so(audited, lead, monkeypatch):
    audited(BEFORE, 1)
    after = audited([WORSE], 2)
    monkeypatch.setattr(statistics_watch, "MOST_REPORTS", 95)

    assert view(after, lead).reasons == ("REPORTS_GT_100000",)


def test_only_the_network_lead_reads_it(session, audited):
    after = audited([WORSE], 2)
    for role in (Role.QUALITY_LEAD, Role.REVIEWER, Role.COORDINATOR):
        with pytest.raises(NotAllowed):
            view(after, make_actor(session, role, after.departments[0]))


@pytest.mark.parametrize(
    ("language", "words", "none"),
    [
        ("fr", "accumulation d’indices d’une hausse (comptes rendus depuis", "aucun indice"),
        ("en", "accumulated evidence of an increase since reports of", "no accumulated evidence"),
    ],
)
def test_the_page_says_it_in_words(client, sign_in, audited, language, words, none):
    audited(BEFORE, 1)
    after = audited([CALM, WORSE], 2)
    sign_in(Role.NETWORK_LEAD)

    client.post("/accounts/preferences", data={"language": language, "next": "/"})
    page = unescape(client.get(f"/campaigns/{after.campaign.id}/statistics/change").text)

    assert words in page
    assert none in page
    numbers = client.get(f"/campaigns/{after.campaign.id}/statistics").text
    assert f"/campaigns/{after.campaign.id}/statistics/change" in numbers
    # No sum report by report: it would tell single scores.
    assert '"path"' not in page
    assert json.dumps("signals") not in page


def test_a_script_is_told_the_same_and_no_more(client, session, lead, audited):
    audited(BEFORE, 1)
    after = audited([CALM, WORSE], 2)
    secret = tokens.create_token(
        "test", frozenset({Permission.COMPUTE_STATISTICS}), days=1, by=lead
    )
    session.commit()
    url = f"/api/v1/campaigns/{after.campaign.id}/statistics/change"

    told = client.get(url, headers={"Authorization": f"Bearer {secret}"}).json

    found = view(after, lead)
    by_id = {one["id"]: one for one in told["departments"]}
    assert set(by_id) == set(found.departments)
    for place, one in found.departments.items():
        assert (by_id[place]["worse_since"], by_id[place]["better_since"]) == (
            one.worse,
            one.better,
        )
        assert by_id[place]["expected"] == round(one.expected, 2)
        assert by_id[place]["noticed_after"] % 10 == 0
    assert told["usual"]["readings"] == 254
    assert set(by_id[next(iter(by_id))]) == {
        "id", "code", "reports", "expected", "worse_since", "better_since", "noticed_after",
    }  # fmt: skip


def test_a_script_is_told_why_nothing_is_told(client, session, lead, audited):
    before = audited(BEFORE, 1)
    secret = tokens.create_token(
        "test", frozenset({Permission.COMPUTE_STATISTICS}), days=1, by=lead
    )
    session.commit()
    url = f"/api/v1/campaigns/{before.campaign.id}/statistics/change"

    told = client.get(url, headers={"Authorization": f"Bearer {secret}"}).json

    assert told == {"usual": None, "departments": [], "hidden": 0, "reasons": ["BASELINE_LT_200"]}
