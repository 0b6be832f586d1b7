"""The outside world, each part behind a few functions."""
