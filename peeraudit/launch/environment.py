"""Where is the environment with our packages, and how is it made when it is not there?

Standard library only: this runs before the environment exists.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = {"runtime": "requirements.txt", "tests": "tests/requirements.txt"}
UV = "uv==0.13.9"
TAIL_LINES = 12


class CannotPrepare(Exception):
    """The environment cannot be made; the message says why and what to do."""


def prepare(needs: str, *, root: Path = ROOT) -> Path:
    """Return the interpreter of an environment that holds what ``needs`` names.

    Args:
        needs: a key of ``REQUIREMENTS``.
        root: the clone.

    Raises:
        CannotPrepare: a tool or the network is missing.
    """
    folder = choose_folder(needs, root=root)
    if is_ready(folder, needs, root=root):
        return _python(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotPrepare(f"The folder {folder} cannot be made: {error.strerror}.") from error
    with _one_at_a_time(folder.parent):
        # Another start may have done the work while this one waited.
        if not is_ready(folder, needs, root=root):
            _make(folder, needs, root=root)
    return _python(folder)


def choose_folder(needs: str, *, root: Path) -> Path:
    """Return the clone's own environment, or one in the home folder where that is not ours."""
    own = root / ".venv"
    if is_ready(own, needs, root=root) or os.access(own if own.exists() else root, os.W_OK):
        return own
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = hashlib.sha256(str(root).encode()).hexdigest()[:8]
    return Path(cache) / "peeraudit" / name / "venv"


def is_ready(folder: Path, needs: str, *, root: Path) -> bool:
    """Say whether the environment was made from just these requirements, and to the end."""
    try:
        return os.access(_python(folder), os.X_OK) and (
            _stamp(folder, needs).read_text() == _fingerprint(needs, root=root)
        )
    except OSError:
        return False


def variables() -> dict[str, str]:
    """Return the environment variables with which a command inside finds the clone."""
    earlier = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(ROOT), *([earlier] if earlier else [])])
    return {**os.environ, "PYTHONPATH": path}


def _tell(sentence: str) -> None:
    """Say how far the setting up is; standard output belongs to the command that comes after."""
    print(sentence, file=sys.stderr, flush=True)


def _make(folder: Path, needs: str, *, root: Path) -> None:
    began = time.monotonic()
    marker = folder / ".unfinished"
    if marker.exists() or not os.access(_python(folder), os.X_OK):
        # What an interrupted installation leaves behind is not worth guessing about.
        _empty(folder)
    _tell("Setting up PeerAudit. This happens once and takes about a minute …")
    marker.touch()
    try:
        if not os.access(_python(folder), os.X_OK):
            _create(folder)
        _install(folder, root / REQUIREMENTS[needs])
    except CannotPrepare:
        # The tools ended of their own accord, so that what was there before is still whole.
        marker.unlink(missing_ok=True)
        raise
    for name in {"runtime", needs}:
        _stamp(folder, name).write_text(_fingerprint(name, root=root))
    marker.unlink()
    _tell(f"Set up in {time.monotonic() - began:.0f} s.\n")


def _create(folder: Path) -> None:
    """Make an environment without pip: Debian's venv alone can do that much."""
    made = _run([sys.executable, "-m", "venv", "--without-pip", folder])
    if made.returncode:
        raise CannotPrepare(
            "Python's own module venv is missing or broken. On Debian and Ubuntu get it by\n"
            f"`apt install python3-venv`, then start again.\n{_tail(made)}"
        )


def _install(folder: Path, requirements: Path) -> None:
    """Install with uv when it can, with pip when it cannot."""
    python = _python(folder)
    uv = shutil.which("uv")
    if uv and not _run_uv([uv], python, requirements).returncode:
        return
    pip = _pip(folder)
    got_uv = not uv and not _run([*pip, "install", "-q", UV]).returncode
    if got_uv and not _run_uv([python, "-m", "uv"], python, requirements).returncode:
        return
    done = _run([*pip, "install", "-q", "-r", requirements])
    if done.returncode:
        raise CannotPrepare(
            "The packages could not be installed. Mostly this is the network: check that this\n"
            "machine reaches its package index (proxy: HTTPS_PROXY; own index: PIP_INDEX_URL),\n"
            f"then start again. The last lines were:\n\n{_tail(done)}"
        )


def _run_uv(
    uv: Sequence[object], python: Path, requirements: Path
) -> "subprocess.CompletedProcess[str]":
    command = [*uv, "pip", "install", "-q", "-p", python, "-r", requirements]
    # A hospital's own certificate authority is known to the system, not to uv. The older name of
    # the setting serves a uv that was installed long ago.
    return _run(command, {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"})


def _pip(folder: Path) -> list[object]:
    """Return the words that call a pip which installs into the environment."""
    python = _python(folder)
    if not _run([python, "-m", "pip", "--version"]).returncode:
        return [python, "-m", "pip", "--disable-pip-version-check"]
    if not _run([python, "-m", "ensurepip"]).returncode:
        return [python, "-m", "pip", "--disable-pip-version-check"]
    if importlib.util.find_spec("pip"):
        outer = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
        if not _run([*outer, "--version"]).returncode:
            return [*outer]
    raise CannotPrepare(
        "Neither uv nor pip is at hand to install the packages. Any one of these is enough:\n"
        "  Debian, Ubuntu   apt install python3-venv      (or python3-pip)\n"
        "  Fedora, RHEL     dnf install python3-pip\n"
        "  anywhere         uv, from https://docs.astral.sh/uv/\n"
        "Then start again."
    )


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two starts at once do not install over one another."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _tell("Another start is setting up PeerAudit; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            # Some network file systems know no locks; there one start must be enough.
            pass
        yield
    finally:
        os.close(handle)


def _run(
    command: Sequence[object], extra: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    words = [str(word) for word in command]
    try:
        return subprocess.run(
            words, env={**environment, **(extra or {})}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, returncode=127, stdout="", stderr=str(error))


def _tail(done: "subprocess.CompletedProcess[str]") -> str:
    lines = (done.stdout + done.stderr).strip().splitlines()
    return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _stamp(folder: Path, needs: str) -> Path:
    return folder / f".{needs}.sha256"


def _fingerprint(needs: str, *, root: Path) -> str:
    names = dict.fromkeys([REQUIREMENTS["runtime"], REQUIREMENTS[needs]])
    return hashlib.sha256(b"\0".join((root / name).read_bytes() for name in names)).hexdigest()
