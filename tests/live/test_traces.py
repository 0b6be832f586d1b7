"""What a real run leaves in Redis, in the logs and on the disk: no name of anybody."""

import base64
import csv
import io
import json
import re
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import date

import pytest
import redis

from peeraudit.domain.specimens.files import CSV_COLUMNS
from tests.canary.words import Words
from tests.live.script import Script, lead_of, people

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("live")]

CODE = "TRACE"
LEAD = lead_of([CODE])
ROWS = 8
PROTOCOL = {
    "title": "Audit of traces",
    "scope": {"modalities": ["CT"], "period_start": "2026-01-01", "period_end": "2026-12-31"},
    "sampling": {"target": 6, "stratum_minimum": 2},
}


class Tap:
    """All that is said to Redis while it listens: each command with its keys and values."""

    def __init__(self, monitor):
        self.monitor, self.lines = monitor, []

    def listen(self):
        # Its connection is closed in the end, wherever it is by then.
        with suppress(redis.ConnectionError, ValueError, OSError, AttributeError):
            for said in self.monitor.listen():
                self.lines.append(said["command"])

    def has_heard(self, word):
        return any(word in line for line in list(self.lines))


@contextmanager
def tapped(client):
    # A pool of its own: the thread that listens may still read when the connection goes back.
    pool = client.connection_pool
    own = redis.ConnectionPool(connection_class=pool.connection_class, **pool.connection_kwargs)
    with redis.Redis(connection_pool=own).monitor() as monitor:
        tap = Tap(monitor)
        threading.Thread(target=tap.listen, daemon=True).start()
        yield tap


@pytest.fixture
def client(installation):
    path = installation.environment["REDIS_URL"].removeprefix("redis+socket://")
    client = redis.Redis(unix_socket_path=path, decode_responses=True)
    yield client
    client.close()


@pytest.fixture
def words():
    return Words()


def table(words):
    """Return a table in which every name is a canary, one of them in the wrong column."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, CSV_COLUMNS, restval="")
    writer.writeheader()
    for number in range(ROWS):
        family, given, author, asked = (
            words.new(kind, "live") for kind in ("patient", "patient", "author", "requester")
        )
        writer.writerow({
            "report_id": words.keep(f"QXTRACER{number:04d}", "report_id", "live"),
            "accession": words.keep(f"QXTRACEA{number:04d}", "report_id", "live"),
            "patient_id": words.keep(f"99887766{number:04d}", "patient", "live"),
            "patient_last": family,
            "patient_first": given,
            "birth_date": "1951-02-03",
            "exam_name": "Scanner",
            "modality": "CT",
            "region": "chest",
            "performed": family if number == ROWS - 1 else date(2026, 3, number + 1).isoformat(),
            "status": "F",
            "author_id": words.keep(f"QXTRACEK{number:04d}", "author", "live"),
            "author_last": author,
            "referrer": asked,
            "language": "fr",
            "report_text": f"Patient : {given} {family}. CONCLUSION : normal. Dr {author}",
        })  # fmt: skip
    return buffer.getvalue().encode()


def everything_kept(client):
    """Return each key that is in Redis, with all that it holds."""
    readers = {
        "string": client.get,
        "list": lambda key: client.lrange(key, 0, -1),
        "set": client.smembers,
        "zset": lambda key: client.zrange(key, 0, -1),
        "hash": client.hgetall,
    }
    return "\n".join(f"{key} {readers[client.type(key)](key)}" for key in client.scan_iter())


def opened(text):
    """Return a text with what the messages in it say: their bodies lie there in base64."""
    bodies = re.findall(r"body\W{2,8}([A-Za-z0-9+/]{16,}={0,2})", text)
    return "\n".join([text, *(base64.b64decode(body).decode() for body in bodies)])


def ask_without_sense(installation, name):
    """Send requests that hold a name, and one that no server can read."""
    for path in (f"/{name}", f"/accounts/sign-in?email={name}", f"/api/v1/reports/{name}?q={name}"):
        installation.call("GET", path, headers={"Referer": f"http://x/{name}", "User-Agent": name})
    host, _, port = installation.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as raw:
        raw.sendall(f"GET /?who={name} and more HTTP/1.1\r\n{name}: x\r\n\r\n".encode())
        raw.settimeout(60)
        assert b"400" in raw.recv(4096)


def test_an_audit_leaves_no_name_in_redis_the_logs_or_on_the_disk(installation, client, words):
    made = installation.furnish(
        departments=[{"code": CODE, "name": "Centre des traces"}],
        people=list(people([CODE], reviewers=2)),
    )
    script, content = Script(installation, made), table(words)
    name = next(word.text for word in words.all if word.kind == "patient")

    with tapped(client) as tap:
        read = script.send(f"coordinator@{CODE.lower()}.example", CODE, f"{name}.csv", content)
        script.open_campaign(LEAD, PROTOCOL)
        ask_without_sense(installation, name)
        # What is asked last has been heard when all before it has.
        client.publish("tap", words.new("text", "live"))
        installation.wait_until(lambda: tap.has_heard("Qxtex"), what="the tap hears")
    said = [line for line in tap.lines if "Qxtex" not in line]

    assert read["counts"]["accepted"] == ROWS - 1
    assert read["counts"]["refused"] == 1
    # The bodies of messages were opened: what they hold is ids.
    assert '"callbacks": null' in opened("\n".join(said))
    find, logs = words.finder(), installation.log("worker") + installation.log("web")
    assert any("peeraudit.run_intake" in line for line in said)
    assert any("peeraudit.mask_cases" in line for line in said)
    assert "peeraudit.run_intake" in logs
    assert "GET /accounts/sign-in 200" in logs
    # The web server says that it could not read one, and not what it was.
    assert "invalid request" in logs
    for place, text in {
        "said to Redis": opened("\n".join(said)),
        "kept in Redis": opened(everything_kept(client)),
        "logs": logs,
        "names of files": "\n".join(str(path) for path in installation.folder.rglob("*")),
    }.items():
        assert find(text) == set(), place


def test_a_name_in_redis_would_be_found(installation, client, words):
    word = words.new("patient", "live")
    body = base64.b64encode(json.dumps([[word], {}]).encode()).decode()
    kinds = {
        "canary:string": lambda key: client.set(key, word),
        "canary:list": lambda key: client.rpush(key, word),
        "canary:hash": lambda key: client.hset(key, word, "1"),
        "canary:set": lambda key: client.sadd(key, word),
        "canary:zset": lambda key: client.zadd(key, {word: 1}),
        f"canary:{word}": lambda key: client.set(key, "1"),
        "canary:message": lambda key: client.lpush(key, json.dumps({"body": body})),
    }
    for key, put in kinds.items():
        with tapped(client) as tap:
            put(key)
            found = words.finder()(opened(everything_kept(client)))
            client.publish("tap", "the end")
            installation.wait_until(lambda tap=tap: tap.has_heard("the end"), what="the tap hears")
        client.delete(key)

        assert {one.text for one in found} == {word}, key
        assert {one.text for one in words.finder()(opened("\n".join(tap.lines)))} == {word}, key
