"""A worker that dies, sleeps past its lease or finds the database busy: the next one
ends its run, as if nothing had been."""

import importlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import Killed
from tests.xero_sync.runs.three_customers import assert_in_step
from tests.xero_sync.world import one_slice, work_on
from xero_sync.client.api import XeroApi
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.runner import Slice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "point",
    [
        "runs.runner.end_plan",
        "steps.plan_in_making.keep_changes",
        "runs.runner.archive_in_xero",
        "steps.observing.put_mirror",
        "steps.pull.base.finish_by_id",
        "steps.batches._send",
        "steps.batches.keep_taken",
        "steps.batches.settle_together",
        "steps.landing.put_answers",
    ],
)
def test_a_kill_at_any_point_changes_nothing_in_the_end(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    module, _, name = f"xero_sync.{point}".rpartition(".")

    def killed(*_: object, **__: object) -> None:
        raise Killed

    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr(importlib.import_module(module), name, killed)
        with pytest.raises(Killed):
            one_slice(run)

    assert_in_step(company, work_on(run))


def test_who_slept_past_the_lease_leaves_no_trace(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker does all of it meanwhile; then Xero fails for the first one."""
    run = start_first_sync(by=TESTER)
    real = XeroApi.account_list

    def sleeps(api: XeroApi) -> Any:
        monkeypatch.setattr(XeroApi, "account_list", real)
        past = timezone.now() - timedelta(seconds=1)
        XeroConnection.objects.update(lease_expires_at=past)
        work_on(SyncRun.objects.get(pk=run.pk))
        company.control("faults", kind="maintenance", times=3)
        return real(api)

    monkeypatch.setattr(XeroApi, "account_list", sleeps)

    assert one_slice(run) is Slice.BUSY

    company.control("faults/clear")
    assert XeroConnection.objects.get().not_before is None
    assert_in_step(company, run)


def test_a_database_that_is_busy_is_no_end_of_a_run(
    company: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    run = start_first_sync(by=TESTER)
    with monkeypatch.context() as patch:
        patch.setattr("xero_sync.steps.landing.put_answers", busy)
        with pytest.raises(OperationalError):
            one_slice(run)

    assert_in_step(company, work_on(run))
