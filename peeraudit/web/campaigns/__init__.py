"""Campaigns: protocol, board, steps."""
