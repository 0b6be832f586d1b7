"""Reading all that a person can be shown: pages, files, answers, messages."""

import json
import re
from collections import deque
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from urllib.parse import unquote, urljoin, urlsplit
from zipfile import ZipFile

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.http import parse_cookie

from peeraudit.adapters import mailer, wording
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Permission
from peeraudit.domain.workflow import AssignmentState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.identities import RecognitionRow
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.services import notifications, tokens
from tests.canary.files import text_of_cookie, text_of_pdf, text_of_zip
from tests.canary.network import PASSWORD

LINKS = re.compile(r'(?:href|src|data-[a-z-]*(?:url|href))="([^"]+)"')
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ENOUGH_OF_A_KIND = 12
SKIPPED = ("/static/", "/bootstrap/")


@dataclass(frozen=True)
class Seen:
    """One thing that a person was shown."""

    place: str
    text: str
    status: int = 200


def crawl(app, person, ids):
    """Yield all that a person is shown, by following links and by guessing addresses.

    ``ids`` are the known ids of rows, by the name that an address gives them.
    """
    ids = {**ids, "assignment_id": own_first(person, ids["assignment_id"])}
    client = FlaskClient(app, use_cookies=True)
    answer = client.post("/accounts/sign-in", data={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    yield from _pages(app, client, ids)
    yield from _exports(client, ids)
    yield from _answers(app, person, ids)
    yield from _messages(app, person)


def own_first(person, every):
    """Return ids of readings: some of the person's own, above all with a question left, and others.

    Among those of all others, chance would seldom find the few that the person may open.
    """
    rows = db.session.execute(
        select(Assignment.id, RecognitionRow.assignment_id)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .outerjoin(RecognitionRow, RecognitionRow.assignment_id == Assignment.id)
        .where(Reviewer.account_id == person.actor.account_id)
        .order_by(
            RecognitionRow.assignment_id.is_not(None),
            Assignment.state != AssignmentState.SUBMITTED,
            Assignment.id,
        )
    ).all()
    half = ENOUGH_OF_A_KIND // 2
    own = [str(row[0]) for row in rows]
    own = own[: half // 2] + own[half // 2 :: max(1, len(own) // half)]
    others = every[:: max(1, len(every) // half)]
    return [*own[:half], *others[: ENOUGH_OF_A_KIND - min(half, len(own))]]


def crawl_as_nobody(app, ids):
    """Yield what every address answers to somebody who has not signed in, programs' included."""
    for api in (False, True):
        for address in [*_addresses(app, ids, api=api), "/api/v1/openapi.json", "/nowhere"]:
            client = FlaskClient(app, use_cookies=False)
            answer = client.get(address)
            assert answer.status_code < 500, (address, answer.status_code)
            yield seen(address, answer)


def _pages(app, client, ids):
    waiting = deque(["/", *_addresses(app, ids, api=False)])
    known, shapes = set(waiting), {}
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, headers={"Referer": "http://localhost/"})
        assert answer.status_code < 500, (address, answer.status_code)
        yield seen(address, answer)
        found = LINKS.findall(answer.text) if answer.mimetype == "text/html" else []
        for link in [*map(unescape, found), answer.location or ""]:
            target = urlsplit(urljoin(f"http://localhost{address}", link))
            path = target.path + (f"?{target.query}" if target.query else "")
            shape = ID.sub("*", path)
            is_here = target.netloc == "localhost" and not path.startswith(SKIPPED)
            if not is_here or path in known or shapes.get(shape, 0) >= ENOUGH_OF_A_KIND:
                continue
            shapes[shape] = shapes.get(shape, 0) + 1
            known.add(path)
            waiting.append(path)


def _exports(client, ids):
    """Yield the files that a button gives, each by itself: no address leads to them."""
    for campaign_id in ids["campaign_id"]:
        for what, values in (("numbers", {}), ("reviews", {"purpose": "Recalcul du canari."})):
            address = f"/campaigns/{campaign_id}/export/{what}"
            answer = client.post(address, data=values)
            assert answer.status_code < 500, (address, answer.status_code)
            if answer.mimetype != "application/zip":
                yield seen(address, answer)
                continue
            yield Seen(address, str(answer.headers), answer.status_code)
            with ZipFile(BytesIO(answer.data)) as archive:
                for name in archive.namelist():
                    yield Seen(f"{address}/{name}", archive.read(name).decode())


def _answers(app, person, ids):
    scopes = ROLE_PERMISSIONS[person.actor.role]
    if Permission.USE_API_TOKENS not in scopes:
        return
    with unit_of_work():
        secret = tokens.create_token("canary", frozenset(scopes), days=1, by=person.actor)
    client = FlaskClient(app, use_cookies=False)
    waiting = deque(_addresses(app, ids, api=True))
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code < 500, (address, answer.status_code)
        yield seen(address, answer)
        # What a list names may be the person's alone: chance would seldom guess it.
        more = [one for one in _below(app, address, answer) if one not in known]
        known.update(more)
        waiting.extend(more)


def _below(app, address, answer):
    """Return the addresses of the things that a list answers with, each below the list's own."""
    if answer.mimetype != "application/json" or "?" in address:
        return []
    start = f"{address.rstrip('/')}/<"
    rules = [r for r in app.url_map.iter_rules() if r.rule.startswith(start) and "GET" in r.methods]
    named = list(dict.fromkeys(ID.findall(answer.text)))[:ENOUGH_OF_A_KIND]
    return [
        rule.build(dict.fromkeys(rule.arguments, one))[1]
        for rule in rules
        if len(rule.arguments) == 1
        for one in named
    ]


def _messages(app, person):
    with app.app_context():
        for mail in mailer.sent():
            if mail.to == person.email:
                # As it leaves: its headers stand on every server on the way.
                message = mailer.composed(mail, sender=app.config["MAIL_FROM"], host="")
                whole = f"{message.as_string()}\n{message.get_content()}"
                yield Seen(f"mail {mail.key}", whole.replace(f"To: {mail.to}", ""))
    kept = db.session.query(Message).filter_by(account_id=person.actor.account_id)
    for message in kept:
        yield Seen(f"message {message.kind}", f"{message.params} {message.path}")
    for notice in notifications.inbox(by=person.actor):
        for language in ("fr", "en"):
            subject, body = wording.letter(
                notice.sentence, language=language, link=f"http://localhost{notice.path}"
            )
            yield Seen(f"mail {notice.kind}", f"{subject}\n{body}")


def _addresses(app, ids, *, api):
    """Return every address that can be asked for, with the ids of all that there is."""
    found = []
    for rule in app.url_map.iter_rules():
        is_api = rule.rule.startswith("/api/")
        if "GET" not in rule.methods or is_api != api or rule.rule.startswith(SKIPPED):
            continue
        if rule.endpoint == "openapi.spec":
            continue
        names = sorted(rule.arguments)
        for number in range(ENOUGH_OF_A_KIND if names else 1):
            values = {n: _pick(ids, n, number) for n in names}
            found.append(rule.build(values)[1])
    return list(dict.fromkeys(found))


def _pick(ids, name, number):
    pool = ids.get(name, ["1"])
    step = max(1, len(pool) // ENOUGH_OF_A_KIND)
    return pool[(number * step) % len(pool)]


def seen(address, answer):
    """Return an answer as one thing that is shown: headers, cookies, and all of its body."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    cookies = [parse_cookie(line) for line in answer.headers.getlist("Set-Cookie")]
    told = [text_of_cookie(value) for cookie in cookies for value in cookie.values()]
    # What a person looked for in the address is no news; what stands in a link is.
    return Seen(address, unquote("\n".join([headers, *told, body_of(answer)])), answer.status_code)


def body_of(answer):
    """Return all that an answer carries, whatever its kind of file."""
    if answer.mimetype == "application/pdf":
        return text_of_pdf(answer.data)
    if answer.data.startswith(b"PK\x03\x04"):
        return text_of_zip(answer.data)
    if answer.mimetype == "text/calendar":
        # A long line is cut, in the middle of a word too.
        return answer.get_data(as_text=True).replace("\r\n ", "")
    if answer.mimetype == "application/json":
        return json.dumps(json.loads(answer.data), ensure_ascii=False)
    return unescape(answer.data.decode("utf-8", "replace"))
