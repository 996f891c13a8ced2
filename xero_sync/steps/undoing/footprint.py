"""Load what an undo is planned on: what the run did, and what both sides say now."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.fields.json import KT

from customers.models import Contact
from fieldops.common.models import Record
from invoicing.models import InvoiceLine
from stock.models import StockItem, StockMovement
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.models import (
    InvoiceLink,
    MirrorRecord,
    PlannedChange,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.planner.merge import as_json
from xero_sync.planner.undo_inputs import Deed, Here, Key, There, Value, Written
from xero_sync.planner.undoing import UndoPlanner
from xero_sync.steps.drafts import slots
from xero_sync.steps.undoing.log import as_value, columns_now, written_by
from xero_sync.store.links import LINK_MODELS, RECORD_MODELS
from xero_sync.store.mirror import gone_ids, mirror_rows
from xero_sync.store.plan import fields_of, in_slices

_OVER = ("VOIDED", "DELETED")
_STATE = PlannedChange.State


def plan_undo(run: SyncRun, settings: SyncSettings) -> list[Change]:
    """What taking this run back would do at this moment."""
    deeds = _deeds(run)
    written = written_by(run)
    there = _there(run, settings, deeds)
    return UndoPlanner(
        deeds=deeds,
        written=written,
        here=_here(written),
        there=there,
        invoices_of=_invoices_of(run.connection, deeds, there),
        uses=_uses(deeds, there),
        written_later=_written_later(run),
        merged=_merged(deeds),
        mark=f"u{run.pk}",
    ).changes()


def _deeds(run: SyncRun) -> list[Deed]:
    rows = run.changes.filter(state=_STATE.DONE, local_id__isnull=False)
    return [
        Deed(
            kind=Kind(row.kind),
            direction=row.direction,
            action=row.action,
            title=row.title,
            local_id=row.local_id or 0,
            fields=fields_of(row.fields),
        )
        for row in rows.iterator(chunk_size=1000)
    ]


def _written_later(run: SyncRun) -> frozenset[Key]:
    """By runs since, as far as it cannot be seen in Xero's own values."""
    rows = PlannedChange.objects.filter(
        run__connection=run.connection,
        run__pk__gt=run.pk,
        kind=Kind.INVOICE,
        direction=Direction.TO_XERO,
        action=Action.UPDATE,
        state=_STATE.DONE,
    ).exclude(run__reason=SyncRun.Reason.UNDO)
    return frozenset(
        (kind, local_id)
        for kind, local_id in rows.values_list("kind", "local_id")
        if local_id
    )


def _merged(deeds: Iterable[Deed]) -> frozenset[Key]:
    """Of those the run wrote in Xero: part of another record since, and their links with
    them."""
    found: set[Key] = set()
    for kind, model in ((Kind.CONTACT, Contact), (Kind.ITEM, StockItem)):
        rows: Any = model._default_manager.filter(merged_into__isnull=False)
        for part in in_slices([one.local_id for one in deeds if one.kind is kind]):
            gone = rows.filter(pk__in=part).values_list("pk", flat=True)
            found |= {(kind, pk) for pk in gone}
    return frozenset(found)


# --- our records ----------------------------------------------------------------------


def _here(written: Iterable[Written]) -> dict[Key, Here]:
    found: dict[Key, Here] = {}
    for kind in (Kind.CONTACT, Kind.ITEM):
        those = [one for one in written if one.kind is kind]
        for part in in_slices([one.local_id for one in those]):
            new = {one.local_id for one in those if one.is_new} & set(part)
            uses = _in_use(kind, new)
            records = RECORD_MODELS[kind]._default_manager.in_bulk(part)
            for pk, record in records.items():
                found[kind, pk] = _record_now(record, uses.get(pk, ""))
    return found


def _record_now(record: Record, in_use: str) -> Here:
    columns = columns_now(record)
    return Here(
        revision=record.revision,
        values={name: as_value(name, value) for name, value in columns.items()},
        in_use=in_use,
        is_merged=columns.get("merged_into_id") is not None,
    )


def _in_use(kind: Kind, ids: set[int]) -> dict[int, str]:
    """Of records that the run made here: what would lose them."""
    if not ids:
        return {}
    if kind is Kind.CONTACT:
        used = Contact.objects.filter(pk__in=ids).filter(
            Q(invoices__isnull=False)
            | Q(supplied_items__isnull=False)
            | Q(merged__isnull=False)
        )
        return dict.fromkeys(
            used.values_list("pk", flat=True), "on invoices or stock items"
        )
    used_items = StockItem.objects.filter(pk__in=ids).filter(
        Exists(InvoiceLine.objects.filter(item=OuterRef("pk")))
        | Q(merged__isnull=False)
    )
    moved = (
        StockMovement.objects.filter(item__in=ids)
        .order_by()
        .values("item")
        .annotate(
            others=Count("pk", filter=~Q(kind=StockMovement.Kind.OPENING)),
            count=Count("pk"),
        )
        .filter(Q(others__gt=0) | Q(count__gt=1))
    )
    in_stock = dict.fromkeys(moved.values_list("item", flat=True), "its stock moved")
    used_ids = used_items.values_list("pk", flat=True)
    return in_stock | dict.fromkeys(used_ids, "on invoices")


# --- their partners in Xero -----------------------------------------------------------


