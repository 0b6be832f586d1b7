"""How is a large flow solved so that it can be stopped, and the rest of its process goes on?

While the solver works nothing else of its process does: nobody looks whether it is to stop, and
the claim on the duty that wants it is not renewed, so that another worker would do the same once
more. What may take long is therefore solved by a process of its own.
"""

import sys
from collections.abc import Generator
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from tempfile import TemporaryDirectory

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.network import Network, run

FEWEST_ARCS = 200_000
"""Smaller networks take less time than a process does to start: about a second."""

LOOK_SECONDS = 1.0
ROOT = Path(__file__).parents[2]


def solve_apart(network: Network, wanted: Ints) -> Generator[None, None, Ints]:
    """Return the cheapest flow, as ``run`` does; whoever closes the generator stops the solver.

    Args:
        network: node 0 is the sink, nodes 1 to m send.
        wanted: what each of them sends; shape (m,).

    Yields:
        About once a second while a large network is solved.

    Raises:
        RuntimeError: the solver failed, or its process was ended by somebody else.
    """
    if sum(len(block) for block in network.tails) < FEWEST_ARCS:
        return run(network, wanted)
    with TemporaryDirectory(prefix="peeraudit-flow-") as folder:
        given, found = Path(folder, "network.npz"), Path(folder, "flows.npy")
        np.savez(
            given,
            nodes=network.nodes,
            wanted=wanted,
            tails=np.concatenate(network.tails),
            heads=np.concatenate(network.heads),
            limits=np.concatenate(network.limits),
            prices=np.concatenate(network.prices),
        )
        yield from _watched([sys.executable, "-m", __name__, str(given), str(found)])
        flows: Ints = np.load(found)
        return flows


def _watched(command: list[str]) -> Generator[None, None, None]:
    """Run a command to its end, and look after it now and then; it ends with whoever watches."""
    complaint = None
    with Popen(command, cwd=ROOT, stderr=PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            yield
            while complaint is None:
                try:
                    _, complaint = process.communicate(timeout=LOOK_SECONDS)
                except TimeoutExpired:
                    yield
        finally:
            process.kill()
    if process.returncode:
        lines = (complaint or "").strip().splitlines() or [""]
        raise RuntimeError(f"the solver's process ended with {process.returncode}: {lines[-1]}")


def main(given: str, found: str) -> None:
    """Solve the network of one file and write its flows into another."""
    with np.load(given) as kept:
        network = Network(
            nodes=int(kept["nodes"]),
            tails=[kept["tails"]],
            heads=[kept["heads"]],
            limits=[kept["limits"]],
            prices=[kept["prices"]],
        )
        wanted = kept["wanted"]
    np.save(found, run(network, wanted))


if __name__ == "__main__":
    main(*sys.argv[1:])
