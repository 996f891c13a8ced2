"""One budget for all who call, whatever becomes of them, of their clocks and of what is
written there."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xero_sync.client.fakes import VirtualClock, limited
from tests.xero_sync.client.throttled import FINE, call, held, left, taken
from xero_sync.client.allowance import Hold
from xero_sync.client.throttle import MemoryBudget, Slot, State, Throttle


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
            leave = throttles[who].take(chance.choice([1, 2, 5]))
            for slot in leave if isinstance(leave, list) else []:
                assert slot not in in_flight
                moments.append(now)
                in_flight[slot] = who, now
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
