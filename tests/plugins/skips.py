"""Which tests were skipped and why, and does that fail the run?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


class Skips:
    def __init__(self, *, fail: bool, shared_is_here: bool) -> None:
        self.fail = fail
        self.shared_is_here = shared_is_here
        self.reasons: dict[str, int] = {}
        self.unexcused = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._note(report.longrepr)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield
        if self.fail and self.unexcused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.reasons:
            return
        terminalreporter.section("SKIPPED, AND WHY", sep="=", yellow=True, bold=True)
        for reason, number in sorted(self.reasons.items()):
            terminalreporter.write_line(f"{number:5}  {reason}")
        if self.fail and self.unexcused:
            terminalreporter.write_line("Nothing may be skipped here: this fails the run.")

    def _note(self, longrepr: object) -> None:
        reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
        reason = reason.removeprefix("Skipped: ")
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self.unexcused += not self._is_excused(reason)

    def _is_excused(self, reason: str) -> bool:
        """The real inputs lie beside the checkout, and no installation can bring them."""
        return "shared" in reason and not self.shared_is_here


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fail-on-skip", action="store_true", help="a skipped test fails the run")


def pytest_configure(config: pytest.Config) -> None:
    # Under xdist only the controller sees every report.
    if not hasattr(config, "workerinput"):
        skips = Skips(fail=config.getoption("--fail-on-skip"), shared_is_here=SHARED.is_dir())
        config.pluginmanager.register(skips, "skips")
