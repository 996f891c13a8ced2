"""The chosen interval, or a longer one when the day's calls run short."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.xero_sync.rows import make_connection
from xero_sync.models import CallBudget, SyncSettings
from xero_sync.runs.pace import Pace, pace_of, stretched

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("frequency", "left", "hours", "interval"),
    [
        (5, 950, 24, 5),  # 316 runs, one each 4.6 minutes
        (5, 863, 24, 6),  # a call less than the chosen interval takes
        (10, 30, 5.8, 35),
        (10, 30, 1, 10),
        (10, 3, 1, 60),
        (10, 2, 1.5, 90),  # none any more: when the count begins anew
        (10, 0, 20, 120),  # never slower than people can choose
        (120, 0, 20, 120),
        (120, 5000, 24, 120),
        (10, 30, 0, 10),
    ],
)
def test_what_is_left_lasts_until_the_count_begins_anew(
    frequency: int, left: int, hours: float, interval: int
) -> None:
    assert stretched(
        minutes(frequency), calls=3, left=left, until_reset=timedelta(hours=hours)
    ) == minutes(interval)


def counted(*, remaining: int, began: datetime, seen: datetime) -> int:
    """Xero's count as the budget keeps it; gives the connection's key."""
    connection = make_connection()
    SyncSettings.current()
    SyncSettings.objects.update(frequency=SyncSettings.Frequency.MINUTES_10)
    day = {
        "remaining": remaining,
        "limit": 1000,
        "seen_at": int(seen.timestamp() * 1000),
        "high": 998,
        "high_at": int(began.timestamp() * 1000),
    }
    CallBudget.objects.create(connection=connection, state={"day": day})
    return connection.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("remaining", "began", "interval"),
    [
        (800, NOON - timedelta(hours=12), 10),
        (80, NOON - timedelta(hours=18), 36),  # 30 above the reserve, six hours
        (80, NOON - timedelta(days=3, hours=18), 36),  # a day like every other
        (50, NOON - timedelta(hours=12), 120),
    ],
)
def test_by_what_xero_counted(remaining: int, began: datetime, interval: int) -> None:
    pk = counted(remaining=remaining, began=began, seen=NOON)

    pace = pace_of(pk, NOON)

    assert (pace.minutes, pace.left) == (interval, max(0, remaining - 50))
    assert pace.is_stretched == (interval > 10)


@pytest.mark.django_db
def test_a_count_of_yesterday_says_nothing() -> None:
    began = NOON - timedelta(hours=30)
    pk = counted(remaining=10, began=began, seen=NOON - timedelta(hours=7))

    assert pace_of(pk, NOON) == Pace(minutes(10), minutes(10))


@pytest.mark.django_db
def test_before_the_first_answer_the_chosen_interval_holds() -> None:
    assert pace_of(make_connection().pk, NOON) == Pace(minutes(10), minutes(10))
