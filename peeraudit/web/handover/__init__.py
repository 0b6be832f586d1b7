"""Notices for authors who cannot sign in."""
