"""Cases that a reviewer marked as urgent."""
