"""The trail in words: no score, no clinical content, nothing that has no words."""

import ast
import re
from pathlib import Path

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.workflow import AssignmentEvent, CampaignEvent, CaseEvent
from peeraudit.services import trail
from peeraudit.services.trail import ENTRIES_ON_A_PAGE, READABLE_DETAILS
from peeraudit.web.trail.acts import ACTS, DETAILS, OBJECTS
from tests.factories.accounts import make_account

SOURCES = sorted((Path(__file__).parents[2] / "peeraudit").rglob("*.py"))
FORBIDDEN = {"score", "scores", "text", "comment", "words", "name", "author", "patient", "stance"}


def recorded():
    """Yield each call of ``trail.record`` that names its act and its object in plain text."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "trail.record":
                kinds = [k.value for k in node.keywords if k.arg == "object_kind"]
                act = node.args[0]
                yield (
                    act.value if isinstance(act, ast.Constant) else None,
                    kinds[0].value if isinstance(kinds[0], ast.Constant) else None,
                )


class TestWords:
    def test_every_act_that_is_recorded_has_its_words(self):
        acts = {act for act, _ in recorded() if act}
        acts |= {f"{event.value}_campaign" for event in CampaignEvent}
        acts |= {f"{event.value}_case" for event in CaseEvent}
        acts |= {f"{event.value}_assignment" for event in AssignmentEvent}

        assert acts - set(ACTS) == set()

    def test_every_kind_of_thing_has_its_words(self):
        assert {kind for _, kind in recorded() if kind} - set(OBJECTS) == set()

    def test_what_may_be_read_is_what_has_words_and_is_no_content(self):
        assert set(DETAILS) == READABLE_DETAILS
        assert set() == READABLE_DETAILS & FORBIDDEN


@pytest.fixture
def lead(session, password_hash):
    return Actor(make_account(session, password_hash, Role.NETWORK_LEAD).id, Role.NETWORK_LEAD)


def record(act="lock_campaign", by=None, **values):
    with unit_of_work():
        trail.record(act, by, **({"object_kind": "campaign"} | values))


class TestPage:
    def test_it_reads_as_sentences(self, client, sign_in, session, lead):
        record(by=lead, details={"protocol_sha256": "a" * 64, "departments": ["N", "S"]})
        record("submit_assignment", object_kind="assignment", details={"to": "submitted"})
        sign_in(Role.DATA_PROTECTION_OFFICER)

        page = client.get("/trail/").text

        assert "a verrouillé un protocole" in page
        assert "services\N{NO-BREAK SPACE}: N, S" in page
        assert "Le système" in page
        assert "a" * 64 not in page

    def test_neither_scores_nor_words_about_a_report_are_shown(
        self, client, sign_in, session, lead
    ):
        record("propose_outcome", lead, object_kind="outcome", reason="a missed fracture")
        record("submit_review", lead, object_kind="review", details={"score": "3b", "cases": 1})
        sign_in(Role.DATA_PROTECTION_OFFICER)

        page = client.get("/trail/").text

        assert "a proposé une conclusion" in page
        assert "fracture" not in page
        # An id in an address may hold the same two characters by chance.
        assert not re.search(r"(?<![0-9a-f-])3b(?![0-9a-f-])", page)

    def test_filters_live_in_the_address_and_stay_while_paging(
        self, client, sign_in, session, lead
    ):
        for _ in range(ENTRIES_ON_A_PAGE + 1):
            record(by=lead)
        sign_in(Role.DATA_PROTECTION_OFFICER)

        first = client.get(f"/trail/?actor={lead.account_id}&kind=campaign&since=2020-01-01")
        second = client.get(
            f"/trail/?actor={lead.account_id}&kind=campaign&since=2020-01-01&page=2"
        )
        nothing = client.get("/trail/?until=2000-01-01")

        assert first.text.count("a verrouillé") == ENTRIES_ON_A_PAGE
        assert second.text.count("a verrouillé") == 1
        assert "since=2020-01-01" in first.text
        assert "Rien à afficher" in nothing.text

    @pytest.mark.parametrize("query", ["page=0", "page=999999", "since=nonsense", "actor=x"])
    def test_an_address_that_was_tampered_with_shows_a_page(self, client, sign_in, query):
        sign_in(Role.DATA_PROTECTION_OFFICER)

        assert client.get(f"/trail/?{query}").status_code == 200
