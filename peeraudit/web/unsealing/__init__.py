"""Pages about showing the identity behind a case."""
