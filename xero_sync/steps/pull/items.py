"""Stock items from Xero. A tracked one brings its quantity as one opening movement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fieldops.common.changes import locked
from stock.models import StockItem, StockMovement
from stock.services import change_item, create_item, move_stock
from xero_sync.mappers.items import item_from_wire
from xero_sync.models import ItemLink, MirrorRecord, PlannedChange
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import RemoteItem
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import item_draft, item_value
from xero_sync.steps.pull.base import carry_out
from xero_sync.store.links import put_link
from xero_sync.store.plan import fields_of

_QUANTITY = "quantity_on_hand"


def pull_items(ctx: Context, changes: Sequence[PlannedChange]) -> None:
    carry_out(ctx, changes, _apply)


def _apply(ctx: Context, change: PlannedChange) -> bool:
    remote = _remote(ctx, change.xero_id)
    fields = fields_of(change.fields)
    if change.action == Action.CREATE:
        return _create(ctx, fields, remote)
    item = locked(StockItem.objects.get(pk=change.local_id or 0))
    draft = item_draft(item)
    if any(as_json(getattr(draft, field.name)) != field.before for field in fields):
        return False
    item = change_item(item, _values(fields), by=ctx.actor)
    origin = (
        ItemLink.Origin.CHOSEN
        if change.reason == "linked by a person"
        else ItemLink.Origin.MATCHED
    )
    _link(ctx, item, remote, origin=origin, reasons=change.reason)
    return True


def _create(ctx: Context, fields: Sequence[FieldChange], remote: RemoteItem) -> bool:
    known = ItemLink.objects.filter(connection=ctx.connection, xero_id=remote.xero_id)
    if known.exists():
        return True
    values = _values(fields)
    quantity = values.pop(_QUANTITY, None)
    # Xero may hold an item without a name; here it goes by its code.
    item = create_item(
        values | {"name": values.get("name") or values["code"]}, by=ctx.actor
    )
    if quantity:
        move_stock(
            item,
            Decimal(quantity),
            StockMovement.Kind.OPENING,
            by=ctx.actor,
            reference="from Xero",
        )
    _link(ctx, item, remote, origin=ItemLink.Origin.CREATED_HERE)
    return True


def _link(
    ctx: Context, item: StockItem, remote: RemoteItem, *, origin: str, reasons: str = ""
) -> None:
    put_link(
        ctx.connection,
        Kind.ITEM,
        item.pk,
        remote.xero_id,
        origin=origin,
        base={"draft": draft_to_json(remote.draft)},
        slots={},
        revision=item.revision,
        remote_updated_at=remote.updated_at,
        reasons=reasons,
    )


def _values(fields: Sequence[FieldChange]) -> dict[str, Any]:
    return {field.name: item_value(field.name, field.after) for field in fields}


def _remote(ctx: Context, xero_id: str) -> RemoteItem:
    payload = MirrorRecord.objects.values_list("payload", flat=True).get(
        connection=ctx.connection, kind=Kind.ITEM, xero_id=xero_id
    )
    return item_from_wire(payload)
