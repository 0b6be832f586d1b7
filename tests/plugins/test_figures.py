import pytest

TEST_THAT_MEASURES = """
def test_it(record_property):
    record_property("length of a metre", "1.00 m")
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_figure_is_told_at_the_end(run, workers):
    done = run(TEST_THAT_MEASURES, "-p", "tests.plugins.figures", "-n", workers)

    assert done.returncode == 0
    assert "length of a metre: 1.00 m" in done.stdout
