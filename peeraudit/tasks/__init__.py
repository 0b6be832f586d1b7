"""Celery doors."""
