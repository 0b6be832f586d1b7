"""Every code of the engine has words, and no words are kept for one that is not there."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from peeraudit.domain.methods.code import CodeKind
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.statistics.reliability import Reliability
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.summaries.disclosure import Limits
from peeraudit.domain.summaries.in_words import reason_of

ROOT = Path(__file__).parents[3]
DOMAIN = ROOT / "peeraudit/domain"
ENGINE = [
    *(DOMAIN / "statistics").rglob("*.py"),
    *(DOMAIN / "qualification").rglob("*.py"),
    *(
        DOMAIN / f"{name}.py"
        for name in (
            "sampling/acceptance_plans",
            "summaries/disclosure",
            "sampling/forecasts",
            "summaries/hiding",
            "sampling/optimal_allocation",
            "sampling/precision_plans",
            "rating_tables",
            "sampling/sample_size",
            "summaries/summary_page",
            "told_files",
        )
    ),
]
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
LIMITS = Limits(reviews=30, authors=5, events=5)
# A code tells its rule by its name, in which there are at least four letters. These do not.
OTHERS = {
    "BFGS",  # a method of scipy
    "IDENTITY", "LINEAR", "QUADRATIC",
}  # fmt: skip


@pytest.fixture(scope="module")
def french():
    catalogue = ROOT / "peeraudit/translations/fr/LC_MESSAGES/messages.po"
    with catalogue.open("rb") as file:
        return read_po(file, locale="fr")


def codes_in(path):
    """Yield every text in a module that is written like a code, comments and docstrings aside."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if CODE.fullmatch(node.value) and len(node.value) > 3:
            yield node.value


def given_codes():
    # What JSON names a rule of our own by has its words beside the rule.
    paths = [path for path in ENGINE if path.name != "own_rules.py"]
    return {code for path in paths for code in codes_in(path)} - OTHERS


class TestCodes:
    def test_every_code_of_the_engine_has_words(self):
        assert len(given_codes()) > 70
        assert given_codes() - set(CODES) == set()

    def test_no_words_are_kept_for_a_code_that_nothing_gives(self):
        spoken = given_codes() | {status.value for status in Status}

        assert set(CODES) - spoken == set()

    def test_statuses_labels_and_gates_are_among_them(self):
        assert {status.value for status in Status} <= set(CODES)
        assert {label.value for label in Reliability} - {"OK"} <= set(CODES)
        reasons = {part.reason for gate in GATES.values() for part in gate.requirements}
        assert reasons <= set(CODES)

    def test_a_new_code_would_be_missed(self, tmp_path):
        module = tmp_path / "new.py"
        module.write_text('def f():\n    """NOT_THIS."""\n    return ("BRAND_NEW", "no code")\n')

        assert set(codes_in(module)) == {"BRAND_NEW"}

    @pytest.mark.parametrize("one", CODES.values(), ids=lambda one: one.code)
    def test_a_code_says_what_it_means_and_what_to_do_in_both_languages(self, one, french):
        for words in filter(None, (one.meaning, one.act, one.brief)):
            assert french.get(words).string not in {"", words}
        for sentence in (one.meaning, one.act, french.get(one.meaning).string):
            assert sentence[0].isupper()
            assert sentence.endswith(".")

    @pytest.mark.parametrize(
        "one", [one for one in CODES.values() if one.kind is CodeKind.REASON], ids=lambda o: o.code
    )
    def test_a_reason_fits_into_a_sentence(self, one):
        said = reason_of([one.code], LIMITS)

        assert said.message == one.brief
        assert not said.message.endswith(".")
        assert "%(" not in said.message % dict.fromkeys(said.params, 1)
