import json
from dataclasses import replace

import pytest

from peeraudit.domain.errors import Conflicting, InvalidInput
from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.snapshot_files import (
    read_rules,
    recompute,
    results_text,
    write_reviews,
    write_rules,
)
from peeraudit.domain.statistics.campaign import compute, fingerprint
from peeraudit.domain.statistics.counting import Ground, count
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.summaries.disclosure import tell
from tests.domain.test_protocol import SOUND as PROTOCOL

MODE = "author; department"
SCALE = find_instrument(PROTOCOL.instrument.code, PROTOCOL.instrument.version)
GROUND = Ground(
    campaign="2026-01",
    protocol_sha256=PROTOCOL.sha256(),
    frame_sha256="f" * 64,
    scale=SCALE,
    routed=PROTOCOL.routing.second_review_scores,
    strata={("d1", "CT"): 300, ("d1", "MR"): 120, ("d2", "CT"): 90, ("d2", "MR"): 40},
)


def reading(place, author, first, second=None, outcome=None, *, twice=False):
    readers = ("r1", "r2") if second else ("r1",)
    return Reading(*place, author, twice, first, second, outcome, frozenset({MODE}), readers)


def sample():
    rows = []
    for place, n in ((("d1", "CT"), 60), (("d1", "MR"), 30), (("d2", "CT"), 35)):
        for i in range(n):
            author = f"a{place[0]}{i % 7}"
            if i % 17 == 0:
                rows.append(reading(place, author, "2b", "2b", "2b", twice=i % 2 == 0))
            elif i % 3 == 0:
                rows.append(reading(place, author, "1", "1", "1", twice=True))
            else:
                rows.append(reading(place, author, "1", None, None if i == 1 else "1"))
    return [(f"case{i:04}", row) for i, row in enumerate(rows)]


COUNTS = count([one for _, one in sample()], GROUND)
RULES = write_rules(PROTOCOL, GROUND, number=3, data_sha256=fingerprint(COUNTS.to_json()))
REVIEWS = write_reviews(sample(), GROUND)


def changed(column, value, line=2):
    rows = [row.split(",") for row in REVIEWS.splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    return "\n".join(",".join(row) for row in rows)


class TestRecompute:
    def test_the_files_give_the_snapshot_byte_for_byte(self):
        numbers = compute(COUNTS)
        expected = results_text(numbers, tell(COUNTS, numbers, PROTOCOL.thresholds))

        found = recompute(REVIEWS, RULES)

        assert found.counts == COUNTS
        assert found.results == expected
        assert found.same_data is True

    def test_the_order_of_lines_does_not_matter_and_weights_may_be_left_out(self):
        head, *lines = REVIEWS.splitlines()
        shuffled = "\n".join([head, *lines[::-1]])
        bare = "\n".join(line.rpartition(",")[0] for line in [head, *lines])
        results = {recompute(text, RULES).results for text in (REVIEWS, shuffled, bare)}
        assert len(results) == 1

    def test_other_reviews_are_seen_not_to_be_those_of_the_snapshot(self):
        assert recompute(changed("score", "2a"), RULES).same_data is False
        unnamed = json.loads(RULES)
        del unnamed["snapshot"]
        assert recompute(REVIEWS, json.dumps(unnamed)).same_data is None

    def test_the_reviewers_do_not_enter_the_numbers(self):
        renamed = [
            (item, replace(one, readers=tuple(f"x{r}" for r in one.readers)))
            for item, one in sample()
        ]
        assert recompute(write_reviews(renamed, GROUND), RULES).results == (
            recompute(REVIEWS, RULES).results
        )

    def test_modes_are_never_counted_together(self):
        with pytest.raises(Conflicting, match="blinding modes"):
            recompute(changed("blinding_mode", "open"), RULES)


class TestReviews:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "empty"),
            (REVIEWS.splitlines()[0], "no line below"),
            ("item,score\n1,1\n", "lacks the column “department”"),
            (changed("score", "9"), "Line 2: the scale has no score “9”; it has: 1, "),
            (changed("outcome", "x"), "Line 2: the scale has no score “x”"),
            (changed("reviewer", ""), "Line 2 lacks “reviewer”"),
            (changed("turn", "third"), "Line 2: “turn” must be one of: first, second"),
            (changed("double_read", "1"), "Line 2: “double_read” must be one of: yes, no"),
            (
                changed("random_allocation", ""),
                "Line 2: “random_allocation” must be one of: yes, no",
            ),
            (changed("modality", "XR"), "Line 2: the frame has no stratum d1, XR"),
            (
                changed("reviewer", "r1", line=3),
                "Line 3: the reviewer r1 reads the case case0000",
            ),
            (changed("turn", "first", line=3), "Line 3: the case case0000 has a second line"),
            (
                changed("turn", "second", line=4),
                "Line 4: the case case0001 has a second review",
            ),
            (changed("author", "other", line=3), "Line 3: “author” differs from an earlier line"),
            (changed("weight", "4.9", line=4), "Line 4: the weight 4.9 does not fit the frame"),
            (changed("weight", "many", line=4), "Line 4: the weight many does not fit"),
            (changed("weight", "nan", line=4), "Line 4: the weight nan does not fit"),
            (changed("weight", "", line=4), "Line 4: the weight “” does not fit"),
        ],
    )
    def test_a_line_that_breaks_a_rule_is_named(self, text, words):
        with pytest.raises(InvalidInput, match=words):
            recompute(text, RULES)

    def test_more_cases_than_the_frame_holds_are_refused(self):
        small = json.loads(RULES)
        small["strata"][0]["frame"] = 59
        with pytest.raises(InvalidInput, match="60 cases of the stratum d1, CT were read"):
            recompute(REVIEWS, json.dumps(small))


class TestRules:
    def test_they_are_read_as_they_were_written(self):
        found = read_rules(RULES)
        assert found.protocol == PROTOCOL
        assert found.ground == GROUND

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d.update(format="other"), "not of the format"),
            (lambda d: d.pop("strata"), "lacks “strata”"),
            (lambda d: d.update(strata=[]), "names no stratum"),
            (lambda d: d["strata"][1].update(frame="many"), "Stratum 2 .* no number"),
            (lambda d: d["strata"][1].update(frame=-1), "Stratum 2 .* no number"),
            (lambda d: d["strata"].append(d["strata"][0]), "Stratum 5 .* twice"),
            (lambda d: d.update(protocol_sha256="0" * 64), "not the one whose hash"),
        ],
    )
    def test_another_file_is_refused(self, change, words):
        data = json.loads(RULES)
        change(data)
        with pytest.raises(InvalidInput, match=words):
            read_rules(json.dumps(data))

    @pytest.mark.parametrize("text", ["", "{", "[]"])
    def test_what_is_no_protocol_file_is_refused(self, text):
        with pytest.raises(InvalidInput, match="protocol file"):
            read_rules(text)
