import hashlib
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.sampling.draws import (
    Ticketed,
    check_seed,
    double_read_prefix,
    double_read_size,
    double_read_ticket,
    draw,
    frame_counts,
    frame_lines,
    frame_sha256,
    seed_sha256,
    ticket,
)

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"
SEED = "20240115|71|04|39|55|18|66|02|93|47|31|85|10"
# The worked example of S1.08: 39 reports in three strata.
HELD = {"CT": 12, "XR": 20, "MR": 7}
FRAME = [(s, f"{s}-{i:04d}") for s, held in HELD.items() for i in range(1, held + 1)]
SIZES = {"CT": 4, "XR": 5, "MR": 3}

field = st.text("ABCxyz019._:-", min_size=1, max_size=8)
frames = st.dictionaries(field, st.sampled_from(["CT", "MR", "US"]), min_size=1).map(
    lambda strata: [(stratum, key) for key, stratum in strata.items()]
)


def keys(part):
    return [t.item_key for t in part]


def test_worked_example_draws_the_published_sample():
    drawn = draw(FRAME, SEED, SIZES)
    expected = "d52e68f55e475fe0bd92409b744a2a32074801488706e259803b93249cf505fe"
    assert drawn.frame_sha256 == expected
    assert drawn.seed_sha256 == "2ce0757645f5a0207f30180084e15ecad625b5162cb353a1d8e79c43589a4f67"
    assert keys(drawn.strata["CT"].sample) == ["CT-0006", "CT-0003", "CT-0001", "CT-0007"]
    assert keys(drawn.strata["CT"].reserves[:2]) == ["CT-0005", "CT-0012"]
    assert keys(drawn.strata["MR"].sample) == ["MR-0002", "MR-0004", "MR-0001"]
    last = "6bb75d86962cc6d64def47995a06a8da4aea80382560e7cf2121d04b081d651d"
    assert drawn.strata["XR"].sample[-1] == Ticketed("XR-0020", last)
    assert drawn.strata["XR"].frame_size == 20
    assert drawn.keys[:4] == ("CT-0006", "CT-0003", "CT-0001", "CT-0007")
    assert list(drawn.strata) == ["CT", "MR", "XR"]


def test_worked_example_ticket():
    number = ticket(SEED, "CT-0001")
    assert number == "698b5d563f340853c4957f41cd675628ad80e5fce28cc7d9518bf0d1d717a556"
    assert math.isclose(Ticketed("CT-0001", number).u, 0.4122827849925699, rel_tol=1e-12)


@pytest.mark.skipif(not SOURCE.is_file(), reason="../shared/data is absent")
def test_reference_draws_are_reproduced():
    document = json.loads(SOURCE.read_text())
    case = next(c for c in document["examples"] if c["function"] == "S1.08_draw")
    given, expected = case["inputs"], case["expected"]
    drawn = draw([tuple(line) for line in given["frame"]], given["seed"], given["n_h"])
    assert drawn.frame_sha256 == expected["frame_sha256"]
    assert drawn.seed_sha256 == expected["seed_sha256"]
    for stratum, part in expected["strata"].items():
        found = drawn.strata[stratum]
        assert keys(found.sample) == part["sample"]
        assert keys(found.reserves[:2]) == part["reserve_next"]
        assert found.sample[-1].ticket == part["last_ticket"]


def test_ticket_is_what_sha256sum_prints():
    text = f"peer-audit/draw/v1\n{SEED}\nA\n".encode()
    assert ticket(SEED, "A") == hashlib.sha256(text).hexdigest()


def test_double_read_ticket_differs_from_the_draw_ticket():
    text = f"peer-audit/double-read/v1\n{SEED}\nA\n".encode()
    assert double_read_ticket(SEED, "A") == hashlib.sha256(text).hexdigest()


def test_frame_lines_are_sorted_bytewise():
    assert frame_lines([("b", "1"), ("B", "2"), ("b", "0")]) == [b"B\t2\n", b"b\t0\n", b"b\t1\n"]


@pytest.mark.parametrize("value", ["", "a b", "é", "x" * 129, "a\tb", "a\n", "１"])
def test_unusable_names_are_refused(value):
    with pytest.raises(InvalidInput, match="1 to 128"):
        frame_lines([("CT", value)])
    with pytest.raises(InvalidInput, match="1 to 128"):
        frame_lines([(value, "CT-1")])


