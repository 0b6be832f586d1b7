"""Is there a Chromium on this machine for the browser journeys and the pictures?"""

import os
import shutil
from collections.abc import Mapping

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REASON = "No Chromium: none of chromium, chromium-browser or google-chrome is on PATH."
REMEDY = (
    "Install one: `apt install chromium`, `dnf install chromium`, or name yours in the variable "
    "CHROMIUM."
)


def find(environment: Mapping[str, str]) -> str | None:
    """Return the path of a Chromium: the one named in ``CHROMIUM``, else one on PATH."""
    path = environment.get("PATH", "")
    if named := environment.get("CHROMIUM"):
        return shutil.which(named, path=path)
    found = (shutil.which(name, path=path) for name in PROGRAMS)
    return next((program for program in found if program), None)


def arguments() -> list[str]:
    """Return the words it is started with; as root it refuses its own sandbox."""
    # A container's /dev/shm is often too small for a long page.
    words = ["--disable-dev-shm-usage"]
    return [*words, "--no-sandbox"] if os.geteuid() == 0 else words
