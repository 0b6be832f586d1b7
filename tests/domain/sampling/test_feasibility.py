from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.sampling.feasibility import Cell, Reader, find_shortage

CT, MR = frozenset({"CT"}), frozenset({"MR"})


def test_what_can_be_shared_out_has_no_shortage():
    cells = [Cell("A", "CT", 10), Cell("B", "CT", 10)]
    assert find_shortage(cells, [Reader("A", CT, 10), Reader("B", None, 10)]) is None
    assert find_shortage([], []) is None


def test_nobody_reads_the_own_department():
    cells = [Cell("A", "CT", 10), Cell("B", "CT", 10)]
    found = find_shortage(cells, [Reader("A", CT, 30), Reader("B", CT, 4)])
    assert found.cells == (cells[0],)
    assert (found.readings, found.reviewers, found.room, found.missing) == (10, 1, 4, 6)


def test_a_modality_that_too_few_read_is_named():
    cells = [Cell("A", "CT", 10), Cell("A", "MR", 10)]
    found = find_shortage(cells, [Reader("B", CT, 50), Reader("C", MR, 3), Reader("D", None, 5)])
    assert [cell.modality for cell in found.cells] == ["MR"]
    assert found.missing == 2


cells = st.lists(
    st.builds(Cell, st.sampled_from("AB"), st.sampled_from(["CT", "MR"]), st.integers(0, 6)),
    max_size=4,
    unique_by=lambda cell: (cell.department, cell.modality),
)
readers = st.lists(
    st.builds(Reader, st.sampled_from("ABC"), st.sampled_from([CT, MR, None]), st.integers(0, 6)),
    max_size=5,
)


@given(cells, readers)
def test_the_cut_is_the_worst_of_all_subsets_and_its_room_heals_it(cells, readers):
    subsets = chain.from_iterable(combinations(cells, n) for n in range(len(cells) + 1))
    worst = max(
        sum(cell.readings for cell in part)
        - sum(one.room for one in readers if any(one.may_read(cell) for cell in part))
        for part in subsets
    )

    found = find_shortage(cells, readers)

    assert (found is None) == (worst <= 0)
    if found is not None:
        assert found.missing == worst
        helper = Reader("Z", frozenset(cell.modality for cell in found.cells), found.missing)
        assert find_shortage(cells, [*readers, helper]) is None
