"""Every page of the network, on one blueprint."""

from peeraudit.web.network import profile, views
from peeraudit.web.network.views import bp

PAGES = (views, profile)

__all__ = ["PAGES", "bp"]
