"""What is known of Xero's limits: calls in any minute, calls at once, calls of a day.

Plain data that can be kept in a row, with moments in milliseconds since 1970, and the
verdict on whether one more call may be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import msgspec

# A second more than Xero's minute: two calls may come closer together on their way.
WINDOW = 61_000
MINUTE_LIMIT = 60
IN_FLIGHT = 5
# A call that was started and never ended, by a kill, is over by then for sure.
SLOT_SECONDS = 75.0
# Calls are remembered for as long as the answer of one that saw them may take.
REMEMBERED = WINDOW + 75_000
# After a 429 for too many at once: one more is tried each minute.
ONE_MORE_AFTER = 60_000
# Xero does not say when its day ends. A 429 does; a count is believed for an hour, and
# then one call asks anew.
DAY_COUNT_HOLDS = 3_600_000
# Longer than any day: the highest count of it tells the size of the whole.
TWO_DAYS = 172_800_000
TIERS = (1000, 5000)
SLOT_WAIT = 0.25


@dataclass(frozen=True, slots=True)
class Limits:
    """Ours. ``reserve`` is the part of a day's calls that is left for others,
    ``slot_seconds`` the time after which a slot that was not given back is free."""

    calls_per_minute: int = MINUTE_LIMIT
    in_flight: int = IN_FLIGHT
    reserve: float = 0.0
    slot_seconds: float = SLOT_SECONDS


@dataclass(frozen=True, slots=True)
class Hold:
    """``problem`` is minute, day or concurrent: what stands in the way, how long."""

    problem: str
    seconds: float


class Day(msgspec.Struct):
    """``limit`` is what the highest count of two days says the day's whole must be."""

    remaining: int
    limit: int
    seen_at: int
    high: int
    high_at: int


class Allowance(msgspec.Struct):
    """``slots`` are the calls in flight, by whomever; ``narrowed`` how many of those
    Xero took when it last said that there were too many."""

    calls: list[int] = []
    slots: dict[str, int] = {}
    heard_at: int = 0
    held_at: int = 0
    held_for: int = 0
    held_by: str = ""
    narrowed: int = 0
    narrowed_at: int = 0
    day: Day | None = None

    def forget(self, now: int, limits: Limits) -> None:
        """What is too old to count."""
        expired = now - limits.slot_seconds * 1000
        self.calls = sorted(call for call in self.calls if call > now - REMEMBERED)
        self.slots = {
            name: taken for name, taken in self.slots.items() if taken > expired
        }

    def set_back(self, now: int) -> bool:
        """Whether anything was noted in the future: before the clock was set back. It
        counts as now; keep that, or it will count as now again."""
        latest = max(self.calls, default=0), self.heard_at, self.held_at
        day = (self.day.seen_at, self.day.high_at) if self.day else ()
        if max(*latest, *self.slots.values(), self.narrowed_at, *day) <= now:
            return False
        self.calls = [min(call, now) for call in self.calls]
        self.slots = {name: min(taken, now) for name, taken in self.slots.items()}
        self.heard_at = min(self.heard_at, now)
        self.held_at = min(self.held_at, now)
        self.narrowed_at = min(self.narrowed_at, now)
        if self.day:
            self.day.seen_at = min(self.day.seen_at, now)
            self.day.high_at = min(self.day.high_at, now)
        return True

    def verdict(self, now: int, limits: Limits) -> Hold | None:
        """None when a call may be made now."""
        for problem, wait in (
            (self.held_by, self.held_at + self.held_for - now),
            ("day", self._wait_of_day(now, limits)),
            ("minute", self._wait_of_minute(now, limits)),
        ):
            if wait > 0:
                return Hold(problem, wait / 1000)
        if len(self.slots) >= self._at_once(now, limits):
            return Hold("concurrent", SLOT_WAIT)
        return None

    def free_within(self, wait: int, now: int, limits: Limits) -> int | Hold:
        """How many calls of the minute may begin until ``wait`` is over; when the first
        one may, where none."""
        recent = sum(call > now + wait - WINDOW for call in self.calls)
        free = limits.calls_per_minute - recent
        if free > 0:
            return free
        return Hold("minute", self._wait_of_minute(now, limits) / 1000)

    def take(self, name: str, now: int) -> None:
        self.calls.append(now)
        self.slots[name] = now

    def give_back(self, name: str) -> None:
        self.slots.pop(name, None)

    def learn(self, headers: Mapping[str, str], started: int, now: int) -> None:
        """What is left, by Xero's count: other programs call the same organisation."""
        self.heard_at = now
        remaining = _count(headers, "x-minlimit-remaining")
        if remaining is not None:
            known = sum(call > started - WINDOW for call in self.calls)
            # Calls that we did not make count as made now: the safe moment.
            self.calls += [now] * (MINUTE_LIMIT - remaining - known)
        left = _count(headers, "x-daylimit-remaining")
        if left is not None:
            self._learn_day(left, now)

    def hold(self, problem: str, seconds: float, now: int) -> None:
        """Xero said 429: nobody calls before the moment it named."""
        until = now + ceil(seconds * 1000)
        if until > self.held_at + self.held_for:
            self.held_at, self.held_for = now, until - now
            self.held_by = problem

    def narrow(self, started: int, now: int, limits: Limits) -> None:
        """Xero said 429 for too many at once; those of one burst say it only once."""
        if started > self.narrowed_at:
            self.narrowed = max(1, self._at_once(now, limits) - 1)
            self.narrowed_at = now

    def _at_once(self, now: int, limits: Limits) -> int:
        if now - self.heard_at > WINDOW:
            # Nobody has heard from Xero in this minute: one call asks what is left.
            return 1
        width = limits.in_flight
        if self.narrowed:
            more = (now - self.narrowed_at) // ONE_MORE_AFTER
            width = min(width, self.narrowed + more)
        if self.day is None:
            return width
        # Those under way may be the last of the day.
        return max(1, min(width, self.day.remaining - self._kept(self.day, limits)))

    def _wait_of_day(self, now: int, limits: Limits) -> int:
        day = self.day
        if day is None or day.remaining > self._kept(day, limits):
            return 0
        return day.seen_at + DAY_COUNT_HOLDS - now

    def _kept(self, day: Day, limits: Limits) -> int:
        return ceil(day.limit * limits.reserve)

    def _wait_of_minute(self, now: int, limits: Limits) -> int:
        recent = sorted(call for call in self.calls if call > now - WINDOW)
        if len(recent) < limits.calls_per_minute:
            return 0
        # The call that has to fall out of the window before one more may be made.
        return recent[-limits.calls_per_minute] + WINDOW - now

    def _learn_day(self, left: int, now: int) -> None:
        day = self.day or Day(left, 0, now, 0, now)
        # Answers of calls side by side may come in another order than they were counted.
        if not day.remaining <= left <= day.remaining + IN_FLIGHT:
            day.remaining = left
        day.seen_at = now
        if left >= day.high or now - day.high_at > TWO_DAYS:
            day.high, day.high_at = left, now
            day.limit = next((tier for tier in TIERS if left <= tier), left + 1)
        self.day = day


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdecimal() else None
