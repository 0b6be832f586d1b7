"""The blueprint of the pages of what comes in."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/intake")
