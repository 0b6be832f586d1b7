"""Every method of the statistics in words: what it answers, how, and when it is shown."""
