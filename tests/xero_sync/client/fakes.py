"""A scripted other end, a clock that only moves when somebody sleeps, and tokens."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

from xero_sync.client.api import XeroApi
from xero_sync.client.exchange import (
    NoAnswer,
    NotSent,
    Request,
    Response,
)
from xero_sync.client.lines import Done, Outcome
from xero_sync.client.paging import Page, PageRead, keyset
from xero_sync.client.reading import Reading
from xero_sync.client.throttle import MemoryBudget, Throttle
from xero_sync.outcomes.wire import canonical

Answer = Outcome | Callable[[Request], Response]

TENANT = "fb7e3f35-f2a7-466a-802c-775119955ace"
CONTACT_ID = "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"
NO_ID = "00000000-0000-0000-0000-000000000000"
SECRET_TOKEN = "eyJhbGciOi.secret-access-token"
BODY = b'{"Contacts":[{"Name":"Ada"}]}'


class VirtualClock:
    def __init__(self) -> None:
        self.slept: list[float] = []
        self._now = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self._started = self._now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._started).total_seconds()

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class ScriptedTransport:
    """Gives its answers in order and keeps what was asked; more calls are an error."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.latency = 0.0
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, NotSent | NoAnswer):
            raise answer
        return answer if isinstance(answer, Response) else answer(request)

    def carry(self, asked: Request) -> tuple[Outcome, float]:
        try:
            return self.send(asked), self.latency
        except (NotSent, NoAnswer) as error:
            return error, self.latency


class Carrier(Protocol):
    def carry(self, asked: Request) -> tuple[Outcome, float]:
        """The outcome, and after how many seconds it is there."""


class DirectLines:
    """Without threads: a request is carried at its start, its answer is there when the
    clock has come so far."""

    def __init__(self, carrier: Carrier, clock: VirtualClock) -> None:
        self._carrier = carrier
        self._clock = clock
        self._under_way: list[tuple[float, int, Outcome]] = []
        self._tickets = count(1)

    def start(self, request: Request) -> int:
        ticket = next(self._tickets)
        outcome, seconds = self._carrier.carry(request)
        self._under_way.append((self._clock.monotonic() + seconds, ticket, outcome))
        return ticket

    def next_done(self, timeout: float | None = None) -> Done | None:
        first = min(self._under_way, key=lambda one: one[:2])
        wait = max(0.0, first[0] - self._clock.monotonic())
        if timeout is not None and timeout < wait:
            self._clock.advance(timeout)
            return None
        self._clock.advance(wait)
        self._under_way.remove(first)
        return first[1:]


class Tokens:
    def __init__(self) -> None:
        self.token = SECRET_TOKEN
        self.rejected: list[str] = []
        self.proven: list[str] = []

    def access_token(self) -> str:
        return self.token

    def refresh(self, rejected: str) -> str:
        self.rejected.append(rejected)
        self.token = f"{SECRET_TOKEN}-{len(self.rejected) + 1}"
        return self.token

    def worked(self, access: str) -> None:
        self.proven.append(access)


class Api(XeroApi):
    """An API over a script, with its parts at hand."""

    def __init__(self, *answers: Answer, max_wait: float = 5.0) -> None:
        self.transport = ScriptedTransport(*answers)
        self.clock = VirtualClock()
        self.tokens = Tokens()
        self.lines = DirectLines(self.transport, self.clock)
        super().__init__(
            self.lines,
            Throttle(MemoryBudget(), self.clock),
            self.tokens,
            TENANT,
            clock=self.clock,
            random=lambda: 0.0,
            max_wait=max_wait,
        )


def found(resource: str, *elements: dict[str, Any], **more: Any) -> Response:
    body = {"Id": NO_ID, "Status": "OK", resource: list(elements)} | more
    return Response(200, {"content-type": "application/json"}, canonical(body))


def page_of(resource: str, *elements: dict[str, Any], size: int = 1000) -> Response:
    paging = {
        "page": 1,
        "pageSize": size,
        "pageCount": 1,
        "itemCount": len(elements),
    }
    return found(resource, *elements, pagination=paging)


def problem(status: int, detail: str) -> Response:
    body = {"Type": None, "Title": "No", "Status": status, "Detail": detail}
    return Response(status, {"xero-correlation-id": "corr-1"}, canonical(body))


def limited(**headers: str) -> Response:
    """429 as recorded: no body."""
    return Response(429, {name.replace("_", "-"): v for name, v in headers.items()})


def read(api: XeroApi, reading: Reading) -> list[PageRead]:
    """A list to its end, page by page."""
    return [page for _, page in api.read_all({"list": reading})]


def pages(
    fetch: Callable[[datetime | None, int], Page], since: datetime | None
) -> Iterator[PageRead]:
    """Drives a reading by hand, one page after the other."""
    paging = keyset(since)
    progress = next(paging)
    while progress.ask:
        progress = paging.send(fetch(progress.ask.since, progress.ask.number))
        if progress.read:
            yield progress.read
