"""Reads several lists side by side, each page after page in its own order."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from xero_sync.client.answers import Json
from xero_sync.client.call import Call, Turn
from xero_sync.client.calls import Calls
from xero_sync.client.errors import XeroError
from xero_sync.client.paging import PageRead

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Step:
    """What the last answer brought, and the call wanted next; None ends the reading."""

    read: PageRead | None
    call: Call | None


# How a list is read: asks for calls, is sent their answers. Nothing is called before
# somebody drives it.
Reading = Generator[Step, Json, None]


def read_side_by_side(
    calls: Calls, readings: Mapping[K, Reading]
) -> Generator[tuple[K, PageRead], None, None]:
    """Each page as it comes; the next call of its list is under way already. After an
    error nothing new is asked for: what was under way is given, then it is raised."""
    trouble: XeroError | None = None
    open_readings: dict[Turn, tuple[K, Reading]] = {}
    try:
        for key, reading in readings.items():
            _go_on(calls, next(reading), key, reading, open_readings)
        while open_readings:
            turn = calls.next_of(open_readings)
            key, reading = open_readings.pop(turn)
            try:
                step = _step_on(reading, turn)
            except XeroError as error:
                trouble = trouble or error
                continue
            if trouble is None:
                _go_on(calls, step, key, reading, open_readings)
            if step.read:
                yield key, replace(step.read, is_last=step.call is None)
    finally:
        calls.abandon(open_readings)
    if trouble:
        raise trouble


def _go_on(
    calls: Calls,
    step: Step,
    key: K,
    reading: Reading,
    open_readings: dict[Turn, tuple[K, Reading]],
) -> None:
    if step.call:
        open_readings[calls.begin(step.call)] = key, reading


def _step_on(reading: Reading, turn: Turn) -> Step:
    if isinstance(turn.outcome, XeroError):
        raise turn.outcome
    return reading.send(turn.outcome or {})
