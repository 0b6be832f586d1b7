from collections import defaultdict
from pathlib import Path

from tests.plugins.groups import Groups

WHO_RAN_IT = """
from pathlib import Path

import pytest

{mark}

@pytest.mark.parametrize("number", range(12))
def test_it(number, worker_id):
    with Path("ran.txt").open("a") as file:
        file.write(f"{{Path(__file__).name}} {{worker_id}}\\n")
"""
OF_A_GROUP = WHO_RAN_IT.format(mark='pytestmark = pytest.mark.xdist_group("shared")')
ALONE = WHO_RAN_IT.format(mark="")
WORDS = ("-p", "tests.plugins.groups", "-n", "2", "--dist", "loadgroup")


def test_what_shares_something_runs_in_one_process_and_the_rest_in_the_other(run, tmp_path):
    others = {"test_other.py": OF_A_GROUP, "test_lone.py": ALONE}
    for name, text in others.items():
        (tmp_path / name).write_text(text)

    done = run(OF_A_GROUP, *WORDS, *others)

    assert done.returncode == 0, done.stdout
    assert "36 passed" in done.stdout
    workers = defaultdict(set)
    for line in (tmp_path / "ran.txt").read_text().splitlines():
        workers[line.split()[0]].add(line.split()[1])
    assert all(len(ran) == 1 for ran in workers.values())
    assert workers["test_it.py"] == workers["test_other.py"] != workers["test_lone.py"]


def test_no_file_of_ours_marks_a_part_of_it_alone():
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        if path != Path(__file__) and "xdist_group" in (text := path.read_text()):
            assert "\npytestmark = " in text, path
            assert text.count("xdist_group(") == 1, path


def test_groups_begin_first_then_what_is_long_then_what_is_much():
    class Waiting(Groups):
        def __init__(self, units):
            self.workqueue = units

    one, two = dict.fromkeys("a"), dict.fromkeys("ab")
    units = {"/tests/web/test_a.py": two, "/tests/benchmarks/test_b.py": one, "e2e": one}
    waiting = Waiting({**units, "/tests/web/test_c.py": one})

    assert sorted(waiting.workqueue, key=waiting._length, reverse=True) == [
        "e2e", "/tests/benchmarks/test_b.py", "/tests/web/test_a.py", "/tests/web/test_c.py",
    ]  # fmt: skip
