"""Values of ours that Xero's replaced although both had changed: kept, told, offered back.

A row of the report for each field. It ends when somebody answers it, and by itself when
the field is written again on either side or the record is archived: a later decision is
not to be undone by an old one. It does not end with time; somebody may be on holiday.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from customers.models import Contact
from fieldops.common.prepared import prepared
from stock.models import StockItem
from xero_sync.models import SyncIssue, SyncSettings, XeroConnection
from xero_sync.outcomes.changes import FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action
from xero_sync.outcomes.people import with_people_back
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    contact_column,
    contact_draft,
    contact_value,
    item_draft,
    item_value,
)
from xero_sync.store.issues import Trouble, raise_issues, resolve_issues, subject_of
from xero_sync.store.plan import Planned

Synced = Contact | StockItem


def notice_losers(ctx: Context, done: Iterable[Planned], *, now: datetime) -> None:
    """Not for a first link: what differs there are spellings, and its run lists them."""
    lost = [
        _trouble(change, loser)
        for change in done
        if change.action == Action.UPDATE
        for loser in change.losers
    ]
    if lost:
        raise_issues(ctx.run, lost, now=now)


def close_overtaken(connection: XeroConnection, *, now: datetime) -> None:
    """Close the offers to bring back what has been decided anew since."""
    offered = _offers(connection.pk)
    if not offered:
        return
    settings = SyncSettings.current()
    over = [
        offer.pk
        for offer in offered
        if not isinstance(offer.record, Synced)
        or offer.record.is_archived
        or not stands(offer.record, loser_of(offer), settings)
    ]
    resolve_issues(over, now=now)


@prepared
def _offers(connection_id: int) -> QuerySet[SyncIssue]:
    offers = SyncIssue.objects.open().filter(
        connection=connection_id, code=IssueCode.BOTH_CHANGED
    )
    return offers.select_related("contact", "item")


def subject_of_field(kind: str, local_id: int, field_name: str) -> str:
    return f"{subject_of(kind, local_id, '')}#{field_name}"


def loser_of(issue: SyncIssue) -> FieldChange:
    ours, xeros = str(issue.details["ours"]), str(issue.details["xeros"])
    return FieldChange(issue.field_name, ours, xeros)


def value_now(record: Synced, name: str, settings: SyncSettings) -> str:
    """What the record says in a field that drafts have, as text."""
    if isinstance(record, Contact):
        return _text(getattr(contact_draft(record, settings), name))
    return _text(getattr(item_draft(record), name))


def stands(record: Synced, loser: FieldChange, settings: SyncSettings) -> bool:
    """Whether Xero's value is still the one the record has."""
    now = value_now(record, loser.name, settings)
    if loser.name == "people":
        return (
            with_people_back(now, _text(loser.before), _text(loser.after)) is not None
        )
    return now == _text(loser.after)


def values_back(
    record: Synced, loser: FieldChange, settings: SyncSettings
) -> dict[str, Any]:
    """What the record's service is given to bring our value back."""
    name, ours = loser.name, _text(loser.before)
    if isinstance(record, StockItem):
        value = Decimal(ours) if name in ("sell_price", "cost_price") and ours else ours
        return {name: item_value(name, value or None)}
    column = contact_column(name, record, settings)
    if name == "people":
        now = value_now(record, name, settings)
        ours = with_people_back(now, ours, _text(loser.after)) or ""
    if name == "payment_days":
        return {column: int(ours) if ours else None}
    return {column: contact_value(name, ours)}


def _trouble(change: Planned, loser: FieldChange) -> Trouble:
    details = {"ours": _text(loser.before), "xeros": _text(loser.after)}
    return Trouble(
        Problem(IssueCode.BOTH_CHANGED, loser.name, details),
        kind=change.kind,
        title=change.title,
        local_id=change.local_id,
        xero_id=change.xero_id,
        about=subject_of_field(change.kind, change.local_id or 0, loser.name),
    )


def _text(value: object) -> str:
    said = as_json(value)
    return "" if said is None else str(said)
