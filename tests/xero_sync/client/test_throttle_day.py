"""The calls of a day: how many there are, and how many are left for people."""

from typing import Any

import pytest

from tests.xero_sync.client.fakes import VirtualClock
from tests.xero_sync.client.throttled import call, held, left, taken
from xero_sync.client.allowance import Hold
from xero_sync.client.throttle import Budget, MemoryBudget, Throttle


@pytest.mark.parametrize(("tier", "last"), [(1000, 50), (5000, 250), (12_000, 600)])
def test_automatic_runs_leave_a_twentieth_of_the_day_for_people(
    tier: int, last: int
) -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    automatic = Throttle(budget, clock, reserve=0.05)
    person = Throttle(budget, clock)
    call(automatic, left(day=tier - 1))
    call(automatic, left(day=last + 1))
    call(automatic, left(day=last))

    assert held(automatic) == Hold("day", 3600.0)

    call(person, left(day=0))
    assert held(person) == Hold("day", 3600.0)


def test_a_count_of_the_day_is_believed_for_an_hour_and_then_asked_anew() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    call(throttle, left(day=0))
    clock.advance(3599)
    assert held(throttle) == Hold("day", 1.0)
    clock.advance(1)

    asking = taken(throttle)
    assert held(throttle).problem == "concurrent"
    throttle.give_back(asking, left(day=4999))

    call(throttle)


def day_of(budget: Budget) -> tuple[int, int]:
    day: Any = budget.read()[1]["day"]
    return day["limit"], day["remaining"]


def test_the_day_is_as_long_as_the_highest_count_says() -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    throttle = Throttle(budget, clock)

    def seen(remaining: int) -> tuple[int, int]:
        call(throttle, left(day=remaining))
        return day_of(budget)

    assert seen(344) == (1000, 344)
    assert seen(4990) == (5000, 4990)
    # Answers of calls side by side, out of order.
    assert seen(4986) == (5000, 4986)
    assert seen(4988) == (5000, 4986)
    assert seen(12) == (5000, 12)
    # A new day.
    clock.advance(40_000)
    assert seen(4700) == (5000, 4700)
    assert seen(8999) == (9000, 8999)
    # A smaller plan shows after two days.
    clock.advance(172_801)
    assert seen(900) == (1000, 900)
