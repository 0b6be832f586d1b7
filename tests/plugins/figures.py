"""Which figures did the tests measure? They are told at the end, and no test fails by them.

A test hands one over by pytest's own ``record_property("seconds of the first start", 9.0)``.
"""

import pytest


class Figures:
    def __init__(self) -> None:
        self.measured: dict[str, object] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.measured |= dict(report.user_properties)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.measured:
            return
        terminalreporter.section("MEASURED", sep="=")
        for name, value in sorted(self.measured.items()):
            terminalreporter.write_line(f"{name}: {value}")


def pytest_configure(config: pytest.Config) -> None:
    # Under xdist only the controller sees every report.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Figures(), "figures")
