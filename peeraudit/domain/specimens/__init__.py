"""Invented reports, people and readings for the demonstration and the tests."""
