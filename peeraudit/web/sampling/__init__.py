"""The list of reports and the draw from it."""
