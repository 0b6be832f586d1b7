"""Fixtures that every test may use."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from peeraudit.adapters import clock, queue
from peeraudit.adapters.passwords import hash_password
from peeraudit.app import create_app
from peeraudit.config import Mode, Settings
from peeraudit.domain.accounts import Role
from peeraudit.domain.keyring import KEY_BYTES, Keyring, key_line
from peeraudit.extensions import db
from peeraudit.launch import postgres_server
from tests.client import CheckingClient
from tests.factories.accounts import make_account
from tests.flask_process import flask_process

# Both judge by the clock on the wall, which a busy machine stops for seconds.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
# Made anew for each process of tests: no key of this file could open anything anywhere.
IDENTITY_KEY = secrets.token_bytes(KEY_BYTES)
# The suite runs on SQLite; TEST_DATABASE=postgresql runs the same tests on PostgreSQL.
KIND = os.environ.get("TEST_DATABASE", "sqlite")


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is woken: what was asked for waits in the database, which is what counts."""
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real inputs beside the checkout; a test that needs them says so when they are absent."""
    if not SHARED.exists():
        pytest.skip("the shared data folder is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this test process, SQLite or PostgreSQL."""
    if KIND == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/test.db"
        return
    with postgres_server.running() as url:
        yield url


@pytest.fixture(scope="session")
def settings(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a test installation, whose broker is a memory that nobody reads."""
    return Settings(
        secret_key=SECRET,
        identity_keys=Keyring({1: IDENTITY_KEY}),
        database_url=server_url,
        redis_url="",
        storage_dir=tmp_path_factory.mktemp("storage"),
        public_url="http://localhost",
        mode=Mode.TEST,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a command of its own sees the same installation."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "SECRET_KEY": settings.secret_key,
        "IDENTITY_KEYS": " ".join(key_line(*item) for item in settings.identity_keys.keys.items()),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STORAGE_DIR": str(settings.storage_dir),
        "PUBLIC_URL": settings.public_url,
        "PEERAUDIT_MODE": settings.mode.value,
    }


def run_flask(settings: Settings, *args: str) -> subprocess.CompletedProcess[str]:
    """Run ``flask --app wsgi ARGS`` in a process of its own."""
    return flask_process(args, environment_of(settings))


@pytest.fixture(scope="session")
def schema(settings: Settings) -> None:
    """The tables, made by the migrations as in production."""
    # A process of its own: Alembic sets up logging, which would break ``caplog``.
    done = run_flask(settings, "db", "upgrade")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def app(settings: Settings):
    """The application; no database is opened until ``session`` is asked for."""
    app = create_app(settings)
    app.test_client_class = CheckingClient
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app, schema, monkeypatch):
    """A session whose work, commits included, is undone after the test.

    Flask-SQLAlchemy 3 binds by engine, not by session, so the engine is what is replaced; the
    savepoint mode lets the code under test commit and roll back as it does in production.
    """
    # One connection serves the whole test: no second thread may renew a claim through it.
    monkeypatch.setattr(queue, "CLAIM_RENEWED_EVERY", timedelta(hours=1))
    # Another test may have made an application of its own, whose tasks Celery would then run.
    app.extensions["celery"].set_default()
    app.extensions["celery"].set_current()
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            db.engines[None] = engine
            transaction.rollback()
            # Kept for the next test: a server learns the tables anew for each connection.
            connection.close()


@pytest.fixture
def client(app, session):
    """A browser's stand-in that checks each page it gets."""
    return app.test_client()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of ``PASSWORD``, made once since hashing is slow on purpose."""
    return hash_password(PASSWORD)


PASSWORD = "a fine long password"


@pytest.fixture
def at(monkeypatch):
    """Set the clock of everything that asks for the time through its module."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def sign_in(app, client, session, password_hash):
    """Sign in as a person who holds a role; returns the person's account id."""

    def enter(role: Role, department_id=None):
        account = make_account(session, password_hash, role, department_id)
        answer = client.post(
            "/accounts/sign-in", data={"email": account.email, "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        return account.id

    return enter


def new_database(server_url: str, name: str) -> str:
    """Return the address of a new, empty database on the same server."""
    if server_url.startswith("sqlite"):
        return server_url.replace("test.db", f"{name}.db")
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.dispose()
    return server.url.set(database=name).render_as_string(hide_password=False)
