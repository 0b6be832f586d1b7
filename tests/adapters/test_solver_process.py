import numpy as np
import pytest

from peeraudit.adapters import solver_process
from peeraudit.domain.assignment.network import Network, run
from peeraudit.domain.steps import run_through


@pytest.fixture
def apart(monkeypatch):
    """Every network is solved by a process of its own; return those processes."""
    started = []

    class Kept(solver_process.Popen):
        def __init__(self, *args, **values):
            super().__init__(*args, **values)
            started.append(self)

    monkeypatch.setattr(solver_process, "Popen", Kept)
    monkeypatch.setattr(solver_process, "FEWEST_ARCS", 0)
    return started


def network(room):
    """Return a network of two senders, two in between and the sink, and what is sent."""
    built = Network(nodes=5)
    ones = np.ones(4, dtype=np.int64)
    built.add_arcs(np.array([1, 1, 2, 2]), np.array([3, 4, 3, 4]), ones, np.array([5, 1, 2, 9]))
    built.add_arcs(
        np.array([3, 4]), np.array([0, 0]), np.array([room, room]), np.zeros(2, dtype=np.int64)
    )
    return built, np.array([1, 1], dtype=np.int64)


def test_it_finds_what_the_solver_finds(apart):
    built, wanted = network(room=1)

    found = run_through(solver_process.solve_apart(built, wanted))

    assert found.tolist() == run(built, wanted).tolist() == [0, 1, 1, 0, 1, 1]
    assert [one.returncode for one in apart] == [0]


def test_a_small_network_takes_no_process(apart, monkeypatch):
    monkeypatch.setattr(solver_process, "FEWEST_ARCS", 7)
    built, wanted = network(room=1)

    assert run_through(solver_process.solve_apart(built, wanted)).tolist() == [0, 1, 1, 0, 1, 1]
    assert apart == []


def test_whoever_closes_it_ends_the_process(apart):
    steps = solver_process.solve_apart(*network(room=1))
    next(steps)
    [process] = apart
    assert process.poll() is None

    steps.close()

    assert process.returncode not in (None, 0)


def test_what_the_solver_refuses_is_told(apart):
    steps = solver_process.solve_apart(*network(room=0))

    with pytest.raises(RuntimeError, match="the flow solver answered"):
        run_through(steps)
