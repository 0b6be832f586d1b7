"""How does an e-mail leave the installation, and where does it point to?"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from peeraudit.adapters.logs import Tellable

TIMEOUT_SECONDS = 20
# Nothing leaves: what was sent is kept for whoever looks, such as a test.
MEMORY = "memory:"


class MailNotSent(Tellable):
    """The mail server did not take an e-mail; it may later. The text names no person."""


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail in plain text.

    Attributes:
        key: tells one e-mail from the next; one that is sent twice is known by it.
        to: the address of the one who gets it.
        subject: one line.
        body: the text, in lines.
    """

    key: str
    to: str
    subject: str
    body: str


def is_set_up() -> bool:
    """Return whether this installation sends e-mails at all."""
    return bool(current_app.config["MAIL_URL"])


def link_to(path: str) -> str:
    """Return the full address of a page of this installation.

    Args:
        path: where on the site, beginning with a slash; empty for the first page.
    """
    public_url: str = current_app.config["PUBLIC_URL"]
    return f"{public_url.rstrip('/')}{path or '/'}"


def sent() -> list[Mail]:
    """Return what the memory mailer took, oldest first; shape (n,)."""
    kept: list[Mail] = current_app.extensions.setdefault("peeraudit-mails", [])
    return kept


def send(mail: Mail) -> None:
    """Hand an e-mail to the mail server; do nothing where none is set up.

    Raises:
        MailNotSent: the server could not be reached or did not take it.
    """
    url: str = current_app.config["MAIL_URL"]
    if not url:
        return
    if url == MEMORY:
        sent().append(mail)
        return
    server = urlsplit(url)
    message = composed(mail, sender=current_app.config["MAIL_FROM"], host=server.hostname or "")
    try:
        _hand_over(message, server)
    except (smtplib.SMTPException, OSError) as error:
        # The server's answer may hold the person's address: only its kind is told.
        raise MailNotSent(f"{type(error).__name__} from {server.hostname}") from None


def composed(mail: Mail, *, sender: str, host: str) -> EmailMessage:
    """Return an e-mail as it leaves, with its headers.

    Args:
        mail: what is told, and whom.
        sender: the address that it comes from; empty for one at ``host``.
        host: the mail server's name.
    """
    message = EmailMessage()
    domain = sender.rpartition("@")[2].rstrip("> ") or host or "localhost"
    message["From"] = sender or f"peeraudit@{domain}"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<{mail.key}@{domain}>"
    # Answers of machines, such as "on leave", must not come back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _hand_over(message: EmailMessage, server: SplitResult) -> None:
    host = server.hostname or "localhost"
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host,
            server.port or 465,
            timeout=TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        connection = smtplib.SMTP(host, server.port or 25, timeout=TIMEOUT_SECONDS)
    with connection:
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
