"""The pages on which cases are read and scored."""

from flask import Blueprint

bp = Blueprint("scoring", __name__, url_prefix="/scoring")
