"""Write down what is about to be sent, and what became of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from fieldops.common.bulk import insert_records
from fieldops.common.prepared import prepared
from fieldops.common.rows import Among, change_rows
from xero_sync.models import Intent, SyncRun


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a request, with all that settling it takes.

    ``key`` finds it in the answer, ``draft`` is what was sent of it: the base to come.
    ``revision`` was our record's when it was sent, ``planned`` when the plan compared it
    with Xero's: only up to there both sides can be in step.
    """

    change: int
    step: str
    action: str
    title: str
    local_id: int
    xero_id: str
    key: str
    draft: dict[str, Any]
    revision: int
    planned: int


def new_intent(
    run: SyncRun,
    members: Sequence[Member],
    *,
    kind: str,
    method: str,
    path: str,
    body: bytes,
    slots: Mapping[str, str],
    now: datetime,
) -> Intent:
    """To be opened with the others that go with it."""
    uid = uuid.uuid4()
    return Intent(
        uid=uid,
        connection=run.connection,
        run=run,
        kind=kind,
        method=method,
        path=path,
        key=f"fieldops-{run.connection_id}-{uid}",
        body=body,
        members=list(members),
        slots=dict(slots),
        prepared_at=now,
    )


def open_all(intents: Sequence[Intent]) -> None:
    """Committed before the socket opens: after a crash they tell what may be there."""
    insert_records(intents)


def open_intents(connection_id: int) -> list[Intent]:
    """Those without a settled answer, oldest first, whatever became of their runs."""
    return _open(connection_id)


@prepared
def _open(connection_id: int) -> QuerySet[Intent]:
    intents = Intent.objects.filter(connection=connection_id)
    return intents.exclude(state=Intent.State.SETTLED).order_by("pk")


def members_of(intent: Intent) -> list[Member]:
    return msgspec.convert(intent.members, list[Member])


def mark_unknown(intent: Intent) -> None:
    intent.state = Intent.State.UNKNOWN
    change_rows(Intent, {"state": str(intent.state)}, Among("key", [intent.key]))


def mark_settled(*intents: Intent, now: datetime) -> None:
    state = Intent.State.SETTLED
    for intent in intents:
        intent.state, intent.settled_at = state, now
    keys = [intent.key for intent in intents]
    change_rows(Intent, {"state": str(state), "settled_at": now}, Among("key", keys))
