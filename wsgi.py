"""Entry point of the web server and of the commands: ``flask --app wsgi …``."""

from peeraudit.adapters import logs
from peeraudit.app import create_app

logs.set_up()
app = create_app()
