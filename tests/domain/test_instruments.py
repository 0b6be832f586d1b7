import pytest

from peeraudit.domain.errors import NotFound
from peeraudit.domain.instruments import (
    CR3_1,
    ERROR_GROUP_LABELS,
    INSTRUMENTS,
    ErrorGroup,
    find_instrument,
)


class TestCr3:
    def test_its_sets_are_those_of_the_specification(self):
        assert CR3_1.codes == ("1", "2a", "2b", "3a", "3b")
        assert CR3_1.discrepant == {"2a", "2b", "3a", "3b"}
        assert CR3_1.major == {"3a", "3b"}
        assert CR3_1.significant == {"2b", "3b"}
        assert CR3_1.needs_second_review == {"2b", "3a", "3b"}

    def test_only_the_first_score_is_concordant(self):
        assert [CR3_1.is_discrepant(code) for code in CR3_1.codes] == [False, *[True] * 4]

    def test_it_finds_its_parts_by_code(self):
        assert CR3_1.category("3b").key == "5"
        assert CR3_1.error_type("laterality").key == "L"

    def test_it_names_what_it_lacks(self):
        with pytest.raises(NotFound, match="no score “4”"):
            CR3_1.category("4")
        with pytest.raises(NotFound, match="no error type “boredom”"):
            CR3_1.error_type("boredom")


class TestInstruments:
    @pytest.mark.parametrize("scale", list(INSTRUMENTS.values()))
    def test_no_code_or_key_is_used_twice(self, scale):
        for parts in (scale.categories, scale.error_types):
            assert len({part.code for part in parts}) == len(parts)
            assert len({part.key for part in parts}) == len(parts)

    @pytest.mark.parametrize("scale", list(INSTRUMENTS.values()))
    def test_every_set_is_made_of_scores(self, scale):
        sets = scale.discrepant | scale.major | scale.significant | scale.needs_second_review

        assert sets <= set(scale.codes)
        assert scale.major | scale.significant <= scale.discrepant

    def test_a_version_is_found(self):
        assert find_instrument("CR3", 1) is CR3_1

    def test_an_unknown_version_is_named(self):
        with pytest.raises(NotFound, match="“CR3” in version 9"):
            find_instrument("CR3", 9)

    def test_every_family_of_errors_has_a_label(self):
        assert set(ERROR_GROUP_LABELS) == set(ErrorGroup)
