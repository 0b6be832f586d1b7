"""Every page of campaigns, on their one blueprint."""

from peeraudit.web.campaigns import editor, views
from peeraudit.web.campaigns.blueprint import bp

PAGES = (views, editor)

__all__ = ["PAGES", "bp"]
