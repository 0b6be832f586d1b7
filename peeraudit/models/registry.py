"""Imports every model, so that the metadata is whole for migrations, factory and worker."""

from peeraudit.models import (
    accounts,
    adjudication,
    assignments,
    campaigns,
    cases,
    identities,
    intake,
    jobs,
    masking,
    messages,
    network,
    sampling,
    scoring,
    summaries,
    trail,
    unsealing,
)

__all__ = [
    "accounts",
    "adjudication",
    "assignments",
    "campaigns",
    "cases",
    "identities",
    "intake",
    "jobs",
    "masking",
    "messages",
    "network",
    "sampling",
    "scoring",
    "summaries",
    "trail",
    "unsealing",
]
