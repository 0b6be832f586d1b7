from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOLD = ("-p", "tests.plugins.skips")
FAIL = (*TOLD, "--fail-on-skip")
TEST_THAT_SKIPS = """
import pytest

def test_passes():
    pass

def test_skips():
    pytest.skip("REASON")
"""
TEST_THAT_PASSES = "def test_passes():\n    pass\n"
EXPECTED_FAILURE = """
import pytest

@pytest.mark.xfail(strict=True)
def test_fails_as_expected():
    raise AssertionError
"""
MODULE_THAT_SKIPS = 'import pytest\n\npytest.skip("no such thing", allow_module_level=True)\n'
SHARED_IS_HERE = (ROOT.parent / "shared").is_dir()


class TestFailOnSkip:
    @pytest.mark.parametrize("workers", ["0", "2"])
    def test_a_skip_fails_the_run_and_is_told(self, run, workers):
        done = run(TEST_THAT_SKIPS.replace("REASON", "no browser"), *FAIL, "-n", workers)

        assert done.returncode == pytest.ExitCode.TESTS_FAILED
        assert "no browser" in done.stdout
        assert "Nothing may be skipped here" in done.stdout

    def test_a_skip_is_told_but_harmless_where_it_is_allowed(self, run):
        done = run(TEST_THAT_SKIPS.replace("REASON", "no browser"), *TOLD)

        assert done.returncode == 0
        assert "no browser" in done.stdout

    def test_a_module_that_skips_itself_fails_the_run(self, run):
        done = run(MODULE_THAT_SKIPS + TEST_THAT_PASSES, *FAIL)

        assert done.returncode != 0
        assert "no such thing" in done.stdout

    @pytest.mark.parametrize("text", [TEST_THAT_PASSES, EXPECTED_FAILURE])
    def test_a_run_without_a_skip_passes(self, run, text):
        assert run(text, *FAIL).returncode == 0

    def test_only_absent_inputs_excuse_a_skip(self, run):
        reason = "the shared data folder is not beside the checkout"

        done = run(TEST_THAT_SKIPS.replace("REASON", reason), *FAIL)

        assert (done.returncode == 0) is not SHARED_IS_HERE
