"""Pages about what is kept until when, and what is destroyed then."""
