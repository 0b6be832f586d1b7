"""Application factory: the only module that knows every part."""

import logging
import os

from apiflask import APIFlask
from celery import Celery, Task
from flask import Flask

from peeraudit.adapters import database
from peeraudit.adapters.logs import trace_of
from peeraudit.api import blueprints as api
from peeraudit.api import description
from peeraudit.api import errors as api_errors
from peeraudit.api.description import DescribedAPIFlask
from peeraudit.cli import registry as cli
from peeraudit.config import TIME_ZONE, Settings, keys_of
from peeraudit.extensions import bootstrap, csrf, db, migrate
from peeraudit.models import registry as _models  # noqa: F401 - fills the metadata
from peeraudit.tasks import registry as _tasks  # noqa: F401 - fills the task registry
from peeraudit.tasks.schedule import BEAT
from peeraudit.web import (
    blueprints,
    errors,
    filters,
    language,
    login,
    navigation,
    security,
    tracing,
)

TEMPLATES = "../templates"
logger = logging.getLogger(__name__)


class TaskFailed(Exception):
    """A background task broke off; its text is the kind of error alone."""


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build the application; without ``settings`` they are read from the environment.

    Raises:
        SettingsIncomplete: the environment lacks a setting or holds a weak one.
    """
    app = DescribedAPIFlask(
        "peeraudit",
        title="PeerAudit",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=TEMPLATES,
    )
    app.config.from_mapping((settings or Settings.from_env(os.environ)).as_flask_config())
    app.config["OPENAPI_VERSION"] = "3.1.0"
    _bind_extensions(app)
    _bind_celery(app)
    for part in (tracing, security, language, login, navigation, filters, errors, blueprints, cli):
        part.register(app)
    description.register(app)
    api_errors.register(app)
    api.register(app)
    return app


def create_tools() -> Flask:
    """Build what runs the commands that need no installation: no database and no pages.

    Only the identity keys are read from the environment, where they are fit; shifting days needs
    one, and says so without.
    """
    app = Flask("peeraudit")
    app.config.from_mapping(BABEL_DEFAULT_LOCALE="fr", BABEL_DEFAULT_TIMEZONE=TIME_ZONE)
    app.config["IDENTITY_KEYS"] = keys_of(os.environ)
    language.register(app)
    cli.register(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    csrf.init_app(app)
    bootstrap.init_app(app)
    with app.app_context():
        database.prepare(db.engine)


def _bind_celery(app: Flask) -> None:
    """Make each task run in an application context of its own."""

    class ContextTask(Task):
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                try:
                    return self.run(*args, **kwargs)
                except Exception as error:
                    # Celery would log the error's text, which may quote what was in hand.
                    logger.error("%s failed: %s", self.name, trace_of(error))  # noqa: TRY400
                    raise TaskFailed(type(error).__name__) from None

    celery_app = Celery(app.name, task_cls=ContextTask)
    celery_app.config_from_object(app.config["CELERY"])
    celery_app.conf.beat_schedule = BEAT
    celery_app.set_default()
    app.extensions["celery"] = celery_app
