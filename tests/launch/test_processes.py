import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peeraudit.launch.environment import variables
from peeraudit.launch.errors import PartDied
from peeraudit.launch.processes import Family, Part, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""
# Starts a grandchild, tells its id, and stays.
WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
STARTER = f"""
import sys, time
from pathlib import Path
from peeraudit.launch.processes import Family, Part
family = Family()
with family.short_folder("peeraudit-test-") as folder:
    family.start(Part("one", [sys.executable, "-c", {WITH_CHILD!r}], log=Path(sys.argv[1])))
    print(family.pid("one"), folder, flush=True)
    time.sleep(600)
"""
GENEROUS_SECONDS = 60


def is_alive(pid):
    """A zombie that nobody has waited for yet counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait(holds):
    limit = time.monotonic() + GENEROUS_SECONDS
    while not (found := holds()):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return found


@pytest.fixture
def family():
    with Family() as family:
        yield family


class TestFamily:
    def test_a_part_that_dies_is_named_with_its_last_lines(self, family, tmp_path):
        words = [sys.executable, "-c", "print('out of ink'); raise SystemExit(3)"]
        family.start(Part("printer", words, log=tmp_path / "printer.log"))

        with pytest.raises(PartDied, match=r"`printer` ended with code 3") as death:
            wait_until(lambda: False, family, seconds=GENEROUS_SECONDS)

        assert death.value.last_lines == "out of ink"

    def test_a_part_that_was_killed_is_told_by_its_signal(self, family):
        family.start(Part("one", SLEEP))
        os.kill(family.pid("one"), signal.SIGKILL)

        with pytest.raises(PartDied, match="ended by signal 9"):
            wait_until(lambda: False, family, seconds=GENEROUS_SECONDS)

    def test_a_part_that_will_not_leave_is_killed(self, family, tmp_path):
        log = tmp_path / "log"
        words = [sys.executable, "-c", STUBBORN]
        family.start(Part("stubborn", words, log=log, stop_seconds=0.3))
        pid = family.pid("stubborn")
        wait(lambda: "ready" in log.read_text())

        family.stop("stubborn")

        assert not is_alive(pid)
        assert family.names() == []

    def test_the_last_started_is_stopped_first(self, family, monkeypatch):
        for name in ("one", "two", "three"):
            family.start(Part(name, SLEEP))
        stopped = []
        stop = family.stop
        monkeypatch.setattr(family, "stop", lambda name: (stopped.append(name), stop(name)))

        family.stop_from("two")

        assert stopped == ["three", "two"]
        assert family.names() == ["one"]

    def test_what_a_killed_part_had_started_ends_before_it_starts_again(self, family, tmp_path):
        log = tmp_path / "log"
        family.start(Part("one", [sys.executable, "-c", WITH_CHILD], log=log))
        child = int(wait(log.read_text))
        os.kill(family.pid("one"), signal.SIGKILL)

        family.start_again("one")

        wait(lambda: not is_alive(child))
        wait(lambda: len(log.read_text().splitlines()) == 2)
        family.check()

    def test_a_part_that_started_again_keeps_its_place(self, family):
        for name in ("worker", "web"):
            family.start(Part(name, SLEEP))
        os.kill(family.pid("worker"), signal.SIGKILL)

        family.start_again("worker")

        assert family.names() == ["worker", "web"]

    def test_nothing_outlives_a_starter_that_is_killed_outright(self, tmp_path):
        log = tmp_path / "log"
        starter = subprocess.Popen(
            [sys.executable, "-c", STARTER, str(log)], stdout=subprocess.PIPE, env=variables()
        )
        pid, folder = starter.stdout.readline().decode().split()
        child = int(wait(lambda: log.exists() and log.read_text()))
        assert is_alive(int(pid))
        assert is_alive(child)

        starter.kill()
        starter.wait()
        starter.stdout.close()

        wait(lambda: not is_alive(int(pid)) and not is_alive(child))
        wait(lambda: not Path(folder).exists())

    def test_the_death_of_the_watch_is_not_overlooked(self, family):
        family.start(Part("one", SLEEP))
        family._watch.kill()
        family._watch.wait()

        with pytest.raises(PartDied, match="`watch`"):
            family.check()
