"""Every command of `flask …`, in one list."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach every command to the application."""
    del app
