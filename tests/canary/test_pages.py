import io
from contextlib import suppress
from typing import NamedTuple

import pytest
from flask import Response, url_for
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from peeraudit.domain.accounts import Role
from peeraudit.domain.intake.changes import Decision
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case, PriorReport
from peeraudit.models.identities import ReportChange
from peeraudit.models.intake import IntakeItem
from peeraudit.models.messages import Message
from peeraudit.models.network import Absence
from peeraudit.models.sampling import DrawExtension, TargetedCase
from peeraudit.models.scoring import Review
from peeraudit.models.summaries import Summary
from peeraudit.models.unsealing import Unsealing
from peeraudit.web.navigation import WAYS
from tests.canary.crawl import SKIPPED, Seen, body_of, crawl, crawl_as_nobody
from tests.canary.judge import judge
from tests.canary.logs import everything_logged
from tests.canary.planting import planted, word_of

# The network is built once, by the one process that runs all of these.
pytestmark = pytest.mark.xdist_group("canary")
NOT_OPENED = {
    "/": "sends on to the first page of the role",
    "/deidentification/next": "sends on to a case",
    "/scoring/<uuid:assignment_id>/findings": "sends on to the case",
    "/campaigns/<uuid:campaign_id>/assignment/plans/<uuid:plan_id>/publish": "all are published",
    "/api/v1/retention/runs/<uuid:job_id>": "nothing has come to its end yet",
    "/intake/messages/<day>": "no message came by the listener",
}
"""Rules that no page opens in the canary network, each with the reason why not."""


class TestTheNetwork:
    def test_it_reached_every_state_that_shows_something(self, audit):
        states = set(db.session.scalars(select(Case.state)))
        campaigns = set(db.session.scalars(select(Campaign.state)))

        assert campaigns == {CampaignState.REPORTED, CampaignState.RUNNING, CampaignState.DRAFT}
        assert {CaseState.QUARANTINED, CaseState.FINAL, CaseState.DEIDENTIFIED} <= states
        refused = set(db.session.scalars(select(IntakeItem.reason_code)))
        assert {"unknown_status", "unreadable_date", "unreadable_file"} <= refused
        for model in (ReportChange, DrawExtension, TargetedCase, Absence, Unsealing):
            assert db.session.scalars(select(model).limit(1)).one_or_none() is not None, model
        choices = set(db.session.scalars(select(ReportChange.decision)))
        assert {None, Decision.REPLACED, Decision.KEPT, Decision.FROZEN} <= choices
        kinds = set(db.session.scalars(select(Message.kind)))
        assert "cases_offered" in kinds
        assert {"cases_due", "cases_due_or_to_answer"} & kinds
        named = db.session.scalars(select(IntakeItem).where(IntakeItem.sealed_names.is_not(None)))
        places = [Sentence.from_json(item.locator).params for item in named]
        assert sum("member" in place for place in places) == 2 * len(audit.network.departments)
        assert any("place" in place for place in places)
        for model in (Review, Outcome, Reply, Summary, Message):
            assert db.session.scalars(select(model).limit(1)).one_or_none() is not None, model
        adjudicated = select(Outcome).where(Outcome.basis == "adjudicated").limit(1)
        assert db.session.scalars(adjudicated).one_or_none() is not None


class Crawled(NamedTuple):
    """What the people of a role were shown: leaks by place, ways and rules opened, and the log."""

    leaks: dict[str, set[tuple[str, str]]]
    opened: list[set[str]]
    rules: set[str]
    logged: str


@pytest.fixture(scope="module")
def crawled(built):
    """Return a function that crawls as a role, once for all tests that ask for it."""
    kept = {}

    def of(audit, ids, role):
        if role not in kept:
            kept[role] = crawl_as(audit, ids, role)
        return kept[role]

    return of


