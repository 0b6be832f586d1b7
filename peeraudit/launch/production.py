"""How is PeerAudit served in production, and when does it refuse to start?"""

import os
import sys
import tempfile
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from peeraudit.config import Settings
from peeraudit.launch import commands, parts, supervisor
from peeraudit.launch.processes import Family, Part
from peeraudit.launch.supervisor import StopSwitch


@dataclass(frozen=True, slots=True)
class Production:
    """The web server, the worker, beat and any listener, with the environment's settings."""

    options: Namespace
    folder: Path

    def work(self, family: Family, switch: StopSwitch) -> None:
        """Start the parts and stay until asked to stop."""
        check = [sys.executable, "-m", "peeraudit.launch.prepare", "check"]
        supervisor.finish(Part("database check", check), family, switch)
        family.start(parts.worker({}, processes=self.options.workers))
        family.start(parts.beat({}, schedule=self.folder / "beat-schedule"))
        if os.environ.get("WATCH_DIR"):
            family.start(parts.watcher({}, folder=os.environ["WATCH_DIR"]))
        family.start(parts.web({}, bind=self.options.bind, processes=self.options.web))
        if os.environ.get("MLLP_PORT"):
            family.start(parts.listener({}))
        print(f"PeerAudit serves on {self.options.bind}.", flush=True)
        supervisor.keep(family, switch)


def refusal(problems: list[str]) -> str:
    """Return what to tell someone whose settings are incomplete."""
    lines = "\n".join(f"  - {problem}" for problem in problems)
    return (
        "PeerAudit does not start: its settings are not fit for production.\n\n"
        f"{lines}\n\n"
        "Set them in the environment and start again. A key can be made by:\n"
        '  python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    )


def main() -> int:
    """Serve until stopped; return the exit code."""
    options = commands.parse(sys.argv[1:])
    problems = Settings.problems(os.environ)
    if problems:
        print(refusal(problems), file=sys.stderr)
        return supervisor.CODE_REFUSED
    # Beat's memory need not outlive it: at a start it looks at the schedule anew.
    with tempfile.TemporaryDirectory(prefix="peeraudit-") as name:
        return supervisor.supervise(Production(options, Path(name)).work)


if __name__ == "__main__":
    sys.exit(main())
