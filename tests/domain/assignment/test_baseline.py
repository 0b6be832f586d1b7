import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.assignment.baseline import BaselineItem, BaselineReviewer, assign_at_random
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.sampling.draws import ticket

SEED = "assign-demo-0001"
REVIEWERS = [
    BaselineReviewer("R1", 10, frozenset({"CT", "MR"})),
    BaselineReviewer("R2", 5, frozenset({"CT", "MR"})),
    BaselineReviewer("R3", 5, frozenset({"CT"})),
    BaselineReviewer("R4", 8, frozenset({"MR"})),
]
ITEMS = [
    *(
        BaselineItem(f"CT-000{i}", "CT", frozenset({"R1"} if i in {3, 6} else ()))
        for i in range(1, 7)
    ),
    *(BaselineItem(f"MR-000{i}", "MR", frozenset({"R2"})) for i in range(1, 4)),
]


def test_worked_example():
    found = assign_at_random(ITEMS, REVIEWERS, readings=2, seed=SEED)
    assert found.loads == {"R1": 7, "R2": 4, "R3": 4, "R4": 3}
    assert found.readers["CT-0006"] == ("R2", "R3")
    assert found.readers["MR-0003"] == ("R4", "R1")


@given(st.permutations(ITEMS), st.permutations(REVIEWERS), st.integers(1, 3))
def test_the_order_of_the_lists_does_not_matter(items, reviewers, k):
    found = assign_at_random(items, reviewers, readings=k, seed=SEED)
    usual = assign_at_random(ITEMS, REVIEWERS, readings=k, seed=SEED)
    assert (found.readers, found.loads) == (usual.readers, usual.loads)
    assert list(found.readers) == sorted(found.readers, key=lambda key: ticket(SEED, key))
    for item in ITEMS:
        chosen = found.readers[item.key]
        assert len(set(chosen)) == len(chosen) <= k
        assert not item.excluded & set(chosen)
    assert all(found.loads[r.id] <= r.capacity for r in REVIEWERS)


def test_equal_loads_are_decided_by_the_published_hash():
    reviewers = [BaselineReviewer(name, 1, frozenset({"CT"})) for name in "ABCDE"]
    (first,) = assign_at_random(
        [BaselineItem("k", "CT")], reviewers, readings=1, seed=SEED
    ).readers["k"]
    texts = {name: f"peer-audit/assign/v1\n{SEED}\nk\n{name}\n" for name in "ABCDE"}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    assert first == min(hashes, key=hashes.get)


def test_an_item_that_too_few_may_read_gets_those_who_may():
    found = assign_at_random(
        [BaselineItem("k", "XR"), BaselineItem("l", "MR", frozenset({"R1"}))],
        [*REVIEWERS[:2], BaselineReviewer("R9", 0, frozenset({"MR"}))],
        readings=2,
        seed=SEED,
    )
    assert (found.readers["k"], found.readers["l"]) == ((), ("R2",))


def test_what_is_listed_twice_is_refused():
    with pytest.raises(InvalidInput, match="CT-0001 is listed twice"):
        assign_at_random([ITEMS[0], ITEMS[0]], REVIEWERS, readings=1, seed=SEED)
    with pytest.raises(InvalidInput, match="R1 is listed twice"):
        assign_at_random(ITEMS, [REVIEWERS[0]] * 2, readings=1, seed=SEED)
    with pytest.raises(InvalidInput, match="seed"):
        assign_at_random(ITEMS, REVIEWERS, readings=1, seed="short")
