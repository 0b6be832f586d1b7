"""The canary network, built once for all that look for its words."""

from dataclasses import replace
from typing import NamedTuple

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from peeraudit.app import create_app
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, ReportChange
from peeraudit.models.intake import IntakeItem, RefusedItem, Upload
from peeraudit.models.jobs import Job
from peeraudit.models.messages import Message
from peeraudit.models.network import Department, Reviewer
from peeraudit.models.summaries import Summary
from peeraudit.models.unsealing import Unsealing
from tests.canary.logs import everything_logged
from tests.canary.network import Network, build
from tests.conftest import new_database, run_flask

ID_NAMES = {
    "account_id": Account, "grant_id": RoleGrant, "outcome_id": Outcome, "campaign_id": Campaign,
    "assignment_id": Assignment, "plan_id": Plan, "case_id": Case, "author_id": Author,
    "upload_id": Upload, "job_id": Job, "message_id": Message, "department_id": Department,
    "reviewer_id": Reviewer, "summary_id": Summary, "item_id": IntakeItem,
    "change_id": ReportChange, "request_id": Unsealing,
}  # fmt: skip


class Audit(NamedTuple):
    """The installation with the network in it, and all that was logged while it was made."""

    app: APIFlask
    network: Network
    log: str


@pytest.fixture(scope="session")
def built(server_url, settings, tmp_path_factory):
    """An installation of its own, with the canary network in it."""
    own = replace(
        settings,
        database_url=new_database(server_url, "canary"),
        storage_dir=tmp_path_factory.mktemp("canary"),
        mail_url="memory:",
        mail_from="PeerAudit <peeraudit@network.example>",
    )
    done = run_flask(own, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    with everything_logged() as log:
        app = create_app(own)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            network = build()
            db.session.remove()
    yield Audit(app, network, log.getvalue())
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def audit(built):
    """The canary network, for one test that asks the database about it."""
    built.app.extensions["celery"].set_default()
    built.app.extensions["celery"].set_current()
    with built.app.app_context():
        yield built
        db.session.remove()


@pytest.fixture
def ids(audit):
    """The ids of all rows, by the name that an address gives them.

    Only some of many are asked for, the first among them: what waits for somebody comes before
    what was read, as chance would seldom find it.
    """
    first = {
        "upload_id": (Upload.asks_layout.desc(),),
        "item_id": (IntakeItem.id.in_(select(RefusedItem.item_id)).desc(),),
    }
    return {
        name: list(
            map(str, db.session.scalars(select(model.id).order_by(*first.get(name, ()), model.id)))
        )
        for name, model in ID_NAMES.items()
    }
