from uuid import uuid4

from peeraudit.services.assignment_preview import LoadView
from peeraudit.web.assignment.pictures import MOST_BARS, load_picture


def load(name, place, planned, held=0, capacity=20):
    return LoadView(uuid4(), name, place, planned, held, capacity)


def test_bars_lie_on_one_axis_from_zero_to_a_round_number():
    picture = load_picture([load("A", "x", 5, held=3), load("B", "x", 17), load("C", "y", 20)])

    assert [tick.label for tick in picture.ticks] == [0, 5, 10, 15, 20]
    [[a, b], [c]] = [group.bars for group in picture.groups]
    assert (a.held, a.all, a.most, a.readings, a.is_full) == (0.15, 0.4, 1.0, 8, False)
    assert (b.all, c.all, c.is_full) == (0.85, 1.0, True)


def test_nobody_has_anything_yet():
    picture = load_picture([load("A", "x", 0, capacity=0)])

    assert [tick.label for tick in picture.ticks] == [0, 1]
    assert picture.groups[0].bars[0].all == 0


def test_many_reviewers_are_a_range_a_department():
    loads = [load(f"R{n}", "x", n % 7, capacity=200) for n in range(MOST_BARS + 1)]

    picture = load_picture(loads)

    assert not picture.by_person
    assert picture.groups[0].numbers == (0, 3, 6)
    assert picture.ticks[-1].label == 6


def test_a_large_axis_has_few_ticks():
    assert [t.label for t in load_picture([load("A", "x", 437, capacity=437)]).ticks] == [
        0,
        100,
        200,
        300,
        400,
        500,
    ]
