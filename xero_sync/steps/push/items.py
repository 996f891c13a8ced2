"""Stock items to Xero, untracked: quantities stay at home."""

from collections.abc import Sequence

from stock.models import StockItem
from xero_sync.client.answers import element_result
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.models import IntentMember, ItemLink, MirrorRecord, PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.outcomes.wire import updated_at
from xero_sync.planner.merge import as_json
from xero_sync.steps.batches import GONE, Accepted, Instead, Pushing
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import item_draft
from xero_sync.store.intents import Prepared
from xero_sync.store.links import Agreed, put_links, xero_ids
from xero_sync.store.mirror import mark_missing
from xero_sync.store.plan import fields_of

_STATE = PlannedChange.State


def _prepare(
    ctx: Context, changes: Sequence[PlannedChange]
) -> list[Prepared | Instead]:
    items = StockItem.objects.in_bulk([change.local_id for change in changes])
    linked = xero_ids(ctx.connection, Kind.ITEM)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        item = items.get(change.local_id or 0)
        if item is None:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action == Action.CREATE:
            prepared.append(_new(change, item, item.pk in linked))
        else:
            prepared.append(_changed(ctx, change, item))
    return prepared


def _new(change: PlannedChange, item: StockItem, is_linked: bool) -> Prepared | Instead:
    if is_linked:
        return Instead(change, _STATE.DONE)
    if item.revision != change.revision:
        return Instead(change, _STATE.DROPPED)
    draft = item_draft(item)
    element = item_to_wire(draft, fields=None)
    return Prepared(change, draft.code, element, draft_to_json(draft), item.revision)


def _changed(
    ctx: Context, change: PlannedChange, item: StockItem
) -> Prepared | Instead:
    draft = item_draft(item)
    fields = fields_of(change.fields)
    if any(as_json(getattr(draft, one.name)) != one.after for one in fields):
        return Instead(change, _STATE.DROPPED)
    names = {one.name for one in fields}
    element = item_to_wire(
        draft,
        fields=names,
        xero_id=change.xero_id,
        tracked=_is_tracked(ctx, change.xero_id),
    )
    values = draft_to_json(draft)
    sent = {name: values.get(name) for name in names}
    return Prepared(change, change.xero_id, element, sent, item.revision)


def _is_tracked(ctx: Context, xero_id: str) -> bool:
    payload = MirrorRecord.objects.values_list("payload", flat=True).get(
        connection=ctx.connection, kind=Kind.ITEM, xero_id=xero_id
    )
    return item_from_wire(payload).quantity_on_hand is not None


def _accept(ctx: Context, accepted: Sequence[Accepted]) -> None:
    put_links(
        ctx.connection,
        Kind.ITEM,
        [
            Agreed(
                member.change.local_id or 0,
                result.xero_id,
                {"draft": member.draft},
                member.revision,
                updated_at(result.payload),
            )
            for member, result in accepted
            if member.change.action == Action.CREATE
        ],
        origin=ItemLink.Origin.CREATED_THERE,
    )
    for member, result in accepted:
        if member.change.action != Action.CREATE:
            _agree(ctx, member, result)


def _agree(ctx: Context, member: IntentMember, result: ElementResult) -> None:
    link = ItemLink.objects.get(
        connection=ctx.connection, xero_id=member.change.xero_id
    )
    link.base["draft"] = link.base.get("draft", {}) | member.draft
    link.revision = member.revision
    link.remote_updated_at = updated_at(result.payload)
    link.save()


def _find(ctx: Context, keys: Sequence[str]) -> list[ElementResult]:
    """Items are not paged and cannot be asked for by a list of codes: read them all."""
    wanted = {key.casefold() for key in keys}
    found = [element_result(one, ITEMS.resource) for one in ctx.api.items()]
    return [result for result in found if result.key.casefold() in wanted]


def _is_same(member: IntentMember, result: ElementResult) -> bool:
    return str(result.payload.get("Name") or "") == str(member.draft.get("name"))


def _explain(ctx: Context, change: PlannedChange, problem: Problem) -> Problem:
    if change.xero_id and problem.details.get("xero") == GONE:
        mark_missing(ctx.connection, Kind.ITEM, change.xero_id)
        return Problem(IssueCode.ITEM_DELETED_IN_XERO)
    return problem


ITEMS = Pushing(
    kind=Kind.ITEM,
    resource="Items",
    prepare=_prepare,
    accept=_accept,
    find=_find,
    is_same=_is_same,
    explain=_explain,
)
