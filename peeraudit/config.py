"""Which settings does this installation run with, and are they fit to run with?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from peeraudit.domain.keyring import Keyring, parse_keyring

MINIMUM_SECRET_LENGTH = 32
KNOWN_PLACEHOLDERS = frozenset({"changeme", "secret", "dev", "test", "password", "secret-key"})
# Longer than the hard limit of the longest task, so that a message is never handed out twice
# while its first run is still alive.
VISIBILITY_TIMEOUT_SECONDS = 600
MAX_UPLOAD_BYTES = 200 * 1024 * 1024
# Of the days and hours that people read.
TIME_ZONE = "Europe/Paris"


class Mode(StrEnum):
    """What the installation is for."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class SettingsIncomplete(Exception):
    """The environment lacks a setting or holds one that is too weak.

    Args:
        problems: one sentence for each setting that must be mended.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between installations."""

    secret_key: str
    identity_keys: Keyring
    database_url: str
    redis_url: str
    storage_dir: Path
    public_url: str
    mode: Mode = Mode.PRODUCTION
    mail_url: str = ""
    mail_from: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings from ``env``.

        Raises:
            SettingsIncomplete: a setting is missing or too weak; all of them are named.
        """
        problems = cls.problems(env)
        if problems:
            raise SettingsIncomplete(problems)
        return cls(
            secret_key=env["SECRET_KEY"],
            identity_keys=parse_keyring(_identity_keys(env))[0],
            database_url=env["DATABASE_URL"],
            redis_url=env.get("REDIS_URL", ""),
            storage_dir=Path(env["STORAGE_DIR"]),
            public_url=env.get("PUBLIC_URL", ""),
            mode=Mode(env.get("PEERAUDIT_MODE", Mode.PRODUCTION)),
            mail_url=env.get("MAIL_URL", ""),
            mail_from=env.get("MAIL_FROM", ""),
        )

    @staticmethod
    def problems(env: Mapping[str, str]) -> list[str]:
        """Return one sentence for each setting that is missing or too weak; empty when fit."""
        mode = env.get("PEERAUDIT_MODE", Mode.PRODUCTION)
        if mode not in set(Mode):
            return [f"PEERAUDIT_MODE is {mode!r}; it must be production, demo or test."]
        found = _secret_problems(env.get("SECRET_KEY", "")) + _key_problems(env)
        found += [
            f"{name} is not set: {meaning}."
            for name, meaning in _REQUIRED.items()
            if not env.get(name)
        ]
        found += _mail_problems(env) + _mllp_problems(env)
        if mode == Mode.PRODUCTION:
            found += _production_problems(env)
        return found

    def as_flask_config(self) -> dict[str, Any]:
        """Return the mapping that ``app.config`` takes."""
        secure = self.public_url.startswith("https://")
        return {
            "MODE": self.mode,
            "TESTING": self.mode is Mode.TEST,
            "SECRET_KEY": self.secret_key,
            "IDENTITY_KEYS": self.identity_keys,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "REDIS_URL": self.redis_url,
            "STORAGE_DIR": self.storage_dir,
            "PUBLIC_URL": self.public_url,
            "MAIL_URL": self.mail_url,
            "MAIL_FROM": self.mail_from,
            "MAX_CONTENT_LENGTH": MAX_UPLOAD_BYTES,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "SESSION_COOKIE_NAME": "__Host-peeraudit" if secure else "peeraudit",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "fr",
            "BABEL_DEFAULT_TIMEZONE": TIME_ZONE,
            "CELERY": self._celery(),
        }

    def _celery(self) -> dict[str, Any]:
        return {
            "broker_url": self.redis_url or "memory://",
            "task_ignore_result": True,
            "task_serializer": "json",
            "accept_content": ["json"],
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "worker_prefetch_multiplier": 1,
            "worker_hijack_root_logger": False,
            "task_soft_time_limit": 120,
            "task_time_limit": 240,
            "broker_connection_retry_on_startup": True,
            # A web request waits for the broker for a moment only: the outbox holds the duty.
            "broker_connection_timeout": 1,
            "broker_transport_options": _transport_options(self.redis_url, self.storage_dir),
        }


_REQUIRED = {
    "DATABASE_URL": "where the data are kept, such as postgresql://user:password@host/peeraudit",
    "STORAGE_DIR": "the folder in which uploaded files wait to be read",
}


def _secret_problems(secret: str) -> list[str]:
    if not secret:
        return ["SECRET_KEY is not set: it signs the sessions. Use 32 random characters or more."]
    if len(secret) < MINIMUM_SECRET_LENGTH or secret.lower() in KNOWN_PLACEHOLDERS:
        return [f"SECRET_KEY is too weak: {MINIMUM_SECRET_LENGTH} random characters are needed."]
    if len(set(secret)) < 10:
        return ["SECRET_KEY is too weak: it repeats a few characters."]
    return []


def keys_of(env: Mapping[str, str]) -> Keyring:
    """Return the keys of the identities; none where they are missing or one of them is not fit."""
    return Keyring({}) if _key_problems(env) else parse_keyring(_identity_keys(env))[0]


def _identity_keys(env: Mapping[str, str]) -> str:
    """Return the text that holds the keys of the identities.

    Raises:
        OSError: the file that is named cannot be read.
        UnicodeDecodeError: it is no text.
    """
    path = env.get("IDENTITY_KEYS_FILE")
    return Path(path).read_text(encoding="utf-8") if path else env.get("IDENTITY_KEYS", "")


def _key_problems(env: Mapping[str, str]) -> list[str]:
    if env.get("IDENTITY_KEYS") and env.get("IDENTITY_KEYS_FILE"):
        return ["IDENTITY_KEYS and IDENTITY_KEYS_FILE are both set: keep one of them."]
    name = "IDENTITY_KEYS_FILE" if env.get("IDENTITY_KEYS_FILE") else "IDENTITY_KEYS"
    try:
        text = _identity_keys(env)
    except OSError as error:
        return [f"IDENTITY_KEYS_FILE cannot be read: {error.strerror}."]
    except UnicodeDecodeError:
        return ["IDENTITY_KEYS_FILE is no text: it holds lines such as 1:…, see below."]
    ring, problems = parse_keyring(text)
    if not ring.keys and not problems:
        return [f"{name} is not set: it seals who stands behind a report. {_MAKE_A_KEY}"]
    found = [f"{name}: {problem}" for problem in problems]
    return [*found[:-1], f"{found[-1]} {_MAKE_A_KEY}"] if found else []


_MAKE_A_KEY = (
    "Make a key with: python3 -c 'import secrets; print(\"1:\" + secrets.token_urlsafe(32))' "
    "and keep a copy apart from the database's backups: without it no identity opens again."
)


def _mail_problems(env: Mapping[str, str]) -> list[str]:
    if not env.get("MAIL_URL"):
        return []
    found = []
    if not env["MAIL_URL"].startswith(("smtp://", "smtps://")):
        found.append("MAIL_URL must be smtp://user:password@host:587 or smtps://…:465.")
    if "@" not in env.get("MAIL_FROM", ""):
        found.append("MAIL_FROM is not set: the address from which e-mails are sent.")
    return found


def _mllp_problems(env: Mapping[str, str]) -> list[str]:
    """Return what keeps the listener for HL7 v2 messages from starting; it is optional."""
    port, department = env.get("MLLP_PORT", ""), env.get("MLLP_DEPARTMENT", "")
    if not port and not department:
        return []
    found = []
    if not port.isdigit() or not 0 < int(port) < 65536:
        found.append("MLLP_PORT must be a port, such as 2575.")
    if not department:
        found.append("MLLP_DEPARTMENT is not set: the code of the department that sends messages.")
    if bool(env.get("MLLP_TLS_CERT")) != bool(env.get("MLLP_TLS_KEY")):
        found.append("MLLP_TLS_CERT and MLLP_TLS_KEY are set together: certificate and key, PEM.")
    return found


def _production_problems(env: Mapping[str, str]) -> list[str]:
    found = []
    if env.get("WATCH_DIR") and not Path(env["WATCH_DIR"]).is_dir():
        found.append(
            "WATCH_DIR names no folder: what is put into its subfolders, one for each "
            "department code, is taken in."
        )
    if not env.get("REDIS_URL"):
        found.append("REDIS_URL is not set: the address of Redis or Valkey, redis://host:6379/0.")
    if env.get("DATABASE_URL", "").startswith("sqlite"):
        found.append("DATABASE_URL names SQLite: production needs PostgreSQL.")
    public_url = env.get("PUBLIC_URL", "")
    local = ("http://127.0.0.1", "http://localhost")
    if not public_url:
        found.append("PUBLIC_URL is not set: the https address at which people reach PeerAudit.")
    elif not public_url.startswith(("https://", *local)):
        found.append("PUBLIC_URL must start with https://: sessions would travel in the clear.")
    return found


def _transport_options(redis_url: str, storage_dir: Path) -> dict[str, Any]:
    if redis_url.startswith("filesystem:"):
        folder = storage_dir / "queue"
        return {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        }
    return {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        # Kombu's own retries would hold a page for as long as the broker is away.
        "max_retries": 1,
        "interval_start": 0,
    }


def _engine_options(database_url: str) -> dict[str, Any]:
    # An error's text and a log of statements would else hold what is written into the rows.
    discreet = {"hide_parameters": True}
    if database_url.startswith("sqlite"):
        return {**discreet, "connect_args": {"timeout": 10}}
    return {
        **discreet,
        "pool_pre_ping": True,
        "pool_timeout": 30,
        "connect_args": {"connect_timeout": 5, "application_name": "peeraudit"},
    }
