"""French is complete: what a person can read in English has its French."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "peeraudit/translations/fr/LC_MESSAGES/messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "N_": None,
}
METHODS = [("peeraudit/**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\((\w+)\)")
# A plain space before these marks, or a straight quote as an apostrophe, is not French.
UNFRENCH = re.compile(r" [;!?:»]|« |\w'\w|[^%\s] %(?!\()")


@pytest.fixture(scope="module")
def french():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def messages():
    options = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
    found = extract_from_dir(ROOT, METHODS, options, KEYWORDS)
    return {message for path, _, message, _, _ in found if path.startswith(("peer", "templ"))}


def test_every_message_has_its_french(french, messages):
    singular = {m if isinstance(m, str) else m[0] for m in messages}
    lacking = {m for m in singular if french.get(m) is None or not french.get(m).string}

    assert lacking == set()


def texts_of(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_the_french_names_the_same_values(french):
    for message in french:
        if not message.id:
            continue
        last = message.id[-1] if isinstance(message.id, tuple) else message.id
        wanted = set(PLACEHOLDER.findall(last))
        for text in texts_of(message):
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id


def test_the_french_keeps_french_typography(french):
    wrong = [t for m in french if m.id for t in texts_of(m) if UNFRENCH.search(t)]

    assert wrong == []


def test_the_compiled_catalogue_is_up_to_date(french):
    compiled = BytesIO()
    write_mo(compiled, french)

    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue()
