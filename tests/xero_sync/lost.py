"""Calls whose answer is lost, keys that have died since, and workers that are killed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.ledger import PracticeLedger
from tests.xero_sync.world import one_slice, wait_is_over, work_on
from xero_sync.client.api import Write, XeroApi
from xero_sync.client.errors import AnswerLost
from xero_sync.models import SyncRun

KEY_IS_DEAD = timedelta(minutes=8)

Outcomes = list[Any]
Sending = Callable[[XeroApi, Sequence[Write]], Outcomes]


class Killed(BaseException):
    """As by kill -9: nothing of ours catches it, what is committed stays."""


def lose_answers(ledger: PracticeLedger, method: str, path: str) -> None:
    """All three tries of one call: the work is done, nobody hears of it."""
    ledger.control("faults", kind="lose_answer", times=3, method=method, path=path)


def after_the_key_died(ledger: PracticeLedger, run: SyncRun) -> SyncRun:
    ledger.control("clock", shift_seconds=KEY_IS_DEAD.total_seconds())
    wait_is_over()
    one_slice(run, later=KEY_IS_DEAD)
    return work_on(run)


def instead_of_sending(
    monkeypatch: pytest.MonkeyPatch, around: Callable[[Sending, Any, Any], Outcomes]
) -> None:
    real = XeroApi.write_all
    monkeypatch.setattr(
        XeroApi, "write_all", lambda api, writes: around(real, api, writes)
    )


def never_arrived(real: Sending, api: XeroApi, writes: Sequence[Write]) -> Outcomes:
    return [AnswerLost("nobody knows") for _ in writes]
