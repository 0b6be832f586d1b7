import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.rating_tables import agreement_of, read_ratings

WIDE = "item,ann,bob,cem\na,1,1,2\nb,2,,2\nc,1,3,\n"
LONG = "item,rater,rating\n" + "\n".join(
    ["a,ann,1", "a,bob,1", "a,cem,2", "b,ann,2", "b,bob,", "b,cem,2", "c,ann,1", "c,bob,3"]
)


def test_long_and_wide_tables_say_the_same():
    wide, long = read_ratings(WIDE), read_ratings(LONG)
    assert wide == long
    assert wide.codes == ("1", "2", "3")
    assert wide.items == ((0, 0, 1), (1, 1), (0, 2))
    assert wide.raters == ("ann", "bob", "cem")
    assert wide.table is None


def test_a_wide_table_needs_no_names_of_items():
    assert read_ratings("r1,r2\n1,2\n2,2\n").items == ((0, 1), (1, 1))
    chosen = read_ratings("group,r1,r2\nx,1,2\ny,2,2\n", raters=["R1", "r2"])
    assert chosen.items == ((0, 1), (1, 1))


def test_two_raters_have_a_table_of_the_items_that_both_rated():
    assert read_ratings("r1,r2\n1,2\n2,2\n,1\n").table == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    ("scale", "codes"),
    [
        ("ordinal", ("2", "10")),
        ("nominal", ("2", "10")),
        ("10,2", ("10", "2")),
        ("1, 2, 10", ("1", "2", "10")),
    ],
)
def test_codes_are_ordered_as_numbers_or_as_they_are_given(scale, codes):
    assert read_ratings("r1,r2\n10,2\n", scale=scale).codes == codes


def test_codes_that_begin_with_a_number_are_ordered_by_it_and_then_by_their_letters():
    table = "r1,r2\n10a,2b\n2a,1\n-1,9 clear\n"
    assert read_ratings(table).codes == ("-1", "1", "2a", "2b", "9 clear", "10a")


@pytest.mark.parametrize(
    ("text", "scale", "words"),
    [
        ("", "ordinal", "empty"),
        ("r1,r2\n,\n", "ordinal", "no line below"),
        ("item,rater,rating\na,x,\n", "ordinal", "no rating"),
        ("item,r1,r2\na,1,2\na,1,1\n", "ordinal", "Line 3: the item “a” stands there twice"),
        ("item,r1,r2\n,1,2\n", "ordinal", "Line 2: the item “”"),
        (LONG + "\nc,bob,1\n", "ordinal", "Line 10: bob rates the item c twice"),
        ("item,rater,rating\na,,1\n", "ordinal", "Line 2 lacks “rater”"),
        (WIDE, "1,2", "Line 4: the scale has no score “3”; it has: 1, 2"),
        ("r1,r2\n1,1\n", "ordinal", "at least two categories; this one has 1"),
        (WIDE, "1", "at least two categories"),
        (WIDE, "1,2,2", "stands there twice"),
        (WIDE, "1,,2", "blank"),
        ("item,r1\na,1\n", "ordinal", "at least two raters"),
        ("item,r1,r2\na,1,2\nb,N/A,1\n", "nominal", "Line 3: “N/A” is no rating"),
        ("item,r1,r2\na,1\0,2\n", "ordinal", "Line 2: .* is no rating"),
        ("site,r1,r2\nX,1,2\n", "ordinal", "Line 2: “X” stands among numbers"),
        ("r1,r2\n" + "\n".join(f"{i},{i}" for i in range(60)), "ordinal", "60 different values"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_with_its_line(text, scale, words):
    with pytest.raises(InvalidInput, match=words):
        read_ratings(text, scale=scale)


def test_a_rater_who_is_not_there_is_refused():
    with pytest.raises(InvalidInput, match="no column “dan”"):
        read_ratings(WIDE, raters=["ann", "dan"])


class TestAgreement:
    def test_gwet_s_abstractors_have_their_published_kappa(self, shared):
        # A 3 x 3 table of two abstractors: kappa 0.7964094.
        text = (shared / "statistics/agreement/cont3x3abstractors.csv").read_text()
        head, *rows = [line.split(",") for line in text.replace('"', "").splitlines()]
        pairs = [
            f"{head[i]},{head[j]}"
            for i, row in enumerate(rows)
            for j, count in enumerate(row)
            for _ in range(int(count))
        ]
        found = agreement_of(read_ratings("a,b\n" + "\n".join(pairs)), is_nominal=True)
        assert found.coefficients["cohen.identity"].value == pytest.approx(0.7964094, abs=1e-7)

    def test_a_nominal_scale_has_no_weighted_coefficient(self):
        text = "r1,r2\n" + "a,b\nb,b\na,a\nc,c\n" * 20
        named = set(agreement_of(read_ratings(text), is_nominal=True).coefficients)
        every = agreement_of(read_ratings(text), is_nominal=False)
        assert "krippendorff.ordinal" in set(every.coefficients) - named
        assert "cohen.quadratic" in set(every.coefficients) - named
        assert {"krippendorff.nominal", "cohen.identity", "identity.gwet"} <= named
        assert all(part.ci for part in every.coefficients.values())
        assert every.to_dict()["positive"] == ["b", "c"]

    def test_items_rated_once_give_the_reason(self):
        found = agreement_of(read_ratings("r1,r2\n1,\n,2\n"), is_nominal=False)
        assert found.to_dict()["reasons"] == ["NO_MULTIPLY_RATED_ITEMS"]
        assert found.coefficients == {}

    @given(
        st.lists(st.lists(st.sampled_from("123 "), min_size=3, max_size=3), min_size=8, max_size=30)
    )
    def test_the_order_of_items_and_raters_changes_nothing(self, rows):
        def table(lines):
            return "x,y,z\n" + "\n".join(",".join(line) for line in lines)

        if not any(set(row) - {" "} for row in rows):
            return
        turned = [row[::-1] for row in rows[::-1]]
        one, two = (
            agreement_of(read_ratings(table(lines), scale="1,2,3"), is_nominal=False)
            for lines in (rows, turned)
        )
        assert one.suite == two.suite
