import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import AssignmentRules, Protocol, Sampling, Scope
from peeraudit.domain.protocol_reader import from_json, from_mapping
from peeraudit.domain.strata import StratumField, in_order

SOUND = Protocol("Été 2026", Scope(("CT",), date(2026, 1, 1), date(2026, 3, 31)))


def changed(path, value):
    data = json.loads(SOUND.to_canonical_json())
    *parents, name = path.split(".")
    place = data
    for parent in parents:
        place = place[parent]
    place[name] = value
    return json.dumps(data)


class TestFromJson:
    @pytest.mark.parametrize(
        "protocol", [SOUND, replace(SOUND, assignment=AssignmentRules(max_load=40))]
    )
    def test_it_reads_what_was_written(self, protocol):
        read = from_json(protocol.to_canonical_json())

        assert read == protocol
        assert read.sha256() == protocol.sha256()

    @given(st.permutations(list(StratumField)), st.integers(0, 5), st.integers(0, 9))
    def test_any_strata_are_read_as_they_were_written(self, fields, count, minimum):
        sampling = Sampling(strata=in_order(fields[:count]), author_minimum=minimum)
        text = replace(SOUND, sampling=sampling).to_canonical_json()
        shuffled = json.dumps({**json.loads(text), "strata": ["department", *fields[:count]]})

        assert from_json(text).sampling == from_json(shuffled).sampling == sampling
        assert from_json(shuffled).to_canonical_json() == text

    def test_what_has_a_default_may_be_absent(self):
        scope = {"modalities": ["CT"], "period_start": "2026-01-01", "period_end": "2026-03-31"}

        assert from_mapping({"title": "Été 2026", "scope": scope}) == SOUND

    def test_a_whole_number_will_do_for_a_share(self):
        assert from_json(changed("double_reading.share", 1)).double_reading.share == 1.0

    def test_broken_json_is_located(self):
        with pytest.raises(InvalidInput, match="line 2, column 1"):
            from_json('{"title": \n')

    @pytest.mark.parametrize(
        ("path", "value", "said"),
        [
            ("title", 3, "“title” of the protocol must be: a text"),
            ("scope", [], "“scope” of the protocol must be: an object"),
            ("scope.modalities", "CT", "“scope.modalities” of the protocol must be: a list"),
            ("scope.period_end", "soon", "a day such as"),
            ("sampling.target", "many", "a whole number"),
            ("sampling.target", True, "a whole number"),
            ("double_reading.share", "10 %", "a number"),
            ("double_reading.share", float("nan"), "a number"),
            ("blinding.hide_department", "no", "true | false"),
            ("blinding.dates", "day", "month | hidden"),
            ("format", "peeraudit/protocol/v0", "must be: peeraudit/protocol/v1"),
            ("strata", ["site"], "begins with “department”"),
            ("strata", "department", "begins with “department”"),
            ("strata", [], "begins with “department”"),
            ("strata", ["modality", "department"], "begins with “department”"),
            ("strata", ["department", "site"], "modality | region | urgency | author | week"),
            ("strata", ["department", ["week"]], "“strata”"),
            ("strata", ["department", "week", "week"], "names nothing twice"),
            ("sampling.strata", ["week"], "no rule named “sampling.strata”"),
            ("sampling.author_minimum", "all", "a whole number"),
            ("delays.coffee", 1, "no rule named “delays.coffee”"),
        ],
    )
    def test_what_is_wrong_is_named(self, path, value, said):
        with pytest.raises(InvalidInput) as caught:
            from_json(changed(path, value))

        assert said in str(caught.value)

    def test_what_is_missing_is_named(self):
        with pytest.raises(InvalidInput, match="lacks the rule “scope”"):
            from_mapping({"title": "x"})

    def test_something_else_altogether_is_refused(self):
        with pytest.raises(InvalidInput, match="an object"):
            from_json("[]")
