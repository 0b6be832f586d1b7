"""Why can a statistic not be computed from what was given?"""

from peeraudit.domain.errors import InvalidInput


class NotComputable(InvalidInput):
    """The values given to a computation contradict one another or lie out of range.

    Args:
        reason: the code of the broken rule, such as ``X_GT_N``.
        message: an English template with named placeholders, safe to show.
        params: the values of the placeholders.
    """

    def __init__(self, reason: str, message: str, **params: object) -> None:
        super().__init__(message, **params)
        self.reason = reason


class CountFault(ValueError):
    """More discrepant readings than readings, or fewer than none: a fault of the caller.

    Args:
        message: which counts, in English.
        events: how many are discrepant.
        n: of so many.
    """

    def __init__(self, message: str, events: int, n: int) -> None:
        super().__init__(f"{message}: {events} discrepant of {n}")
        self.reason = "X_GT_N" if events > n else None
