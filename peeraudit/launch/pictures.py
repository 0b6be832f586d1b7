"""How does one command photograph every page of a fresh demonstration?"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from peeraudit.launch import chromium, commands, demo, redis_server, supervisor
from peeraudit.launch.data_folder import DataFolder
from peeraudit.launch.demo import Demo
from peeraudit.launch.errors import LaunchRefused
from peeraudit.launch.processes import Family, Part
from peeraudit.launch.supervisor import StopSwitch

LONGEST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Pictures:
    """One series of pictures."""

    demo: Demo
    folder: Path
    only: str

    def work(self, family: Family, switch: StopSwitch) -> None:
        """Start a demonstration, take the pictures and end it."""
        with self.demo.running(family, switch) as environment:
            words = [sys.executable, "-m", "peeraudit.launch.photographer"]
            url = environment["PUBLIC_URL"]
            part = Part("pictures", [*words, url, self.folder, self.only], environment)
            print(f"Photographing {url} …", flush=True)
            supervisor.finish(part, family, switch, seconds=LONGEST_SECONDS)


def prepare(folder: Path) -> Path:
    """Return the folder for the pictures, made where it was missing.

    Raises:
        LaunchRefused: there is no Chromium, or the folder cannot be made or written.
    """
    if chromium.find(os.environ) is None:
        raise LaunchRefused(f"{chromium.REASON}\n{chromium.REMEDY}")
    path = folder.expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LaunchRefused(f"The folder {path} cannot be made: {error.strerror}.") from None
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        raise LaunchRefused(f"You may not write in {path}; name another folder.")
    return path


def main() -> int:
    """Take the pictures; return the exit code."""
    options = commands.parse(sys.argv[1:])
    os.umask(0o077)
    try:
        folder = prepare(options.folder)
        with tempfile.TemporaryDirectory(prefix="peeraudit-") as name:
            source = redis_server.find(os.environ)
            fresh = Demo(DataFolder(Path(name)), demo.free_port(0), source)
            return supervisor.supervise(Pictures(fresh, folder, options.only).work)
    except LaunchRefused as refusal:
        print(refusal, file=sys.stderr)
        return supervisor.CODE_REFUSED


if __name__ == "__main__":
    sys.exit(main())
