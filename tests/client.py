"""A test client that checks each page it gets."""

from collections import Counter

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from peeraudit.extensions import db

XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}


class CheckingClient(FlaskClient):
    """Fails a test whose page is not well made, whatever the test itself looks at."""

    def open(self, *args, **kwargs) -> TestResponse:
        # The test's own application context would carry who was signed in to the next request.
        for name in list(g) if has_app_context() else []:
            g.pop(name)
        answer = super().open(*args, **kwargs)
        if has_app_context():
            # What the end of a request's context does in production; committed work stays.
            db.session.rollback()
        if answer.mimetype == "text/html" and answer.status_code != 302:
            check_page(answer.text, answer.request.path)
        return answer


def check_page(text: str, path: str) -> None:
    """Fail when a page does not parse, lacks a title or a label, or repeats an id."""
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(text)
    names = [(e.tag.removeprefix(XHTML), e) for e in tree.iter() if isinstance(e.tag, str)]
    titles = [e for name, e in names if name == "title"]
    assert titles, f"{path} lacks a title"
    assert (titles[0].text or "").strip(" –"), f"{path} lacks a title"
    assert sum(name == "h1" for name, _ in names) == 1, f"{path} needs one h1"
    ids = Counter(e.get("id") for _, e in names if e.get("id"))
    assert [i for i, n in ids.items() if n > 1] == [], f"{path} uses an id twice"
    assert not [e for _, e in names if e.get("style")], f"{path} has an inline style"
    _check_labels(names, path)
    _check_forms(names, path)


def _check_labels(names, path: str) -> None:
    labelled = {e.get("for") for name, e in names if name == "label"}
    for name, e in names:
        hidden = e.get("type") in {"hidden", "submit", "button"}
        if name not in LABELLED or hidden:
            continue
        has_label = e.get("id") in labelled or e.get("aria-label") or e.get("aria-labelledby")
        wrapped = any(outer == "label" and e in list(parent.iter()) for outer, parent in names)
        assert has_label or wrapped, f"{path}: {name} {e.get('name')} has no label"


def _check_forms(names, path: str) -> None:
    for name, form in names:
        if name != "form" or (form.get("method") or "get").lower() != "post":
            continue
        tokens = [e for e in form.iter() if e.get("name") == "csrf_token"]
        assert tokens, f"{path}: a POST form lacks its token"
