import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.campaign import CampaignCounts, compute, fingerprint
from peeraudit.domain.statistics.cells import CellCounts, ClassCounts
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate


def classes(agreed, routed):
    """Return the classes of a cell: (read, verified, found) of scores 1 and 2b."""
    return (ClassCounts("1", False, True, *agreed), ClassCounts("2b", True, False, *routed))


CT = CellCounts("a", "CT", 300, 60, 6, 5, 0, classes((56, 17, 1), (4, 4, 3)), (20, 20, 20))
MR = CellCounts("a", "MR", 120, 30, 3, 3, 0, classes((27, 8, 0), (3, 3, 3)), (15, 15))
OTHER = CellCounts("b", "CT", 200, 40, 2, 2, 0, classes((38, 12, 0), (2, 2, 2)), (20, 20))
PATTERNS = (((2, 0, 0, 0, 0), 50), ((0, 0, 2, 0, 0), 6), ((1, 0, 1, 0, 0), 2))


def counts_of(*cells, patterns=PATTERNS):
    return CampaignCounts(
        campaign="2026-01",
        protocol_sha256="p" * 64,
        frame_sha256="f" * 64,
        instrument=("CR3", 1),
        blinding_mode="author",
        cells=cells,
        authors={"a": (45, 45), "b": (20, 20)},
        patterns=patterns,
    )


@st.composite
def cells(draw, department="a", modality="CT"):
    scored = draw(st.integers(0, 60))
    discrepant = draw(st.integers(0, scored))
    return CellCounts(
        department=department,
        modality=modality,
        frame=scored + draw(st.integers(0, 200)) or 1,
        scored=scored,
        discrepant=discrepant,
        confirmed=draw(st.integers(0, scored)),
        classes=classes(
            (scored - discrepant, 0, 0),
            (discrepant, discrepant, draw(st.integers(0, discrepant))),
        ),
        authors=(scored,) if scored else (),
    )


class TestCompute:
    def test_a_modality_is_a_simple_sample_and_a_department_a_stratified_one(self):
        part = compute(counts_of(CT, MR, OTHER)).departments["a"]

        assert part.modalities["CT"]["first_read"] == simple_rate(6, 60, frame_size=300)
        assert part.total["first_read"] == stratified_rate(
            [Stratum(300, 60, 6), Stratum(120, 30, 3)]
        )
        assert part.total["confirmed"] == stratified_rate(
            [Stratum(300, 60, 5), Stratum(120, 30, 3)]
        )

    def test_the_three_rates_have_three_names(self):
        total = compute(counts_of(CT, MR)).network.total

        assert set(total) == {"first_read", "confirmed", "estimated"}
        assert total["estimated"].method == "S2.06@2"
        assert total["estimated"].value > total["confirmed"].value

    def test_each_class_of_first_reads_counts_with_what_was_verified_of_it(self):
        # Of 40 cases called 2a, 8 were read again and all confirmed; of 160 called 1, 32 and none.
        kinds = (
            ClassCounts("1", False, True, 160, 32, 0),
            ClassCounts("2a", False, False, 40, 8, 8),
        )
        found = compute(counts_of(CellCounts("a", "CT", 2000, 200, 40, 40, 0, kinds, (200,))))

        # Counted as one group they would give 8 of 40, whatever the first readers said.
        assert found.network.total["estimated"].value == pytest.approx(0.2 * 1 + 0.8 * 0)

    def test_modalities_stand_with_the_largest_frame_first(self):
        small = replace(MR, modality="AA", frame=60)

        assert list(compute(counts_of(small, MR, CT)).departments["a"].modalities) == [
            "CT",
            "MR",
            "AA",
        ]

    def test_unsettled_cases_warn_beside_what_is_confirmed_and_not_beside_first_reads(self):
        total = compute(counts_of(replace(CT, unsettled=1), MR)).departments["a"].total

        assert "CASES_UNSETTLED" in total["confirmed"].warnings
        assert "CASES_UNSETTLED" in total["estimated"].warnings
        assert "CASES_UNSETTLED" not in total["first_read"].warnings

    def test_too_few_pairs_show_no_agreement(self):
        numbers = compute(counts_of(CT, patterns=(((2, 0, 0, 0, 0), 20),)))

        assert numbers.agreement["positive"].value is None
        assert numbers.agreement["alpha"].value is None

    def test_agreement_stands_beside_what_chance_gives(self):
        positive = compute(counts_of(CT)).agreement["positive"]

        # 6 pairs agree on a discrepancy, 2 differ: 2·6 / (2·6 + 2).
        assert positive.value == pytest.approx(12 / 14)
        assert positive.details["independence"] == pytest.approx(14 / 116)

    @settings(deadline=None, max_examples=40)
    @given(st.tuples(cells("a", "CT"), cells("a", "MR"), cells("b", "CT")), st.randoms())
    def test_the_order_of_the_cells_changes_nothing(self, found, random):
        shuffled = list(found)
        random.shuffle(shuffled)

        assert compute(counts_of(*found)).to_json() == compute(counts_of(*shuffled)).to_json()
        assert counts_of(*found).to_json() == counts_of(*shuffled).to_json()


class TestCampaignCounts:
    def test_the_text_gives_the_counts_again(self):
        counts = counts_of(CT, MR, OTHER)

        again = CampaignCounts.from_json(counts.to_json())

        assert again.to_json() == counts.to_json()
        assert again.of("a") == counts.of("a")
        assert fingerprint(again.to_json()) == fingerprint(counts.to_json())

    def test_one_count_more_gives_another_fingerprint(self):
        first, other = counts_of(CT), counts_of(replace(CT, discrepant=7))

        assert fingerprint(first.to_json()) != fingerprint(other.to_json())

    @pytest.mark.parametrize("text", ["{}", '{"format": "other"}'])
    def test_another_text_is_refused(self, text):
        with pytest.raises(ValueError, match="no snapshot"):
            CampaignCounts.from_json(text)

    def test_methods_name_every_computation(self):
        numbers = compute(counts_of(CT, MR))

        assert set(numbers.methods()) == {"S2.01@1", "S2.02@1", "S2.06@2", "S2.13@2", "S3.01@1"}
        assert json.loads(numbers.to_json())["agreement"]["alpha"]["method"] == "S3.01@1"
