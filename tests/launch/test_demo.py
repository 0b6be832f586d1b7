import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.launch import demo
from peeraudit.launch.data_folder import DataFolder
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import LaunchRefused

pytestmark = [
    pytest.mark.services,
    pytest.mark.xdist_group("demo"),
    # The first start invents the whole demonstration; a busy machine takes its time.
    pytest.mark.timeout(900),
]
FIRST_START_SECONDS = 600
SECOND_START_SECONDS = 120
STOP_SECONDS = 60
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LISTENING = "0A"


@dataclass
class Start:
    """One start of the demonstration."""

    process: subprocess.Popen
    output: Path
    seconds: float = 0.0

    @property
    def text(self):
        return self.output.read_text()

    @property
    def port(self):
        return int(re.search(r"ready:  http://127\.0\.0\.1:(\d+)", self.text)[1])

    def passwords(self):
        return re.findall(r"^ {4}\S.*?\s{2,}(\S+@\S+)\s+(\S+)$", self.text, re.MULTILINE)

    def interrupt(self):
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


def start(folder, output, *, patience, words=()):
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    began = time.monotonic()
    with output.open("w") as handle:
        process = subprocess.Popen(
            [sys.executable, "-m", "peeraudit", "demo", "--port", "0", "--data", folder, *words],
            cwd=ROOT,
            env=environment,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )
    started = Start(process, output)
    wait(lambda: "To stop: Ctrl-C" in started.text, started, patience)
    started.seconds = time.monotonic() - began
    return started


def wait(holds, started, patience=SECOND_START_SECONDS):
    limit = time.monotonic() + patience
    while not holds():
        assert started.process.poll() is None, started.text
        assert time.monotonic() < limit, started.text
        time.sleep(0.1)


def descendants(pid):
    """Return process id → command line of all that descend from a process, itself included."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(words[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {p: command for p in found if (command := command_of(p))}


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def listeners(pids):
    """Return (address in hexadecimal, port) of each TCP socket on which the processes listen."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(link.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING and words[9] in inodes:
                address, _, port = words[1].partition(":")
                found.add((address, int(port, 16)))
    return found


def workers(started):
    return {p for p, command in descendants(started.process.pid).items() if "celery" in command}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@dataclass
class FirstStart:
    seconds: float
    port: int
    text: str
    passwords: list
    listeners: set
    code: int
    left: dict


@pytest.fixture(scope="module")
def first(folder, tmp_path_factory):
    """A first start, looked at and stopped by Ctrl-C."""
    output = tmp_path_factory.mktemp("output") / "first"
    started = start(folder, output, patience=FIRST_START_SECONDS)
    port, passwords = started.port, started.passwords()
    family = descendants(started.process.pid)
    listening = listeners(family)
    code = started.interrupt()
    left = {p: command_of(p) for p in family if "peeraudit" in command_of(p)}
    return FirstStart(started.seconds, port, started.text, passwords, listening, code, left)


@pytest.fixture(scope="module")
def second(first, folder, tmp_path_factory):
    """A second start on the same data, running."""
    output = tmp_path_factory.mktemp("output") / "second"
    started = start(folder, output, patience=SECOND_START_SECONDS)
    yield started
    started.interrupt()


class Browser:
    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path):
        with self.opener.open(self.base + path, timeout=60) as answer:
            return answer.read().decode(), answer.url

    def post(self, path, **fields):
        page, _ = self.get("/accounts/sign-in")
        fields["csrf_token"] = TOKEN.search(page)[1]
        with self.opener.open(self.base + path, urlencode(fields).encode(), 60) as answer:
            return answer.read().decode(), answer.url


class TestTheFirstStart:
    def test_the_web_on_this_computer_is_the_only_open_port(self, first):
        assert first.listeners == {("0100007F", first.port)}

    def test_ctrl_c_ends_everything_well(self, first):
        assert first.code == 0
        assert first.left == {}
        assert first.text.rstrip().endswith("Stopped.")
        # Free again: nothing listens there any more.
        assert demo.free_port(first.port) == first.port

    def test_it_tells_how_to_sign_in_in_each_role(self, first):
        for role in Role:
            assert role.value.replace("_", " ") in first.text
        assert len(first.passwords) == len(Role)

    def test_the_data_are_for_nobody_else_to_read(self, first, folder):
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]

        assert len(files) > 3
        assert [path for path in files if path.stat().st_mode & 0o077] == []
        assert not (folder / "unfinished").exists()


class TestTheSecondStart:
    def test_it_takes_seconds_and_keeps_the_data(self, first, second, record_property):
        # The aim is 10 s on a quiet machine; the figures are told, the limit is generous.
        record_property("demo, seconds of the first start", f"{first.seconds:.1f}")
        record_property("demo, seconds of the second start", f"{second.seconds:.1f}")
        assert second.seconds < SECOND_START_SECONDS
        assert second.passwords() == first.passwords

    def test_a_printed_password_opens_the_door(self, second):
        browser = Browser(second.port)
        email, password = second.passwords()[0]

        page, url = browser.post("/accounts/sign-in", email=email, password=password)

        assert "sign-in" not in url
        assert "/accounts/sign-out" in page

    def test_one_click_opens_the_door_as_each_role(self, second):
        page, _ = Browser(second.port).get("/accounts/sign-in")
        doors = re.findall(r'formaction="(/accounts/enter/[^"]+)"', page)

        assert len(doors) == len(Role)
        for door in doors:
            page, url = Browser(second.port).post(door)
            assert "sign-in" not in url
            assert "/accounts/sign-out" in page

    def test_a_killed_worker_is_back_and_the_web_stays(self, second):
        before = workers(second)
        os.killpg(min(before), signal.SIGKILL)

        wait(lambda: len(workers(second) - before) >= len(before), second)

        assert "`worker` was ended by signal 9. It is being started again." in second.text
        assert json.loads(Browser(second.port).get("/readyz")[0])["status"] == "ready"

    def test_another_start_on_the_same_data_is_refused(self, second, folder):
        done = run_demo("--port", "0", "--data", folder)

        assert done.returncode == 2
        assert "A demo already runs on the data" in done.stderr
        assert "--data another-folder" in done.stderr

    def test_another_start_on_the_same_port_is_refused(self, second, tmp_path):
        done = run_demo("--port", str(second.port), "--data", tmp_path)

        assert done.returncode == 2
        assert f"Port {second.port} is already in use" in done.stderr
        assert list(tmp_path.iterdir()) == []


def run_demo(*words):
    return subprocess.run(
        [sys.executable, "-m", "peeraudit", "demo", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TestFreePort:
    def test_nought_takes_a_free_one(self):
        assert 1024 <= demo.free_port(0) <= 65535

    def test_a_port_in_use_is_refused_with_another_one(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            with pytest.raises(LaunchRefused, match=f"Port {port} is already in use"):
                demo.free_port(port)


class TestBanner:
    def test_a_role_is_told_once_with_its_first_person(self, tmp_path):
        data = DataFolder(tmp_path)
        people = [
            {"role": "network_lead", "email": "a@x.example", "password": "one"},
            {"role": "network_lead", "email": "b@x.example", "password": "two"},
        ]
        data.accounts.write_text(json.dumps({"accounts": people}))

        text = demo.banner(data, port=8123, redis="files")

        assert "http://127.0.0.1:8123" in text
        assert re.search(r"network lead +a@x\.example +one", text)
        assert "b@x.example" not in text

    def test_a_removed_file_of_passwords_is_told(self, tmp_path):
        assert "file with the passwords was removed" in demo.banner(
            DataFolder(tmp_path), port=1, redis=""
        )
