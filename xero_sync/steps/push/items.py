"""Stock items to Xero, untracked: quantities stay at home."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fieldops.common.rows import Among, read_named
from stock.models import StockItem
from xero_sync.client.answers import element_result
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.models import ItemLink, PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult, ItemDraft, RemoteItem
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.merge import as_json
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import ITEM_COLUMNS, item_draft
from xero_sync.steps.push.linked import among_xeros, move_linked, stray
from xero_sync.steps.pushing import (
    CLOCKS_DIFFER,
    GONE,
    Accepted,
    Instead,
    Prepared,
    Pushing,
)
from xero_sync.store.intents import Member
from xero_sync.store.links import Agreed, linked_to_others, put_links, xero_ids
from xero_sync.store.mirror import mark_missing, mirror_rows
from xero_sync.store.plan import Planned

_STATE = PlannedChange.State
_COLUMNS = ("id", "uid", "revision", *ITEM_COLUMNS)


def _slots(ctx: Context) -> Mapping[str, str]:
    return {}


def _prepare(ctx: Context, changes: Sequence[Planned]) -> list[Prepared | Instead]:
    ids = [change.local_id for change in changes]
    rows = read_named(StockItem, _COLUMNS, Among("id", filter(None, ids)))
    items: dict[int, Any] = {row.id: row for row in rows}
    linked = xero_ids(ctx.connection, Kind.ITEM, ids)
    remotes = _remotes(ctx, changes)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        item = items.get(change.local_id or 0)
        if item is None:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action == Action.CREATE:
            prepared.append(_new(change, item, item.id in linked))
        else:
            prepared.append(_changed(change, item, remotes.get(change.xero_id)))
    return prepared


def _remotes(ctx: Context, changes: Sequence[Planned]) -> dict[str, RemoteItem]:
    """Xero's side of changed ones, as far as it can be read."""
    ids = [one.xero_id for one in changes if one.action == Action.UPDATE]
    remotes: dict[str, RemoteItem] = {}
    for xero_id, (payload, _) in mirror_rows(ctx.connection, Kind.ITEM, ids).items():
        if remote := _read(payload):
            remotes[xero_id] = remote
    return remotes


def _read(payload: Mapping[str, object]) -> RemoteItem | None:
    try:
        return item_from_wire(payload)
    except Unreadable:
        return None


def _new(change: Planned, item: Any, is_linked: bool) -> Prepared | Instead:
    if is_linked:
        return Instead(change, _STATE.DONE)
    if item.revision != change.revision:
        return Instead(change, _STATE.DROPPED)
    draft = item_draft(item)
    element = item_to_wire(draft, fields=None)
    return Prepared(change, draft.code, element, draft_to_json(draft), item.revision)


def _changed(
    change: Planned, item: Any, remote: RemoteItem | None
) -> Prepared | Instead:
    draft = item_draft(item)
    if remote is None or not _is_as_planned(change, draft, remote):
        return Instead(change, _STATE.DROPPED)
    names = {one.name for one in change.fields}
    draft = among_xeros(remote.draft, draft, names)
    element = item_to_wire(
        draft,
        fields=names,
        xero_id=change.xero_id,
        tracked=remote.quantity_on_hand is not None,
    )
    values = draft_to_json(draft)
    sent = {name: values.get(name) for name in names}
    # Of what was typed since the plan only these fields go.
    planned_on = change.revision or item.revision
    return Prepared(change, change.xero_id, element, sent, planned_on)


def _is_as_planned(change: Planned, draft: ItemDraft, remote: RemoteItem) -> bool:
    """On both sides: ours may have moved on, and so may Xero's, as far as we know."""
    return all(
        as_json(getattr(draft, one.name)) == one.after
        and as_json(getattr(remote.draft, one.name)) == one.before
        for one in change.fields
    )


def _accept(
    ctx: Context, accepted: Sequence[Accepted], slots: Mapping[str, str]
) -> Sequence[Accepted]:
    created = [one for one in accepted if one[0].action == Action.CREATE]
    refused = put_links(
        ctx.connection,
        Kind.ITEM,
        [
            Agreed(
                member.local_id,
                result.xero_id,
                {"draft": member.draft},
                member.planned,
                result.updated_at,
            )
            for member, result in created
        ],
        origin=ItemLink.Origin.CREATED_THERE,
    )
    changed = [one for one in accepted if one[0].action != Action.CREATE]
    move_linked(ctx, Kind.ITEM, changed)
    return stray(created, refused)


def _find(ctx: Context, members: Sequence[Member]) -> list[ElementResult]:
    """Items are not paged and cannot be asked for by a list of codes: read them all.
    One whose code was changed meanwhile has a code that nobody has here; one of another
    record of ours is not what was made for this one."""
    codes = {member.key.casefold() for member in members}
    names = {member.draft.get("name") for member in members}
    results = [element_result(one, ITEMS.resource) for one in ctx.api.items()]
    found = [one for one in results if one.key.casefold() in codes]
    named = [
        one
        for one in results
        if one.payload.get("Name") in names and one.key.casefold() not in codes
    ]
    ours = StockItem.objects.filter(code__in=[one.key for one in named])
    taken = set(ours.values_list("code", flat=True))
    found += [one for one in named if one.key not in taken]
    ids = [one.xero_id for one in found]
    records = [member.local_id for member in members]
    others = linked_to_others(ctx.connection, Kind.ITEM, ids, records)
    return [one for one in found if one.xero_id not in others]


def _read_back(ctx: Context, xero_ids: Sequence[str]) -> list[ElementResult]:
    wanted = set(xero_ids)
    results = (element_result(one, ITEMS.resource) for one in ctx.api.items())
    return [result for result in results if result.xero_id in wanted]


def _is_same(member: Member, result: ElementResult, since: datetime) -> bool:
    """A code alone proves nothing: somebody may have keyed the item in by hand. Another
    code is ours with all the rest alike, if it was touched since we sent ours."""
    remote = _read(result.payload)
    if remote is None:
        return False
    theirs = draft_to_json(remote.draft)
    differing = {
        name for name, value in member.draft.items() if theirs.get(name) != value
    }
    if result.key.casefold() != member.key.casefold():
        return differing == {"code"} and remote.updated_at >= since - CLOCKS_DIFFER
    return "name" not in differing


def _is_done(ctx: Context, member: Member, result: ElementResult) -> bool:
    remote = _read(result.payload)
    if remote is None:
        return False
    theirs = draft_to_json(remote.draft)
    return all(theirs.get(name) == value for name, value in member.draft.items())


def _explain(ctx: Context, member: Member, problem: Problem) -> Problem:
    if member.xero_id and problem.details.get("xero") == GONE:
        mark_missing(ctx.connection, Kind.ITEM, member.xero_id)
        return Problem(IssueCode.ITEM_DELETED_IN_XERO)
    return problem


ITEMS = Pushing(
    kind=Kind.ITEM,
    resource="Items",
    slots=_slots,
    prepare=_prepare,
    accept=_accept,
    find=_find,
    read=_read_back,
    is_same=_is_same,
    is_done=_is_done,
    explain=_explain,
)
