from dataclasses import replace
from uuid import uuid4

import pytest
from flask import render_template

from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import (
    Conflicting,
    IllegalMove,
    InvalidFields,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from peeraudit.services import health
from peeraudit.services.reading_desk import AlreadySubmitted
from tests.client import check_page


class TestErrorPages:
    def test_an_address_that_leads_nowhere_says_so(self, client):
        answer = client.get("/nowhere")

        assert answer.status_code == 404
        assert "Rien n’est perdu" in answer.text

    def test_a_page_of_another_role_says_so(self, client, sign_in):
        sign_in(Role.REVIEWER)

        answer = client.get("/accounts/people")

        assert answer.status_code == 403
        assert "rôle" in answer.text

    def test_a_fault_shows_a_reference_and_nothing_else(self, app, client, sign_in, monkeypatch):
        sign_in(Role.ADMINISTRATOR)
        monkeypatch.setattr(health, "look", broken)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

        answer = client.get("/health")

        assert answer.status_code == 500
        assert answer.headers["X-Request-Id"] in answer.text
        assert "the secret detail" not in answer.text

    def test_a_fault_in_the_database_still_shows_a_page(self, app, client, sign_in, monkeypatch):
        sign_in(Role.ADMINISTRATOR)
        monkeypatch.setattr("peeraudit.services.notifications.count_unread", broken)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

        answer = client.get("/health")

        assert answer.status_code == 500
        assert "<h1>" in answer.text

    @pytest.mark.parametrize("code", [401, 413, 422, 429])
    def test_every_other_page_says_what_to_do(self, app, session, code):
        with app.test_request_context("/"):
            page = render_template(f"errors/{code}.html", message="")

        check_page(page, f"errors/{code}.html")
        assert "btn-primary" in page


class TestStatus:
    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (NotAllowed("no"), 403),
            (NotFound("no"), 404),
            (Conflicting("no"), 409),
            (AlreadySubmitted("no"), 409),
            (InvalidInput("no"), 422),
            (InvalidFields({"name": InvalidInput("no")}), 422),
            (IllegalMove("no"), 422),
        ],
    )
    @pytest.mark.parametrize("path", ["/network/", "/api/v1/departments/"])
    def test_pages_and_programs_are_told_the_same(self, app, session, path, error, status):
        with app.test_request_context(path):
            answer = app.make_response(app.handle_user_exception(error))

        assert answer.status_code == status
        assert answer.is_json == path.startswith("/api/")


class TestHealth:
    def test_the_page_says_in_words_how_things_are(self, client, sign_in):
        sign_in(Role.ADMINISTRATOR)

        assert "État du système" in client.get("/health").text

    def test_work_that_nobody_takes_is_told(self, client, sign_in, monkeypatch):
        sign_in(Role.ADMINISTRATOR)
        healthy = health.look
        monkeypatch.setattr(health, "look", lambda by: replace(healthy(by=by), oldest_wait=3600.0))

        assert "Le travail s’accumule" in client.get("/health").text

    def test_a_machine_asks_without_signing_in(self, client):
        assert client.get("/livez").json == {"status": "alive"}
        assert client.get("/readyz").json["status"] == "ready"


def broken(*args, **kwargs):
    raise RuntimeError("the secret detail")


def test_a_script_without_its_token_leaves_the_session_alone(app, client, monkeypatch):
    """Its answer may come after the sign-in page of another tab, and would replace that one's."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    draft = client.put(f"/scoring/{uuid4()}/draft", json={})
    page = client.get(f"/scoring/{uuid4()}")
    form = client.post("/accounts/sign-in", data={"email": "a@b.example"})

    assert draft.status_code == page.status_code == form.status_code == 302
    assert "Set-Cookie" not in draft.headers
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" in form.headers
