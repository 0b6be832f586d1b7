"""Pages that ask a reviewer whether author or department were recognised."""
