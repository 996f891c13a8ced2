"""A run that waits for Xero, and where a person may shorten the wait."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from fieldops.common.actor import Actor
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.store.budget import day_use
from xero_sync.store.lease import is_held


class Shortcut(StrEnum):
    """``KEPT_CALLS`` are those of the day that automatic runs leave to people."""

    KEPT_CALLS = "kept_calls"
    TRY_NOW = "try_now"


def run_that_waits(run: SyncRun) -> SyncRun | None:
    """This one, or the one that the whole queue waits with; None where nothing waits."""
    if run.state == SyncRun.State.WAITING:
        return run
    if run.state != SyncRun.State.QUEUED:
        return None
    waiting = SyncRun.objects.filter(
        connection=run.connection_id, state=SyncRun.State.WAITING
    )
    return waiting.order_by("pk").first()


def shortcut_of(run: SyncRun) -> Shortcut | None:
    """None where Xero itself said how long to wait, or nobody waits."""
    if run.state != SyncRun.State.WAITING:
        return None
    if run.problem == RunProblem.UNAVAILABLE:
        asked_to = run.problem_details.get("asked_to")
        return None if asked_to else Shortcut.TRY_NOW
    if run.problem == RunProblem.DAY_LIMIT and kept_calls(run):
        return Shortcut.KEPT_CALLS
    return None


def kept_calls(run: SyncRun) -> int:
    """How many are left of the day's calls that an automatic run may not use."""
    if run.reason != SyncRun.Reason.AUTOMATIC:
        return 0
    use = day_use(run.connection_id)
    return use.remaining if use else 0


@transaction.atomic
def go_on_now(run: SyncRun, *, by: Actor) -> bool:
    """Whether the wait is over. Tries of people do not add up to giving up; who uses the
    calls of people makes the run theirs."""
    connection = XeroConnection.objects.select_for_update().get(pk=run.connection_id)
    run.refresh_from_db()
    shortcut = shortcut_of(run)
    if shortcut is None or is_held(connection, timezone.now()):
        return False
    if shortcut is Shortcut.KEPT_CALLS:
        run.reason = SyncRun.Reason.ASKED
        run.started_by = by.user
    else:
        tried = int(run.problem_details.get("attempts", 0))
        run.problem_details |= {"attempts": max(1, tried - 1)}
    run.save(update_fields=["reason", "started_by", "problem_details"])
    XeroConnection.objects.filter(pk=run.connection_id).update(not_before=None)
    return True