def test_a_report_listed_twice_is_refused_even_across_strata():
    with pytest.raises(InvalidInput, match="CT-1 is in the frame twice"):
        frame_sha256([("CT", "CT-1"), ("MR", "CT-1")])


@pytest.mark.parametrize("seed", ["x" * 15, "x" * 257, "x" * 16 + "\n", "é" * 20, "a\tb" * 8])
def test_seeds_that_cannot_be_typed_again_are_refused(seed):
    with pytest.raises(InvalidInput, match="16 to 256"):
        seed_sha256(seed)


@pytest.mark.parametrize("seed", ["x" * 16, "~" * 256, "dice 1 2 3 4 5 6 7"])
def test_sensible_seeds_are_accepted(seed):
    check_seed(seed)


def test_sizes_must_name_the_strata_of_the_frame():
    with pytest.raises(InvalidInput, match="MR is in the frame or in the plan"):
        draw(FRAME, SEED, {"CT": 4, "XR": 5})
    with pytest.raises(InvalidInput, match="US is in the frame or in the plan"):
        draw(FRAME, SEED, SIZES | {"US": 1})


@pytest.mark.parametrize(("size", "told"), [(-1, "negative"), (8, r"than it holds \(7\)")])
def test_sizes_must_fit_the_strata(size, told):
    with pytest.raises(InvalidInput, match=told):
        draw(FRAME, SEED, SIZES | {"MR": size})


@given(frames, st.data())
def test_draw_does_not_depend_on_the_order_of_the_frame(frame, data):
    sizes = frame_counts(frame)
    shuffled = data.draw(st.permutations(frame))
    assert draw(shuffled, SEED, sizes) == draw(frame, SEED, sizes)


@given(frames, st.data())
def test_larger_samples_keep_the_smaller_ones(frame, data):
    held = frame_counts(frame)
    large = {s: data.draw(st.integers(0, n)) for s, n in held.items()}
    small = {s: data.draw(st.integers(0, n)) for s, n in large.items()}
    few, many = draw(frame, SEED, small), draw(frame, SEED, large)
    for stratum in held:
        prefix = few.strata[stratum].sample
        assert many.strata[stratum].sample[: len(prefix)] == prefix
        part = few.strata[stratum]
        assert {t.item_key for t in part.sample + part.reserves} == {
            key for s, key in frame if s == stratum
        }


@given(frames)
def test_merged_strata_keep_their_tickets(frame):
    def numbers(lines):
        drawn = draw(lines, SEED, frame_counts(lines))
        return {t for part in drawn.strata.values() for t in part.sample}

    assert numbers([("all", key) for _, key in frame]) == numbers(frame)


@pytest.mark.parametrize(
    ("n", "share", "minimum", "expected"),
    [
        (300, 0.1, 60, 75),
        (1000, 0.1, 60, 100),
        (40, 0.1, 60, 40),
        (1001, 0.1, 0, 101),
        (300, 0.07, 0, 21),
        (0, 0.1, 60, 0),
    ],
)
def test_designated_second_reads_meet_share_and_minimum(n, share, minimum, expected):
    assert double_read_size(n, share=share, minimum=minimum) == expected


def test_designated_cases_are_the_first_by_ticket():
    tickets = {"a": "9", "b": "1", "c": "5", "d": "5"}
    assert double_read_prefix(tickets, share=0.75, minimum=0) == ("b", "c", "d")


@given(
    st.sets(field, max_size=30),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_designation_is_nested(items, share, more_share, minimum, more):
    tickets = {key: double_read_ticket(SEED, key) for key in items}
    share, more_share = sorted((share, more_share))
    small = double_read_prefix(tickets, share=share, minimum=minimum)
    large = double_read_prefix(tickets, share=more_share, minimum=minimum + more)
    assert large[: len(small)] == small


@pytest.mark.parametrize(
    ("n", "share", "minimum"), [(9, -0.1, 0), (9, 1.1, 0), (-1, 0, 0), (9, 0, -1)]
)
def test_impossible_designations_are_refused(n, share, minimum):
    with pytest.raises(InvalidInput):
        double_read_size(n, share=share, minimum=minimum)
