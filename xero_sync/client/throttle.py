"""Gives leave to call Xero, one call at a time. What is used up lies in a budget that
all threads and processes share: each change is a compare-and-swap on it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from xero_sync.client.allowance import (
    DAY_COUNT_HOLDS,
    IN_FLIGHT,
    MINUTE_LIMIT,
    SLOT_SECONDS,
    WINDOW,
    Allowance,
    Hold,
    Limits,
)
from xero_sync.client.answers import rate_limit
from xero_sync.client.exchange import Clock, Response

State = Mapping[str, object]


class Budget(Protocol):
    """Where an allowance is kept, and how often it was changed."""

    def read(self) -> tuple[int, State]: ...

    def write(self, version: int, state: State) -> bool:
        """The next version; False when ``version`` is no longer the present one."""


class MemoryBudget:
    """For one process without a database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._state: State = {}

    def read(self) -> tuple[int, State]:
        with self._lock:
            return self._version, self._state

    def write(self, version: int, state: State) -> bool:
        with self._lock:
            if version != self._version:
                return False
            self._version, self._state = version + 1, state
            return True


@dataclass(frozen=True, slots=True)
class Slot:
    """Leave for one call, until it is given back."""

    name: str
    taken_at: int


class Throttle:
    """``reserve`` is the part of a day's calls that is left for others: automatic runs
    leave some for people who press a button."""

    def __init__(
        self,
        budget: Budget,
        clock: Clock,
        *,
        calls_per_minute: int = MINUTE_LIMIT,
        in_flight: int = IN_FLIGHT,
        reserve: float = 0.0,
        slot_seconds: float = SLOT_SECONDS,
    ) -> None:
        self._budget = budget
        self._clock = clock
        self._limits = Limits(calls_per_minute, in_flight, reserve, slot_seconds)
        self._known: tuple[int, Allowance] | None = None

    def take(self, most: int = 1) -> list[Slot] | Hold:
        """Leave to make so many calls now, or as many as may be made; where none may,
        what stands in the way and for how long."""
        while True:
            is_fresh = self._known is None
            version, allowance, now = self._present()
            leave = self._granted(allowance, version, most, now)
            if isinstance(leave, list):
                if self._write(version, allowance):
                    return leave
            elif is_fresh:
                return leave
            else:
                # Ours may be an old copy: somebody else may have changed it.
                self._known = None

    def _granted(
        self, allowance: Allowance, version: int, most: int, now: int
    ) -> list[Slot] | Hold:
        slots: list[Slot] = []
        while len(slots) < most:
            held = allowance.verdict(now, self._limits)
            if held:
                return slots or held
            slots.append(Slot(f"{version}.{len(slots)}", now))
            allowance.take(slots[-1].name, now)
        return slots

    def is_over(self, slot: Slot) -> bool:
        """Who stood still since it was taken may find it with others."""
        return self._now() - slot.taken_at >= self._limits.slot_seconds * 1000

    def free_within(self, seconds: float) -> int | Hold:
        """As far as is known: others may take them before."""
        _, allowance, now = self._present()
        return allowance.free_within(round(seconds * 1000), now, self._limits)

    def give_back(self, slot: Slot, response: Response | None) -> None:
        """``response`` is None where none came."""

        def learn(allowance: Allowance, now: int) -> None:
            allowance.give_back(slot.name)
            if response is not None:
                self._learn(allowance, response, slot.taken_at, now)

        self._change(learn)

    def _learn(
        self, allowance: Allowance, response: Response, started: int, now: int
    ) -> None:
        allowance.learn(response.headers, started, now)
        if response.status != 429:
            return
        limit = rate_limit(response, self._clock.now())
        if limit.retry_after is not None:
            allowance.hold(limit.problem, limit.retry_after, now)
        elif limit.problem == "concurrent":
            allowance.narrow(started, now, self._limits)
        else:
            long = DAY_COUNT_HOLDS if limit.problem == "day" else WINDOW
            allowance.hold(limit.problem, long / 1000, now)

    def _change(self, edit: Callable[[Allowance, int], None]) -> None:
        while True:
            version, allowance, now = self._present()
            edit(allowance, now)
            if self._write(version, allowance):
                return

    def _present(self) -> tuple[int, Allowance, int]:
        while True:
            version, allowance = self._known or self._read()
            now = self._now()
            if not allowance.set_back(now):
                allowance.forget(now, self._limits)
                return version, allowance, now
            self._write(version, allowance)

    def _read(self) -> tuple[int, Allowance]:
        version, state = self._budget.read()
        try:
            allowance = msgspec.convert(state, Allowance)
        except msgspec.ValidationError:
            # Kept by another release: one call asks Xero what is left.
            allowance = Allowance()
        self._known = version, allowance
        return self._known

    def _write(self, version: int, allowance: Allowance) -> bool:
        done = self._budget.write(version, msgspec.to_builtins(allowance))
        self._known = (version + 1, allowance) if done else None
        return done

    def _now(self) -> int:
        return round(self._clock.now().timestamp() * 1000)
