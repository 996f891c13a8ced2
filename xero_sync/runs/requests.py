"""Ask for a run. The row is the queue: a worker takes it up, whoever is logged in."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.prepared import prepared
from xero_sync.models import SignOff, SyncRun, SyncSettings, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs import ending
from xero_sync.runs.errors import (
    FirstSyncDone,
    FirstSyncNotDone,
    NotConfirmed,
    NotConnected,
)
from xero_sync.runs.pace import SLOWEST
from xero_sync.runs.undoing import undo_run
from xero_sync.runs.waiting import Shortcut, go_on_now, shortcut_of
from xero_sync.store.lease import is_held

_REASON = SyncRun.Reason


def preview_first_sync(*, by: Actor) -> SyncRun:
    """Read and plan, carry nothing out."""
    return _request(_ready_connection(), _REASON.PREVIEW, by=by)


def start_first_sync(*, by: Actor, sign_off: SignOff | None = None) -> SyncRun:
    """Only a person starts the first one, once everything is confirmed. With a
    ``sign_off`` it does what was signed, and nothing else."""
    connection = _ready_connection()
    if connection.first_sync_done_at:
        raise FirstSyncDone
    return _request(connection, _REASON.FIRST, by=by, sign_off=sign_off)


def sync_now(*, by: Actor) -> SyncRun:
    """An open run is returned instead of a second one; one that waits because it starts
    by itself, and leaves the rest of the day's calls to people, is theirs from now on."""
    connection = connected()
    if connection.first_sync_done_at is None:
        raise FirstSyncNotDone
    run = _request(connection, _REASON.ASKED, by=by)
    if shortcut_of(run) is Shortcut.KEPT_CALLS:
        go_on_now(run, by=by)
    return run


def send_records(kind: str, ids: Iterable[int], *, by: Actor) -> SyncRun:
    """Send these now, with what they need; an invoice may still be a draft. Pressed
    twice before a worker comes to it, it is one run."""
    connection = connected()
    if connection.first_sync_done_at is None:
        raise FirstSyncNotDone
    return _send(connection, {Kind(kind).value: sorted(set(ids))}, by=by)


def request_again(run: SyncRun, *, by: Actor) -> SyncRun:
    """The same once more, for a run that was cut off."""
    if run.undoes:
        return undo_run(run.undoes, by=by)
    if run.reason == _REASON.RECORDS:
        return _send(run.connection, run.scope, by=by)
    return _request(run.connection, run.reason, by=by, sign_off=run.sign_off)


def _send(
    connection: XeroConnection, scope: dict[str, list[int]], *, by: Actor
) -> SyncRun:
    waiting = SyncRun.objects.filter(
        connection=connection,
        reason=_REASON.RECORDS,
        state=SyncRun.State.QUEUED,
        scope=scope,
    ).first()
    return waiting or SyncRun.objects.create(
        connection=connection,
        reason=_REASON.RECORDS,
        started_by=by.user,
        scope=scope,
    )


def request_automatic_run(connection: XeroConnection, now: datetime) -> SyncRun | None:
    """When it is due, and a first sync was made; None otherwise."""
    if (
        not _is_due(connection, now)
        or not connection.is_connected
        or connection.first_sync_done_at is None
        or SyncSettings.current().mode != SyncSettings.Mode.AUTOMATIC
    ):
        return None
    return _request(connection, _REASON.AUTOMATIC, by=Actor.system("due"))


def _is_due(connection: XeroConnection, now: datetime) -> bool:
    """Also where the next time is further off than any interval: it was noted by a clock
    that was ahead."""
    due = connection.next_due_at
    return due is not None and not now < due <= now + 2 * SLOWEST


@transaction.atomic
def stop_after_this_step(run: SyncRun, *, by: Actor) -> None:
    """Where nobody is at it there is no step to wait for: it ends at once."""
    connection = XeroConnection.objects.select_for_update().get(pk=run.connection_id)
    SyncRun.objects.filter(pk=run.pk).update(stop_asked=True)
    run = SyncRun.objects.select_related("connection").get(pk=run.pk)
    if run.is_open and not is_held(connection, timezone.now()):
        ending.finish(run, timezone.now())


def _request(
    connection: XeroConnection,
    reason: str,
    *,
    by: Actor,
    sign_off: SignOff | None = None,
) -> SyncRun:
    """The database lets one such run be open; twenty presses are one run."""
    if found := _open_run(connection, reason):
        return found
    try:
        with transaction.atomic():
            return SyncRun.objects.create(
                connection=connection,
                reason=reason,
                started_by=by.user,
                sign_off=sign_off,
            )
    except IntegrityError:
        # Somebody else asked between the two statements.
        return _request(connection, reason, by=by, sign_off=sign_off)


def _open_run(connection: XeroConnection, reason: str) -> SyncRun | None:
    asked = _open_preview if reason == _REASON.PREVIEW else _open_sync
    return next(iter(asked(connection.pk)), None)


@prepared
def _open_preview(connection_id: int) -> QuerySet[SyncRun]:
    runs = SyncRun.objects.open().filter(connection=connection_id)
    return runs.filter(reason=_REASON.PREVIEW)[:1]


@prepared
def _open_sync(connection_id: int) -> QuerySet[SyncRun]:
    runs = SyncRun.objects.open().filter(connection=connection_id)
    return runs.exclude(reason__in=[_REASON.RECORDS, _REASON.PREVIEW])[:1]


def connected() -> XeroConnection:
    """The connection in use; refused where there is none."""
    connection = XeroConnection.current()
    if connection is None or not connection.is_connected:
        raise NotConnected
    return connection


def _ready_connection() -> XeroConnection:
    connection = connected()
    unconfirmed = SyncSettings.current().unconfirmed
    if unconfirmed:
        raise NotConfirmed(unconfirmed)
    return connection
