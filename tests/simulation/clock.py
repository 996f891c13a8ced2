"""Time that passes only when it is told to, for us and for Xero."""

import time
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Self
from unittest import mock

import time_machine

# The day before summer time ends where the company is.
START = datetime(2026, 10, 24, 9, 0, tzinfo=UTC)


class SimClock:
    """``moment`` is Xero's time; ours is ``skew`` ahead of it or behind."""

    def __init__(self) -> None:
        self.moment = START
        self.skew = timedelta()
        self._travel = time_machine.travel(START, tick=False)
        self._started = START
        self._sleep = mock.patch.multiple(
            time, sleep=self.advance, monotonic=self.monotonic
        )

    def __enter__(self) -> Self:
        self._coordinates = self._travel.start()
        self._sleep.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._sleep.stop()
        self._travel.stop()

    def xeros(self) -> datetime:
        return self.moment

    def ours(self) -> datetime:
        return self.moment + self.skew

    def monotonic(self) -> float:
        return (self.moment - self._started).total_seconds()

    def advance(self, seconds: float) -> None:
        """Whole microseconds, and never none: whoever waits must get on."""
        microseconds = max(ceil(seconds * 1_000_000), 0)
        self.set(self.moment + timedelta(microseconds=microseconds))

    def set(self, moment: datetime) -> None:
        self._coordinates.shift(moment - self.moment)
        self.moment = moment

    def jump(self, skew: timedelta) -> None:
        """Our machine's clock is set; Xero's goes on."""
        self._coordinates.shift(skew - self.skew)
        self.skew = skew
