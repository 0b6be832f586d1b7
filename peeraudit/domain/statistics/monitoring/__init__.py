"""Has something changed over time?"""
