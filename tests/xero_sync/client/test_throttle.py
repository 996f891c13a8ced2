"""Never more calls than the limit in any minute, and none before the moment Xero
named."""

import pytest

from tests.xero_sync.client.fakes import VirtualClock, limited
from tests.xero_sync.client.throttled import call, held, left, taken
from xero_sync.client.allowance import Hold
from xero_sync.client.throttle import MemoryBudget, Slot, Throttle

# --- the minute ---


def test_the_call_after_the_last_is_told_when_to_come_back() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    for _ in range(60):
        call(throttle)
    clock.advance(20)

    assert held(throttle) == Hold("minute", 41.0)

    clock.advance(40.999)
    assert held(throttle) == Hold("minute", 0.001)
    clock.advance(0.001)
    for _ in range(60):
        call(throttle)
    assert held(throttle) == Hold("minute", 61.0)


def test_says_how_many_calls_may_begin_soon() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    assert throttle.free_within(5.0) == 60
    for _ in range(20):
        call(throttle)
    clock.advance(3)
    for _ in range(40):
        call(throttle)

    assert throttle.free_within(5.0) == Hold("minute", 58.0)

    clock.advance(53.001)
    assert throttle.free_within(5.0) == 20
    assert throttle.free_within(0.0) == Hold("minute", 4.999)


def test_a_call_that_was_refused_leave_does_not_count() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock, calls_per_minute=1)
    call(throttle)
    for _ in range(3):
        held(throttle)

    clock.advance(61)

    call(throttle)


def test_counts_the_calls_of_strangers() -> None:
    """Another program made 40 calls: 19 are left after this one."""
    throttle = Throttle(MemoryBudget(), VirtualClock())

    call(throttle, left(minute=19))

    for _ in range(19):
        call(throttle)
    assert held(throttle) == Hold("minute", 61.0)


def test_our_own_calls_are_not_counted_twice() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    for number in range(50):
        call(throttle, left(minute=59 - number))
        clock.advance(0.1)

    for _ in range(10):
        call(throttle)

    assert held(throttle).seconds == 56.0


def test_a_slow_answer_is_compared_with_the_calls_it_saw() -> None:
    """It says that 60 are made, all of them ours, when most are out of the window."""
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    for _ in range(59):
        call(throttle)
    clock.advance(50)
    slow = taken(throttle)
    clock.advance(30)

    throttle.give_back(slow, left(minute=0))

    for _ in range(59):
        call(throttle)
    assert held(throttle) == Hold("minute", 31.0)


@pytest.mark.parametrize("header", ["", "many", "-1", "1.5"])
def test_a_header_that_is_no_number_is_ignored(header: str) -> None:
    throttle = Throttle(MemoryBudget(), VirtualClock())

    call(throttle, left(minute=header, day=header))

    for _ in range(59):
        call(throttle)


# --- what Xero says ---


def test_nobody_calls_before_the_moment_that_xero_named() -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    throttle, other = Throttle(budget, clock), Throttle(budget, clock)
    day = limited(retry_after="3600", x_rate_limit_problem="day")
    call(throttle, day)
    # A shorter wait does not cut a longer one.
    late = Slot("0", 0)
    throttle.give_back(late, limited(retry_after="10", x_rate_limit_problem="minute"))

    assert held(throttle) == held(other) == Hold("day", 3600.0)

    clock.advance(3600)
    call(other)


@pytest.mark.parametrize(("problem", "seconds"), [("minute", 61.0), ("day", 3600.0)])
def test_a_limit_without_a_wait_is_waited_out(problem: str, seconds: float) -> None:
    throttle = Throttle(MemoryBudget(), VirtualClock())

    call(throttle, limited(x_rate_limit_problem=problem))

    assert held(throttle) == Hold(problem, seconds)
