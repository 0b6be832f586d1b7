"""Whatever somebody writes into a file, the answer is a sentence, never a fault of ours.

Every value of a protocol file and of an example file is replaced by what it cannot be, and the
tables are cut, pierced and mixed up.
"""

import copy
import json
import random

import pytest

from peeraudit.domain.errors import DomainError, InvalidInput
from peeraudit.domain.qualification.examples import read_examples, run_examples
from peeraudit.domain.rating_tables import agreement_of, read_ratings
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.told_files import recompute_told
from tests.domain.summaries.test_disclosure import BIG
from tests.domain.test_snapshot_files import REVIEWS, RULES
from tests.domain.test_told_files import files_of

WRONG = [None, -1, "x", "", [], {}, 10**400, True, [[]], {"a": 1}, 3.5, "\ud800"]
ABSENT = object()
PROTOCOL = json.loads(RULES) | {
    "guesses": {
        "places": ["d1", "d2"],
        "table": [[20, 9], [8, 20]],
        "unsure": [30, 30],
        "authors": [10, 40],
        "asks_department": True,
    }
}
EXAMPLES = {
    "meta": {"default_tolerance": {"rel": 1e-8, "abs": 1e-10}},
    "functions": {"S2.01_srs_rate": {"tolerance": {"rel": 1e-8}}},
    "examples": [
        {
            "id": "c",
            "function": "S2.01_srs_rate",
            "inputs": {"x": 9, "n": 120, "N": 800},
            "expected": {"p": 0.075},
            "tolerance": {"rel": 1e-8},
        }
    ],
    "edge_cases": [],
}


def paths(value, path=()):
    """Yield where there is something in JSON values, of long lists the first two places."""
    yield path
    parts = value.items() if isinstance(value, dict) else ()
    parts = list(enumerate(value))[:2] if isinstance(value, list) else parts
    for name, part in parts:
        yield from paths(part, (*path, name))


def replaced(value, path, other):
    if not path:
        return other
    result = copy.deepcopy(value)
    place = result
    for name in path[:-1]:
        place = place[name]
    if other is ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = other
    return result


def variants(value, but=()):
    """Yield what becomes of a file when it is wrong anywhere, but not below one place."""
    for path in paths(value):
        if but and path[: len(but)] == but:
            continue
        for other in [*WRONG, *([ABSENT] if path else [])]:
            yield json.dumps(replaced(value, path, other))


def answered(action, *args):
    """Return the sentence that was answered; empty where the file could be used after all."""
    try:
        action(*args)
    except DomainError as error:
        return str(error)
    return ""


def test_every_wrong_value_of_a_protocol_file_is_answered():
    said = [answered(recompute, REVIEWS, text) for text in variants(PROTOCOL)]
    # Free texts may hold anything, and what has a default may be absent.
    assert sum(map(bool, said)) > 0.8 * len(said)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_wrong_value_of_an_example_file_is_answered():
    def run(text):
        return [verdict.lines for verdict in run_examples(read_examples(text))]

    for text in variants(EXAMPLES):
        answered(run, text)


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{", "[]", "null", "NaN", '{"a": 1e999}', "ÿ"])
def test_what_is_no_such_file_is_answered(text):
    for action in (
        lambda: recompute(REVIEWS, text),
        lambda: recompute_told(REVIEWS, text),
        lambda: read_examples(text),
    ):
        with pytest.raises(InvalidInput):
            action()


def damaged(text, dice):
    """Return a table after some accidents."""
    data = bytearray(text.encode())
    for _ in range(dice.randint(1, 3)):
        at, kind = dice.randrange(len(data)), dice.randrange(4)
        if kind == 0:
            data[at] = dice.choice(b'\x00",;\n\r\x0c-9aZ')
        elif kind == 1:
            del data[at : at + dice.randrange(1, 40)]
        elif kind == 2:
            data[at:at] = bytes(dice.choice(b'\x00",;\n\r\x1c\x85') for _ in range(3))
        else:
            del data[at:]
        data = data or bytearray(b"x")
    return data.decode("utf-8", "replace")


def test_every_accident_to_a_table_of_reviews_is_answered():
    dice = random.Random(5)  # noqa: S311 - accidents are no secret
    said = [answered(recompute, damaged(REVIEWS, dice), RULES) for _ in range(150)]
    assert sum(map(bool, said)) > 100


@pytest.mark.parametrize(
    ("line", "column", "value", "sentence"),
    [
        (4, "score", "9", "Line 4: the scale has no score “9”"),
        (4, "weight", "1.5", "weight"),
        (4, "weight", "nan", "weight"),
        (4, "weight", "much", "weight"),
        (4, "department", "d9", "Line 4: the frame has no stratum d9"),
        (4, "turn", "third", "Line 4: “turn” must be one of"),
        (4, "reviewer", "", "Line 4 lacks “reviewer”"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_its_rule(line, column, value, sentence):
    rows = [row.split(",") for row in REVIEWS.splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    said = answered(recompute, "\n".join(map(",".join, rows)), RULES)
    assert sentence in said


def test_more_drawn_than_there_are_is_named():
    rules = json.loads(RULES)
    rules["strata"][1]["drawn"] = rules["strata"][1]["frame"] + 1
    said = answered(recompute, REVIEWS, json.dumps(rules))
    assert said == "Stratum 2 of the protocol file: “drawn” is 121, more than its 120 reports."


RATINGS = [
    "",
    "\n",
    "item",
    "item,rater,rating",
    "\nitem,a,b\n1,2,3\n",
    '"',
    "a,b\n1",
    "item,a,b\n1,1,1\n2,1,1",
    ",,\n1,2,3",
    "item,a,b\n1," + "x" * 200_000 + ",2",
    "item,a,b\n1,\x00,2",
    "item,a,b\n1,1,2\n1,2,2",
    "item,a,a\n1,1,1",
    "item,rater,rating\n1,x,1\n1,x,1",
    "item,rater,rating\n1,x,1",
    "item,rater,rating\n1,,1",
    "item,a,b\n1,1,2,9",
    'item,a,b\n"1\n2",1,2\n3,2,2',
    "item,a,b\n" + "\n".join(f"{i},{i},{i}" for i in range(60)),
]


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "1,2", "1", "", "1,1", "a, ,b"])
@pytest.mark.parametrize("raters", [(), ("a", "b"), ("zz", "a"), ("",)])
def test_every_odd_table_of_ratings_is_answered(scale, raters):
    def run(text):
        given = read_ratings(text, scale=scale, raters=raters)
        json.dumps(agreement_of(given, is_nominal=scale == "nominal").to_dict(), allow_nan=False)

    for text in RATINGS:
        answered(run, text)


def test_every_wrong_value_of_told_numbers_is_answered():
    _, numbers, told = files_of(*BIG)
    departments = json.loads(told)["departments"]
    # All three are told the same: as of long lists, the first two are enough.
    assert departments["A"] == departments["B"] == departments["C"]
    for text in variants(json.loads(told), but=("departments", "C")):
        answered(recompute_told, numbers, text)
