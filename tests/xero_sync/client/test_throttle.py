"""Never more than the limit in any minute, never more than five at once, whoever calls."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xero_sync.client.fakes import VirtualClock, limited
from xero_sync.client.allowance import Hold
from xero_sync.client.exchange import Response
from xero_sync.client.throttle import Budget, MemoryBudget, Slot, State, Throttle

FINE = Response(200)


def taken(throttle: Throttle) -> Slot:
    leave = throttle.take()
    assert isinstance(leave, Slot), leave
    return leave


def held(throttle: Throttle) -> Hold:
    leave = throttle.take()
    assert isinstance(leave, Hold), leave
    return leave


def call(throttle: Throttle, answer: Response | None = FINE) -> None:
    throttle.give_back(taken(throttle), answer)


def left(minute: object = None, day: object = None) -> Response:
    headers = {"x-minlimit-remaining": str(minute), "x-daylimit-remaining": str(day)}
    return Response(200, {k: v for k, v in headers.items() if v != "None"})


def awake(clock: VirtualClock, **limits: Any) -> Throttle:
    """One that has heard from Xero just now, without a call of its own."""
    budget = MemoryBudget()
    now = round(clock.now().timestamp() * 1000)
    assert budget.write(0, {"heard_at": now})
    return Throttle(budget, clock, **limits)


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


# --- in flight ---


def test_no_more_than_five_calls_are_in_flight() -> None:
    throttle = awake(VirtualClock())
    slots = [taken(throttle) for _ in range(5)]

    assert held(throttle) == Hold("concurrent", 0.25)

    throttle.give_back(slots[2], FINE)
    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_after_a_minute_of_silence_one_call_goes_ahead_and_asks_what_is_left() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    first = taken(throttle)
    assert held(throttle).problem == "concurrent"

    throttle.give_back(first, left(minute=2))

    slots = [taken(throttle), taken(throttle)]
    assert held(throttle) == Hold("minute", 61.0)
    for slot in slots:
        throttle.give_back(slot, FINE)
    clock.advance(62)
    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_no_answer_tells_nothing_about_what_is_left() -> None:
    throttle = Throttle(MemoryBudget(), VirtualClock())

    call(throttle, None)

    taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_a_slot_that_is_never_given_back_is_free_after_75_seconds() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    for _ in range(4):
        taken(throttle)
    clock.advance(30)
    call(throttle)
    taken(throttle)
    clock.advance(44.999)
    assert held(throttle).problem == "concurrent"

    clock.advance(0.001)

    for _ in range(4):
        taken(throttle)
    assert held(throttle).problem == "concurrent"


def test_too_many_at_once_narrows_the_way_and_it_widens_by_and_by() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    slots = [taken(throttle) for _ in range(5)]
    clock.advance(1)
    # Those of one burst say the same thing.
    for slot in slots:
        throttle.give_back(slot, limited(x_rate_limit_problem="concurrent"))

    def at_once() -> int:
        slots = []
        while isinstance(leave := throttle.take(), Slot):
            slots.append(leave)
        for slot in slots:
            throttle.give_back(slot, FINE)
        return len(slots)

    assert at_once() == 4
    clock.advance(59.999)
    assert at_once() == 4
    clock.advance(0.001)
    assert at_once() == 5


def test_one_call_is_always_let_through() -> None:
    clock = VirtualClock()
    throttle = awake(clock)
    for _ in range(9):
        clock.advance(0.5)
        call(throttle, limited(x_rate_limit_problem="concurrent"))

    taken(throttle)
    assert held(throttle).problem == "concurrent"


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


# --- the day ---


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


# --- one budget, many who call ---


def test_the_calls_of_a_killed_worker_stay_counted() -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    killed = Throttle(budget, clock)
    for _ in range(57):
        call(killed)
    for _ in range(3):
        taken(killed)

    successor = Throttle(budget, clock)

    assert held(successor) == Hold("minute", 61.0)
    clock.advance(61)
    call(successor)
    slots = [taken(successor), taken(successor)]
    assert held(successor).problem == "concurrent"
    clock.advance(14)
    assert len([*slots, taken(successor), taken(successor), taken(successor)]) == 5


def test_a_lost_swap_is_tried_again_on_what_the_other_wrote() -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    one, other = Throttle(budget, clock), Throttle(budget, clock)
    call(one)
    for _ in range(29):
        call(one)
        call(other)
    call(other)

    assert held(one) == held(other) == Hold("minute", 61.0)
    calls: Any = budget.read()[1]["calls"]
    assert len(calls) == 60


def test_a_call_costs_two_writes_and_reads_only_what_others_changed() -> None:
    class Counting(MemoryBudget):
        reads = writes = 0

        def read(self) -> tuple[int, State]:
            self.reads += 1
            return super().read()

        def write(self, version: int, state: State) -> bool:
            self.writes += 1
            return super().write(version, state)

    budget = Counting()
    throttle = Throttle(budget, VirtualClock())

    for _ in range(20):
        call(throttle)

    assert (budget.reads, budget.writes) == (1, 40)


# --- clocks ---


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"calls": None, "day": None},
        {"calls": [], "unknown": 1},
        {"calls": [1.5], "slots": []},
    ],
)
def test_a_state_that_cannot_be_read_is_an_empty_one(state: dict[str, Any]) -> None:
    budget = MemoryBudget()
    assert budget.write(0, state)
    throttle = Throttle(budget, VirtualClock())

    for _ in range(60):
        call(throttle)


def test_a_clock_that_was_set_back_does_not_stop_everything() -> None:
    clock = VirtualClock()
    budget = MemoryBudget()
    throttle = Throttle(budget, clock)
    for _ in range(58):
        call(throttle)
    taken(throttle)
    last = {"retry_after": "30", "x_daylimit_remaining": "0"}
    call(throttle, limited(x_rate_limit_problem="minute", **last))
    clock.advance(-86_400)

    # As if all of it had happened this moment, and no longer ago.
    assert held(throttle) == Hold("minute", 30.0)
    clock.advance(30)
    assert held(throttle) == Hold("day", 3570.0)


def test_after_a_clock_that_leapt_ahead_one_call_asks_what_is_left() -> None:
    clock = VirtualClock()
    throttle = Throttle(MemoryBudget(), clock)
    for _ in range(60):
        call(throttle)
    clock.advance(3600)

    asking = taken(throttle)
    assert held(throttle).problem == "concurrent"
    throttle.give_back(asking, left(minute=0))

    assert held(throttle) == Hold("minute", 61.0)


# --- whatever happens ---


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    workers=st.integers(1, 3),
    at_once=st.integers(1, 5),
    per_minute=st.integers(1, 60),
)
def test_no_minute_and_no_moment_ever_holds_too_many(
    seed: int, workers: int, at_once: int, per_minute: int
) -> None:
    """Workers that share a budget call, wait, answer and die in any order."""
    chance = random.Random(seed)  # noqa: S311 - an order of events
    clock = VirtualClock()
    budget = MemoryBudget()
    limits = {"in_flight": at_once, "calls_per_minute": per_minute}
    throttles = [Throttle(budget, clock, **limits) for _ in range(workers)]
    moments: list[float] = []
    in_flight: dict[Slot, tuple[int, float]] = {}
    for _ in range(300):
        now = clock.monotonic()
        who = chance.randrange(workers)
        what = chance.random()
        if what < 0.6:
            leave = throttles[who].take()
            if isinstance(leave, Slot):
                assert leave not in in_flight
                moments.append(now)
                in_flight[leave] = who, now
        elif what < 0.9 and in_flight:
            slot = chance.choice(list(in_flight))
            throttles[in_flight.pop(slot)[0]].give_back(slot, FINE)
        elif what < 0.92:
            throttles[who] = Throttle(budget, clock, **limits)
        else:
            clock.advance(chance.choice([0.001, 0.4, 7.0, 33.3]))
        # A call ends after 70 seconds at the latest, given back or not.
        now = clock.monotonic()
        in_flight = {s: one for s, one in in_flight.items() if now - one[1] < 70}
        assert len(in_flight) <= at_once

    assert all(
        later - earlier > 60.999
        for earlier, later in zip(moments, moments[per_minute:], strict=False)
    )
