import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.sampling.draw_proof import build_proof, proof_text, verify_proof
from peeraudit.domain.sampling.draw_steps import Replacement
from peeraudit.domain.sampling.draws import frame_counts
from peeraudit.domain.sampling.proof_problems import Problem

SEED = "20240115|71|04|39|55|18|66|02|93|47|31|85|10"
HELD = {"CT": 12, "XR": 20, "MR": 7}
FRAME = [(s, f"{s}-{i:04d}") for s, held in HELD.items() for i in range(1, held + 1)]
SIZES = {"CT": 4, "XR": 5, "MR": 3}
FROZEN = datetime(2024, 1, 15, 9, tzinfo=UTC)
SEEDED = datetime(2024, 1, 15, 18, tzinfo=UTC)
SWAPS = [
    Replacement("CT", "CT-0003", "CT-0005", "images missing"),
    Replacement("CT", "CT-0005", "CT-0012", "images missing"),
]


@pytest.fixture
def bundle():
    built = build_proof(FRAME, SEED, SIZES, published=(FROZEN, SEEDED), replacements=SWAPS)
    return json.loads(json.dumps(built))


def test_a_right_bundle_has_no_problem(bundle):
    assert verify_proof(bundle) == []
    assert bundle["frame_sha256"].startswith("d52e68f5")
    assert bundle["frame_sizes"] == {"CT": 12, "MR": 7, "XR": 20}
    assert bundle["sample"]["CT"] == ["CT-0006", "CT-0003", "CT-0001", "CT-0007"]


def test_times_and_replacements_are_optional(bundle):
    plain = build_proof(FRAME, SEED, SIZES)
    assert "frame_published_at" not in plain
    del plain["replacements"]
    assert verify_proof(plain) == []


def test_no_bundle_is_built_on_a_bad_seed():
    with pytest.raises(InvalidInput):
        build_proof(FRAME, "short", SIZES)


@pytest.mark.parametrize("foreign", [None, [], "text", 3])
def test_something_else_is_no_proof(foreign):
    assert verify_proof(foreign) == ["This is no proof of a draw."]


def test_an_empty_bundle_names_all_that_is_missing():
    found = verify_proof({})
    assert [p.params["part"] for p in found] == ["format", "frame", "seed", "sizes", "sample"]


DAMAGE = {
    "format": "peer-audit/proof/v9",
    "frame": [["CT"]],
    "seed": 5,
    "sizes": {"CT": True},
    "sample": {"CT": [1]},
    "replacements": [{"stratum": "CT"}],
    "frame_published_at": 5,
}


@pytest.mark.parametrize("part", DAMAGE)
def test_damaged_parts_are_named(bundle, part):
    bundle[part] = DAMAGE[part]
    (problem,) = verify_proof(bundle)
    assert problem.startswith("The bundle cannot be read: ")
    assert problem.params["part"] in {part, "published_at"}


def tampered(bundle, change):
    other = copy.deepcopy(bundle)
    change(other)
    return verify_proof(other)


def test_a_changed_frame_is_seen(bundle):
    found = tampered(bundle, lambda b: b["frame"].append(["MR", "MR-9999"]))
    assert found[0].startswith("The list of reports is not the one that was published")
    assert "The published numbers of reports per stratum do not match the list." in found


def test_a_changed_seed_is_seen(bundle):
    found = tampered(bundle, lambda b: b.update(seed="another seed altogether"))
    assert found[0].startswith("The seed is not the one that was published")
    assert len(found) > 1


def test_an_unusable_seed_is_said(bundle):
    (problem,) = tampered(bundle, lambda b: b.update(seed="short"))
    assert problem.startswith("A seed has 16 to 256 characters")


def test_an_unfit_size_is_said(bundle):
    (problem,) = tampered(bundle, lambda b: b["sizes"].update(MR=8))
    assert problem == "More reports (8) are to be drawn from MR than it holds (7)."


def test_an_exchanged_report_is_seen(bundle):
    found = tampered(bundle, lambda b: b["sample"]["MR"].__setitem__(0, "MR-0007"))
    assert found == [
        "MR: the report MR-0007 is in the sample but was not drawn.",
        "MR: the report MR-0002 was drawn but is not in the sample.",
    ]


