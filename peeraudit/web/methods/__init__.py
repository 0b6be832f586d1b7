"""Methods of the statistics, in words."""
