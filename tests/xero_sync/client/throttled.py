"""Calls that ask the throttle for leave."""

from typing import Any

from tests.xero_sync.client.fakes import VirtualClock
from xero_sync.client.allowance import Hold
from xero_sync.client.exchange import Response
from xero_sync.client.throttle import MemoryBudget, Slot, Throttle

FINE = Response(200)


def taken(throttle: Throttle) -> Slot:
    leave = throttle.take()
    assert isinstance(leave, list), leave
    (slot,) = leave
    return slot


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
