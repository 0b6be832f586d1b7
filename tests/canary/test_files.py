"""Would a word be found wherever a file, a header, a cookie or a mail can hold it?"""

import io
import zipfile

import pytest
from flask import Flask
from flask import session as flask_session
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from peeraudit.adapters import mailer
from peeraudit.adapters.mailer import Mail
from peeraudit.domain.accounts import Role
from tests.canary.crawl import seen
from tests.canary.network import PASSWORD

pytestmark = pytest.mark.xdist_group("canary")
WORD = "Qxplantbadofex"


class TestAWorkbook:
    @pytest.mark.parametrize("place", ["creator", "title", "keywords", "lastModifiedBy"])
    def test_properties_are_read(self, place):
        book = Workbook()
        setattr(book.properties, place, WORD)

        assert WORD in shown(saved(book), "application/vnd.ms-excel")

    def test_defined_names_comments_and_hidden_sheets_are_read(self):
        for plant in (name_a_range, remark, hide_a_sheet):
            book = Workbook()
            plant(book)

            assert WORD in shown(saved(book), "application/octet-stream"), plant

    def test_an_archive_in_an_archive_is_opened(self):
        inner = saved(Workbook(), title=WORD)

        assert WORD in shown(zipped("inner.xlsx", inner), "application/zip")

    def test_the_name_of_a_member_is_read(self):
        assert WORD in shown(zipped(f"{WORD}.csv", b"1"), "application/zip")


class TestAPdf:
    @pytest.mark.parametrize("key", ["/Title", "/Author", "/Subject", "/Producer", "/Own"])
    def test_properties_are_read(self, key):
        writer = blank()
        writer.add_metadata({key: WORD})

        assert WORD in shown(written(writer), "application/pdf")

    def test_xmp_files_outlines_fonts_and_lost_objects_are_read(self):
        for plant in (give_xmp, attach, attach_by_name, outline, name_a_font, lose_an_object):
            writer = blank()
            plant(writer)

            assert WORD in shown(written(writer), "application/pdf"), plant

    def test_a_summary_is_read_with_its_department_and_its_properties(self, summary_in_print):
        text = shown(summary_in_print, "application/pdf")

        assert "Qxdep" in text
        assert "<rdf:RDF" in text
        assert "/Creator" in text

    @pytest.fixture
    def summary_in_print(self, audit, ids):
        client, person = FlaskClient(audit.app), audit.network.of(Role.QUALITY_LEAD)[0]
        client.post("/accounts/sign-in", data={"email": person.email, "password": PASSWORD})
        addresses = [f"/summaries/{summary_id}.pdf" for summary_id in ids["summary_id"]]
        return next(a.data for a in map(client.get, addresses) if a.status_code == 200)


class TestAnAnswer:
    def test_its_headers_are_read_and_unquoted(self):
        answer = answer_of(headers={"Location": "/a?q=Qxplant%62adofex"})

        assert WORD in seen("/", answer).text

    def test_the_session_in_its_cookie_is_read_long_or_short(self):
        for length in (1, 900):
            answer = answer_of(session={"kept": [WORD] * length})

            assert WORD not in answer.headers["Set-Cookie"]
            assert WORD in seen("/", answer).text

    @pytest.mark.parametrize(
        "page",
        [f"<!-- {WORD} -->", f'<p data-a="{WORD}">', f'<a href="#{WORD}">', "&#81;xplantbadofex"],
    )
    def test_its_page_is_read_whole(self, page):
        assert WORD in seen("/", answer_of(page)).text

    def test_escaped_json_is_read(self):
        assert WORD in shown(b'{"a": "\\u0051xplantbadofex"}', "application/json")


def test_the_headers_of_a_mail_are_read(audit):
    for plant in ({"key": WORD}, {"subject": WORD}, {"body": WORD}):
        mail = Mail(**{"key": "1", "to": "a@b.example", "subject": "s", "body": "b", **plant})

        assert WORD in mailer.composed(mail, sender="", host="b.example").as_string()


def answer_of(page="", *, headers=None, session=None):
    app = Flask(__name__)
    app.secret_key = "only for this"
    kept = session or {}

    @app.get("/")
    def show():
        flask_session.update(kept)
        return page, headers or {}

    return app.test_client(use_cookies=False).get("/")


def shown(content, kind):
    return seen("/", answer_of(content, headers={"Content-Type": kind})).text


def saved(book, title=""):
    book.properties.title = title or book.properties.title
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def name_a_range(book):
    book.defined_names[WORD] = DefinedName(WORD, attr_text="Sheet!$A$1")


def remark(book):
    book.active["A1"].comment = Comment(WORD, "somebody")


def hide_a_sheet(book):
    book.create_sheet(WORD).sheet_state = "veryHidden"


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def blank():
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    return writer


def written(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    assert PdfReader(buffer).pages
    return buffer.getvalue()


def give_xmp(writer):
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{WORD}</x:xmpmeta>".encode()


def attach(writer):
    writer.add_attachment("a.csv", WORD.encode())


def attach_by_name(writer):
    writer.add_attachment(f"{WORD}.csv", b"1")


def outline(writer):
    writer.add_outline_item(title=WORD, page_number=0)


def name_a_font(writer):
    writer.pages[0][NameObject("/Resources")] = NameObject(f"/{WORD}")


def lose_an_object(writer):
    writer._add_object(TextStringObject(WORD))
