"""Imports every task module, so that the worker knows every task."""

from peeraudit.tasks import upkeep

__all__ = ["upkeep"]
