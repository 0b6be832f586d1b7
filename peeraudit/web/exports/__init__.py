"""Taking along what a campaign's numbers follow from."""
