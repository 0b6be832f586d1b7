"""Entry point of the Celery worker: ``celery -A peeraudit.worker worker``."""

from peeraudit.adapters import logs
from peeraudit.app import create_app

# The worker sets up its own log.
logs.be_quiet()
flask_app = create_app()
celery_app = flask_app.extensions["celery"]
