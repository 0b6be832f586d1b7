"""Pages of the coordinator's check of the masks."""
