"""The permission is kept while nobody uses it, its end is known, and a break costs
nothing that somebody asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.builders import TESTER, make_customer, make_draft
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, in_step, open_codes, work_on
from xero_sync import tasks
from xero_sync.models import SyncRun, SyncSettings, XeroConnection
from xero_sync.runs.choices import change_settings
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.keeping import Permission, claim_keep_alive, keep_alive
from xero_sync.runs.requests import send_records, sync_now
from xero_sync.store.tokens import read_tokens

pytestmark = pytest.mark.django_db

TOKEN = "POST /connect/token"
MANUAL = {"mode": SyncSettings.Mode.MANUAL}


def unused_for(**length: float) -> XeroConnection:
    XeroConnection.objects.update(renewed_at=timezone.now() - timedelta(**length))
    return XeroConnection.objects.get()


def renewals(ledger: PracticeLedger) -> int:
    return int(ledger.state()["calls"]["by_path"].get(TOKEN, 0))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick's messages are carried out where they are sent."""
    for task in (tasks.keep_connection_alive, tasks.tell_administrators):
        monkeypatch.setattr(task, "delay", task)


# --- kept alive ---


@pytest.mark.parametrize("mode", SyncSettings.Mode.values)
def test_what_was_not_used_for_a_day_is_renewed_once(
    connection: XeroConnection, ledger: PracticeLedger, at_once: None, mode: str
) -> None:
    """Before the first sync as well, and when people start every sync themselves."""
    change_settings({"mode": mode}, by=TESTER)
    old = read_tokens(connection.pk)
    unused_for(days=1, minutes=1)

    for _ in range(10):
        tasks.sync_tick()

    assert renewals(ledger) == 1
    assert read_tokens(connection.pk).previous == old.refresh
    renewed_at = XeroConnection.objects.get().renewed_at
    assert renewed_at is not None
    assert timezone.now() - renewed_at < timedelta(minutes=1)


def test_what_was_used_today_is_left_alone(
    connection: XeroConnection, ledger: PracticeLedger, at_once: None
) -> None:
    unused_for(hours=23)
    tasks.sync_tick()
    assert renewals(ledger) == 0


def test_a_message_that_comes_twice_or_too_late_renews_nothing(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    keep_alive(unused_for(days=2))
    for _ in range(5):
        tasks.keep_connection_alive(connection.pk)
    disconnect(by=TESTER)
    tasks.keep_connection_alive(connection.pk)

    assert renewals(ledger) == 1


def test_when_xero_is_out_of_reach_it_is_tried_every_ten_minutes(
    connection: XeroConnection,
    ledger: PracticeLedger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stale = unused_for(days=3)
    now = timezone.now()
    ledger.control("faults", kind="lose_answer", path="/connect/token", times=3)

    assert claim_keep_alive(stale, now)
    keep_alive(stale)

    assert "could not be renewed" in caplog.text
    kept = XeroConnection.objects.get()
    assert (kept.state, kept.renewed_at) == (kept.State.CONNECTED, stale.renewed_at)
    moments = [now + timedelta(minutes=m) for m in (1, 9, 10, 11)]
    assert [claim_keep_alive(stale, m) for m in moments] == [False, False, True, False]


def test_a_permission_taken_away_is_noticed_by_the_next_renewal(
    connection: XeroConnection, ledger: PracticeLedger, at_once: None
) -> None:
    ledger.control("tokens/expire", refresh=True)
    unused_for(days=2)

    tasks.sync_tick()

    broken = XeroConnection.objects.get()
    assert (broken.state, broken.broken_reason) == ("broken", "invalid_grant")
    assert broken.broken_at is not None


# --- its end ---


@pytest.mark.parametrize(
    ("days", "kept_alive", "left", "tone"),
    [
        (0, True, 60, ""),
        (1, True, 59, ""),
        (2, False, 58, ""),
        (45, False, 15, ""),
        (46, False, 14, "warn"),
        (56, False, 4, "warn"),
        (57, False, 3, "bad"),
        (60, False, 0, "bad"),
        (90, False, 0, "bad"),
    ],
)
def test_the_days_that_are_left(
    days: int, kept_alive: bool, left: int, tone: str
) -> None:
    renewed = datetime(2026, 11, 22, 9, tzinfo=UTC)
    permission = Permission(renewed, renewed + timedelta(days=days))

    assert permission.ends_at == datetime(2027, 1, 21, 9, tzinfo=UTC)
    assert (permission.is_kept_alive, permission.days_left, permission.tone) == (
        kept_alive,
        left,
        tone,
    )


# --- after a break ---


def broken_while(run: SyncRun, ledger: PracticeLedger) -> None:
    ledger.control("tokens/expire", refresh=True)
    assert work_on(run).problem == "disconnected"
    assert XeroConnection.objects.get().state == XeroConnection.State.BROKEN


@pytest.mark.parametrize("mode", SyncSettings.Mode.values)
def test_what_somebody_asked_for_goes_on_after_reconnecting(
    connection: XeroConnection, ledger: PracticeLedger, mode: str
) -> None:
    in_step()
    change_settings({"mode": mode}, by=TESTER)
    make_customer("Dunes Bar")
    broken_while(sync_now(by=TESTER), ledger)

    connect(ledger)

    again = SyncRun.objects.open().get()
    assert again.reason == SyncRun.Reason.ASKED
    work_on(again)
    assert (ledger.state()["contacts"], open_codes()) == (1, [])


def test_a_draft_sent_by_hand_goes_on_too(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    """No automatic run would take it."""
    in_step()
    change_settings(MANUAL, by=TESTER)
    draft = make_draft()
    broken_while(send_records("invoice", [draft.pk], by=TESTER), ledger)

    connect(ledger)
    work_on(SyncRun.objects.open().get())

    assert ledger.state()["invoices_by_status"] == {"DRAFT": 1}


def test_in_manual_mode_nothing_starts_that_nobody_asked_for(
    connection: XeroConnection, ledger: PracticeLedger, at_once: None
) -> None:
    in_step()
    change_settings(MANUAL, by=TESTER)
    make_customer("Dunes Bar")
    ledger.control("tokens/expire", refresh=True)
    unused_for(days=2)
    tasks.sync_tick()

    connect(ledger)
    tasks.sync_tick()

    assert not SyncRun.objects.open().exists()


def test_in_automatic_mode_all_is_due_at_once(
    connection: XeroConnection, ledger: PracticeLedger, at_once: None
) -> None:
    in_step()
    make_customer("Dunes Bar")
    ledger.control("tokens/expire", refresh=True)
    unused_for(days=2)
    tasks.sync_tick()

    connect(ledger)
    tasks.sync_tick()

    work_on(SyncRun.objects.open().get(reason=SyncRun.Reason.AUTOMATIC))
    assert ledger.state()["contacts"] == 1


def test_what_was_ended_on_purpose_is_not_taken_up_again(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    in_step()
    change_settings(MANUAL, by=TESTER)
    sync_now(by=TESTER)
    disconnect(by=TESTER)

    connect(ledger)

    assert not SyncRun.objects.open().exists()
