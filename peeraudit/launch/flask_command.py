"""How is any `flask` command run inside the environment, on the data the user means?"""

import os
import sys
from typing import NoReturn

from peeraudit.launch import commands, data_folder
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import LaunchRefused
from peeraudit.launch.supervisor import CODE_REFUSED

# Nothing listens there: the outbox keeps what a command asks for until a worker runs.
NO_REDIS = "redis+socket:///nonexistent/redis.sock"


def settings() -> dict[str, str]:
    """Return the settings to add: none where the user set a database, else the demo's.

    Raises:
        LaunchRefused: the demo's folder cannot be used.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("PEERAUDIT_MODE"):
        return {}
    data = data_folder.prepare(None, os.environ)
    running = data.address
    url = os.environ.get("REDIS_URL") or (running.read_text() if running.exists() else NO_REDIS)
    return data.environment(redis_url=url, port=commands.DEFAULT_PORT)


def main() -> NoReturn:
    """Become `flask --app wsgi …`, or leave with the reason why not."""
    words = commands.parse(sys.argv[1:]).rest
    try:
        added = settings()
    except LaunchRefused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(CODE_REFUSED)
    app = str(ROOT / "wsgi.py")
    os.execve(  # noqa: S606
        sys.executable,
        [sys.executable, "-m", "flask", "--app", app, *words],
        {**os.environ, **added},
    )


if __name__ == "__main__":
    main()
