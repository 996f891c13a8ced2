"""How often: the chosen interval, or a longer one when the day's calls run short."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from xero_sync.models import SyncSettings
from xero_sync.runs.wiring import DAY_RESERVE
from xero_sync.store.budget import DayUse, day_use

# What a run costs when nothing has changed.
IDLE_CALLS = 3
DAY = timedelta(days=1)
# The slowest that people can choose; by then the count may have begun anew.
SLOWEST = timedelta(minutes=max(SyncSettings.Frequency.values))


@dataclass(frozen=True)
class Pace:
    """``left`` calls may still be made by automatic runs."""

    frequency: timedelta
    interval: timedelta
    left: int = 0

    @property
    def is_stretched(self) -> bool:
        return self.interval > self.frequency

    @property
    def minutes(self) -> int:
        return int(self.interval / timedelta(minutes=1))


def stretched(
    frequency: timedelta, *, calls: int, left: int, until_reset: timedelta
) -> timedelta:
    """The interval at which the calls that are left last until the count begins anew, in
    whole minutes. ``calls`` is what one run costs."""
    runs = left // calls
    needed = until_reset / runs if runs > 0 else until_reset
    minutes = timedelta(minutes=ceil(needed / timedelta(minutes=1)))
    return max(frequency, min(minutes, SLOWEST))


def pace_of(connection_id: int, now: datetime) -> Pace:
    frequency = timedelta(minutes=SyncSettings.current().frequency)
    use = day_use(connection_id)
    if use is None or use.seen_at < last_reset(use, now):
        return Pace(frequency, frequency)
    left = max(0, use.remaining - reserve_of(use))
    until_reset = last_reset(use, now) + DAY - now
    interval = stretched(
        frequency, calls=IDLE_CALLS, left=left, until_reset=until_reset
    )
    return Pace(frequency, interval, left)


def reserve_of(use: DayUse) -> int:
    """The calls of a day that are kept for people who press a button."""
    return ceil(use.limit * DAY_RESERVE)


def last_reset(use: DayUse, now: datetime) -> datetime:
    """Xero does not say when its day begins: we believe, when the count was highest, and
    every 24 hours since."""
    return use.began_at + max(0, (now - use.began_at) // DAY) * DAY
