"""The command that takes HL7 v2 messages in from the network."""

import asyncio
import logging
import signal
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info
from flask_babel import gettext

from peeraudit.adapters.database import FAULTS
from peeraudit.adapters.mllp.acknowledgements import ACCEPTED, NOT_STORED, Verdict
from peeraudit.adapters.mllp.server import Keep, Limits, Listener
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli import intake
from peeraudit.domain.errors import DomainError
from peeraudit.services import accounts, intake_listening

LOCAL = "127.0.0.1"
logger = logging.getLogger(__name__)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of an encrypted connection.

    Attributes:
        certificate: the server's own, with its chain.
        key: its private key.
        clients: who signs the certificates of senders; without it senders need none.
    """

    certificate: Path
    key: Path
    clients: Path | None

    def context(self) -> ssl.SSLContext:
        """Return what senders must speak: TLS 1.2 or later.

        Raises:
            click.ClickException: a file holds no certificate or key, or they are not a pair.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
            if self.clients is not None:
                context.load_verify_locations(self.clients)
                context.verify_mode = ssl.CERT_REQUIRED
        except (ssl.SSLError, OSError) as error:
            raise click.ClickException(f"The TLS files cannot be used: {error}") from None
        return context


@intake.group.command("listen")
@click.option(
    "--department", required=True, envvar="MLLP_DEPARTMENT", help="Code of the sender's department."
)
@click.option("--bind", default=LOCAL, envvar="MLLP_BIND", help="Address to listen on.")
@click.option(
    "--port",
    required=True,
    envvar="MLLP_PORT",
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@click.option(
    "--tls-cert", envvar="MLLP_TLS_CERT", type=_file, help="Certificate with its chain, PEM."
)
@click.option("--tls-key", envvar="MLLP_TLS_KEY", type=_file, help="Its private key, PEM.")
@click.option(
    "--tls-clients",
    envvar="MLLP_TLS_CLIENTS",
    type=_file,
    help="Who signs senders' certificates, PEM.",
)
@click.option(
    "--idle-seconds", default=600.0, type=click.FloatRange(min=0.1), help="Longest silence."
)
@pass_script_info
def listen(
    info: ScriptInfo,
    /,
    department: str,
    bind: str,
    port: int,
    idle_seconds: float,
    **files: Path | None,
) -> None:
    """Take HL7 v2 messages in over MLLP, answering each once it is stored."""
    tls = _tls(**files)
    try:
        place = accounts.find_place(department)
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    keep = _keeper(info.load_app(), place.id)
    listener = Listener(keep, Limits(idle_seconds=idle_seconds))
    try:
        asyncio.run(_serve(listener, bind, port, tls.context() if tls else None))
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {bind}:{port}: {error.strerror}.") from None


def _tls(tls_cert: Path | None, tls_key: Path | None, tls_clients: Path | None) -> Tls | None:
    if tls_cert is None and tls_key is None and tls_clients is None:
        return None
    if tls_cert is None or tls_key is None:
        raise click.UsageError("--tls-cert and --tls-key are given together.")
    return Tls(tls_cert, tls_key, tls_clients)


async def _serve(listener: Listener, bind: str, port: int, tls: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, listener.stop)

    def tell(taken: int) -> None:
        how = "TLS" if tls else "no encryption: keep the network closed"
        click.echo(f"Listening for HL7 v2 messages on {bind}:{taken} ({how}).")

    await listener.serve(bind, port, tls=tls, on_ready=tell)


def _keeper(app: Flask, department_id: UUID) -> Keep:
    """Return what stores messages of a department for good, in one transaction where it can."""

    def keep(messages: Sequence[bytes]) -> Sequence[Verdict]:
        with app.app_context():
            together = _kept(department_id, messages)
            if together.code == "A" or len(messages) == 1:
                return [together] * len(messages)
            # One message that cannot be stored must not keep the others out.
            return [_kept(department_id, [message]) for message in messages]

    return keep


def _kept(department_id: UUID, messages: Sequence[bytes]) -> Verdict:
    try:
        with unit_of_work():
            new = sum(intake_listening.keep_message(department_id, one) for one in messages)
    except (DomainError, *FAULTS) as error:
        logger.error("mllp: %d messages were not stored: %s", len(messages), type(error).__name__)  # noqa: TRY400 - the text of a database error holds the values
        return NOT_STORED
    logger.info("mllp: %d messages stored, %d of them new", len(messages), new)
    return ACCEPTED
