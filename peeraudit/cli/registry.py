"""Every command of `flask …`, in one list."""

from flask import Flask

from peeraudit.cli import accounts, assignment, demo, intake, sampling, statistics, tokens, work

PARTS = (accounts, assignment, demo, intake, sampling, statistics, tokens, work)


def register(app: Flask) -> None:
    """Attach every command to the application."""
    for part in PARTS:
        part.register(app)
