"""How do departments compare, once chance and case-mix are allowed for?"""
