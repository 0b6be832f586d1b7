from pathlib import Path

import pytest

from peeraudit.launch import chromium, contact_sheet, pictures
from peeraudit.launch.contact_sheet import Picture
from peeraudit.launch.crawl import LOOKS_EACH, STATES_EACH, Doors, Outline, Reached, crawl, slug
from peeraudit.launch.errors import LaunchRefused


def page(*links, look="", act=""):
    anchors = "".join(f'<a href="{link}">go</a>' for link in links)
    form = f'<form method="post" action="{act}"></form>' if act else ""
    return f'<body class="outer"><main><p class="{look}">{anchors}{form}</p></main></body>'


def kind_of(path):
    """The first word of a path is its endpoint; files are none."""
    return None if path.startswith("/static") else path.strip("/").split("/")[0] or "home"


def reach(site, opening=lambda path: None):
    return crawl("/", fetch_from(site), kind_of, opening)


def fetch_from(site):
    return lambda path: (path, site[path]) if path in site else None


class TestCrawl:
    def test_it_follows_links_relative_ones_too_and_stays_on_the_site(self):
        site = {
            "/": page(
                "/cases", "https://elsewhere.example/", "mailto:a@b.example", "/static/x.css"
            ),
            "/cases": page("cases/1#top", "/"),
            "/cases/1": page("?page=2", look="closed"),
            "/cases/1?page=2": page(look="paged"),
        }

        assert reach(site) == [
            Reached("home", 1, "/"),
            Reached("cases", 1, "/cases"),
            Reached("cases", 2, "/cases/1"),
            Reached("cases", 3, "/cases/1?page=2"),
        ]

    def test_rows_that_look_alike_give_one_picture(self):
        site = {"/": page(*[f"/cases/{i}" for i in range(20)])}
        site |= {f"/cases/{i}": page(look="row") for i in range(20)}

        assert [r.path for r in reach(site)] == ["/", "/cases/0"]

    def test_states_that_differ_give_a_few(self):
        fetched = []
        site = {"/": page(*[f"/cases/{i}" for i in range(40)])}
        site |= {f"/cases/{i}": page(look=f"state-{i}") for i in range(40)}

        found = crawl(
            "/",
            lambda path: (fetched.append(path), (path, site[path]))[1],
            kind_of,
            lambda path: None,
        )

        assert len([r for r in found if r.endpoint == "cases"]) == STATES_EACH
        assert len(fetched) == 1 + LOOKS_EACH

    def test_a_page_that_may_not_be_read_is_left_out(self):
        assert [r.path for r in reach({"/": page("/secret")})] == ["/"]

    def test_a_page_that_only_leads_on_is_known_by_where_it_leads(self):
        site = {"/": page("/next"), "/cases/1": page(look="case")}

        def fetch(path):
            target = "/cases/1" if path == "/next" else path
            return target, site[target]

        found = crawl("/", fetch, kind_of, lambda path: None)

        assert [(r.endpoint, r.path) for r in found] == [("home", "/"), ("cases", "/cases/1")]

    def test_an_act_that_opens_something_leads_on(self):
        site = {"/": page(act="/next"), "/score/7": page(look="score")}

        found = reach(site, {"/next": "/score/7"}.get)

        assert [r.path for r in found] == ["/", "/score/7"]


class TestOutline:
    def test_only_the_page_itself_counts_for_its_look(self):
        assert Outline.of(page(look="case open")).look == {"case", "open"}

    def test_buttons_with_an_act_of_their_own_count(self):
        assert Outline.of('<button formaction="/enter/1">x</button>').acts == ["/enter/1"]


class TestDoors:
    def test_each_role_has_its_door(self):
        text = """
        <button formaction="/enter/1"><span class="entry-role">Network lead</span>
          <span class="entry-name">Ann</span></button>
        <button formaction="/enter/2"><span class="entry-role">Author</span></button>
        """

        assert Doors.of(text) == {"network-lead": "/enter/1", "author": "/enter/2"}

    @pytest.mark.parametrize(("label", "name"), [("A  b/c", "a-b-c"), ("--", ""), ("Été", "t")])
    def test_a_label_becomes_a_folders_name(self, label, name):
        assert slug(label) == name


class TestContactSheet:
    def test_it_shows_each_picture_and_what_was_wrong(self, tmp_path):
        taken = [Picture("author", "home", "fr", width, "dark") for width in (390, 1440)]

        path = contact_sheet.write(tmp_path, taken, ["author/home: <oops>"])

        text = path.read_text()
        assert text.count("<img") == 2
        assert 'src="author/home-fr-390-dark.png"' in text
        assert "&lt;oops&gt;" in text


class TestPrepare:
    def test_without_a_chromium_it_says_how_to_get_one(self, tmp_path, monkeypatch):
        monkeypatch.setattr(chromium, "find", lambda environment: None)

        with pytest.raises(LaunchRefused, match="apt install chromium"):
            pictures.prepare(tmp_path)

    def test_a_folder_that_cannot_be_made_is_refused(self, monkeypatch):
        monkeypatch.setattr(chromium, "find", lambda environment: "/usr/bin/chromium")

        with pytest.raises(LaunchRefused, match="cannot be made"):
            pictures.prepare(Path("/proc/pictures"))
