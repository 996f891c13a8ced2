"""Ask for the undo of a run: who may be undone, and what comes of the schedule."""

from django.db import IntegrityError, transaction

from fieldops.common.actor import Actor
from xero_sync.models import PlannedChange, SyncRun, SyncSettings, XeroConnection
from xero_sync.runs.choices import change_settings
from xero_sync.runs.errors import (
    AlreadyUndone,
    NotConnected,
    NothingToUndo,
    UndoNotNow,
)

_REASON = SyncRun.Reason


def obstacle_to_undo(run: SyncRun) -> AlreadyUndone | NothingToUndo | None:
    """Why this run is not undone now, as far as it lies in the run itself."""
    if run.undoing:
        return AlreadyUndone()
    wrote = run.changes.filter(state=PlannedChange.State.DONE).exists()
    if run.reason in (_REASON.PREVIEW, _REASON.UNDO) or run.is_open or not wrote:
        return NothingToUndo()
    return None


def may_be_undone(run: SyncRun) -> bool:
    is_of_now = run.connection.is_current and run.connection.is_connected
    return is_of_now and obstacle_to_undo(run) is None


def undo_run(run: SyncRun, *, by: Actor) -> SyncRun:
    """A run of its own. From now on nothing syncs by itself: else it would all be done
    again within minutes."""
    try:
        with transaction.atomic():
            return _begin(run, by=by)
    except IntegrityError:
        raise UndoNotNow from None


def _begin(run: SyncRun, *, by: Actor) -> SyncRun:
    connection = XeroConnection.objects.select_for_update().get(pk=run.connection_id)
    if not connection.is_current or not connection.is_connected:
        raise NotConnected
    obstacle = obstacle_to_undo(run)
    if obstacle:
        raise obstacle
    if SyncRun.objects.open().filter(connection=connection).exists():
        raise UndoNotNow
    change_settings({"mode": SyncSettings.Mode.MANUAL}, by=by)
    return SyncRun.objects.create(
        connection=connection, reason=_REASON.UNDO, started_by=by.user, undoes=run
    )


def latest_undo(connection: XeroConnection | None) -> SyncRun | None:
    """Where it was the last thing that was done, and nothing syncs by itself since."""
    if SyncSettings.current().mode != SyncSettings.Mode.MANUAL:
        return None
    runs = SyncRun.objects.filter(connection=connection, state=SyncRun.State.FINISHED)
    runs = runs.exclude(reason__in=[_REASON.PREVIEW, _REASON.RECORDS])
    last = runs.select_related("undoes").order_by("-pk").first()
    return last if last and last.undoes else None
