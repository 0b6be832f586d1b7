import json
import math
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.rates import simple_rate
from peeraudit.domain.statistics.reliability import Reliability, judge, suppressed, with_label
from peeraudit.domain.statistics.results import Estimate, Status, as_json, hash_inputs


def rate(value, ci, n, n_eff=None, **more):
    return Estimate(
        value=value, ci=ci, n=n, n_eff=n_eff, method="S2.01@1", inputs_sha256="ab", **more
    )


def test_the_contract_has_its_fields_and_no_tuple():
    found = simple_rate(9, 120, frame_size=800).to_dict()
    assert list(found) == [
        "value", "ci", "ci_method", "se", "n", "N", "n_eff", "status", "reasons", "warnings",
        "own_rules", "method", "inputs_sha256", "details",
    ]  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_undefined_is_null_and_never_nan():
    found = simple_rate(0, 0, frame_size=9).to_dict()
    assert (found["value"], found["ci"], found["se"]) == (None, None, None)
    assert as_json({"a": math.nan, 1: (math.inf, True, "x", 2)}) == {
        "a": None,
        "1": [None, True, "x", 2],
    }


def test_what_json_does_not_know_is_refused():
    with pytest.raises(TypeError, match="set has no JSON form"):
        as_json({1, 2})


def test_the_fingerprint_is_over_canonical_json():
    text = b'{"inputs":{"frame_size":null,"n":2,"x":1},"method":"S2.01@1"}'
    assert hash_inputs("S2.01@1", x=1, n=2, frame_size=None) == sha256(text).hexdigest()


@given(st.integers(0, 9), st.integers(0, 9))
def test_other_counts_have_another_fingerprint(x, other):
    first, second = hash_inputs("m", x=x), hash_inputs("m", x=other)
    assert (first == second) == (x == other)


@pytest.mark.parametrize(
    ("estimate", "label"),
    [
        (rate(0.04, (0.0146, 0.09), 120, 110), Reliability.WARN_RELWIDTH),
        (rate(0.1, (0.0123, 0.317), 20, 20), Reliability.SUPPRESS_N),
        (rate(0.1, (0.05, 0.2), 60, 29.9), Reliability.SUPPRESS_N),
        (rate(0.3, (0.165, 0.47), 40, 38), Reliability.SUPPRESS_WIDTH),
        (rate(0.3, (0.25, 0.36), 400), Reliability.OK),
        (rate(0.0, (0.0, 0.04), 400), Reliability.OK),
        (rate(0.0, (0.0, 0.06), 60), Reliability.WARN_RELWIDTH),
        (rate(0.3, (0.25, 0.36), 400, details={"df": 7}), Reliability.REVIEW_DF),
        (rate(0.3, (0.25, 0.36), 400, details={"df": 8}), Reliability.OK),
    ],
)
def test_precision_is_labelled(estimate, label):
    assert judge(estimate).label is label


def test_what_has_no_interval_is_not_judged():
    assert judge(rate(None, None, 40)) is None
    assert judge(rate(0.1, None, 40)) is None
    blank = rate(None, None, 40, status=Status.NOT_ESTIMABLE)
    assert with_label(blank, external=True) is blank


def test_a_sound_rate_stays_as_it_is():
    sound = rate(0.3, (0.25, 0.36), 400)
    assert with_label(sound, external=True) is sound


def test_a_wide_relative_interval_is_labelled_and_kept():
    found = with_label(rate(0.04, (0.0146, 0.09), 120), external=True)
    assert (found.value, found.status) == (0.04, Status.LOW_PRECISION)
    assert found.warnings == ("WARN_RELWIDTH",)


def test_too_few_is_blanked_outside_and_called_unreliable_inside():
    few = rate(0.1, (0.0123, 0.317), 20)
    inside, outside = with_label(few, external=False), with_label(few, external=True)
    assert (inside.value, inside.status) == (0.1, Status.UNRELIABLE)
    assert (outside.value, outside.ci, outside.n) == (None, None, 0)
    assert (outside.status, outside.reasons) == (Status.SUPPRESSED, ("SUPPRESS_N",))


def test_suppression_removes_every_number():
    found = suppressed(simple_rate(2, 8, frame_size=90), ("N_LT_MIN",)).to_dict()
    assert [found[key] for key in ("value", "ci", "se", "N", "n_eff")] == [None] * 5
    assert (found["n"], found["details"], found["inputs_sha256"]) == (0, {}, "")
    assert found["reasons"] == ["N_LT_MIN"]
