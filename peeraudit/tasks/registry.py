"""Imports every task module, so that the worker knows every task."""

from peeraudit.tasks import (
    assignment,
    expiry,
    intake,
    keys,
    masking,
    notifications,
    reminders,
    retention,
    settling,
    statistics,
    upkeep,
)

__all__ = [
    "assignment",
    "expiry",
    "intake",
    "keys",
    "masking",
    "notifications",
    "reminders",
    "retention",
    "settling",
    "statistics",
    "upkeep",
]