def test_a_missing_stratum_is_seen(bundle):
    assert len(tampered(bundle, lambda b: b["sample"].pop("MR"))) == 3


def test_an_unknown_stratum_is_seen(bundle):
    (problem,) = tampered(bundle, lambda b: b["sample"].update(US=[]))
    assert problem == "The sample names the stratum US, which the frame does not have."


def test_another_order_is_seen(bundle):
    (problem,) = tampered(bundle, lambda b: b["sample"]["MR"].reverse())
    assert problem == "MR: the sample is not in the order of its tickets."


def test_a_chosen_reserve_is_seen(bundle):
    (problem,) = tampered(bundle, lambda b: b["replacements"][1].update(added="CT-0009"))
    assert problem == "CT: the report CT-0009 was not the next reserve."


def test_a_reserve_that_does_not_exist_is_seen():
    swap = Replacement("CT", "CT-0003", "CT-0005", "images missing")
    census = build_proof(FRAME, SEED, SIZES | {"CT": 12}, replacements=[swap])
    assert verify_proof(census) == ["CT: the report CT-0005 was not the next reserve."]


def test_replacing_what_was_not_drawn_is_seen(bundle):
    (problem,) = tampered(bundle, lambda b: b["replacements"][1].update(removed="CT-0009"))
    assert problem == "The report CT-0009 was replaced but was not in the sample."
    (problem,) = tampered(bundle, lambda b: b["replacements"][1].update(stratum="US"))
    assert problem == "The report CT-0005 was replaced but was not in the sample."


def test_replacing_without_a_reason_is_seen(bundle):
    (problem,) = tampered(bundle, lambda b: b["replacements"][1].update(reason=" "))
    assert problem == "The report CT-0005 was replaced without a reason."


def test_a_seed_older_than_the_frame_is_seen(bundle):
    early = {"seed_published_at": FROZEN.isoformat()}
    (problem,) = tampered(bundle, lambda b: b.update(early))
    assert problem == "The seed was published before the frame was frozen."


@pytest.mark.parametrize("time", ["", "yesterday", "2024-01-15T18:00:00"])
def test_times_that_cannot_be_compared_are_said(bundle, time):
    (problem,) = tampered(bundle, lambda b: b.update(seed_published_at=time))
    assert problem == "The times of publication cannot be read."


def test_one_time_alone_is_not_enough(bundle):
    found = tampered(bundle, lambda b: b.pop("frame_published_at"))
    assert found == ["The times of publication cannot be read."]


def test_a_problem_keeps_its_template_for_translation():
    problem = Problem("%(n)d of them", n=3)
    assert (problem, problem.message, problem.params) == ("3 of them", "%(n)d of them", {"n": 3})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    st.sampled_from(["frame", "seed", "sizes", "sample", "replacements", "frame_sha256"]),
    json_values,
)
def test_any_content_is_judged_and_never_fails(part, value):
    given = build_proof(FRAME, SEED, SIZES) | {part: value}
    assert all(isinstance(problem, str) for problem in verify_proof(given))


@given(
    st.dictionaries(st.text("ABC019", min_size=1), st.sampled_from("XYZ"), min_size=1), st.data()
)
def test_every_built_bundle_verifies(strata, data):
    frame = [(stratum, key) for key, stratum in strata.items()]
    sizes = {s: data.draw(st.integers(0, n)) for s, n in frame_counts(frame).items()}
    assert verify_proof(build_proof(frame, SEED, sizes)) == []


@given(
    st.dictionaries(st.text('AB"019', min_size=1), st.sampled_from(["frame", "Y"]), max_size=9),
    st.text(max_size=9),
)
def test_its_text_is_what_json_writes_to_the_byte(strata, reason):
    named = {key.replace('"', "-"): stratum for key, stratum in strata.items()}
    frame = [(stratum, key) for key, stratum in named.items()]
    swap = Replacement("frame", "A", "B", f'\n "frame": [{reason}')
    bundle = build_proof(frame, SEED, frame_counts(frame), replacements=[swap])
    assert proof_text(bundle) == json.dumps(bundle, ensure_ascii=False, indent=1)
