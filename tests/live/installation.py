"""A real installation for tests: its own Redis, database, worker with beat and web server.

It is started the way the demonstration is, with the same code, but holds nothing:

    def test_a_file_is_read(installation):
        made = installation.furnish(
            departments=[{"code": "A", "name": "Centre A"}],
            people=[
                {"email": "ann@a.example", "name": "Ann", "roles": [["coordinator", "A"]]},
                {"email": "lee@net.example", "name": "Lee", "roles": [["network_lead", None]]},
                {
                    "email": "rob@a.example",
                    "name": "Rob",
                    "roles": [["reviewer", "A"], ["author", "A"]],
                    "reviewer": {"capacity": 60, "specialities": [["*", "*"]]},
                    "author_key": "10000000012",
                },
            ],
        )
        ann = made.people["ann@a.example"]          # .id .password .token (all its scopes)
        answer = installation.call("GET", "/api/v1/me", token=ann.token)
        assert answer.status == 200, answer.text     # .json, .body, .headers
        installation.kill_worker()                   # kill -9; the supervisor starts another
        installation.wait_until(lambda: ..., what="the upload is read")
        installation.send_file(f"/api/v1/uploads?department_id={made.departments['A']}",
                               "feed.hl7", content, token=ann.token)

`installation.url` is the address for a browser; its sign-in page has the one-click entries of the
demonstration for the people furnished. `furnish` may be called again to add more.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from peeraudit.launch import demo, parts, redis_server, supervisor
from peeraudit.launch.data_folder import DataFolder
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import PartDied, ServerMissing, StopRequested
from peeraudit.launch.processes import Family, Part
from peeraudit.launch.supervisor import StopSwitch

WORKER_PROCESSES = 2
PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class FurnishedPerson:
    """A person who can sign in, and a token that holds every scope of the person's roles."""

    id: str
    email: str
    password: str
    token: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """What ``furnish`` has put in: department code → id, e-mail address → person."""

    departments: dict[str, str]
    people: dict[str, FurnishedPerson]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Keeper:
    """Stands in for the supervisor: brings back a part that was killed, as the demo does."""

    family: Family
    switch: StopSwitch = field(default_factory=StopSwitch)
    death: PartDied | None = None

    def keep(self) -> None:
        try:
            supervisor.keep(self.family, self.switch)
        except PartDied as death:
            self.death = death
        except StopRequested:
            pass

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self.keep, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.switch.press(0, None)
            thread.join()


@dataclass
class Installation:
    """A running installation; see this file's beginning."""

    url: str
    folder: Path
    environment: Mapping[str, str]
    keeper: Keeper

    def furnish(
        self,
        *,
        departments: Sequence[Mapping[str, Any]] = (),
        people: Sequence[Mapping[str, Any]] = (),
    ) -> Furniture:
        """Add departments and people through the services, in a process of its own."""
        wanted = {"departments": list(departments), "people": list(people)}
        done = self._run(["-m", "tests.live.furnish"], stdin=json.dumps(wanted))
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        people_made = {email: FurnishedPerson(**person) for email, person in made["people"].items()}
        return Furniture(made["departments"], people_made)

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run ``flask --app wsgi WORDS`` on this installation."""
        return self._run(["-m", "flask", "--app", "wsgi", *words])

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        json_body: object = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return the answer, whatever its status."""
        self.check()
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent["Content-Type"] = "application/json"
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def send_file(self, path: str, name: str, content: bytes, *, token: str = "") -> Answer:
        """POST a file as the field `file` of a form, as a script that uploads reports does."""
        stored = FileStorage(BytesIO(content), filename=name)
        boundary, form = encode_multipart({"file": stored})
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.call("POST", path, token=token, body=form, headers=kind)

    def worker_pid(self) -> int:
        return self.keeper.family.pid("worker")

    def kill_worker(self) -> int:
        """Kill -9 the worker and all that it started; return the process id it had."""
        pid = self.worker_pid()
        os.killpg(pid, signal.SIGKILL)
        self.wait_until(lambda: self.worker_pid() != pid, what="the worker was started again")
        return pid

    def wait_until(
        self, holds: Callable[[], object], *, what: str, seconds: float = PATIENCE_SECONDS
    ) -> float:
        """Wait until something holds; return the seconds it took. Fails the test in the end."""
        began = time.monotonic()
        while not holds():
            self.check()
            waited = time.monotonic() - began
            assert waited < seconds, f"not within {seconds:.0f} s: {what}\n{self.last_lines()}"
            time.sleep(0.1)
        return time.monotonic() - began

    def check(self) -> None:
        """Fail the test when a part of the installation is gone for good."""
        death = self.keeper.death
        assert death is None, f"{death}\n{death.last_lines if death else ''}"

    def log(self, name: str) -> str:
        """Return the whole log of a part: worker, web or redis."""
        path = DataFolder(self.folder).log(name)
        return path.read_text(errors="replace") if path.exists() else ""

    def last_lines(self) -> str:
        """Return the ends of the logs, for the message of a test that failed."""
        return "\n".join(
            f"── {name}\n" + "\n".join(self.log(name).splitlines()[-20:])
            for name in ("worker", "web")
        )

    def _run(self, words: Sequence[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@contextlib.contextmanager
def running_installation(
    folder: Path, database_url: str, *, filling: Sequence[str] = ()
) -> Iterator[Installation]:
    """Start an installation and yield it; nothing of it is left afterwards.

    Args:
        folder: where it keeps its files.
        database_url: an empty database.
        filling: words of a ``flask`` command that puts data in before anything is at work.

    Raises:
        ServerMissing: there is no Redis on this machine.
    """
    given = {**os.environ, "REDIS_URL": os.environ.get("TEST_REDIS_URL", "")}
    source = redis_server.find(given)
    if source.origin is redis_server.Origin.FILES:
        raise ServerMissing(redis_server.REASON, redis_server.REMEDY)
    data = DataFolder(folder)
    port = demo.free_port(0)
    with (
        Family() as family,
        redis_server.serving(source, family, folder / "redis", log=data.log("redis")) as url,
    ):
        environment = data.environment(redis_url=url, port=port) | {"DATABASE_URL": database_url}
        keeper = Keeper(family)
        installation = Installation(f"http://127.0.0.1:{port}", folder, environment, keeper)
        _migrate(family, data, environment, filling)
        _start(family, data, environment, port)
        with keeper.at_work():
            yield installation


def _migrate(
    family: Family, data: DataFolder, environment: dict[str, str], filling: Sequence[str]
) -> None:
    for name, words in (("migrate", ("db", "upgrade")), ("fill", filling)):
        if words:
            command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
            part = Part(name, command, environment, data.log(name))
            supervisor.finish(part, family, StopSwitch())


def _start(family: Family, data: DataFolder, environment: dict[str, str], port: int) -> None:
    family.start(
        parts.worker(
            environment,
            processes=WORKER_PROCESSES,
            schedule=data.schedule,
            log=data.log("worker"),
        )
    )
    bind = f"127.0.0.1:{port}"
    family.start(parts.web(environment, bind=bind, processes=1, log=data.log("web")))
    supervisor.wait_for_web(family, StopSwitch(), port=port)
