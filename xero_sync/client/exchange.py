"""One request and its answer as plain data, and what a call needs from outside:
something that carries it, a clock, tokens."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Request:
    """Headers and body stay out of ``repr``: they hold tokens and people's data."""

    method: str
    address: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        if not self.params:
            return self.address
        return f"{self.address}?{urlencode(self.params, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class Response:
    """``headers`` has its names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def correlation_id(self) -> str:
        return self.headers.get("xero-correlation-id", "")


class NotSent(Exception):
    """No connection: the request surely did not arrive."""


class NoAnswer(Exception):
    """The connection broke or was silent for too long: it may have arrived."""


class Transport(Protocol):
    def send(self, request: Request) -> Response:
        """Any status is an answer; raises NotSent or NoAnswer."""


class Clock(Protocol):
    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class TokenSource(Protocol):
    def access_token(self) -> str: ...

    def refresh(self, rejected: str) -> str:
        """A token other than ``rejected``: somebody else may have renewed it already."""

    def worked(self, access: str) -> None:
        """Xero has done what a call with this token asked for."""
