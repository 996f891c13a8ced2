"""Write down what is about to be sent, and what became of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xero_sync.models import Intent, IntentMember, PlannedChange, SyncRun


@dataclass(frozen=True)
class Prepared:
    """One element of a batch: ``element`` is Xero's JSON, ``draft`` what the base will
    be once Xero has accepted it, ``natural_key`` how to find it in the answer."""

    change: PlannedChange
    natural_key: str
    element: dict[str, object]
    draft: dict[str, Any]
    revision: int


def open_intent(
    run: SyncRun,
    prepared: Sequence[Prepared],
    *,
    kind: str,
    method: str,
    path: str,
    params: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> Intent:
    """Committed before the socket opens: after a crash it tells what may be there."""
    uid = uuid.uuid4()
    intent = Intent.objects.create(
        uid=uid,
        connection=run.connection,
        run=run,
        kind=kind,
        method=method,
        path=path,
        params=dict(params),
        key=f"fieldops-{run.connection_id}-{uid}",
        body=body,
        prepared_at=now,
    )
    IntentMember.objects.bulk_create(
        IntentMember(
            intent=intent,
            change=one.change,
            natural_key=one.natural_key,
            draft=one.draft,
            revision=one.revision,
        )
        for one in prepared
    )
    return intent


def open_intents(connection_id: int) -> list[Intent]:
    """Those without a settled answer, oldest first."""
    return list(
        Intent.objects.filter(connection_id=connection_id)
        .exclude(state=Intent.State.SETTLED)
        .order_by("pk")
    )


def mark_unknown(intent: Intent) -> None:
    intent.state = Intent.State.UNKNOWN
    intent.save(update_fields=["state"])


def mark_settled(intent: Intent, *, now: datetime) -> None:
    intent.state = Intent.State.SETTLED
    intent.settled_at = now
    intent.save(update_fields=["state", "settled_at"])
