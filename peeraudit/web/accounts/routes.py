"""Every page of accounts, on their one blueprint."""

from peeraudit.web.accounts import passwords, people, tokens, views
from peeraudit.web.accounts.blueprint import bp

PAGES = (views, people, passwords, tokens)

__all__ = ["PAGES", "bp"]
