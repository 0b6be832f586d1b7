"""Every function of the engine is told in both languages, and nothing that is not there."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from peeraudit.domain.methods.catalogue import CHAPTERS, METHODS, method_of
from peeraudit.domain.methods.docstrings import Citation, read_docstring
from peeraudit.domain.methods.glossary import TERMS
from peeraudit.domain.methods.shown import AUDIENCES, FACTS, shown_when
from peeraudit.domain.qualification.functions import FUNCTIONS
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.statistics.own_rules import OWN_RULES

ROOT = Path(__file__).parents[3]
CODE = sorted((ROOT / "peeraudit").rglob("*.py"))
TAG = re.compile(r"S\d+\.\d\d@\d+")
# Arithmetic of every textbook, or laid down by this product alone.
WITHOUT_SOURCE = {"S1.09", "S1.10", "S9.04"}


@pytest.fixture(scope="module")
def french():
    catalogue = ROOT / "peeraudit/translations/fr/LC_MESSAGES/messages.po"
    with catalogue.open("rb") as file:
        return read_po(file, locale="fr")


def tags_in_the_code():
    return {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TAG.fullmatch(node.value)
    }


def words_of(method):
    return [method.title, method.question, method.how, method.edges, *filter(None, [method.shown])]


class TestCatalogue:
    def test_it_tells_exactly_what_an_installation_is_qualified_by(self):
        assert set(METHODS) == set(FUNCTIONS) - {"scale"}

    def test_versions_are_those_that_results_name(self):
        tags = tags_in_the_code()

        assert len(tags) > 40
        assert {tag for tag in tags if tag not in method_of(tag).tags} == set()
        # An earlier version that is told of is still computed, for snapshots that were kept.
        told = {tag for method in METHODS.values() for tag in method.tags if method.earlier}
        assert told == {"S2.06@1", "S2.06@2", "S2.13@1", "S2.13@2"} == told & tags

    def test_an_id_is_told_once_and_in_order(self):
        ids = [method.id for chapter in CHAPTERS for method in chapter.methods]

        assert ids == sorted(set(ids), key=lambda one: [int(n) for n in one[1:].split(".")])

    @pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.id)
    def test_a_method_points_at_the_code_that_says_so_itself(self, method):
        assert any(method.id in inspect.getdoc(one) for one in method.functions)

    @pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.id)
    def test_its_code_says_what_it_takes_and_hands_back_with_every_edge(self, method):
        main = read_docstring(method.functions[0])

        assert main.values
        assert main.returns
        # Codes of what cannot be estimated, or what is refused.
        doc = inspect.getdoc(method.functions[0])
        assert main.errors or "``" in doc or re.search(r"None|0 where|nothing", doc)

    @pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.id)
    def test_a_method_is_told_in_both_languages(self, method, french):
        for words in words_of(method):
            assert words
            assert french.get(words).string not in {"", words}

    @pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.id)
    def test_either_its_gate_or_its_own_sentence_says_when_it_is_shown(self, method):
        assert (method.id in GATES) != bool(method.shown)
        assert shown_when(method)

    def test_every_part_of_a_gate_has_words(self):
        assert {name for gate in GATES.values() for name in gate.audience} == set(AUDIENCES)
        facts = {part.fact for gate in GATES.values() for part in gate.requirements}
        assert facts == set(FACTS)

    def test_what_has_no_source_is_known_to_have_none(self):
        without = {
            method.id
            for method in METHODS.values()
            if not any(read_docstring(one).source for one in method.functions)
        }

        assert without <= WITHOUT_SOURCE


class TestOwnRules:
    def test_the_methods_that_follow_them_exist(self):
        named = {id_ for rule in OWN_RULES.values() for id_ in rule.methods}

        assert named <= set(METHODS)
        assert len(OWN_RULES) == 6

    def test_they_are_told_in_both_languages(self, french):
        for rule in OWN_RULES.values():
            assert french.get(rule.name).string
            assert french.get(rule.words).string

    def test_code_that_calls_a_rule_our_own_belongs_to_a_method_told_as_such(self):
        labelled = {id_ for rule in OWN_RULES.values() for id_ in rule.methods}
        own = {
            method.id
            for method in METHODS.values()
            if any("our own" in inspect.getdoc(one) for one in method.functions)
        }

        assert {"S2.02", "S4.03", "S5.04", "S5.06"} <= own
        assert own <= labelled


class TestGlossary:
    def test_every_word_is_told_in_both_languages(self, french):
        for term in TERMS:
            assert french.get(term.name).string
            assert french.get(term.words).string not in {"", term.words}

    def test_keys_are_unique_and_methods_exist(self):
        assert len({term.key for term in TERMS}) == len(TERMS)
        assert {id_ for term in TERMS for id_ in term.methods} <= set(METHODS)

    def test_an_entry_is_short(self):
        sentences = {term.key: len(re.findall(r"[.!?](?=\s|$)", term.words)) for term in TERMS}

        assert {key for key, count in sentences.items() if not 1 <= count <= 3} == set()


def documented(x, n):
    """Return a thing, S0.00.

    In ``two`` lines
    of one paragraph, see :func:`other`.

    Args:
        x: first,
            over two lines.
        n: second.

    Returns:
        What is asked for.

    Raises:
        ValueError: never.

    Source:
        Someone (1990). doi:10.1000/abc(1)2; Other (1991).
        doi:10.1000/xyz.
    """


class TestReadDocstring:
    def test_it_takes_a_docstring_apart(self):
        told = read_docstring(documented)

        assert told.about == ("Return a thing, S0.00.", "In two lines of one paragraph, see other.")
        assert [(v.name, v.text) for v in told.values] == [
            ("x", "first, over two lines."),
            ("n", "second."),
        ]
        assert told.returns == "What is asked for."
        assert [(e.name, e.text) for e in told.errors] == [("ValueError", "never.")]

    def test_dois_are_found_whole_and_without_the_full_stop(self):
        source = read_docstring(documented).source

        assert [part.doi for part in source if part.doi] == ["10.1000/abc(1)2", "10.1000/xyz"]
        whole = "Someone (1990). doi:10.1000/abc(1)2; Other (1991). doi:10.1000/xyz."
        assert "".join(part.text for part in source) == whole
        assert Citation("doi:10.1000/xyz", "10.1000/xyz") in source
