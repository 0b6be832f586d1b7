import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.severity import readings
from peeraudit.domain.statistics.severity.readings import compress_readings, numbered

triples = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60
)


def compressed(rows):
    items, who, scores = zip(*rows, strict=True)
    return compress_readings(items, who, scores, categories=3)


def multisets(rows):
    """Return each item's sorted readings, items in order of their ids."""
    by_item = {}
    for item, who, score in rows:
        by_item.setdefault(item, []).append((who, score))
    return [sorted(by_item[item]) for item in sorted(by_item)]


def spelled(data, pattern):
    row = data.cells[pattern].toarray()[0].astype(int)
    return sorted(divmod(cell, data.categories) for cell in np.repeat(np.arange(len(row)), row))


@settings(deadline=None)
@given(triples, st.randoms())
def test_patterns_spell_every_item_again(rows, random):
    data = compressed(rows)
    assert [spelled(data, p) for p in data.of_item] == multisets(rows)
    assert len({tuple(spelled(data, p)) for p in range(len(data.items))}) == len(data.items)
    assert data.items.sum() == len(multisets(rows))
    shuffled = random.sample(rows, len(rows))
    again = compressed(shuffled)
    assert (again.cells != data.cells).nnz == 0
    assert (again.items == data.items).all()


@pytest.mark.parametrize(("table", "widest"), [(0, 1 << 62), (1 << 22, 1), (0, 1)])
def test_sorting_and_wide_rows_give_the_same(monkeypatch, table, widest):
    draws = np.random.Generator(np.random.PCG64(3))
    rows = list(
        zip(
            draws.integers(0, 10**12, 40).repeat(4).tolist(),
            draws.integers(0, 4, 160).tolist(),
            draws.integers(0, 3, 160).tolist(),
            strict=True,
        )
    )
    expected = compressed(rows)
    monkeypatch.setattr(readings, "TABLE", table)
    monkeypatch.setattr(readings, "WIDEST", widest)
    found = compressed(rows)
    assert (found.cells != expected.cells).nnz == 0
    assert (found.of_item == expected.of_item).all()


def test_ids_are_numbered_in_their_order():
    places, total = numbered(np.array([70, -5, 70, 10**15]))
    assert (places.tolist(), total) == ([1, 0, 1, 2], 3)


def test_readings_are_counted_by_score_and_by_reviewer():
    data = compressed([(1, 0, 2), (1, 1, 0), (1, 1, 2)])
    assert data.labels().tolist() == [[1, 0, 2]]
    assert data.by_reviewer({1, 2}).toarray().tolist() == [[1, 1]]
    assert data.readings_of.tolist() == [3]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (([1], [0, 1], [0]), "an item, a reviewer and a score"),
        (([], [], []), "no reading"),
        (([1, 1], [0, 1], [0, 3]), "reading 2: score 3"),
        (([1, 1], [0, -1], [0, 0]), "reading 2"),
    ],
)
def test_readings_that_make_no_sense_are_refused(rows, words):
    with pytest.raises(ValueError, match=words):
        compress_readings(*rows, categories=3)
