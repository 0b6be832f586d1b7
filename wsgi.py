"""Entry point of the web server and of the commands: ``flask --app wsgi …``."""

from peeraudit.app import create_app

app = create_app()
