"""What earlier rules computed is computed by them for ever: the same bytes as when it was kept."""

import hashlib
import json
from dataclasses import replace

import pytest

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.snapshot_files import read_rules, recompute, write_reviews, write_rules
from peeraudit.domain.statistics.campaign import CampaignCounts, compute, fingerprint
from peeraudit.domain.statistics.counting import Ground, count
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.strata import StratumField
from tests.domain.test_protocol import SOUND as PROTOCOL
from tests.domain.test_snapshot_files import MODE, SCALE

# Fractions from 1 in 30 to all, few cases verified, a small cell, and a stratum of which nothing
# was drawn.
SIZES = {
    ("d1", "CT"): (900, 30), ("d1", "MR"): (60, 30), ("d1", "US"): (80, 0),
    ("d2", "CT"): (300, 35), ("d2", "MR"): (12, 12),
    ("d3", "CT"): (500, 40), ("d3", "MR"): (120, 33),
}  # fmt: skip


def reading(place, i, *, stratum="", each=11):
    """Return the i-th reading of a stratum; every eleventh case was designated, or more."""
    month, before = ("2026-02", SIZES[place[0], "CT"][1]) if place[1] == "MR" else ("2026-01", 0)
    twice, found = i % each == 0, i % (5 if place[1] == "MR" else 9) == 1
    score = "2b" if found else "1"
    second = score if twice or found else None
    if each != 11 and twice and i % 7 == 1:
        second = "1" if found else "2a"  # not all calls are shared
    return Reading(
        *place, f"a{place[0]}{i % 7}", twice, score, second, score, frozenset({MODE}),
        ("r1", "r2") if second else ("r1",), month=month, position=before + i + 1, stratum=stratum,
    )  # fmt: skip


def ground_of(*, fine=False, **edition):
    protocol = fine_protocol() if fine else PROTOCOL
    return Ground(
        campaign="2026-01", protocol_sha256=protocol.sha256(), frame_sha256="f" * 64, scale=SCALE,
        routed=protocol.routing.second_review_scores,
        strata={(p, name(m, fine)): frame for (p, m), (frame, _) in SIZES.items()},
        drawn={(p, name(m, fine)): n for (p, m), (_, n) in SIZES.items()},
        fields=protocol.sampling.strata, **edition,
    )  # fmt: skip


def name(modality, fine):
    return f"{modality}:chest" if fine else modality


def fine_protocol():
    fields = (StratumField.MODALITY, StratumField.REGION)
    return replace(PROTOCOL, sampling=replace(PROTOCOL.sampling, strata=fields))


def readings(*, fine=False, each=11):
    return [
        (
            f"{place[0]}{place[1]}{i:03}",
            reading(place, i, stratum=name(place[1], True) * fine, each=each),
        )
        for place, (_, n) in SIZES.items()
        for i in range(n)
    ]


def files_of(*, fine=False, each=11, **edition):
    """Return the two files of a snapshot, as they are handed out."""
    ground = ground_of(fine=fine, **edition)
    read = readings(fine=fine, each=each)
    counts = count([one for _, one in read], ground)
    protocol = fine_protocol() if fine else PROTOCOL
    digest = fingerprint(counts.to_json())
    rules = write_rules(protocol, ground, number=1, data_sha256=digest)
    return write_reviews(read, ground), rules


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# SHA-256 of reviews, protocol file, counts and results, as the first edition wrote them.
FIRST = {
    False: (
        "7b275333f9c650143a8747753b447edf45b197a77f187861fd161027ba907abc",
        "01345a30698f0eba77e893cbd7ce73f78b21d6ecf7beee92dd7096550f3c6e8d",
        "3357f6fc7a708f306867c7426eb37c1c38aeadee869bbfbf99d96bd89f9d2edf",
        "eb2173acbb51a4a608e9afcafea1b9451d6dd55dc8a3bbff38aac852bc68ab3e",
    ),
    True: (
        "6e5bd73f9ed5aee207e69c87f2a02fd6de9e493242028deea512028da0579217",
        "b0744e974c917e135a00892da022b4e6e8d5f5c7f9abc44b9bb7b916c8a21af2",
        "86543dcd7725152bc2a1b92a1a434657ec35cc4daa8dd25489dc19568a841961",
        "39997da044e3bfce774d5e0964416692012a36eadd0365672239eddd9312f1c2",
    ),
}


