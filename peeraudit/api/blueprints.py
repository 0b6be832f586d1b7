"""Every part of the REST interface, in one list."""

from apiflask import APIFlask

from peeraudit.api.v1 import (
    adjudication,
    assignment,
    campaigns,
    deidentification,
    feedback,
    health,
    intake,
    messages,
    network,
    people,
    sampling,
    scoring,
    statistics,
    summaries,
    trail,
)
from peeraudit.extensions import csrf

PARTS = (
    adjudication,
    assignment,
    campaigns,
    deidentification,
    feedback,
    health,
    intake,
    messages,
    network,
    people,
    sampling,
    scoring,
    statistics,
    summaries,
    trail,
)


def register(app: APIFlask) -> None:
    """Attach the REST interface; calls bear a token, so a form's token would add nothing."""
    for part in PARTS:
        csrf.exempt(part.bp)
        app.register_blueprint(part.bp)
