"""Peer audit of radiology reports: sampling, blinding, assignment, scoring, statistics.

This file holds no code: importing ``peeraudit.domain`` must never import Flask.
"""
