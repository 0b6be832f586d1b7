"""Tables of what radiology reports say, by language and region."""
