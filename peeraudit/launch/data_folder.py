"""Where does the demonstration keep its data, and how is it kept to one start at a time?"""

import contextlib
import fcntl
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from peeraudit.domain.keyring import KEY_BYTES, key_line
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import LaunchRefused

# The watch needs this long to end what a killed start has left behind.
PATIENCE_SECONDS = 8.0
# All that the demonstration writes. --fresh removes these names and no others, so that a folder
# given by mistake loses nothing.
OWN_NAMES = (
    "peeraudit.sqlite3",
    "peeraudit.sqlite3-wal",
    "peeraudit.sqlite3-shm",
    "demo-accounts.json",
    "redis",
    "storage",
    "logs",
    "beat-schedule",
    "unfinished",
)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The demonstration's folder and the names in it."""

    path: Path

    @property
    def accounts(self) -> Path:
        """The sign-in details."""
        return self.path / "demo-accounts.json"

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.path / "peeraudit.sqlite3"

    @property
    def address(self) -> Path:
        """Where a running demonstration tells its Redis and its port to other commands."""
        return self.path / "running-redis"

    @property
    def schedule(self) -> Path:
        """Beat's memory of what ran when."""
        return self.path / "beat-schedule"

    @property
    def _unfinished(self) -> Path:
        return self.path / "unfinished"

    def log(self, name: str) -> Path:
        """Return the log of the part."""
        return self.path / "logs" / f"{name}.log"

    def environment(self, *, redis_url: str, port: int) -> dict[str, str]:
        """Return the settings with which the application serves this folder."""
        storage = self.path / "storage"
        storage.mkdir(exist_ok=True, mode=0o700)
        if redis_url.startswith("filesystem:"):
            (storage / "queue" / "messages").mkdir(parents=True, exist_ok=True)
        return {
            "PEERAUDIT_MODE": "demo",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "REDIS_URL": redis_url,
            "SECRET_KEY": self._secret(),
            "IDENTITY_KEYS_FILE": str(self._identity_keys()),
            "STORAGE_DIR": str(storage),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

    def begin_filling(self) -> None:
        """Remove what an interrupted first start has left, and note that this one is under way.

        A database that was there already, whoever made it, is never touched.
        """
        if self._unfinished.exists():
            self.empty()
        if not self.database.exists():
            self._unfinished.touch()

    def end_filling(self) -> None:
        """Note that the data are whole."""
        self._unfinished.unlink(missing_ok=True)

    def is_whole(self) -> bool:
        """Say whether the data are there to the end, in the form that this version wants.

        Asked without loading the application, which would double the time of a start.
        """
        if self._unfinished.exists() or not (self.accounts.exists() and self.database.exists()):
            return False
        wanted = (ROOT / "migrations" / ".current-head").read_text().strip()
        try:
            with contextlib.closing(sqlite3.connect(self.database)) as connection:
                found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.Error:
            return False
        return found == [(wanted,)]

    def empty(self) -> None:
        """Remove what an earlier demonstration wrote here, and nothing else."""
        for name in OWN_NAMES:
            found = self.path / name
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink(missing_ok=True)

    @contextlib.contextmanager
    def held(self) -> Iterator[int]:
        """Keep other starts out of this folder; yield the descriptor of the lock.

        Raises:
            LaunchRefused: another demonstration runs on it.
        """
        handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock(handle)
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield handle
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.pread(handle, 20, 0).decode()
                if _is_alive(owner) or time.monotonic() > limit:
                    raise LaunchRefused(
                        f"A demo already runs on the data in {self.path} (process {owner}).\n"
                        "Stop it with Ctrl-C where it runs, or give this one a folder of its own:\n"
                        "  python3 -m peeraudit demo --port 8001 --data another-folder"
                    ) from None
                time.sleep(0.1)
            else:
                return

    def _secret(self) -> str:
        return self._kept("secret-key", secrets.token_urlsafe(48)).read_text()

    def _identity_keys(self) -> Path:
        return self._kept("identity-keys", key_line(1, secrets.token_bytes(KEY_BYTES)) + "\n")

    def _kept(self, name: str, fresh: str) -> Path:
        """Return a file for nobody else to read, with ``fresh`` in it where there was none."""
        path = self.path / name
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(fresh)
        return path


def prepare(given: Path | None, environment: Mapping[str, str]) -> DataFolder:
    """Return the folder, made where it was missing, for nobody else to read.

    Args:
        given: the folder the user named; None takes the clone's own, or one in the home folder
            where the clone belongs to someone else.
        environment: where ``XDG_DATA_HOME`` is read from.

    Raises:
        LaunchRefused: it cannot be made or written.
    """
    path = (given or _usual(environment)).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError):
        raise LaunchRefused(f"{path} is a file; --data wants a folder.") from None
    except OSError as error:
        raise LaunchRefused(f"The folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise LaunchRefused(f"You may not write in {path}; name another folder with --data.")
    return DataFolder(path)


def _usual(environment: Mapping[str, str]) -> Path:
    own = ROOT / "instance"
    if os.access(own if own.exists() else ROOT, os.W_OK):
        return own
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "peeraudit"


def _is_alive(owner: str) -> bool:
    if not owner.isdigit():
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
