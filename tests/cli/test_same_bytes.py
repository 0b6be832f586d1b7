"""A snapshot computed again has the same bytes, whatever processor computes it.

The processors are this one with some of its instructions hidden: from the linear algebra, from
the arrays, and from the functions of the C library. Where a library does not know such a switch
it ignores it.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.snapshot_files import write_reviews, write_rules
from peeraudit.domain.statistics.campaign import fingerprint
from peeraudit.domain.statistics.counting import Ground, Reading, count
from tests.domain.test_protocol import SOUND as PROTOCOL

ROOT = Path(__file__).parents[2]
OLD_ARRAYS = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX2 FMA3"}
OLD_ALGEBRA = {"OPENBLAS_CORETYPE": "Nehalem"}
OLD_LIBRARY = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"}
MACHINES = {
    "one thread": {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "7"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell", "PYTHONHASHSEED": "8"},
    "old arrays": OLD_ARRAYS,
    "old C library": OLD_LIBRARY,
    "old altogether": {**OLD_ARRAYS, **OLD_ALGEBRA, **OLD_LIBRARY, "OPENBLAS_NUM_THREADS": "2"},
}
MODALITIES = ("CT", "MR", "XR")
DEPARTMENTS = [f"d{place:02d}" for place in range(12)]
REVIEWERS = 10
SCORES = ("1", "2a", "2b", "3a", "3b")


def chance(*words):
    """Return a number from 0 to 1 that hangs on the words alone."""
    digest = hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()
    return int(digest[:13], 16) / 2**52


CAMPAIGNS = 8


def score(*words, severity=0.0):
    u = chance(*words) - severity
    return SCORES[sum(u < limit for limit in (0.22, 0.12, 0.07, 0.03))]


def reading(campaign, department, modality, i):
    place = (campaign, department, modality, i)
    first = int(chance("reviewer", *place) * REVIEWERS)
    second = (first + 1 + i % (REVIEWERS - 1)) % REVIEWERS
    shade = 0.02 * DEPARTMENTS.index(department) / len(DEPARTMENTS)
    one = score("first", *place, severity=0.01 * first - 0.05 - shade)
    is_designated = i % 4 == 0
    is_read = is_designated or one in PROTOCOL.routing.second_review_scores
    alike = one if chance("alike", *place) < 0.6 else score("second", *place)
    return Reading(
        department,
        modality,
        f"a{department}{i % 6}",
        is_designated,
        one,
        alike if is_read else None,
        (one if chance("settled", *place) < 0.8 else "1") if is_read else None,
        frozenset({"author; department"}),
        tuple(f"r{who}" for who in ((first, second) if is_read else (first,))),
        was_random=True,
    )


def export(folder, campaign):
    scale = find_instrument(PROTOCOL.instrument.code, PROTOCOL.instrument.version)
    ground = Ground(
        campaign=f"2026-{campaign:02d}",
        protocol_sha256=PROTOCOL.sha256(),
        frame_sha256="f" * 64,
        scale=scale,
        routed=PROTOCOL.routing.second_review_scores,
        strata={
            (d, m): 150 + 31 * p + 7 * q + campaign
            for p, d in enumerate(DEPARTMENTS)
            for q, m in enumerate(MODALITIES)
        },
    )
    readings = [
        (f"{d}{m}{i:03d}", reading(campaign, d, m, i))
        for p, d in enumerate(DEPARTMENTS)
        for m in MODALITIES
        for i in range(25 + 3 * p)
    ]
    counts = count([one for _, one in readings], ground)
    rules = write_rules(PROTOCOL, ground, number=1, data_sha256=fingerprint(counts.to_json()))
    folder.mkdir()
    (folder / "reviews.csv").write_text(write_reviews(readings, ground))
    (folder / "protocol.json").write_text(rules)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Campaigns of 12 departments as they are exported, large enough for every statistic."""
    folder = tmp_path_factory.mktemp("exports")
    for campaign in range(CAMPAIGNS):
        export(folder / str(campaign), campaign)
    return folder


def run(exported, machine, *words):
    done = subprocess.run(
        [sys.executable, *words],
        cwd=exported,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **machine},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ALL_CAMPAIGNS = """
import sys
from pathlib import Path
from peeraudit.domain.snapshot_files import recompute
for folder in sorted(Path().iterdir()):
    files = [(folder / name).read_text() for name in ("reviews.csv", "protocol.json")]
    print(recompute(*files).results)
"""


@pytest.fixture(scope="module")
def here(exported):
    return run(exported, {}, "-c", ALL_CAMPAIGNS)


@pytest.mark.parametrize("name", MACHINES)
def test_other_processors_give_the_same_bytes(exported, here, name):
    assert run(exported, MACHINES[name], "-c", ALL_CAMPAIGNS) == here


def test_every_part_of_a_snapshot_is_in_these_bytes(here):
    for part in ('"sigma"', '"laplace_mixture"', '"likely":[', '"artanh', '"kg_guarded"'):
        assert part in here, part


def test_so_does_the_command(exported, here, tmp_path):
    out = tmp_path / "result.json"
    files = ["0/reviews.csv", "--protocol", "0/protocol.json", "--out", str(out)]
    words = ["-m", "flask", "--app", f"{ROOT / 'wsgi.py'}", "statistics", "compute", *files]
    run(exported, MACHINES["old altogether"], *words)
    assert out.read_text() == here.splitlines()[0]
