"""How a run ends, or waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fieldops.common.rows import save_columns
from xero_sync.models import PlannedChange, SyncRun, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.runs.pace import pace_of
from xero_sync.store.plan import finish_changes
from xero_sync.store.tokens import mark_broken

# Xero does not answer: tried again after 15 s, 30 s, 1, 2, 4 and 5 minutes.
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)
ATTEMPTS = 6
STALE_AFTER = timedelta(minutes=10)
# Of a planned run that looks at Xero once more, and has not come to the end of it.
_LOOKS_AGAIN = "looks_again"

_STATE = SyncRun.State
# They do not look at everything: their end says nothing about when the whole is due.
FOR_A_PART = (SyncRun.Reason.RECORDS, SyncRun.Reason.PREVIEW)
_OF_THE_WHOLE = ("last_good_sync_at", "first_sync_done_at", "next_due_at")


def finish(run: SyncRun, now: datetime) -> None:
    run.state = _STATE.STOPPED if run.stop_asked else _STATE.FINISHED
    _close(run, now)
    if run.reason == SyncRun.Reason.PREVIEW:
        return
    connection = run.connection
    connection.not_before = None
    save_columns(connection, "not_before")
    if run.reason == SyncRun.Reason.UNDO:
        _begin_again(run)
    elif run.reason != SyncRun.Reason.RECORDS:
        connection.next_due_at = next_due(connection.pk, now)
        if not run.stop_asked:
            connection.last_good_sync_at = now
            connection.first_sync_done_at = connection.first_sync_done_at or now
        save_columns(connection, *_OF_THE_WHOLE)


def _begin_again(run: SyncRun) -> None:
    """After the first sync is undone comes its preview, with all that was decided about
    pairs; what a later sync was told to leave out concerns links that are gone."""
    undone = run.undoes
    if undone and undone.reason == SyncRun.Reason.FIRST and not run.stop_asked:
        run.connection.first_sync_done_at = None
        run.connection.kept_back = []
        save_columns(run.connection, "first_sync_done_at", "kept_back")


def fail(
    run: SyncRun, problem: RunProblem, details: Mapping[str, str], now: datetime
) -> None:
    run.state = _STATE.FAILED
    run.problem = problem
    run.problem_details = dict(details)
    _close(run, now)
    if run.reason not in FOR_A_PART:
        XeroConnection.objects.filter(pk=run.connection_id).update(
            next_due_at=next_due(run.connection_id, now)
        )


def start_anew(run: SyncRun, now: datetime) -> SyncRun | None:
    """The settings are not those of the plan: what is left of it is planned anew by a run
    of its own, so that no record is sent half under the one and half under the other."""
    left = run.changes.filter(state=PlannedChange.State.PLANNED)
    finish_changes(left, PlannedChange.State.DROPPED, now=now)
    run.state = _STATE.STOPPED
    run.problem = RunProblem.SETTINGS_CHANGED
    _close(run, now)
    XeroConnection.objects.filter(pk=run.connection_id).update(not_before=None)
    if run.stop_asked:
        return None
    return SyncRun.objects.create(
        connection=run.connection,
        reason=run.reason,
        started_by=run.started_by,
        scope=run.scope,
        sign_off=run.sign_off,
    )


def disconnect(run: SyncRun, reason: str, now: datetime) -> None:
    """Nothing is lost: what waits goes out by itself after somebody reconnects."""
    mark_broken(run.connection_id, reason, now)
    fail(run, RunProblem.DISCONNECTED, {"reason": reason}, now)


def wait(
    run: SyncRun,
    problem: RunProblem,
    until: datetime,
    now: datetime,
    *,
    attempts: int = 0,
    asked_to: bool = False,
) -> None:
    """``attempts``: how often in a row it failed; a limit reached is no failure.
    ``asked_to``: the server that does not answer said itself how long to wait."""
    since = run.problem_details.get("since") if attempts > 1 else None
    run.state = _STATE.WAITING
    run.problem = problem
    run.problem_details = _looking_again(run) | {
        "since": since or now.isoformat(),
        "until": until.isoformat(),
        "attempts": attempts,
        "settled": _settled(run),
        "asked_to": asked_to,
    }
    save_columns(run, "state", "problem", "problem_details")
    XeroConnection.objects.filter(pk=run.connection_id).update(not_before=until)


def wait_longer(
    run: SyncRun, message: str, retry_after: float | None, now: datetime
) -> None:
    """Longer each time, until it is given up; whatever was done meanwhile counts as an
    answer."""
    attempts = int(run.problem_details.get("attempts", 0))
    if _settled(run) > int(run.problem_details.get("settled", 0)):
        attempts = 0
    if attempts >= ATTEMPTS:
        fail(run, RunProblem.UNAVAILABLE, {"message": message}, now)
        return
    pause = min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)
    if retry_after is not None:
        pause = timedelta(seconds=retry_after)
    wait(
        run,
        RunProblem.UNAVAILABLE,
        now + pause,
        now,
        attempts=attempts + 1,
        asked_to=retry_after is not None,
    )


def waited_long(run: SyncRun, now: datetime) -> bool:
    """So long that what the plan was made on has to be looked at again."""
    since = run.problem_details.get("since")
    return bool(since) and now - datetime.fromisoformat(str(since)) > STALE_AFTER


def look_again(run: SyncRun, now: datetime) -> None:
    """What the plan was made on has to be read once more, to its end, before anything is
    done: whatever cuts the reading off, a limit, a kill or the end of a slice."""
    run.state = _STATE.WAITING
    run.problem_details |= {_LOOKS_AGAIN: True, "since": now.isoformat()}
    save_columns(run, "state", "problem_details")


def looks_again(run: SyncRun) -> bool:
    return bool(_looking_again(run))


def has_looked_again(run: SyncRun) -> None:
    if run.problem_details.pop(_LOOKS_AGAIN, None):
        save_columns(run, "problem_details")


def _looking_again(run: SyncRun) -> dict[str, object]:
    found = run.problem_details.get(_LOOKS_AGAIN)
    return {_LOOKS_AGAIN: found} if found else {}


def next_due(connection_id: int, now: datetime) -> datetime:
    return now + pace_of(connection_id, now).interval


def _settled(run: SyncRun) -> int:
    return run.changes.exclude(state=PlannedChange.State.PLANNED).count()


def _close(run: SyncRun, now: datetime) -> None:
    run.finished_at = now
    save_columns(run, "state", "problem", "problem_details", "finished_at")
