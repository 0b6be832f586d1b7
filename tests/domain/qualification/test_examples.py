import json
from pathlib import Path

import pytest

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.qualification.examples import (
    Verdict,
    read_examples,
    run_example,
    run_examples,
    summarise,
    tolerance_of,
)
from peeraudit.domain.qualification.functions import find_function

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"
DOCUMENT = read_examples(SOURCE.read_text()) if SOURCE.is_file() else None
SIMPLE = {
    "id": "one",
    "function": "S2.01_srs_rate",
    "inputs": {"x": 9, "n": 120, "N": 800},
    "expected": {"p": 0.075, "hyper_exact_count": [30, 106], "headline_method": "wilson_neff"},
}


def given_file(*cases, **more):
    return json.dumps({"examples": list(cases), **more})


def reference_cases():
    if DOCUMENT is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason="../shared/data is absent"))]
    every = [case for part in ("examples", "edge_cases", "scale") for case in DOCUMENT[part]]
    return [pytest.param(c, id=c["id"]) for c in every if find_function(c["function"])]


@pytest.mark.parametrize("case", reference_cases())
def test_reference_example_is_reproduced(case):
    assert run_example(case, tolerance_of(DOCUMENT, case)).lines == []


class TestRunning:
    def test_a_case_that_holds_has_no_lines(self):
        (found,) = run_examples(read_examples(given_file(SIMPLE)))
        assert (found.holds, found.lines, found.numbers) == (True, [], 3)

    def test_every_number_outside_its_tolerance_is_a_line(self):
        wrong = SIMPLE | {"expected": {"p": 0.08, "hyper_exact_count": [30, 107]}}
        (found,) = run_examples(read_examples(given_file(wrong)))
        assert found.lines == [
            "one S2.01_srs_rate .p: got 0.075, expected 0.08 (within 9e-10)",
            "one S2.01_srs_rate .hyper_exact_count[1]: got 106, expected 107 (equal)",
        ]

    def test_an_unknown_function_fails(self):
        (found,) = run_examples(read_examples(given_file(SIMPLE | {"function": "S99.01_x"})))
        assert not found.holds
        assert "no function of this installation" in found.lines[0]

    def test_inputs_that_cannot_be_used_fail_and_do_not_stop_the_run(self):
        broken = SIMPLE | {"id": "broken", "inputs": {"x": 1}}
        negative = SIMPLE | {"id": "negative", "inputs": {"x": -1, "n": 5, "N": 9}}
        found = list(run_examples(read_examples(given_file(broken, negative, SIMPLE))))
        assert [one.holds for one in found] == [False, False, True]
        assert "KeyError" in found[0].failure
        assert found[1].failure == "refused: counts cannot be negative"

    def test_a_refusal_is_right_where_an_error_is_expected(self):
        wanted = SIMPLE | {
            "inputs": {"x": -1, "n": 5, "N": 9},
            "expected": {"status": "error"},
        }
        (found,) = run_examples(read_examples(given_file(wanted)))
        assert found.holds

    def test_only_some_functions_can_be_asked_for(self):
        document = read_examples(given_file(SIMPLE, SIMPLE | {"function": "S3.01_x"}))
        assert [one.function for one in run_examples(document, only="S2")] == ["S2.01_srs_rate"]

    @pytest.mark.parametrize(
        ("of_case", "of_function", "of_file", "holds"),
        [
            (None, None, None, False),
            (None, None, 0.1, True),
            (None, 0.001, 0.1, False),
            (0.1, 0.001, None, True),
        ],
    )
    def test_the_nearest_tolerance_holds(self, of_case, of_function, of_file, holds):
        def part(name, size):
            return {} if size is None else {name: {"rel": 0, "abs": size}}

        case = SIMPLE | {"expected": {"p": 0.08}} | part("tolerance", of_case)
        more = {
            "functions": {"S2.01_srs_rate": part("tolerance", of_function)},
            "meta": part("default_tolerance", of_file),
        }
        (found,) = run_examples(read_examples(given_file(case, **more)))
        assert found.holds is holds

    def test_the_totals_are_told(self):
        verdicts = [Verdict("a", "f", 3), Verdict("b", "f", 4, failure="why")]
        assert summarise(verdicts) == (
            "Examples that hold: 1 of 2 (function ids: 1; numbers expected: 7; faults: 1)."
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[]", "no worked example"),
        ('{"examples": []}', "no worked example"),
        (
            '{"examples": [{"id": "a", "function": "S2.01"}]}',
            "Entry 1 of “examples” lacks “inputs”",
        ),
    ],
)
def test_another_file_is_refused_with_a_sentence(text, words):
    with pytest.raises(InvalidInput, match=words):
        read_examples(text)
