"""Notices leave as e-mails: by the memory mailer, and by a real SMTP conversation."""

import email
import socketserver
import threading
from datetime import date
from email import policy

import pytest
from sqlalchemy import select

from peeraudit.adapters import mailer, queue
from peeraudit.adapters.mailer import Mail, MailNotSent
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.notifications import NoticeKind
from peeraudit.models.accounts import Account
from peeraudit.models.messages import Message
from peeraudit.services import notifications
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account

OFFER = {"count": 6, "due": date(2026, 12, 4)}


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over one e-mail."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say("354 go on")
                self.take_message()
                self.say("250 taken")
            elif verb == b"RCPT" and b"refused" in line:
                self.say("550 no such person: refused@hospital.example")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take_message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.server.taken.append(email.message_from_bytes(b"".join(lines), policy=policy.default))

    def say(self, answer):
        self.wfile.write(answer.encode() + b"\r\n")


@pytest.fixture
def smtp(app, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setitem(app.config, "MAIL_FROM", "PeerAudit <audit@network.example>")
        yield server.taken
        server.shutdown()


@pytest.fixture
def memory(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", mailer.MEMORY)
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://audit.example/")
    mailer.sent().clear()
    return mailer.sent()


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)


@pytest.fixture
def reviewer(session, password_hash):
    return make_account(session, password_hash, Role.REVIEWER)


def tell(account, params=OFFER):
    with unit_of_work():
        notifications.tell(
            account.id, NoticeKind.CASES_OFFERED, key="k", params=params, path="/scoring/"
        )


def speak(session, account, language):
    session.get(Account, account.id).language = language
    session.commit()


class TestSendMessage:
    def test_it_speaks_french_and_leads_to_the_page(self, session, reviewer, memory):
        tell(reviewer)
        sweep()

        (mail,) = memory

        assert mail.to == reviewer.email
        assert mail.subject.startswith("PeerAudit – 6 cas")
        assert "4 déc. 2026" in mail.body
        assert "https://audit.example/scoring/" in mail.body
        assert mail.body.startswith("Bonjour,")

    def test_it_speaks_english_to_who_chose_it(self, session, reviewer, memory):
        speak(session, reviewer, "en")
        tell(reviewer)
        sweep()

        assert "6 cases wait to be read by you until 4 Dec 2026." in memory[0].body

    def test_no_name_is_in_it(self, session, reviewer, memory):
        tell(reviewer)
        sweep()

        assert reviewer.name not in memory[0].subject + memory[0].body

    def test_it_is_mailed_once_however_often_it_is_woken(self, session, reviewer, memory):
        tell(reviewer)
        for _ in range(3):
            sweep()

        assert len(memory) == 1
        assert session.scalars(select(Message)).one().mailed_at is not None

    def test_who_left_meanwhile_gets_nothing(self, session, reviewer, memory):
        tell(reviewer)
        session.get(Account, reviewer.id).active = False
        session.commit()
        sweep()

        assert memory == []

    def test_a_server_that_is_away_is_tried_again(self, app, session, reviewer, monkeypatch):
        monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:9")
        tell(reviewer)
        sweep()

        row = session.scalars(select(queue.Outbox)).one()

        assert row.done_at is None
        assert "MailNotSent" in row.last_error
        assert reviewer.email not in row.last_error


class TestSmtp:
    def test_a_server_takes_the_e_mail_as_it_was_written(self, session, reviewer, smtp):
        tell(reviewer)
        sweep()

        (taken,) = smtp

        assert taken["To"] == reviewer.email
        assert taken["From"] == "PeerAudit <audit@network.example>"
        assert taken["Auto-Submitted"] == "auto-generated"
        assert taken["Message-ID"].endswith("@network.example>")
        assert taken["Subject"].startswith("PeerAudit – 6 cas")
        assert "Bonjour," in taken.get_content()

    def test_a_refusal_is_told_without_the_persons_address(self, app, session, smtp):
        mail = Mail("key", "refused@hospital.example", "subject", "body")

        with pytest.raises(MailNotSent) as refused:
            mailer.send(mail)

        assert "refused@hospital.example" not in str(refused.value)
        assert smtp == []


class TestMailer:
    def test_without_a_server_nothing_leaves(self, app, session):
        assert not mailer.is_set_up()
        mailer.send(Mail("key", "a@b.example", "subject", "body"))

    def test_a_link_is_a_full_address(self, app, session, memory):
        assert mailer.link_to("") == "https://audit.example/"
        assert mailer.link_to("/scoring/") == "https://audit.example/scoring/"