# The same as the second edition wrote them: few cases read twice, enough of them to be told, and
# enough to be weighted.
SECOND = {
    11: (
        "7b275333f9c650143a8747753b447edf45b197a77f187861fd161027ba907abc",
        "9416e9b21c0ee7f58be3d4935b24beebbac1263fc79ed3b966c11b2d6fbed0d9",
        "b137b350d20d004c096b36364aec012091a72d8f859365914777f76901b73ef5",
        "a270714b7cbbb7dc1bc7565588cde54807f5c88f4d2e51e804c55fb63f752556",
    ),
    3: (
        "4c05bbfbac739b06b21320c36d4f1f323f0a92fe4d30af1b41c94b51e978f306",
        "b9897915a29211fc5fad2e08a92dc8f28f3ef0a988ff1b34893a3df86d13c83d",
        "b86a5d0cae8aeb11871a7b9cfa3501a98e584beb40e3c238c0110aefcf073f51",
        "8ce3724efc78105445b7e4e9f400762a4c5dc6630aca50b9f9392b33e707ac67",
    ),
    2: (
        "af98c13c83c4bad0587357ccc903abbdbfa881da487b18f40ea8f54885ea4906",
        "59ba8f7c266cf94deb556efa9839b68962a9334078657c880bb238c6a49f311d",
        "902838c4d310c18d662248b8a9e65d1739ce0b7d3c4d137af49fee7cd6412662",
        "24e306f5f8fcd4e9381d737759f0c269e756ace6d1558f86510a1aed7f9c8c68",
    ),
}


@pytest.mark.parametrize("each", SECOND)
def test_what_the_second_edition_wrote_is_computed_again_as_it_was(each):
    reviews, rules = files_of(each=each, edition=2)

    found = recompute(reviews, rules)

    texts = (reviews, rules, found.counts.to_json(), found.results)
    assert tuple(map(sha256, texts)) == SECOND[each]
    assert json.loads(texts[2])["format"] == "peeraudit/snapshot/v3"
    assert CampaignCounts.from_json(texts[2]).edition == 2
    assert CampaignCounts.from_json(texts[2]).to_json() == texts[2]


def test_the_second_edition_tells_positive_agreement_by_the_jackknife():
    earlier, now = (
        compute(recompute(*files_of(each=3, **e)).counts).agreement for e in ({"edition": 2}, {})
    )

    before, after = earlier.pop("positive"), now.pop("positive")
    assert (before.ci_method, after.ci_method) == ("logit_jackknife", "wilson_shared_calls")
    assert before.value == after.value
    assert before.ci[0] < after.ci[0] < after.ci[1] < before.ci[1]
    assert earlier == now


@pytest.mark.parametrize("fine", [False, True])
class TestFirstEdition:
    def test_its_files_are_written_and_computed_again_as_they_were(self, fine):
        reviews, rules = files_of(fine=fine, edition=1)

        found = recompute(reviews, rules)

        texts = (reviews, rules, found.counts.to_json(), found.results)
        assert tuple(map(sha256, texts)) == FIRST[fine]
        assert found.same_data is True

    def test_its_counts_read_back_as_what_they_were(self, fine):
        text = recompute(*files_of(fine=fine, edition=1)).counts.to_json()

        assert json.loads(text)["format"] == "peeraudit/snapshot/v2"
        assert CampaignCounts.from_json(text).edition == 1
        assert CampaignCounts.from_json(text).to_json() == text

    def test_the_newest_computes_otherwise_and_says_so(self, fine):
        reviews, rules = files_of(fine=fine)

        found = recompute(reviews, rules)

        assert found.same_data is True
        assert json.loads(found.counts.to_json())["format"] == "peeraudit/snapshot/v4"
        assert CampaignCounts.from_json(found.counts.to_json()) == found.counts
        assert {"S2.06@2", "S2.13@2"} <= set(found.numbers.methods())
        assert sha256(found.results) != FIRST[fine][3]


def test_merged_strata_and_undrawn_ones_differ_between_the_editions():
    before, now = (compute(recompute(*files_of(**e)).counts) for e in ({"edition": 1}, {}))

    # As one stratum the small ones, of which all were read, weighed as much as the large ones.
    assert before.network.total["estimated"].value == pytest.approx(0.161, abs=0.001)
    assert now.network.total["estimated"].value == pytest.approx(0.136, abs=0.001)
    d1 = before.departments["d1"].response, now.departments["d1"].response
    assert [one.details["weighted_response"] for one in d1] == pytest.approx([960 / 1040, 1])
    assert "RESPONSE_LT_95" in d1[0].warnings
    assert "RESPONSE_LT_95" not in d1[1].warnings
    for name in ("first_read", "confirmed"):
        assert before.network.total[name] == now.network.total[name]


def with_snapshot(rules, **changes):
    content = json.loads(rules)
    content["snapshot"] |= changes
    return json.dumps(content)


@pytest.mark.parametrize("edition", [0, 4, "2", 1.5, True, None, [2]])
def test_rules_that_are_not_known_are_refused(edition):
    _, rules = files_of()

    with pytest.raises(InvalidInput, match="rules that this version does not know"):
        read_rules(with_snapshot(rules, edition=edition))


def test_a_file_that_names_no_snapshot_is_computed_by_the_newest():
    _, rules = files_of(edition=1)
    content = json.loads(rules)
    del content["snapshot"]

    assert read_rules(rules).ground.edition == 1
    assert read_rules(json.dumps(content)).ground.edition == 3
