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
