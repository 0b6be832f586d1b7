"""Moments for tests."""

from datetime import UTC, datetime

MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
