"""How does `python3 -m peeraudit` get from a bare clone to its own environment?"""

import sys

# This file keeps to the grammar of old interpreters, so that they print this sentence and not a
# SyntaxError; what it imports below may use today's.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "PeerAudit needs Python 3.11 or later; this is Python %d.%d (%s).\n"  # noqa: UP031
        "Type `python3.11 -m peeraudit demo`, or a later one, if you have it. Otherwise install\n"
        "it: `apt install python3.11`, `dnf install python3.11`, `brew install python@3.13`,\n"
        "or from https://www.python.org/downloads/." % (sys.version_info[:2] + (sys.executable,))  # noqa: RUF005
    )
if sys.platform == "win32":
    sys.exit(
        "PeerAudit runs on Linux and macOS. On Windows use the Linux subsystem: `wsl --install`,\n"
        "then type the same command there."
    )

import os

from peeraudit.launch import commands, environment


def main() -> None:
    """Make the environment if it is not there, then become the command inside it."""
    arguments = commands.parse(sys.argv[1:])
    command = commands.COMMANDS[arguments.command]
    try:
        python = environment.prepare(command.needs)
    except environment.CannotPrepare as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next start takes the set-up from the beginning.")
    sys.stdout.flush()
    os.execve(  # noqa: S606
        python,
        [str(python), "-m", command.module, *sys.argv[1:]],
        environment.variables(),
    )


if __name__ == "__main__":
    main()
