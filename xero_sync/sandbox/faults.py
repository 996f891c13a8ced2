"""Faults that can be switched on: what goes wrong, for which calls, how often."""

import random
from typing import Literal

import msgspec

from xero_sync.sandbox.http import Request

FaultKind = Literal[
    "lose_answer",
    "truncate",
    "delay",
    "rate_limit",
    "offline",
    "maintenance",
    "server_error",
    "token_expired",
    "keep_valid",
]


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """One switched-on fault. `times` below zero means until switched off.

    lose_answer    the work is done and kept, the connection drops without an answer
    truncate       the answer breaks off half way
    delay          the answer comes `delay_ms` late, the call stays in flight
    rate_limit     429 with `problem` (minute, day, concurrent, appminute), `retry_after`
    offline        503 The Organisation is offline
    maintenance    503 The Xero API is currently offline for maintenance
    server_error   500
    token_expired  401 TokenExpired
    keep_valid     a mixed batch answered 400 has kept its valid elements
    """

    kind: FaultKind
    times: int = 1
    method: str = ""
    path: str = ""
    chance: float = 1.0
    delay_ms: int = 0
    problem: str = "minute"
    retry_after: int = 5

    def concerns(self, request: Request) -> bool:
        return (
            self.times != 0
            and self.method.upper() in ("", request.method)
            and self.path in request.path
        )


class Faults:
    """The faults in force, taken one by one by the calls they concern."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.in_force: list[Fault] = []

    def switch_on(self, fault: Fault) -> None:
        self.in_force.append(fault)

    def clear(self) -> None:
        self.in_force.clear()

    def take(self, kind: FaultKind, request: Request) -> Fault | None:
        for fault in self.in_force:
            if fault.kind != kind or not fault.concerns(request):
                continue
            if fault.chance < 1 and self._chance.random() >= fault.chance:
                continue
            fault.times -= 1
            return fault
        return None
