"""Numbers of a campaign."""
