"""The audit in plain Python."""
