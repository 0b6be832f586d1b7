"""Why can something not be started, and what can be done about it?"""


class LaunchRefused(Exception):
    """The command cannot begin; the message says why and what to do."""


class StopRequested(Exception):
    """Someone pressed Ctrl-C or sent a signal while a step was under way."""


class PartDied(Exception):
    """A process that the others need has ended.

    Args:
        name: which part it was.
        code: its exit code; negative for the number of a signal.
        last_lines: the end of its log, empty where it wrote to the terminal.
    """

    def __init__(self, name: str, code: int, last_lines: str) -> None:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        super().__init__(f"The part `{name}` {how}.")
        self.name = name
        self.code = code
        self.last_lines = last_lines


class ServerMissing(Exception):
    """A server that the tests need is not on this machine.

    Args:
        reason: what was looked for in vain.
        remedy: the way to get it.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy
