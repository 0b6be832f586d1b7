"""The blueprint that the pages of campaigns share."""

from flask import Blueprint

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
