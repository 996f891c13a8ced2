"""Never more than the limit in any 60 seconds, and never a long sleep."""

import threading
from typing import Any

import pytest

from tests.xero_sync.client.fakes import VirtualClock
from xero_sync.client.errors import RateLimited
from xero_sync.client.throttle import Throttle


def make_calls(throttle: Throttle, number: int, max_wait: float = 0.0) -> None:
    for _ in range(number):
        with throttle.slot(max_wait):
            pass


def test_the_call_after_the_last_is_told_when_to_come_back() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock, calls_per_minute=58)
    make_calls(throttle, 58)
    clock.sleep(20)

    with pytest.raises(RateLimited) as refusal, throttle.slot(5):
        pass

    assert (refusal.value.problem, refusal.value.retry_after) == ("minute", 40)
    clock.sleep(40)
    make_calls(throttle, 58)


def test_a_patient_caller_keeps_to_the_limit_in_any_minute() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock, calls_per_minute=7)
    moments = []
    for number in range(60):
        with throttle.slot(max_wait=60):
            moments.append(clock.monotonic())
        clock.sleep(number % 5)

    in_a_minute = [
        sum(start <= moment < start + 60 for moment in moments) for start in moments
    ]
    assert max(in_a_minute) == 7
    assert clock.monotonic() < 600


def test_a_call_that_was_refused_leave_does_not_count() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock, calls_per_minute=1)
    make_calls(throttle, 1)
    for _ in range(3):
        with pytest.raises(RateLimited), throttle.slot(0):
            pass

    clock.sleep(60)
    make_calls(throttle, 1)


def test_counts_the_calls_of_strangers() -> None:
    """Another program made 40 calls: of our 58, 17 are left after this one."""
    clock = VirtualClock()
    throttle = Throttle(clock, calls_per_minute=58)
    with throttle.slot(0):
        throttle.learn({"x-minlimit-remaining": "19"})

    make_calls(throttle, 17)

    with pytest.raises(RateLimited), throttle.slot(0):
        pass


def test_our_own_calls_are_not_counted_twice() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock, calls_per_minute=58)
    for number in range(58):
        with throttle.slot(0):
            throttle.learn({"x-minlimit-remaining": str(59 - number)})

    assert len(throttle.export()["calls"]) == 58  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["", "many", "-1", "1.5"])
def test_a_header_that_is_no_number_is_ignored(header: str) -> None:
    throttle = Throttle(VirtualClock())

    throttle.learn({"x-minlimit-remaining": header, "x-daylimit-remaining": header})

    assert throttle.day_remaining is None
    make_calls(throttle, 58)


def test_keeps_calls_of_the_day_for_people() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock, day_reserve=50)
    throttle.learn({"x-daylimit-remaining": "51"})
    make_calls(throttle, 1)
    throttle.learn({"x-daylimit-remaining": "50"})

    with pytest.raises(RateLimited) as refusal, throttle.slot(5):
        pass

    assert refusal.value.problem == "day"
    person = Throttle(clock, state=throttle.export())
    make_calls(person, 1)


def test_a_count_of_the_day_is_not_believed_for_ever() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock)
    throttle.learn({"x-daylimit-remaining": "0"})
    with pytest.raises(RateLimited) as refusal, throttle.slot(5):
        pass

    clock.sleep(refusal.value.retry_after or 0)

    make_calls(throttle, 1)


def test_nobody_calls_before_the_moment_that_xero_named() -> None:
    clock = VirtualClock()
    throttle = Throttle(clock)
    throttle.hold("day", 3600)
    throttle.hold("minute", 10)

    with pytest.raises(RateLimited) as refusal, throttle.slot(60):
        pass

    assert refusal.value.retry_after == 3600


def test_the_next_worker_takes_up_where_this_one_stopped() -> None:
    clock = VirtualClock()
    first = Throttle(clock, calls_per_minute=58)
    make_calls(first, 58)
    first.learn({"x-daylimit-remaining": "900"})

    second = Throttle(clock, calls_per_minute=58, state=first.export())

    assert second.day_remaining == 900
    with pytest.raises(RateLimited), second.slot(5):
        pass
    assert second.export() == first.export()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"calls": None, "not_before": None, "day_remaining": None},
        {"calls": [], "problem": None, "unknown": 1},
    ],
)
def test_a_state_without_a_past_is_an_empty_one(state: dict[str, Any]) -> None:
    make_calls(Throttle(VirtualClock(), state=state), 58)


def test_a_clock_that_was_set_back_does_not_stop_everything() -> None:
    clock = VirtualClock()
    tomorrow = clock.now().timestamp() + 86_400
    throttle = Throttle(clock, calls_per_minute=1, state={"calls": [tomorrow]})

    with pytest.raises(RateLimited) as refusal, throttle.slot(5):
        pass

    assert refusal.value.retry_after == 60


def test_no_more_than_five_calls_are_in_flight() -> None:
    throttle = Throttle(VirtualClock(), in_flight=5)
    inside, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(5)

    def call() -> None:
        nonlocal inside, most
        with throttle.slot(10):
            with lock:
                inside += 1
                most = max(most, inside)
            together.wait(timeout=10)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert (most, inside) == (5, 0)


def test_a_limit_of_calls_at_once_makes_room_for_others() -> None:
    throttle = Throttle(VirtualClock(), in_flight=2)
    throttle.hold("concurrent", None)

    with (
        throttle.slot(0),
        pytest.raises(RateLimited) as refusal,
        throttle.slot(0),
    ):
        pass

    assert refusal.value.problem == "concurrent"
