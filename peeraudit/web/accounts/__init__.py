"""Sign-in, people and tokens."""
