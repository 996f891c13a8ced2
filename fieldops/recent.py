"""The latest lines of the change log, each with the record it is about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst

from customers.permissions import Right as ContactRight
from fieldops.common.history import BY_HAND, ICONS
from fieldops.common.models import ChangeEntry
from fieldops.users.models import User
from invoicing.permissions import Right as InvoiceRight
from stock.permissions import Right as StockRight

# What the dashboard tells of, and who may hear of it.
TOLD = {
    "customers.contact": ContactRight.VIEW,
    "stock.stockitem": StockRight.VIEW,
    "invoicing.invoice": InvoiceRight.VIEW,
}


@dataclass(frozen=True)
class RecentChange:
    """``text`` completes the record's name: "INV-1001 approved"."""

    name: str
    url: str
    text: str
    by: str
    at: datetime
    icon: str


def recent_changes(user: User, *, limit: int) -> list[RecentChange]:
    """Of records that are still there: the undo of a sync removes many at once."""
    told = Q(pk__in=[])
    for type_, right in TOLD.items():
        if user.has_perm(right):
            same = apps.get_model(type_)._default_manager.filter(
                pk=OuterRef("record_id")
            )
            told |= Q(Exists(same), record_type=type_)
    return _told(list(ChangeEntry.objects.filter(told).select_related("user")[:limit]))


def _told(entries: Sequence[ChangeEntry]) -> list[RecentChange]:
    ids = defaultdict[str, set[int]](set)
    for entry in entries:
        ids[entry.record_type].add(entry.record_id)
    records = {
        (type_, pk): record
        for type_, wanted in ids.items()
        for pk, record in _in_bulk(type_, wanted).items()
    }
    return [
        RecentChange(
            name=str(record),
            url=record.get_absolute_url(),
            text=entry.action,
            by=_by(entry),
            at=entry.at,
            icon=ICONS.get(entry.action, "pencil"),
        )
        for entry in entries
        if (record := records.get((entry.record_type, entry.record_id)))
    ]


def _in_bulk(type_: str, ids: set[int]) -> dict[int, Any]:
    rows = apps.get_model(type_)._default_manager.all()
    if type_ == "invoicing.invoice":
        rows = rows.select_related("customer")
    return dict(rows.in_bulk(ids))


def _by(entry: ChangeEntry) -> str:
    if entry.user is None:
        return capfirst(entry.cause)
    return str(entry.user) if entry.cause == BY_HAND else f"{entry.user}, {entry.cause}"
