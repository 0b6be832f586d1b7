"""Departments, reviewers and their profiles."""
