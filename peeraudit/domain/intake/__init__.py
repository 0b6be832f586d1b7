"""What must a report hold, and what happens to each one that arrives?"""
