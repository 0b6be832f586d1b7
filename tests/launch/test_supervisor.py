import os
import signal
import sys
import threading
import time

import pytest

from peeraudit.launch import supervisor
from peeraudit.launch.errors import LaunchRefused, PartDied, StopRequested
from peeraudit.launch.processes import Family, Part
from peeraudit.launch.supervisor import REVIVALS, StopSwitch

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FAIL = [sys.executable, "-c", "raise SystemExit('no such database')"]
GENEROUS_SECONDS = 60


@pytest.fixture
def family():
    with Family() as family:
        yield family


@pytest.fixture
def switch():
    return StopSwitch()


class TestKeep:
    def test_a_killed_part_that_may_come_back_is_started_again(self, family, switch, capsys):
        family.start(Part("worker", SLEEP, comes_back=True))
        pid = family.pid("worker")

        def kill_and_wait():
            try:
                os.kill(pid, signal.SIGKILL)
                limit = time.monotonic() + GENEROUS_SECONDS
                while family.pid("worker") == pid and time.monotonic() < limit:
                    time.sleep(0.05)
            finally:
                switch.press(0, None)

        threading.Thread(target=kill_and_wait).start()
        with pytest.raises(StopRequested):
            supervisor.keep(family, switch)

        family.check()
        assert family.pid("worker") != pid
        assert "`worker` was ended by signal 9. It is being started again." in (
            capsys.readouterr().out
        )

    def test_one_that_cannot_live_is_given_up_loudly(self, family, switch, tmp_path, capsys):
        log = tmp_path / "log"
        family.start(Part("worker", FAIL, log=log, comes_back=True))

        with pytest.raises(PartDied) as death:
            supervisor.keep(family, switch)

        assert log.read_text().count("no such database") == REVIVALS + 1
        assert "no such database" in death.value.last_lines
        assert f"died {REVIVALS + 1} times within a minute" in capsys.readouterr().out

    def test_a_store_of_data_does_not_come_back(self, family, switch):
        family.start(Part("redis", FAIL))

        with pytest.raises(PartDied, match="`redis`"):
            supervisor.keep(family, switch)


class TestFinish:
    def test_a_step_that_ends_well_is_forgotten(self, family, switch):
        supervisor.finish(Part("step", [sys.executable, "-c", ""]), family, switch)

        assert family.names() == []

    def test_a_step_that_fails_is_not_tried_again(self, family, switch):
        with pytest.raises(PartDied, match="ended with code 1"):
            supervisor.finish(Part("step", FAIL, comes_back=True), family, switch)

    def test_a_stop_ends_the_waiting(self, family, switch):
        switch.press(signal.SIGINT, None)

        with pytest.raises(StopRequested):
            supervisor.finish(Part("step", SLEEP), family, switch)


class TestSupervise:
    def test_a_refusal_is_told_and_everything_ends(self, capsys):
        pids = []

        def work(family, switch):
            family.start(Part("one", SLEEP))
            pids.append(family.pid("one"))
            raise LaunchRefused("The moon is in the wrong house.")

        code = supervisor.supervise(work)

        assert code == supervisor.CODE_REFUSED
        assert "wrong house" in capsys.readouterr().out
        with pytest.raises(ProcessLookupError):
            os.kill(pids[0], 0)

    def test_a_death_is_told_with_the_last_lines(self, tmp_path, capsys):
        def work(family, switch):
            family.start(Part("web", FAIL, log=tmp_path / "log"))
            supervisor.keep(family, switch)

        code = supervisor.supervise(work)

        assert code == supervisor.CODE_PART_DIED
        told = capsys.readouterr().out
        assert "The others are being stopped" in told
        assert "no such database" in told

    def test_a_signal_stops_it_with_success(self, capsys):
        def work(family, switch):
            family.start(Part("one", SLEEP))
            os.kill(os.getpid(), signal.SIGTERM)
            supervisor.keep(family, switch)

        assert supervisor.supervise(work) == 0
        assert "Stopped." in capsys.readouterr().out
