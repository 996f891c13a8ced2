"""What can go wrong with a call, by who has to act and when it is worth another try.

XeroError
├── XeroUnavailable    no connection, 5xx, no answer to a read    later
│   └── RateLimited    429, or our own limiter                    after ``retry_after``
├── AnswerLost         a write without an answer                  read back before all else
├── UnreadableAnswer   HTML, half a JSON, status not OK           later; as lost for a write
├── XeroDisconnected   401 after a refresh, 403, invalid grant    administrator connects
├── PermissionMissing  a scope or a role is not granted           administrator connects
├── NotFound           404                                        the record is gone
└── XeroRefused        400 and other refusals, with elements      when the record changes
"""

from typing import Self

from xero_sync.outcomes.drafts import ElementResult


class XeroError(Exception):
    """``outcome_unknown``: the write may have happened, now or at an earlier try of the
    same call; read back by our own number before sending anything new."""

    def __init__(self, message: str, *, correlation_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.correlation_id = correlation_id
        self.outcome_unknown = False

    def twin(self) -> Self:
        """The same error, for another call that met it."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        return other


class XeroUnavailable(XeroError):
    """``retry_after`` in seconds, when Xero said it."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        correlation_id: str = "",
    ) -> None:
        super().__init__(message, correlation_id=correlation_id)
        self.retry_after = retry_after


class RateLimited(XeroUnavailable):
    """``problem`` is minute, day or concurrent."""

    def __init__(
        self,
        problem: str,
        *,
        retry_after: float | None = None,
        correlation_id: str = "",
    ) -> None:
        super().__init__(
            f"Xero's limit of calls is reached ({problem}).",
            retry_after=retry_after,
            correlation_id=correlation_id,
        )
        self.problem = problem


class AnswerLost(XeroError):
    def __init__(self, message: str, *, correlation_id: str = "") -> None:
        super().__init__(message, correlation_id=correlation_id)
        self.outcome_unknown = True


class UnreadableAnswer(XeroError):
    def __init__(
        self, message: str, *, outcome_unknown: bool, correlation_id: str = ""
    ) -> None:
        super().__init__(message, correlation_id=correlation_id)
        self.outcome_unknown = outcome_unknown


class XeroDisconnected(XeroError):
    """``reason`` is invalid_grant, another OAuth error, token or organisation."""

    def __init__(self, reason: str, *, correlation_id: str = "") -> None:
        super().__init__(
            f"Xero no longer lets us in ({reason}).", correlation_id=correlation_id
        )
        self.reason = reason


class PermissionMissing(XeroError):
    def __init__(self, *, correlation_id: str = "") -> None:
        super().__init__(
            "The connection does not include the right to do this.",
            correlation_id=correlation_id,
        )


class NotFound(XeroError):
    pass


class XeroRefused(XeroError):
    """``messages`` are Xero's sentences; ``elements`` say which belongs to which."""

    def __init__(
        self,
        status: int,
        messages: tuple[str, ...],
        *,
        elements: tuple[ElementResult, ...] = (),
        correlation_id: str = "",
    ) -> None:
        said = "; ".join(messages[:5]) or "no reason given"
        super().__init__(
            f"Xero refused ({status}): {said}", correlation_id=correlation_id
        )
        self.status = status
        self.messages = messages
        self.elements = elements
