"""Which long work is there, and in which states can it be?"""

from enum import StrEnum


class JobKind(StrEnum):
    """What the long work does."""

    INTAKE = "intake"
    MASKING = "masking"
    ASSIGNMENT = "assignment"
    STATISTICS = "statistics"
    ROTATION = "rotation"
    PURGE = "purge"


class JobState(StrEnum):
    """Where the long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will happen."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}
