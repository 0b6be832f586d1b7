from dataclasses import replace
from pathlib import Path

import pytest
from flask import url_for
from sqlalchemy import select, update

from peeraudit.adapters.queue import Outbox
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.app import create_app
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.extensions import Base, db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.adjudication import Outcome, Reply
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import (
    Author,
    Identity,
    RecognitionRow,
    ReportIdentity,
    SeenIdentifier,
)
from peeraudit.models.intake import RefusedItem, Upload
from peeraudit.models.jobs import Job
from peeraudit.models.messages import Message
from peeraudit.models.network import Department, Reviewer
from peeraudit.models.scoring import Review
from peeraudit.models.summaries import Summary
from peeraudit.web.navigation import WAYS
from tests.canary.crawl import ID, Seen, crawl
from tests.canary.network import (
    build,
    comment_owners_of,
    owners_of,
    text_owners_of,
)
from tests.canary.rules import HIDDEN, allowed_pages, forbidden_shape
from tests.conftest import new_database, run_flask

# The network is built once, by the one process that runs all of these.
pytestmark = pytest.mark.xdist_group("canary")
NEVER_LOGGED = {"patient", "requester", "text", "comment", "reply"}
ID_NAMES = {
    "account_id": Account, "grant_id": RoleGrant, "outcome_id": Outcome, "campaign_id": Campaign,
    "assignment_id": Assignment, "plan_id": Plan, "case_id": Case, "author_id": Author,
    "upload_id": Upload, "job_id": Job, "message_id": Message, "department_id": Department,
    "reviewer_id": Reviewer, "summary_id": Summary,
}  # fmt: skip


