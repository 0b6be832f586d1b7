"""How severe or lenient is a reviewer, and which score is the likely true one?"""