def _there(
    run: SyncRun, settings: SyncSettings, deeds: Sequence[Deed]
) -> dict[Key, There]:
    """Of what the run touched all that Xero says; of all other linked invoices only
    that they are there."""
    found: dict[Key, There] = _linked_invoices(run)
    later = _linked_later(run)
    for kind, ids in _touched(deeds).items():
        gone = gone_ids(run.connection, kind)
        links: Any = LINK_MODELS[kind]._default_manager.filter(
            connection=run.connection
        )
        for part in in_slices(ids):
            linked = list(links.filter(record_id__in=part).defer("base"))
            rows = mirror_rows(run.connection, kind, [link.xero_id for link in linked])
            for link in linked:
                payload, _ = rows.get(link.xero_id, ({}, ""))
                known = {} if link.xero_id in gone else payload
                key = kind, link.record_id
                is_of_run = link.linked_at >= run.created_at and key not in later
                found[key] = _partner(kind, link, known, run, settings, is_of_run)
    return found


def _linked_later(run: SyncRun) -> frozenset[Key]:
    """By runs since: what an earlier undo had taken back may have gone again."""
    rows = PlannedChange.objects.filter(
        run__connection=run.connection,
        run__pk__gt=run.pk,
        action__in=(Action.CREATE, Action.LINK),
        state=_STATE.DONE,
        local_id__isnull=False,
    )
    return frozenset(
        (kind, pk) for kind, pk in rows.values_list("kind", "local_id") if pk
    )


def _linked_invoices(run: SyncRun) -> dict[Key, There]:
    links = InvoiceLink.objects.filter(connection=run.connection).order_by("pk")
    rows = links.values_list("record_id", "xero_id", "linked_at")
    return {
        (Kind.INVOICE, record_id): There(xero_id, linked_at >= run.created_at)
        for record_id, xero_id, linked_at in rows.iterator(chunk_size=2000)
    }


def _touched(deeds: Iterable[Deed]) -> dict[Kind, list[int]]:
    ids: dict[Kind, dict[int, None]] = {}
    for deed in deeds:
        if deed.kind in LINK_MODELS:
            ids.setdefault(deed.kind, {})[deed.local_id] = None
    return {kind: list(found) for kind, found in ids.items()}


def _partner(
    kind: Kind,
    link: XeroLink,
    payload: Mapping[str, Any],
    run: SyncRun,
    settings: SyncSettings,
    is_of_run: bool,
) -> There:
    try:
        now = _READ[kind](payload, run.connection, settings)
    except Unreadable:
        return There(link.xero_id, is_of_run, is_known=False)
    in_slots = kind is not Kind.CONTACT or link.base_slots == slots(settings)
    sent_as = getattr(link, "status", "")
    return There(link.xero_id, is_of_run, in_slots=in_slots, sent_as=sent_as, **now)


def _contact(
    payload: Mapping[str, Any], connection: XeroConnection, settings: SyncSettings
) -> dict[str, Any]:
    remote = contact_from_wire(payload, address_slot=settings.address_slot)
    return {"values": _values(remote.draft), "is_archived": remote.is_archived}


def _item(
    payload: Mapping[str, Any], connection: XeroConnection, settings: SyncSettings
) -> dict[str, Any]:
    return {"values": _values(item_from_wire(payload).draft)}


def _invoice(
    payload: Mapping[str, Any], connection: XeroConnection, settings: SyncSettings
) -> dict[str, Any]:
    remote = invoice_from_wire(payload)
    lock_date, day = connection.lock_date, remote.issued_on
    money = remote.amount_paid + remote.amount_credited
    return {
        "values": {"total": f"{remote.total:.2f}", "number": remote.number},
        "status": remote.status,
        "has_money": money != Decimal(0) or remote.status == "PAID",
        "is_closed": bool(lock_date and day and day <= lock_date),
    }


_READ = {Kind.CONTACT: _contact, Kind.ITEM: _item, Kind.INVOICE: _invoice}


def _values(draft: Any) -> dict[str, Value]:
    return {name: as_json(getattr(draft, name)) for name in draft.__slots__}


def _invoices_of(
    connection: XeroConnection, deeds: Iterable[Deed], there: Mapping[Key, There]
) -> dict[str, frozenset[str]]:
    """What is good of Xero's invoices and bills, by the ids of the contacts that the run
    touched."""
    keys = ((deed.kind, deed.local_id) for deed in deeds if deed.kind is Kind.CONTACT)
    touched = {there[key].xero_id.lower() for key in keys if key in there}
    if not touched:
        return {}
    rows = MirrorRecord.objects.filter(
        connection=connection, kind=Kind.INVOICE, is_gone=False
    ).exclude(payload__Status__in=_OVER)
    found: dict[str, set[str]] = {}
    asked = rows.values_list("xero_id", KT("payload__Contact__ContactID"))
    for xero_id, contact_id in asked.iterator(chunk_size=2000):
        if str(contact_id).lower() in touched:
            found.setdefault(str(contact_id).lower(), set()).add(xero_id)
    return {contact_id: frozenset(ids) for contact_id, ids in found.items()}


def _uses(
    deeds: Iterable[Deed], there: Mapping[Key, There]
) -> dict[int, frozenset[str]]:
    """The linked invoices that have an item on them which the run touched, by Xero's
    ids."""
    found: dict[int, set[str]] = {}
    for part in in_slices(_touched(deeds).get(Kind.ITEM, [])):
        lines = InvoiceLine.objects.filter(item__in=part).order_by()
        for item_id, invoice_id in lines.values_list("item", "invoice").distinct():
            partner = there.get((Kind.INVOICE, invoice_id))
            if partner and item_id:
                found.setdefault(item_id, set()).add(partner.xero_id)
    return {item_id: frozenset(ids) for item_id, ids in found.items()}
