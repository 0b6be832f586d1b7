"""Did the blinding hold, and were the readings made with care?"""
