"""Which tests run one after the other in one process, and which of them begin first?

The tests of one file do, and so do the files that name the same ``xdist_group``: what they share,
an installation or a network that takes a minute to make, is then made once. pytest-xdist's own
``loadgroup`` reads the group from a suffix of the test's name, which it can no longer write with
pytest 9.2, and says nothing of it: each process then makes everything.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling

GROUP = re.compile(r"xdist_group\(\"([^\"]+)\"\)")
# Few tests take long here: one left for the end would keep a single process busy.
LONG = "tests/benchmarks/"


class Groups(LoadGroupScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(self.config.rootpath / nodeid.partition("::")[0])

    def _assign_work_unit(self, node: object) -> None:
        longest = max(self.workqueue, key=self._length)
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)

    def _length(self, unit: str) -> tuple[bool, bool, int]:
        return not unit.endswith(".py"), LONG in unit, len(self.workqueue[unit])


@cache
def unit_of(path: Path) -> str:
    """Return the group that a file of tests names, or else the file itself."""
    named = GROUP.search(path.read_text(encoding="utf-8"))
    return named[1] if named else str(path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Groups | None:
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None
