"""What ends the parts when the process that started them was killed outright?

Run as a script of its own with nothing but the standard library. It reads one line for each part:
`+PID` when it has started, `-PID` when it has ended, `/FOLDER` for a folder to remove at the end.
The end of its input means that the starter is gone, whatever the cause.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

SECONDS_TO_LEAVE = 3.0


def main() -> None:
    """Wait for the starter's end, then end what it left behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    folders: list[str] = []
    for line in sys.stdin:
        word = line.strip()
        if word.startswith("+"):
            groups.append(int(word[1:]))
        elif word.startswith("-"):
            groups.remove(int(word[1:]))
        elif word.startswith("/"):
            folders.append(word)
    _end(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _end(groups: list[int]) -> None:
    # The last started goes first: the web and the worker before their Redis.
    for group in reversed(groups):
        _send(group, signal.SIGTERM)
    limit = time.monotonic() + SECONDS_TO_LEAVE
    while time.monotonic() < limit and any(_send(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
