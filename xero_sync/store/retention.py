"""Forget what nobody asks about any more: the first sync of a day does, some at a time.

What a run did stays for good, because it may be undone at any time: that takes its plan,
the change log and the mirror. A settled request and a sync that did nothing are behind
no promise.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from fieldops.common.prepared import prepared
from fieldops.common.rows import Among, change_rows
from xero_sync.models import Intent, PlannedChange, SyncRun

# Only open requests are ever sent again or compared. What exactly went out is asked for
# when a VAT quarter is closed, if at all.
BODIES_KEPT = timedelta(days=90)
# Whoever comes back from a fortnight's holiday sees that it ran all the time. What such
# a sync could not do stands in the issues, with the days it was first and last seen.
IDLE_RUNS_KEPT = timedelta(days=14)
# A sync every five minutes makes 288 of them a day.
AT_ONCE = 1000


def forget_old(connection_id: int, *, now: datetime) -> None:
    _empty_settled(connection_id, before=now - BODIES_KEPT)
    _drop_idle(connection_id, before=now - IDLE_RUNS_KEPT)


def _empty_settled(connection_id: int, *, before: datetime) -> None:
    """The rows stay: which request it was, under which key, when it was settled."""
    ids = _full(connection_id, before, at_once=AT_ONCE)
    change_rows(Intent, {"body": b"", "members": []}, Among("id", ids))


@prepared
def _full(
    connection_id: int, before: datetime, *, at_once: int
) -> "QuerySet[Intent, int]":
    settled = Intent.objects.filter(
        connection=connection_id, state=Intent.State.SETTLED, settled_at__lt=before
    )
    full = settled.exclude(body=b"").order_by("pk")
    return full.values_list("pk", flat=True)[:at_once]


def _drop_idle(connection_id: int, *, before: datetime) -> None:
    """Syncs that started by themselves and changed nothing on either side; with them go
    their reports, and what they could not do that time."""
    if ids := _idle(connection_id, before, at_once=AT_ONCE):
        SyncRun.objects.filter(pk__in=ids).delete()


@prepared
def _idle(
    connection_id: int, before: datetime, *, at_once: int
) -> "QuerySet[SyncRun, int]":
    of_run = {"run": OuterRef("pk")}
    did_something = PlannedChange.objects.filter(
        **of_run, state=PlannedChange.State.DONE
    )
    idle = SyncRun.objects.filter(
        ~Exists(did_something),
        ~Exists(Intent.objects.filter(**of_run)),
        connection=connection_id,
        reason=SyncRun.Reason.AUTOMATIC,
        writes=0,
        finished_at__lt=before,
    )
    return idle.order_by("pk").values_list("pk", flat=True)[:at_once]
