"""Entry point of the Celery worker: ``celery -A peeraudit.worker worker``."""

from peeraudit.app import create_app

flask_app = create_app()
celery_app = flask_app.extensions["celery"]
