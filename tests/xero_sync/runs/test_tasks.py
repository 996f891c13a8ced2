"""Messages are wake-ups: that one is lost, or cannot be sent, does no harm."""

import pytest
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.xero_sync.rows import make_connection, make_run
from xero_sync import tasks
from xero_sync.models import Report, SyncRun

pytestmark = pytest.mark.django_db


def test_a_broker_that_is_down_is_logged_and_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def down(**_: object) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.work_on_sync, "apply_async", down)
    run = make_run(make_connection(), state=SyncRun.State.QUEUED)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake_worker()

    assert "the next tick will" in caplog.text
    assert SyncRun.objects.get() == run


def test_the_tick_makes_up_for_a_report_that_nobody_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = make_connection(next_due_at=None)
    ended = make_run(connection)
    make_run(connection, state=SyncRun.State.APPLYING)
    monkeypatch.setattr(tasks.render_report_task, "delay", tasks.render_report_task)
    monkeypatch.setattr(tasks.work_on_sync, "delay", lambda: None)

    tasks.sync_tick()
    tasks.sync_tick()

    assert [report.run for report in Report.objects.all()] == [ended]
