"""A plan that a person has signed off: the first sync does that, and nothing else.

The run plans for itself, as every run does. What its plan has in common with the signed
one is carried out; what is different, because one side has changed since, drops out and
is planned anew by the run that follows.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q

from invoicing.models import Invoice, InvoiceLine
from xero_sync.models import PlannedChange, SyncRun
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.store.plan import finish_by_id

_STATE = PlannedChange.State
# What a change does. Why it is done may be worded anew without being another change.
_EFFECT = (
    *("kind", "direction", "action", "local_id", "xero_id", "revision", "code"),
    "fields",
)


def digest_of(preview: SyncRun) -> str:
    """Of every change of the plan, and of the settings it was made under."""
    digest = hashlib.sha256(preview.planned_under.encode())
    for effect in _effects(preview):
        digest.update(effect)
    return digest.hexdigest()


def keep_to_signed(run: SyncRun, *, now: datetime) -> None:
    """Leave to the next plan what nobody has signed, and the invoices that would go
    without their customer or their items then."""
    if run.sign_off is None:
        return
    signed = set(_effects(run.sign_off.preview))
    steps = {
        row["pk"]: row["step"]
        for row in _rows(run, "pk", "step", state=_STATE.PLANNED)
        if _effect(row) not in signed
    }
    finish_by_id(run.pk, steps, _STATE.DROPPED, now=now)
    finish_by_id(run.pk, _without_theirs(run), _STATE.DROPPED, now=now)


def plan_anew(run: SyncRun) -> SyncRun | None:
    """After a signed first sync: an ordinary run for what it left to it."""
    is_done = run.state == SyncRun.State.FINISHED and run.sign_off_id is not None
    if not is_done or not changed_since(run):
        return None
    return SyncRun.objects.create(
        connection=run.connection,
        reason=SyncRun.Reason.ASKED,
        started_by=run.started_by,
    )


def changed_since(run: SyncRun) -> int:
    """How many changes of a signed run had to be planned anew."""
    if run.sign_off_id is None:
        return 0
    return run.changes.filter(state=_STATE.DROPPED).count()


def _without_theirs(run: SyncRun) -> dict[int, str]:
    """By their ids the steps of new invoices whose customer or item is not placed."""
    dropped = run.changes.filter(
        state=_STATE.DROPPED,
        action__in=(Action.CREATE, Action.LINK),
        local_id__isnull=False,
    )
    contacts, items = (
        dropped.filter(kind=kind).values("local_id")
        for kind in (Kind.CONTACT, Kind.ITEM)
    )
    lines = InvoiceLine.objects.filter(item__in=items)
    invoices = Invoice.objects.filter(
        Q(customer__in=contacts) | Q(pk__in=lines.values("invoice"))
    )
    waiting = run.changes.filter(
        kind=Kind.INVOICE,
        action=Action.CREATE,
        state=_STATE.PLANNED,
        local_id__in=invoices.values("pk"),
    )
    return dict(waiting.values_list("pk", "step"))


def _effects(run: SyncRun) -> Iterable[bytes]:
    return map(_effect, _rows(run))


def _effect(row: Mapping[str, Any]) -> bytes:
    said = msgspec.json.encode([row[name] for name in _EFFECT])
    return hashlib.sha256(said).digest()


def _rows(run: SyncRun, *more: str, **which: Any) -> Iterable[dict[str, Any]]:
    changes = PlannedChange.objects.filter(run=run, **which).order_by("pk")
    rows: Iterable[dict[str, Any]] = changes.values(*_EFFECT, *more).iterator(
        chunk_size=1000
    )
    return rows
