"""Which request does a line of the log belong to?"""

import logging
import time

from flask import Flask, Response, g, request

from peeraudit.adapters.randomness import new_bytes

logger = logging.getLogger("peeraudit.requests")


def register(app: Flask) -> None:
    """Give each request an id and write one line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.request_id = new_bytes(8).hex()
        g.request_began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        spent = time.perf_counter() - g.get("request_began", time.perf_counter())
        # The rule and not the path: ids in a path tell who looked at what.
        rule = request.url_rule.rule if request.url_rule else "-"
        logger.info(
            "%s %s %s %s %.0f ms",
            g.get("request_id", "-"),
            request.method,
            rule,
            response.status_code,
            spent * 1000,
        )
        return response
