"""Where do the demonstration's people and their passwords stand, and who of them is shown?

The launcher prints the first person of each role, and one click enters as the same one.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import current_app


def write(people: Sequence[Mapping[str, str]]) -> None:
    """Keep the people.

    Args:
        people: role, email, password and name of each; of each role the first is shown.
    """
    target = _path()
    draft = target.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({"accounts": list(people)}, ensure_ascii=False, indent=1))
    draft.replace(target)


def shown() -> dict[str, str]:
    """Return role → e-mail address of who is shown; empty where the file was removed."""
    try:
        people = json.loads(_path().read_text())["accounts"]
    except FileNotFoundError:
        return {}
    firsts: dict[str, str] = {}
    for person in people:
        firsts.setdefault(person["role"], person["email"])
    return firsts


def _path() -> Path:
    folder: Path = current_app.config["STORAGE_DIR"]
    # Beside the storage, where the launcher looks for it.
    return folder.parent / "demo-accounts.json"
