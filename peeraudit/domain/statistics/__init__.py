"""Measures of agreement and of rates, with their intervals and sources."""
