"""Imports every task module, so that the worker knows every task."""

from peeraudit.tasks import intake, upkeep

__all__ = ["intake", "upkeep"]
