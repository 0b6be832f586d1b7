"""How does one command bring up the whole demonstration, and what does it tell the user?"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from peeraudit.launch import commands, data_folder, parts, redis_server, supervisor
from peeraudit.launch.data_folder import DataFolder
from peeraudit.launch.errors import LaunchRefused
from peeraudit.launch.processes import Family, Part
from peeraudit.launch.progress import Progress
from peeraudit.launch.supervisor import StopSwitch

WORKER_PROCESSES = 2
WEB_PROCESSES = 1


@dataclass(frozen=True, slots=True)
class Demo:
    """One start of the demonstration."""

    data: DataFolder
    port: int
    source: redis_server.Source

    def work(self, family: Family, switch: StopSwitch) -> None:
        """Start the parts, say how to sign in, and stay until asked to stop."""
        with self.running(family, switch) as environment, self._announced(environment):
            print(banner(self.data, port=self.port, redis=self.source.origin), flush=True)
            supervisor.keep(family, switch)

    @contextlib.contextmanager
    def running(self, family: Family, switch: StopSwitch) -> Iterator[dict[str, str]]:
        """Start the parts in order; yield their settings once the web answers."""
        self.data.begin_filling()
        log = self.data.log("redis")
        with redis_server.serving(self.source, family, self.data.path / "redis", log=log) as url:
            redis_server.give_back_unacknowledged(url)
            environment = self.data.environment(redis_url=url, port=self.port)
            if not self.data.is_whole():
                _say("Inventing hospitals, reports and their audits. This takes about a minute …")
                part, progress = self._prepare(environment), Progress(self.data.log("prepare"))
                supervisor.finish(part, family, switch, meanwhile=progress.show)
                self.data.end_filling()
            _say("Starting the worker and the web server …")
            family.start(self._worker(environment))
            family.start(self._web(environment))
            supervisor.wait_for_web(family, switch, port=self.port)
            yield environment

    def _prepare(self, environment: dict[str, str]) -> Part:
        command = [sys.executable, "-m", "peeraudit.launch.prepare", "demo"]
        return Part("prepare", command, environment, self.data.log("prepare"))

    def _worker(self, environment: dict[str, str]) -> Part:
        return parts.worker(
            environment,
            processes=WORKER_PROCESSES,
            schedule=self.data.schedule,
            log=self.data.log("worker"),
        )

    def _web(self, environment: dict[str, str]) -> Part:
        return parts.web(
            environment,
            bind=f"127.0.0.1:{self.port}",
            processes=WEB_PROCESSES,
            log=self.data.log("web"),
        )

    @contextlib.contextmanager
    def _announced(self, environment: dict[str, str]) -> Iterator[None]:
        self.data.address.write_text(environment["REDIS_URL"])
        try:
            yield
        finally:
            self.data.address.unlink(missing_ok=True)


def free_port(wanted: int) -> int:
    """Return the port, or a free one for 0.

    Raises:
        LaunchRefused: another program listens on it, or it is not ours to take.
    """
    with socket.socket() as probe:
        # What gunicorn does as well: a port that closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except PermissionError:
            raise LaunchRefused(
                f"Port {wanted} is reserved for the system. Choose one above 1023:\n"
                f"  python3 -m peeraudit demo --port {commands.DEFAULT_PORT}"
            ) from None
        except OSError:
            other = wanted + 1 if wanted < 65535 else commands.DEFAULT_PORT
            raise LaunchRefused(
                f"Port {wanted} is already in use by another program. Choose another one:\n"
                f"  python3 -m peeraudit demo --port {other}"
            ) from None
        return int(probe.getsockname()[1])


def banner(data: DataFolder, *, port: int, redis: str) -> str:
    """Return what the user reads once everything runs."""
    rule = "─" * 78
    return "\n".join(
        [
            "",
            rule,
            f"  PeerAudit is ready:  http://127.0.0.1:{port}",
            "",
            "  Sign in with one click on that page, or as:",
            "",
            *_sign_in_lines(data),
            "",
            f"  Only this computer can reach it. Queue: {redis}.",
            f"  Data and logs: {data.path}",
            "  To stop: Ctrl-C.   To begin anew: add --fresh.",
            rule,
            "",
        ]
    )


def _sign_in_lines(data: DataFolder) -> list[str]:
    """Return a line for the first person of each role, in the order of the file."""
    if not data.accounts.exists():
        return ["    (the file with the passwords was removed; one click still works)"]
    people = json.loads(data.accounts.read_text())["accounts"]
    firsts: dict[str, dict[str, str]] = {}
    for person in people:
        firsts.setdefault(person["role"].replace("_", " "), person)
    wide = max((len(role) for role in firsts), default=0)
    long = max((len(person["email"]) for person in firsts.values()), default=0)
    return [
        f"    {role:<{wide}}   {person['email']:<{long}}   {person['password']}"
        for role, person in firsts.items()
    ]


def main() -> int:
    """Run the demonstration until it is stopped; return the exit code."""
    options = commands.parse(sys.argv[1:])
    os.umask(0o077)
    try:
        port = free_port(options.port)
        data = data_folder.prepare(options.data, os.environ)
        with data.held() as lock:
            if options.fresh:
                data.empty()
            demo = Demo(data, port, redis_server.find(os.environ))
            return supervisor.supervise(demo.work, lock=lock)
    except LaunchRefused as refusal:
        print(refusal, file=sys.stderr)
        return supervisor.CODE_REFUSED


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
