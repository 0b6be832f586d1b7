"""Adjudicators settling cases."""
