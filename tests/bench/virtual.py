"""Time that passes only when somebody waits: minutes of a sync in seconds of a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.bench.schedule import LATENCY
from xero_sync.client.exchange import Request
from xero_sync.client.lines import Done, Outcome
from xero_sync.client.transport import HttpTransport

# What a WSGI server calls the headers that tell the ledger the moment of a call.
MOMENT, IN_FLIGHT = "HTTP_X_BENCH_MOMENT", "HTTP_X_BENCH_IN_FLIGHT"


class VirtualClock:
    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=max(0.0, seconds))

    def move_to(self, seconds: float) -> None:
        moment = datetime.fromtimestamp(seconds, UTC)
        self.moment = max(self.moment, moment)


def stamped(request: Request, clock: VirtualClock, in_flight: int) -> Request:
    """The request, telling the ledger when it is made and how many are under way."""
    own = {
        "X-Bench-Moment": repr(clock.monotonic()),
        "X-Bench-In-Flight": str(in_flight),
    }
    return replace(request, headers={**request.headers, **own})


class VirtualLines:
    """Each call is answered ``LATENCY`` seconds of virtual time after it began. In real
    time it is made at once: what it costs this process is all there."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._transport = HttpTransport()
        self._under_way: list[tuple[float, int, Outcome]] = []
        self._tickets = count(1)

    def start(self, request: Request) -> int:
        ticket = next(self._tickets)
        sent = stamped(request, self._clock, len(self._under_way) + 1)
        end = self._clock.monotonic() + LATENCY
        self._under_way.append((end, ticket, self._transport.send(sent)))
        return ticket

    def next_done(self, timeout: float | None = None) -> Done | None:
        """All last equally long: the first begun is the first done."""
        now = self._clock.monotonic()
        end, ticket, outcome = self._under_way[0]
        if timeout is not None and end > now + timeout:
            self._clock.sleep(timeout)
            return None
        self._clock.sleep(end - now)
        del self._under_way[0]
        return ticket, outcome
