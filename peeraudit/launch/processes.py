"""How are several processes started so that none outlives the one that started them?"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from peeraudit.launch.environment import ROOT, variables
from peeraudit.launch.errors import PartDied

WATCH = Path(__file__).with_name("watch.py")
TAIL_LINES = 15
POLL_SECONDS = 0.05
LONGEST_TEMPORARY_PATH = 50


@dataclass(frozen=True, slots=True)
class Part:
    """A process to start.

    Args:
        name: what it is called in messages and in the name of its log.
        command: the program and its words.
        environment: variables added to those of this process.
        log: the file its output goes to; None leaves it on the terminal.
        stop_seconds: how long it may take to leave before it is killed.
        stop_signal: what asks it to leave.
        identity: user, group and folder for ``Popen``, where it runs as someone else.
        comes_back: whether it may be started again when it died; a store of data may not.
    """

    name: str
    command: Sequence[object]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    stop_seconds: float = 3.0
    stop_signal: int = signal.SIGTERM
    identity: Mapping[str, Any] = field(default_factory=dict)
    comes_back: bool = False


class Family:
    """Processes that end when this one ends, even when it is killed outright.

    Each has a process group of its own: Ctrl-C reaches this process alone, which then ends them
    in order, and ending one ends whatever it started itself.

    Args:
        lock: the descriptor of a held lock that must outlive the last of the processes.
        is_urgent: asked while a part is given time to leave; yes kills it at once.
    """

    def __init__(
        self, *, lock: int | None = None, is_urgent: Callable[[], bool] = lambda: False
    ) -> None:
        self._is_urgent = is_urgent
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._parts: dict[str, Part] = {}
        self._watch = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WATCH)],
            stdin=subprocess.PIPE,
            pass_fds=() if lock is None else (lock,),
            start_new_session=True,
            cwd="/",
        )

    def __enter__(self) -> "Family":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, part: Part) -> None:
        """Start the part with an empty log and return at once."""
        self._start(part, _open_log(part.log, "wb"))

    def start_again(self, name: str) -> None:
        """Start a dead part anew, after ending what it left behind; its log goes on.

        It keeps its place in the order of stopping, and is never absent for who asks meanwhile.
        """
        part, process = self._parts[name], self._running[name]
        _end_group(process)
        self._tell(f"-{process.pid}")
        self._start(part, _open_log(part.log, "ab"))

    def may_come_back(self, name: str) -> bool:
        """Say whether the part is one that may be started again."""
        part = self._parts.get(name)
        return part is not None and part.comes_back

    def _start(self, part: Part, log: IO[bytes] | None) -> None:
        try:
            process = subprocess.Popen(
                [str(word) for word in part.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**variables(), **part.environment},
                start_new_session=True,
                **{"cwd": ROOT, **part.identity},
            )
        finally:
            if log is not None:
                log.close()
        self._tell(f"+{process.pid}")
        self._running[part.name] = process
        self._parts[part.name] = part

    def check(self) -> None:
        """Do nothing while all live.

        Raises:
            PartDied: a part, or the process that watches over them, has ended.
        """
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                raise PartDied(name, code, self.last_lines(name))
        code = self._watch.poll()
        if code is not None:
            raise PartDied("watch", code, "")

    def has_finished(self, name: str) -> bool:
        """Say whether the part has ended well; forget it then.

        Raises:
            PartDied: it ended badly.
        """
        code = self._running[name].poll()
        if code is None:
            return False
        if code:
            raise PartDied(name, code, self.last_lines(name))
        self._forget(name)
        return True

    def stop(self, name: str) -> None:
        """Ask the part to leave, and kill it and all it started when its time is over."""
        process = self._running.get(name)
        if process is None:
            return
        part = self._parts[name]
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(part.stop_signal)
        limit = time.monotonic() + part.stop_seconds
        while process.poll() is None and time.monotonic() < limit and not self._is_urgent():
            time.sleep(POLL_SECONDS)
        _end_group(process)
        self._forget(name)

    def stop_from(self, name: str) -> None:
        """Stop the parts that were started after this one, the last first, and then this one."""
        names = list(self._running)
        if name in names:
            for later in reversed(names[names.index(name) :]):
                self.stop(later)

    def close(self) -> None:
        """Stop all parts, the last started first, and the watch."""
        for name in reversed(list(self._running)):
            self.stop(name)
        if self._watch.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watch.stdin.close()
        self._watch.wait()

    def pid(self, name: str) -> int:
        """Return the part's process id."""
        return self._running[name].pid

    def names(self) -> list[str]:
        """Return the names of the parts in the order in which they were started."""
        return list(self._running)

    def last_lines(self, name: str) -> str:
        """Return the end of the part's log."""
        log = self._parts[name].log
        if log is None or not log.exists():
            return ""
        return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])

    @contextlib.contextmanager
    def short_folder(self, prefix: str) -> Iterator[Path]:
        """Make a private folder with a short path, and remove it even after a kill.

        A socket's path holds at most 107 bytes, which a folder of the user may exceed.
        """
        usual = tempfile.gettempdir()
        place = usual if len(usual) < LONGEST_TEMPORARY_PATH else "/tmp"  # noqa: S108
        with tempfile.TemporaryDirectory(
            prefix=prefix, dir=place, ignore_cleanup_errors=True
        ) as name:
            self._tell(name)
            yield Path(name)

    def _forget(self, name: str) -> None:
        self._tell(f"-{self._running.pop(name).pid}")

    def _tell(self, line: str) -> None:
        if self._watch.stdin is None:
            return
        # A watch that has died is reported by check(); it is no reason to leave a stop half done.
        with contextlib.suppress(BrokenPipeError):
            self._watch.stdin.write(f"{line}\n".encode())
            self._watch.stdin.flush()


def wait_until(ready: Callable[[], bool], family: Family, *, seconds: float) -> bool:
    """Wait for ``ready`` while all parts live; return False when the time is over.

    Raises:
        PartDied: a part ended while it was waited for.
    """
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        family.check()
        if ready():
            return True
        time.sleep(POLL_SECONDS)
    return False


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    # What it started shares its group; after a clean end there is nobody left in it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _open_log(path: Path | None, mode: str) -> IO[bytes] | None:
    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    return cast(IO[bytes], path.open(mode))
