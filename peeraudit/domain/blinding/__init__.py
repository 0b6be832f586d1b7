"""What must be hidden from whom, and how is it hidden in a text?"""
