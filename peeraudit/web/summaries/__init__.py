"""Departmental summaries."""
