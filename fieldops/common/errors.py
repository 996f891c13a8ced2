"""Refusals: what a service says when something may not happen now.

Views turn them into a message, the API into its one error shape.
"""


class DomainError(Exception):
    """A refusal in plain words.

    ``code`` is stable and for programs, ``message`` is for people, ``field`` names the
    input that is to blame, if one is.
    """

    code = "refused"

    def __init__(self, message: str, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code:
            self.code = code


class StaleRecord(DomainError):
    """Somebody else saved the record after it was read."""

    code = "stale"


class MergedAway(DomainError):
    """The record is part of another one now."""

    code = "merged_away"

    def __init__(self, name: str, into: str) -> None:
        super().__init__(
            f"{name} was merged into {into}. Work on that one, or undo the merge."
        )


class ChangedSince(DomainError):
    """A value is not the one that was to be replaced by an earlier one."""

    code = "changed_since"

    def __init__(self, label: str, now: str) -> None:
        super().__init__(
            f"{label} has been changed since. It is now {now}. Nothing was brought back."
        )
