"""Authors reading the feedback on their reports."""
