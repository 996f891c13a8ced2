"""Calls side by side on the simulated wire."""

from tests.simulation.wire import Flight, SimWire
from xero_sync.client.exchange import Request
from xero_sync.client.lines import Done


class SimLines:
    """Up to five calls under way without threads: each is handled as it starts, and time
    moves on to the end of the one that is done first."""

    def __init__(self, wire: SimWire) -> None:
        self._wire = wire
        self._flights: dict[int, Flight] = {}
        self._tickets = 0

    def start(self, request: Request) -> int:
        leave = self._wire.set_out()
        self._tickets += 1
        self._flights[self._tickets] = self._wire.begin(request, leave)
        return self._tickets

    def next_done(self, timeout: float | None = None) -> Done | None:
        wire = self._wire
        if not self._flights:
            if timeout is None:
                raise AssertionError("waits for ever: nothing is under way")
            wire.clock.advance(timeout)
            return None
        ticket = min(self._flights, key=lambda one: (self._flights[one].ends, one))
        if timeout is not None:
            left = self._flights[ticket].ends - wire.clock.moment
            if left.total_seconds() > timeout:
                wire.clock.advance(timeout)
                return None
        return ticket, wire.land(self._flights.pop(ticket))