@pytest.fixture(scope="module")
def audit(server_url, settings, tmp_path_factory):
    """An installation of its own, with the canary network in it."""
    own = replace(
        settings,
        database_url=new_database(server_url, "canary"),
        storage_dir=tmp_path_factory.mktemp("canary"),
    )
    done = run_flask(own, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    app = create_app(own)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app, build()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ids(audit):
    """The ids of all rows, by the name that an address gives them."""
    return {
        name: [str(i) for i in db.session.scalars(select(model.id).order_by(model.id))]
        for name, model in ID_NAMES.items()
    }


def judge(audit, person):
    """Return a function that tells what a thing shows and this person must not see."""
    network, role = audit[1], person.actor.role
    find, mine, shape = network.words.finder(), owners_of(person), forbidden_shape(role)
    if role is Role.REVIEWER:
        mine |= text_owners_of(person) | comment_owners_of(person)

    def is_leak(word, place):
        if place.startswith(allowed_pages(role).get(word.kind, ())):
            return False
        # A case that a reviewer reads shows its text; its patient it never shows.
        if role is Role.REVIEWER and word.kind in {"patient", "requester", "report_id"}:
            return True
        return word.kind in HIDDEN[role] and word.owner not in mine

    def leaks_of(thing):
        words = find(thing.text) - find(thing.place)
        found = {(word.kind, word.text) for word in words if is_leak(word, thing.place)}
        # The description of the interface is the same for all, and of nobody's case.
        is_about_nobody = thing.place == "/api/v1/openapi.json"
        hit = shape.search(thing.text) if shape and not is_about_nobody else None
        return found | ({("shape", hit[0])} if hit else set())

    return leaks_of


class TestTheNetwork:
    def test_it_reached_every_state_that_shows_something(self, audit):
        states = set(db.session.scalars(select(Case.state)))
        campaigns = set(db.session.scalars(select(Campaign.state)))

        assert campaigns == {CampaignState.REPORTED, CampaignState.RUNNING}
        assert {CaseState.QUARANTINED, CaseState.FINAL, CaseState.DEIDENTIFIED} <= states
        for model in (Review, Outcome, Reply, Summary, Message):
            assert db.session.scalars(select(model).limit(1)).one_or_none() is not None, model
        adjudicated = select(Outcome).where(Outcome.basis == "adjudicated").limit(1)
        assert db.session.scalars(adjudicated).one_or_none() is not None


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_shown_what_the_role_never_sees(audit, ids, role, caplog):
    app, network = audit
    people = network.of(role)
    assert people, f"nobody holds the role {role}"
    blinded = role in {Role.REVIEWER, Role.AUTHOR, Role.ADJUDICATOR, Role.COORDINATOR}

    for person in people[:: max(1, len(people) // 2)] if blinded else people[:1]:
        leaks_of, leaks, opened = judge(audit, person), {}, set()
        with caplog.at_level("INFO"):
            for thing in crawl(app, person, ids):
                opened |= {thing.place.split("?")[0]} if thing.status == 200 else set()
                leaks |= {thing.place: found} if (found := leaks_of(thing)) else {}

        assert leaks == {}
        assert ways_of(app, role) <= opened
    assert {w for w in network.words.finder()(caplog.text) if w.kind in NEVER_LOGGED} == set()


class TestWhatIsKept:
    """What a thief of the database, of the disk or of the queue would read."""

    def test_the_sealed_tables_name_nobody(self, audit):
        find = audit[1].words.finder()

        sealed = (Author, ReportIdentity, Identity, RecognitionRow, SeenIdentifier)
        for table in (*sealed, RefusedItem, Outbox):
            hits = {(w.kind, w.text) for row in kept(table) for w in find(row)}
            ids = {(kind, text) for kind, text in hits if ID.fullmatch(text)}
            assert hits - ids == set(), table

    def test_the_whole_database_names_no_patient(self, audit):
        app, network = audit
        content = whole_database(app.config["SQLALCHEMY_DATABASE_URI"])

        found = network.words.finder()(content)

        assert {w.text for w in found if w.kind in {"patient", "requester"}} == set()
        # It is the database that is meant: what is no secret stands in it.
        assert {w.kind for w in found} >= {"report_id", "department"}

    def test_stored_files_and_their_names_tell_nobody(self, audit):
        app, network = audit
        files = [p for p in app.config["STORAGE_DIR"].rglob("*") if p.is_file()]
        find = network.words.finder()

        assert files
        for path in files:
            assert find(path.name + path.read_bytes().decode("latin-1")) == set()

    def test_a_name_in_clear_would_be_found(self, audit):
        name = word_of(audit, "patient")
        with planted(Author, "sealed_name", f'["7", "{name}"]'.encode()):
            rows = " ".join(kept(Author))

        assert name in {w.text for w in audit[1].words.finder()(rows)}


def whole_database(url):
    """Return all that the database holds: its file, or where it has many every row."""
    db.session.commit()
    if not url.startswith("sqlite"):
        rows = (row for table in Base.metadata.sorted_tables for row in rows_of(table))
        return "\n".join(rows)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(url.removeprefix("sqlite:///")).read_bytes().decode("latin-1")


def kept(model):
    """Yield each row of a model's table as it lies in the database."""
    return rows_of(model.__table__)


def rows_of(table):
    for row in db.session.execute(select(*table.columns)):
        parts = (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)
        yield " ".join(parts)


def ways_of(app, role):
    """Return the addresses of the main pages of a role."""
    with app.test_request_context():
        return {url_for(way) for _, way in WAYS[role] if way in app.view_functions}


class TestThatItCanFail:
    """Plants what must never be there, and expects the crawl to find it."""

    def test_an_author_left_in_a_masked_text_is_found(self, audit, ids):
        author = word_of(audit, "author")
        with planted(Case, "masked_text", f"CONCLUSION : normal. Dr {author}"):
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

    @pytest.mark.parametrize("place", ["/scoring/", "/api/v1/scoring/", "mail cases_offered"])
    def test_a_department_in_a_header_or_mail_is_found(self, audit, place):
        person = audit[1].of(Role.REVIEWER)[0]
        other = next(code for code in audit[1].departments if code != person.department)

        assert judge(audit, person)(Seen(place, f"attachment; filename={other}.csv"))

    def test_what_is_ones_own_is_no_leak(self, audit):
        person = audit[1].of(Role.REVIEWER)[0]

        assert judge(audit, person)(Seen("/", f"{person.email} {person.department}")) == set()


def word_of(audit, kind):
    """Return a word that the network keeps of this kind."""
    words = audit[1].words.all
    return next(w.text for w in words if w.kind == kind and w.text.startswith("Qx"))


def first_leak(audit, role, ids):
    """Return what the first thing with a leak shows to somebody who holds a role."""
    for person in audit[1].of(role):
        leaks_of = judge(audit, person)
        for thing in crawl(audit[0], person, ids):
            if found := leaks_of(thing):
                return found
    return set()


class planted:  # noqa: N801 - reads as what it does
    """Put a text into a column of every row, and put the old ones back."""

    def __init__(self, model, column, text):
        self.model, self.column, self.text = model, column, text

    def __enter__(self):
        with unit_of_work():
            column = getattr(self.model, self.column)
            self.old = dict(db.session.execute(select(self.model.id, column)).all())
            db.session.execute(update(self.model).values({self.column: self.text}))

    def __exit__(self, *args):
        with unit_of_work():
            for row_id, text in self.old.items():
                one = update(self.model).where(self.model.id == row_id)
                db.session.execute(one.values({self.column: text}))