def crawl_as(audit, ids, role):
    people = audit.network.of(role)
    assert people, f"nobody holds the role {role}"
    blinded = role in {Role.REVIEWER, Role.AUTHOR, Role.ADJUDICATOR, Role.COORDINATOR}
    found = Crawled({}, [], set(), log := io.StringIO())
    for person in people[:: max(1, len(people) // 2)] if blinded else people[:1]:
        leaks_of, opened = judge(audit, person), set()
        with everything_logged() as said:
            for thing in crawl(audit.app, person, ids):
                opened |= {thing.place.split("?")[0]} if thing.status == 200 else set()
                found.leaks.update({thing.place: hit} if (hit := leaks_of(thing)) else {})
        log.write(said.getvalue())
        found.opened.append(opened)
        found.rules.update(rules_of(audit.app, opened))
    return found._replace(logged=log.getvalue())


def rules_of(app, places):
    """Return the rules of the addresses that were opened."""
    adapter, found = app.url_map.bind("localhost"), set()
    for place in places:
        with suppress(HTTPException):
            found.add(adapter.match(place, return_rule=True)[0].rule)
    return found


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_shown_what_the_role_never_sees(audit, ids, role, crawled):
    found = crawled(audit, ids, role)

    assert found.leaks == {}
    assert all(ways_of(audit.app, role) <= opened for opened in found.opened)
    assert audit.network.words.finder()(found.logged) == set()


def test_the_crawl_opens_every_address_that_there_is(audit, ids, crawled):
    opened = {thing.place for thing in crawl_as_nobody(audit.app, ids) if thing.status == 200}
    reached = rules_of(audit.app, opened)
    for role in Role:
        reached |= crawled(audit, ids, role).rules

    wanted = {
        rule.rule
        for rule in audit.app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith(SKIPPED)
    }
    assert wanted - reached == set(NOT_OPENED)


def test_who_has_not_signed_in_is_shown_nothing(audit, ids):
    find, opened = audit.network.words.finder(), set()

    for thing in crawl_as_nobody(audit.app, ids):
        opened |= {thing.place} if thing.status == 200 else set()
        assert find(thing.text) - find(thing.place) == set(), thing.place

    assert opened >= {"/livez", "/readyz", "/accounts/sign-in", "/api/v1/openapi.json"}


def ways_of(app, role):
    """Return the addresses of the main pages of a role."""
    with app.test_request_context():
        return {url_for(way) for _, way in WAYS[role] if way in app.view_functions}


class TestThatItCanFail:
    """Plants what must never be there, and expects the crawl to find it."""

    def test_an_author_left_in_a_masked_text_is_found(self, audit, ids):
        author = word_of(audit, "author")
        with planted(Case, "masked_text", f"INDICATION : toux, Dr {author}.\nCONCLUSION : x"):
            assert ("author", author) in first_leak(audit, Role.REVIEWER, ids)

    def test_a_finding_shown_before_the_lock_is_found(self, audit, ids):
        words = [w.text for w in audit[1].words.all if w.owner.startswith("finding ")]
        text = f"INDICATION : {' '.join(words)}.\nCONCLUSION : x"
        with planted(Case, "masked_text", text):
            assert "text" in {kind for kind, _ in first_leak(audit, Role.REVIEWER, ids)}

    def test_an_author_left_in_an_earlier_report_is_found(self, audit, ids):
        author = word_of(audit, "author")
        with planted(PriorReport, "masked_text", f"CONCLUSION : nodule. Dr {author}"):
            assert ("author", author) in first_leak(audit, Role.REVIEWER, ids)

    def test_a_patient_in_a_notice_is_found(self, audit, ids):
        patient = word_of(audit, "patient")
        with planted(Message, "path", f"/scoring/?of={patient}"):
            assert ("patient", patient) in first_leak(audit, Role.REVIEWER, ids)

    def test_a_reviewer_named_to_an_author_is_found(self, audit, ids):
        reviewer = word_of(audit, "reviewer")
        with planted(Outcome, "comment", f"Avis de {reviewer}, relecteur."):
            assert ("reviewer", reviewer) in first_leak(audit, Role.AUTHOR, ids)

    def test_the_day_of_an_examination_is_found(self, audit, ids):
        with planted(Case, "exam", "Scanner du 12/03/2019"):
            assert ("shape", "12/03/2019") in first_leak(audit, Role.ADJUDICATOR, ids)

    @pytest.mark.parametrize(
        "place", ["/scoring/", "/scoring/due-days.ics", "/api/v1/scoring/", "mail cases_offered"]
    )
    def test_a_department_in_a_header_or_mail_is_found(self, audit, place):
        person = audit.network.of(Role.REVIEWER)[0]
        other = next(code for code in audit.network.departments if code != person.department)

        assert judge(audit, person)(Seen(place, f"attachment; filename={other}.csv"))

    def test_the_calendar_is_read_where_its_lines_are_cut_too(self, audit, ids):
        [reviewer, *_] = audit.network.of(Role.REVIEWER)
        seen = {thing.place for thing in crawl(audit.app, reviewer, ids) if thing.status == 200}

        assert "/scoring/due-days.ics" in seen
        answer = Response("DESCRIPTION:Dur\r\n and\r\n", mimetype="text/calendar")
        assert "Durand" in body_of(answer)

    def test_what_is_ones_own_is_no_leak(self, audit):
        person = audit.network.of(Role.REVIEWER)[0]

        assert judge(audit, person)(Seen("/", f"{person.email} {person.department}")) == set()


def first_leak(audit, role, ids):
    """Return what the first thing with a leak shows to somebody who holds a role."""
    for person in audit.network.of(role):
        leaks_of = judge(audit, person)
        for thing in crawl(audit.app, person, ids):
            if found := leaks_of(thing):
                return found
    return set()
