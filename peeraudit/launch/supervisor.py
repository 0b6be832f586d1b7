"""How are the parts kept together: what happens at Ctrl-C, and what when one of them dies?"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from types import FrameType

from peeraudit.launch.errors import LaunchRefused, PartDied, StopRequested
from peeraudit.launch.processes import POLL_SECONDS, Family, Part, wait_until

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_SECONDS = 180
STEP_SECONDS = 1800
# A part that was killed comes back; one that cannot live is not tried for ever.
REVIVALS = 3
REVIVAL_SECONDS = 60.0
CODE_REFUSED = 2
CODE_PART_DIED = 1


class StopSwitch:
    """Remembers that a stop was asked for; the second time it counts as urgent."""

    def __init__(self) -> None:
        self.times = 0

    def press(self, _number: int, _frame: FrameType | None) -> None:
        """Note one more request to stop; this is the signal handler."""
        self.times += 1

    def check(self) -> None:
        """Raise ``StopRequested`` when a stop was asked for."""
        if self.times:
            raise StopRequested


@contextlib.contextmanager
def stop_switch() -> Iterator[StopSwitch]:
    """Turn Ctrl-C and the usual signals into a switch that is looked at between steps."""
    switch = StopSwitch()
    before = {number: signal.signal(number, switch.press) for number in STOP_SIGNALS}
    try:
        yield switch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def finish(
    part: Part,
    family: Family,
    switch: StopSwitch,
    *,
    seconds: float = STEP_SECONDS,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Run the part to its end, within ``seconds``; ``meanwhile`` is called all along.

    Raises:
        PartDied: it, or another part, ended badly.
        StopRequested: a stop was asked for meanwhile.
        LaunchRefused: it took too long.
    """
    family.start(part)
    limit = time.monotonic() + seconds
    while not family.has_finished(part.name):
        switch.check()
        if time.monotonic() > limit:
            raise LaunchRefused(f"The step `{part.name}` took more than {seconds:.0f} s.")
        meanwhile()
        time.sleep(POLL_SECONDS)
    meanwhile()


def wait_for_web(family: Family, switch: StopSwitch, *, port: int) -> None:
    """Wait until the web says that it can serve.

    Raises:
        PartDied: a part ended while it was waited for.
        StopRequested: a stop was asked for meanwhile.
        LaunchRefused: it took too long.
    """

    def is_ready() -> bool:
        switch.check()
        return _answers(port)

    if not wait_until(is_ready, family, seconds=READY_SECONDS):
        raise LaunchRefused(
            f"The web server runs but did not become ready within {READY_SECONDS} s.\n"
            f"{family.last_lines('web')}"
        )


def keep(family: Family, switch: StopSwitch) -> None:
    """Stay until a stop is asked for; start a part again that died and may come back.

    Raises:
        PartDied: a part has ended that may not come back, or that died too often.
        StopRequested: always, in the end.
    """
    deaths: dict[str, list[float]] = {}
    while True:
        switch.check()
        try:
            family.check()
        except PartDied as death:
            if not family.may_come_back(death.name):
                raise
            _revive(family, death, deaths.setdefault(death.name, []))
        time.sleep(4 * POLL_SECONDS)


def _revive(family: Family, death: PartDied, earlier: list[float]) -> None:
    """Start a dead part again, unless it has done little else lately than die.

    Args:
        family: whose part it is.
        death: how it ended.
        earlier: moments of its earlier deaths, in seconds; this one is added.
    """
    moment = time.monotonic()
    earlier[:] = [*(m for m in earlier if moment - m < REVIVAL_SECONDS), moment]
    if len(earlier) > REVIVALS:
        print(f"\nThe part `{death.name}` died {len(earlier)} times within a minute.", flush=True)
        raise death
    print(f"{death} It is being started again.", flush=True)
    family.start_again(death.name)


def supervise(work: Callable[[Family, StopSwitch], None], *, lock: int | None = None) -> int:
    """Do the work, stop every part whatever happens, and return the exit code.

    Args:
        work: starts the parts and stays.
        lock: a descriptor to hold for as long as a part may live.
    """
    with stop_switch() as switch:
        family = Family(lock=lock, is_urgent=lambda: switch.times > 1)
        try:
            work(family, switch)
            code = 0
        except StopRequested:
            print("\nStopping …", flush=True)
            code = 0
        except PartDied as death:
            _report(death)
            code = CODE_PART_DIED
        except LaunchRefused as refusal:
            print(f"\n{refusal}", flush=True)
            code = CODE_REFUSED
        finally:
            family.close()
        if switch.times:
            print("Stopped.", flush=True)
        return code


def _report(death: PartDied) -> None:
    print(f"\n{death} The others are being stopped.", flush=True)
    if death.last_lines:
        print(f"Its last lines were:\n\n{death.last_lines}\n", flush=True)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
