"""What is each audience told of the numbers, in words and on pages?"""
