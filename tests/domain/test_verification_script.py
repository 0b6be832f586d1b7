"""The script that the documentation prints, run as a stranger would run it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.domain.protocol import Protocol, Sampling, Scope
from peeraudit.domain.sampling.draw_proof import build_proof, verify_proof
from peeraudit.domain.sampling.draw_steps import Extension, Replacement
from peeraudit.domain.sampling.draws import frame_counts
from peeraudit.domain.sampling.sample_plans import plan_sample
from peeraudit.domain.strata import StratumField, name_stratum

PAGE = Path(__file__).parents[2] / "docs" / "verify-a-draw.md"
SEED = "20240115|71|04|39|55|18|66|02|93|47|31|85|10"
FRAME = [("CT", f"CT-{n:04d}") for n in range(30)] + [("MR", f"MR-{n:04d}") for n in range(12)]
SIZES = {"CT": 6, "MR": 3}
DAY = "2026-11-02T09:00:00+00:00"


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    code = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    path = tmp_path_factory.mktemp("script") / "verify.py"
    path.write_text(code, "utf-8")
    return path


@pytest.fixture
def run(script, tmp_path):
    def verify(bundle):
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(bundle), "utf-8")
        # Isolated: nothing of this project and no package can be imported.
        words = [sys.executable, "-I", "-S", script, path]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    return verify


def sound():
    first = build_proof(FRAME, SEED, SIZES)
    longer = build_proof(FRAME, SEED, {"CT": 8, "MR": 3})["sample"]["CT"]
    removed, added = first["sample"]["CT"][1], longer[6]
    swaps = [Replacement("CT", removed, added, "wrong modality")]
    # The draw grew between the two replacements, and once more after them.
    held = build_proof(FRAME, SEED, {"CT": 30, "MR": 12})["sample"]
    between = Extension(
        1, 12, {"CT": 8, "MR": 4}, {"CT": held["CT"][7:9], "MR": held["MR"][3:4]}, "precision", DAY
    )
    again = Replacement("CT", added, held["CT"][9], "images are missing")
    last = Extension(2, 13, {"CT": 9, "MR": 4}, {"CT": held["CT"][10:11]}, "one more", DAY)
    steps = [swaps[0], again]
    return build_proof(FRAME, SEED, SIZES, replacements=steps, extensions=[between, last])


def test_it_is_short_enough_to_be_read(script):
    lines = script.read_text("utf-8").splitlines()

    assert sum(1 for line in lines if line.strip()) <= 30


def test_a_sound_bundle_holds(run):
    done = run(sound())

    assert (done.returncode, done.stderr) == (0, "")
    assert "THE DRAW HOLDS: 13 of 42 reports" in done.stdout
    assert verify_proof(sound()) == []


def test_a_bundle_of_fine_strata_holds_and_tells_where_it_does_not(run):
    fields = tuple(StratumField)
    values = [
        ("CT", region, urgency, author, "2026-W12")
        for region in ("chest", "")
        for urgency in ("urgent", "é:")
        for author in ("0123456789ab", "")
    ]
    strata = [name_stratum("CHU-NORD", one) for one in values]
    frame = [(name, f"{at}-{n}") for at, name in enumerate(strata) for n in range(6)]
    scope = Scope(("CT",), date(2026, 1, 1), date(2026, 3, 31))
    rules = Protocol("Mars", scope, sampling=Sampling(16, 1, strata=fields, author_minimum=3))
    sizes = plan_sample(frame_counts(frame), rules.sampling).sizes
    bundle = {
        **build_proof(frame, SEED, sizes),
        "protocol": rules.to_canonical_json(),
        "protocol_sha256": rules.sha256(),
    }
    other = {**bundle, "frame": [[strata[0], key] for _, key in frame]}

    assert "THE DRAW HOLDS: 16 of 48 reports" in run(bundle).stdout
    assert verify_proof(json.loads(json.dumps(bundle))) == []
    assert "NOT THE DRAW: the list of reports" in run(other).stderr


def change(bundle, place):
    """Change one character of one text or one number of a bundle."""
    name, index = place
    if name == "frame":
        stratum, key = bundle["frame"][index % len(FRAME)]
        bundle["frame"][index % len(FRAME)] = [stratum, key[:-1] + chr(ord(key[-1]) ^ 1)]
    elif name == "sample":
        keys = bundle["sample"]["CT"]
        keys[0], keys[-1] = keys[-1], keys[0]
    elif name == "sizes":
        bundle["sizes"]["MR"] += 1
    elif name == "frame_sizes":
        bundle["frame_sizes"]["CT"] -= 1
    elif name == "extensions":
        change_extension(bundle["extensions"][index % 2], index)
    elif name == "replacements":
        bundle["replacements"][index % 2]["added"] = "CT-0000"
    else:
        text = bundle[name]
        at = index % len(text)
        bundle[name] = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def change_extension(extension, index):
    if index % 3 == 0:
        extension["sizes"]["MR"] += 1 if index % 4 == 0 else -1
    elif index % 3 == 1:
        extension["added"]["CT"][0] = "CT-0000"
    else:
        extension["after"] ^= 1


PARTS = (
    "frame",
    "sample",
    "sizes",
    "frame_sizes",
    "replacements",
    "extensions",
    "seed",
    "frame_sha256",
    "seed_sha256",
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.tuples(st.sampled_from(PARTS), st.integers(0, 10_000)))
def test_one_changed_byte_fails_and_it_says_where(run, place):
    bundle = sound()
    change(bundle, place)

    done = run(bundle)

    assert done.returncode == 1
    assert done.stderr.startswith("NOT THE DRAW: ")
    assert "Traceback" not in done.stderr
    assert verify_proof(bundle) != []
