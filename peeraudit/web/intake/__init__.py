"""Reports coming in."""
