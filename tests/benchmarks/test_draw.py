"""What a draw, its proof and its verification cost beside hashing each key once.

By default a list of 100,000 reports; ``DRAW_REPORTS=1000000`` draws 10,000 of a million and holds
the draw with its bundle, and the verification of the bundle, to ten seconds each.
"""

import hashlib
import json
import os
import time

import pytest

from peeraudit.domain.sampling.draw_proof import build_proof, proof_text, verify_proof
from peeraudit.domain.sampling.draws import draw

pytestmark = pytest.mark.benchmark
REPORTS = int(os.environ.get("DRAW_REPORTS", "100000"))
SEED = "20240115|71|04|39|55|18|66|02|93|47|31|85|10"
STRATA = [f"SITE{site:02d}:{code}" for site in range(10) for code in ("CT", "MR", "US", "XR")]
# Wide, since the machine is shared; measured at a million: 3.0, 6.3 and 5.3.
MOST = {"draw": 15, "draw and proof": 30, "verify": 30}
SECONDS = 10


def timed(work):
    began = time.process_time()
    found = work()
    return found, time.process_time() - began


def test_a_draw_and_its_proof_beside_hashing_each_key(record_property):
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(REPORTS)]
    frame = [(STRATA[at % len(STRATA)], key) for at, key in enumerate(keys)]
    sizes = dict.fromkeys(STRATA, REPORTS // 100 // len(STRATA))

    _, alone = timed(lambda: [hashlib.sha256(key.encode()).hexdigest() for key in keys])
    drawn, to_draw = timed(lambda: draw(frame, SEED, sizes))
    text, to_prove = timed(lambda: proof_text(build_proof(frame, SEED, sizes)).encode())
    problems, to_verify = timed(lambda: verify_proof(json.loads(text)))

    assert len(drawn.keys) == sum(sizes.values())
    assert problems == []
    figures = {"draw": to_draw, "draw and proof": to_prove, "verify": to_verify}
    for name, seconds in figures.items():
        told = f"{seconds:.2f} s, {seconds / alone:.1f} times hashing alone"
        record_property(f"{name}, {REPORTS} reports", told)
        assert seconds < MOST[name] * alone
    if REPORTS >= 1_000_000:
        assert max(figures.values()) < SECONDS
