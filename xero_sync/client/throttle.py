"""Stays under Xero's limits: calls in any 60 seconds, calls in flight, calls of a day.

Its state is plain data with moments in seconds since 1970, so that it can be kept with
the connection and taken up by the next worker.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from xero_sync.client.errors import RateLimited
from xero_sync.client.exchange import Clock

WINDOW = 60.0
MINUTE_LIMIT = 60  # Xero's own; ours is set a little lower
IN_FLIGHT = 5
# How long a count of the day's calls is believed. Xero does not say when its day ends.
DAY_COUNT_HOLDS = 3600.0
SLOT_WAIT = 0.5


class Throttle:
    """``day_reserve`` calls of a day are left for people who press a button."""

    def __init__(
        self,
        clock: Clock,
        *,
        calls_per_minute: int = 58,
        in_flight: int = IN_FLIGHT,
        day_reserve: int = 0,
        state: Mapping[str, object] | None = None,
    ) -> None:
        self._clock = clock
        self._calls_per_minute = calls_per_minute
        self._in_flight_limit = in_flight
        self._in_flight = 0
        self._day_reserve = day_reserve
        self._free = threading.Condition()
        self._calls: list[float] = []
        self._not_before = 0.0
        self._problem = ""
        self.day_remaining: int | None = None
        self._day_seen_at = 0.0
        if state:
            self._take_up(state)

    @contextmanager
    def slot(self, max_wait: float) -> Iterator[None]:
        """Waits for leave to call, ``max_wait`` seconds at most, else RateLimited."""
        self._enter(max_wait)
        try:
            self._wait_for_window(max_wait)
            yield
        finally:
            self._leave()

    def learn(self, headers: Mapping[str, str]) -> None:
        """What is left, by Xero's count: other programs call the same organisation."""
        now = self._now()
        with self._free:
            remaining = _count(headers, "x-minlimit-remaining")
            if remaining is not None:
                strangers = MINUTE_LIMIT - remaining - len(self._recent(now))
                # Calls that we did not make count as made now: the safe moment.
                self._calls += [now] * min(strangers, self._calls_per_minute)
            day = _count(headers, "x-daylimit-remaining")
            if day is not None:
                self.day_remaining, self._day_seen_at = day, now

    def hold(self, problem: str, retry_after: float | None) -> None:
        """Xero said 429: nobody calls before the moment it named."""
        with self._free:
            if retry_after is None:
                self._in_flight_limit = max(1, self._in_flight_limit - 1)
                return
            self._not_before = max(self._not_before, self._now() + retry_after)
            self._problem = problem

    def export(self) -> dict[str, object]:
        with self._free:
            return {
                "calls": list(self._recent(self._now())),
                "not_before": self._not_before,
                "problem": self._problem,
                "day_remaining": self.day_remaining,
                "day_seen_at": self._day_seen_at,
            }

    def _take_up(self, state: Mapping[str, object]) -> None:
        calls = state.get("calls")
        if isinstance(calls, Sequence):
            self._calls = [float(call) for call in calls]
        self._not_before = _seconds(state.get("not_before"))
        self._problem = str(state.get("problem") or "")
        day = state.get("day_remaining")
        self.day_remaining = day if isinstance(day, int) else None
        self._day_seen_at = _seconds(state.get("day_seen_at"))

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _recent(self, now: float) -> list[float]:
        # A moment in the future comes from a clock that was set back: it counts as now.
        self._calls = [min(call, now) for call in self._calls if call > now - WINDOW]
        return self._calls

    def _enter(self, max_wait: float) -> None:
        with self._free:
            free = self._free.wait_for(
                lambda: self._in_flight < self._in_flight_limit,
                timeout=max(max_wait, SLOT_WAIT),
            )
            if not free:
                raise RateLimited("concurrent", retry_after=SLOT_WAIT)
            self._in_flight += 1

    def _leave(self) -> None:
        with self._free:
            self._in_flight -= 1
            self._free.notify()

    def _wait_for_window(self, max_wait: float) -> None:
        waited = 0.0
        while True:
            with self._free:
                now = self._now()
                problem, wait = self._verdict(now)
                if wait <= 0:
                    self._calls.append(now)
                    return
            if waited + wait > max_wait:
                raise RateLimited(problem, retry_after=wait)
            self._clock.sleep(wait)
            waited += wait

    def _verdict(self, now: float) -> tuple[str, float]:
        """Which limit stands in the way and for how many seconds; 0 for none."""
        if self._not_before > now:
            return self._problem, self._not_before - now
        if self.day_remaining is not None and self.day_remaining <= self._day_reserve:
            believed_until = self._day_seen_at + DAY_COUNT_HOLDS
            if believed_until > now:
                return "day", believed_until - now
        recent = sorted(self._recent(now))
        if len(recent) < self._calls_per_minute:
            return "", 0.0
        # The call that has to fall out of the window before one more may be made.
        return "minute", recent[-self._calls_per_minute] + WINDOW - now


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() else None


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
