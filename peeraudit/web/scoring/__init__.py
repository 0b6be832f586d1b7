"""Reviewers scoring cases."""
