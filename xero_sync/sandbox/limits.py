"""Rate limits per app and tenant: 5 in flight, 60 a minute, the tier's calls a day, and
10,000 a minute for the app as a whole. Windows are fixed and start with a first call."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xero_sync.sandbox.http import Response

DAY_LIMITS = {"starter": 1000, "core": 5000}
TIERS = ("starter", "core", "unlimited")
MINUTE_LIMIT = 60
APP_MINUTE_LIMIT = 10_000
CONCURRENT_LIMIT = 5


@dataclass
class Window:
    """Calls counted since the window opened; it resets as a whole."""

    length: timedelta
    opened: datetime | None = None
    used: int = 0

    def roll(self, now: datetime) -> None:
        if self.opened is None or now >= self.opened + self.length:
            self.opened, self.used = None, 0

    def take(self, now: datetime) -> None:
        if self.opened is None:
            self.opened = now
        self.used += 1

    def retry_after(self, now: datetime) -> int:
        if self.opened is None:
            return 1
        left = (self.opened + self.length - now).total_seconds()
        return max(math.ceil(left), 1)


def _minute() -> Window:
    return Window(timedelta(minutes=1))


def _day() -> Window:
    return Window(timedelta(days=1))


@dataclass
class Counters:
    minute: Window = field(default_factory=_minute)
    day: Window = field(default_factory=_day)


class RateLimits:
    """Counts calls; a refused call is not counted."""

    def __init__(self, tier: str) -> None:
        self.tier = tier
        self._by_tenant: dict[tuple[str, str], Counters] = {}
        self._by_app: dict[str, Window] = {}

    def clear(self) -> None:
        self._by_tenant.clear()
        self._by_app.clear()

    def check(
        self, app: str, tenant: str, now: datetime, *, in_flight: int
    ) -> Response | None:
        """None when the call may go on (it is counted then), else the 429."""
        counters = self._counters(app, tenant, now)
        app_window = self._app_window(app, now)
        if self.tier != "unlimited":
            if in_flight > CONCURRENT_LIMIT:
                return self._refusal("concurrent", None, app, tenant, now)
            for problem, window, limit in (
                ("minute", counters.minute, MINUTE_LIMIT),
                ("day", counters.day, DAY_LIMITS[self.tier]),
                ("appminute", app_window, APP_MINUTE_LIMIT),
            ):
                if window.used >= limit:
                    wait = window.retry_after(now)
                    return self._refusal(problem, wait, app, tenant, now)
        for window in (counters.minute, counters.day, app_window):
            window.take(now)
        return None

    def forced(
        self, problem: str, wait: int, app: str, tenant: str, now: datetime
    ) -> Response:
        """A 429 that a fault asked for."""
        return self._refusal(problem, wait or None, app, tenant, now)

    def headers(self, app: str, tenant: str | None, now: datetime) -> dict[str, str]:
        """What is left; a call without tenant only has the app's counter."""
        left = {
            "X-AppMinLimit-Remaining": str(
                APP_MINUTE_LIMIT - self._app_window(app, now).used
            )
        }
        if tenant is None:
            return left
        counters = self._counters(app, tenant, now)
        day_limit = DAY_LIMITS.get(self.tier, DAY_LIMITS["core"])
        if self.tier == "unlimited":
            minute_left, day_left = MINUTE_LIMIT, day_limit
        else:
            minute_left = MINUTE_LIMIT - counters.minute.used
            day_left = day_limit - counters.day.used
        return left | {
            "X-MinLimit-Remaining": str(max(minute_left, 0)),
            "X-DayLimit-Remaining": str(max(day_left, 0)),
        }

    def _refusal(
        self, problem: str, wait: int | None, app: str, tenant: str, now: datetime
    ) -> Response:
        headers = self.headers(app, tenant, now) | {"X-Rate-Limit-Problem": problem}
        if wait is not None:
            headers["Retry-After"] = str(wait)
        return Response(429, b"", headers)

    def _counters(self, app: str, tenant: str, now: datetime) -> Counters:
        counters = self._by_tenant.setdefault((app, tenant), Counters())
        counters.minute.roll(now)
        counters.day.roll(now)
        return counters

    def _app_window(self, app: str, now: datetime) -> Window:
        window = self._by_app.setdefault(app, _minute())
        window.roll(now)
        return window
