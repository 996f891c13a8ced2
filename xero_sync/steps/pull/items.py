"""Stock items from Xero. A tracked one brings its quantity as one opening movement."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from stock.models import StockItem, StockMovement
from stock.services import change_item, create_items, move_stock
from xero_sync.mappers.items import item_from_wire
from xero_sync.models import ItemLink
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import RemoteItem
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import item_draft, item_value
from xero_sync.steps.pull.as_planned import Pulled, still_in_xero
from xero_sync.steps.pull.base import carry_out, link_all, origin_of
from xero_sync.store.links import Agreed, move_item_link
from xero_sync.store.mirror import gone_ids
from xero_sync.store.plan import Planned

_QUANTITY = "quantity_on_hand"


def pull_items(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, _apply)


def _apply(ctx: Context, changes: Sequence[Planned]) -> Collection[int]:
    left = {change.pk for change in changes}
    here, there = _linked(ctx, changes)
    ours = StockItem.objects.select_for_update().in_bulk(
        [change.local_id for change in changes if change.local_id]
    )
    new: list[Pulled[RemoteItem]] = []
    agreed: list[Agreed] = []
    for one in still_in_xero(ctx, Kind.ITEM, changes, read=item_from_wire, says=_says):
        item = ours.get(one.change.local_id or 0)
        if one.change.action == Action.CREATE:
            if one.change.xero_id not in there:
                new.append(one)
        elif item is None or item.merged_into_id or not _is_as_planned(item, one):
            continue
        else:
            agreed.append(_changed(ctx, one, item, was_linked=item.pk in here))
        left.discard(one.change.pk)
    agreed += _created(ctx, new)
    link_all(ctx, Kind.ITEM, agreed)
    return left


def _says(remote: RemoteItem, change: Planned, field: FieldChange) -> bool:
    if field.name == _QUANTITY:
        return True
    return as_json(getattr(remote.draft, field.name)) == field.after


def _linked(ctx: Context, changes: Sequence[Planned]) -> tuple[set[int], set[str]]:
    """What has a link already, on our side and on Xero's."""
    either = Q(record_id__in=[one.local_id for one in changes if one.local_id])
    either |= Q(xero_id__in=[one.xero_id for one in changes])
    links = ItemLink.objects.filter(either, connection=ctx.connection)
    pairs = list(links.values_list("record_id", "xero_id"))
    return {record_id for record_id, _ in pairs}, {xero_id for _, xero_id in pairs}


def _created(ctx: Context, new: Sequence[Pulled[RemoteItem]]) -> list[Agreed]:
    values = [_values(one.fields) for one in new]
    quantities = [one.pop(_QUANTITY, None) for one in values]
    # Xero may hold an item without a name; here it goes by its code.
    named = [one | {"name": one.get("name") or one["code"]} for one in values]
    items = create_items(named, by=ctx.actor)
    for item, quantity in zip(items, quantities, strict=True):
        if quantity:
            move_stock(
                item,
                Decimal(quantity),
                StockMovement.Kind.OPENING,
                by=ctx.actor,
                reference="from Xero",
            )
    return [
        _agreed(one, item, origin=ItemLink.Origin.CREATED_HERE)
        for one, item in zip(new, items, strict=True)
    ]


def _changed(
    ctx: Context, one: Pulled[RemoteItem], item: StockItem, *, was_linked: bool
) -> Agreed:
    if one.fields:
        item = change_item(item, _values(one.fields), by=ctx.actor)
    if one.change.action == Action.LINK and was_linked:
        gone = gone_ids(ctx.connection, Kind.ITEM)
        move_item_link(ctx.connection, item.pk, one.remote.xero_id, gone=gone)
    return _agreed(one, item, origin=origin_of(one.change))


def _agreed(one: Pulled[RemoteItem], item: StockItem, *, origin: str) -> Agreed:
    """What Xero has is what both agree on now; where ours differs, it goes up next. Only
    a record without such a difference is in step."""
    in_step = item_draft(item) == one.remote.draft
    return Agreed(
        item.pk,
        one.remote.xero_id,
        {"draft": draft_to_json(one.remote.draft)},
        item.revision if in_step else 0,
        one.remote.updated_at,
        remote_digest=one.digest,
        origin=origin,
        reasons=one.change.reason if one.change.local_id else "",
    )


def _is_as_planned(item: StockItem, one: Pulled[RemoteItem]) -> bool:
    """Whether our values are still the ones the plan was made on."""
    draft = item_draft(item)
    return all(
        as_json(getattr(draft, field.name)) == field.before for field in one.fields
    )


def _values(fields: Sequence[FieldChange]) -> dict[str, Any]:
    return {field.name: item_value(field.name, field.after) for field in fields}
