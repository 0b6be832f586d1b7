"""How are reports read from the files and feeds that departments send?"""
