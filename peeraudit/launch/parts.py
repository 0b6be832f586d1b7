"""With which words are the web server, the worker and beat started?"""

import sys
from pathlib import Path

from peeraudit.launch.processes import Part

WEB_THREADS = 8
WEB_STOP_SECONDS = 3.0
# A task that is cut off goes back to the queue and is done again: waiting longer gains nothing.
WORKER_STOP_SECONDS = 4.0
# Longer than the time in which messages that are in hand are answered.
LISTENER_STOP_SECONDS = 7.0
BEAT_STOP_SECONDS = 1.0
CELERY = (sys.executable, "-m", "celery", "-A", "peeraudit.worker:celery_app")


def web(environment: dict[str, str], *, bind: str, processes: int, log: Path | None = None) -> Part:
    """Return gunicorn with threads."""
    words = [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--name", "peeraudit"),
        *("--bind", bind, "--workers", processes),
        *("--worker-class", "gthread", "--threads", WEB_THREADS),
        *("--graceful-timeout", "2", "--timeout", "60", "--no-control-socket"),
        # No access log: addresses tell who looked at what. The application logs each request.
        *("--log-level", "info"),
    ]
    # Its heart-beat file would stand still on a slow disk.
    if Path("/dev/shm").is_dir():  # noqa: S108
        words += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return Part("web", words, environment, log, WEB_STOP_SECONDS, comes_back=True)


def worker(
    environment: dict[str, str],
    *,
    processes: int,
    schedule: Path | None = None,
    log: Path | None = None,
) -> Part:
    """Return the worker, with beat inside where ``schedule`` names beat's file."""
    words = [
        *(*CELERY, "worker", "--concurrency", processes, "--loglevel", "INFO"),
        *("--hostname", "peeraudit@%h", "--without-gossip", "--without-mingle"),
    ]
    if schedule is not None:
        words += ["--beat", "--schedule", schedule]
    return Part("worker", words, environment, log, WORKER_STOP_SECONDS, comes_back=True)


def beat(environment: dict[str, str], *, schedule: Path) -> Part:
    """Return beat as a process of its own: there must be one, whatever the number of workers."""
    words = [*CELERY, "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile="]
    return Part("beat", words, environment, None, BEAT_STOP_SECONDS, comes_back=True)


def watcher(environment: dict[str, str], *, folder: str) -> Part:
    """Return the command that takes in what is put into a folder."""
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "intake", "watch", folder]
    return Part("watch", words, environment, None, BEAT_STOP_SECONDS, comes_back=True)


def listener(environment: dict[str, str]) -> Part:
    """Return the listener for HL7 v2 messages; MLLP_PORT and others set it up."""
    words = [*(sys.executable, "-m", "flask", "--app", "wsgi"), "intake", "listen"]
    return Part("listener", words, environment, None, LISTENER_STOP_SECONDS, comes_back=True)
