import os
from pathlib import Path

import pytest
import redis

from peeraudit.launch import chromium, redis_server
from peeraudit.launch.errors import ServerMissing
from peeraudit.launch.redis_server import Origin


@pytest.fixture
def a_program(tmp_path):
    """A folder that holds a program with the name that is looked for."""

    def make(name):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        return str(program)

    return make


class TestFind:
    def test_an_address_that_was_given_comes_first(self, a_program, tmp_path):
        a_program("redis-server")

        source = redis_server.find({"REDIS_URL": "redis://queue:6379/0", "PATH": str(tmp_path)})

        assert (source.origin, source.url) == (Origin.GIVEN, "redis://queue:6379/0")

    @pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
    def test_then_the_machines_own(self, a_program, tmp_path, name):
        program = a_program(name)

        source = redis_server.find({"PATH": str(tmp_path)})

        assert (source.origin, source.program) == (Origin.SYSTEM, program)

    def test_then_the_one_of_the_packages(self, monkeypatch):
        monkeypatch.setattr(redis_server, "_bundled", lambda: "/bundled/redis-server")

        assert redis_server.find({"PATH": "/nowhere"}).origin is Origin.BUNDLED

    def test_in_the_end_plain_files(self, monkeypatch):
        monkeypatch.setattr(redis_server, "_bundled", lambda: None)

        source = redis_server.find({"PATH": "/nowhere"})

        assert (source.origin, source.url) == (Origin.FILES, "filesystem://")


@pytest.mark.services
class TestRunning:
    def test_it_answers_on_a_private_socket_and_on_no_port(self, tmp_path):
        try:
            with redis_server.running(tmp_path) as url:
                socket = Path(url.removeprefix("redis+socket://"))
                client = redis.Redis(unix_socket_path=str(socket))
                client.set("key", "value")
                # One by one: Redis 6 knows no list of names.
                names = ("port", "appendonly", "maxmemory-policy")
                told = {name: client.config_get(name)[name] for name in names}
                client.close()
                mode = socket.parent.stat().st_mode
        except ServerMissing as missing:
            pytest.skip(str(missing))

        assert told == {"port": "0", "appendonly": "yes", "maxmemory-policy": "noeviction"}
        assert mode & 0o077 == 0
        assert len(os.fsencode(socket)) <= 107
        assert not socket.exists()

    def test_what_was_written_is_there_at_the_next_start(self, tmp_path):
        for expected in (None, b"value"):
            try:
                with redis_server.running(tmp_path) as url:
                    client = redis.Redis(unix_socket_path=url.removeprefix("redis+socket://"))
                    found = client.get("key")
                    client.set("key", "value")
                    client.close()
            except ServerMissing as missing:
                pytest.skip(str(missing))

            assert found == expected


class TestChromium:
    def test_the_one_that_was_named_is_taken(self, a_program, tmp_path):
        named = a_program("my-browser")
        a_program("chromium")

        assert chromium.find({"CHROMIUM": named, "PATH": str(tmp_path)}) == named

    def test_without_one_there_is_none(self):
        assert chromium.find({"PATH": "/nowhere"}) is None
