"""Time that passes only when somebody waits: minutes of a sync in seconds of a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.bench.schedule import LATENCY
from xero_sync.client.exchange import Request, Response
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


class VirtualTransport:
    """One call after another, each ``LATENCY`` seconds of virtual time long."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._transport = HttpTransport()

    def send(self, request: Request) -> Response:
        answer = self._transport.send(stamped(request, self._clock, 1))
        self._clock.sleep(LATENCY)
        return answer
