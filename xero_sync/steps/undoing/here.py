"""Take back here: fields as they were, records that the run made, links that it tied."""

from collections.abc import Callable, Sequence
from typing import Any

from customers.models import Contact
from customers.services import change_contact, remove_contact
from fieldops.common.changes import locked
from fieldops.common.models import Record
from stock.models import StockItem
from stock.services import change_item, remove_item
from xero_sync.models import ContactLink, ItemLink, PairDecision, SyncRun
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.planner.undo_inputs import MADE_BY_IT
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import contact_draft, item_draft
from xero_sync.steps.pull.base import carry_out, one_by_one
from xero_sync.steps.undoing.log import columns_now, entries_of, images_of
from xero_sync.store.links import LINK_MODELS
from xero_sync.store.mirror import gone_among, mirror_rows
from xero_sync.store.plan import Planned, pending

_MODELS: dict[str, type[Contact] | type[StockItem]] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
}
_CHANGE: dict[str, Callable[..., Any]] = {
    Kind.CONTACT: change_contact,
    Kind.ITEM: change_item,
}
_REMOVE: dict[str, Callable[..., None]] = {
    Kind.CONTACT: remove_contact,
    Kind.ITEM: remove_item,
}
_OVER = ("VOIDED", "DELETED")


def undo_here(ctx: Context) -> None:
    """Fields first, then links, then what nothing ties any more."""
    for action, apply in (
        (Action.UPDATE, _put_back),
        (Action.UNLINK, _unlink),
        (Action.DELETE, _remove),
    ):
        ids = pending(ctx.run, Step.UNDONE_HERE, action=action)
        carry_out(ctx, ids, one_by_one(apply))


def _put_back(ctx: Context, change: Planned) -> bool:
    """Those columns of the plan that still say what the run wrote."""
    record = _record(change)
    undone = _undone(ctx)
    if record is None:
        return False
    before, after = images_of(entries_of(undone, record))
    now = columns_now(record)
    names = [one.name for one in change.fields if now.get(one.name) == after[one.name]]
    if len(names) != len(change.fields):
        return False
    meta: Any = record._meta
    values = {name: meta.get_field(name).to_python(before[name]) for name in names}
    record = _CHANGE[change.kind](record, values, by=ctx.actor)
    _agree_as_before(ctx, change.kind, record, names)
    return True


def _agree_as_before(
    ctx: Context, kind: str, record: Contact | StockItem, names: Sequence[str]
) -> None:
    """What was agreed on goes back as well: our value is no edit that Xero lacks."""
    model: Any = LINK_MODELS[kind]
    link = model.objects.filter(connection=ctx.connection, record=record).first()
    if link is None:
        return
    draft = draft_to_json(
        contact_draft(record, ctx.settings)
        if isinstance(record, Contact)
        else item_draft(record)
    )
    agreed = dict(link.base.get("draft", {}))
    for name in names:
        field = "email" if name == "accounting_email" else name
        field = field.replace("billing_", "address_", 1)
        agreed.pop(field, None)
        if field in draft:
            agreed[field] = draft[field]
    link.base |= {"draft": agreed}
    if "is_archived" in names:
        link.base["is_archived"] = record.is_archived
    link.revision, link.remote_digest = 0, ""
    link.save(update_fields=["base", "revision", "remote_digest", "synced_at"])


def _unlink(ctx: Context, change: Planned) -> bool:
    """Once its partner has ended in Xero; one that was only linked loses the link. What
    the run made there is never taken for ours again."""
    model: Any = LINK_MODELS[change.kind]
    links = model.objects.select_for_update().filter(
        connection=ctx.connection, record_id=change.local_id, xero_id=change.xero_id
    )
    link = links.first()
    if link is None:
        return True
    made_there = change.reason == MADE_BY_IT
    if made_there and not _has_ended(ctx, change.kind, link):
        return False
    if made_there and isinstance(link, ContactLink | ItemLink):
        _never_again(ctx, change, link.record)
    link.delete()
    return True


def _has_ended(ctx: Context, kind: str, link: XeroLink) -> bool:
    if kind == Kind.ITEM:
        return link.xero_id in gone_among(ctx.connection, kind, [link.xero_id])
    payload, _ = mirror_rows(ctx.connection, kind, [link.xero_id]).get(
        link.xero_id, ({}, "")
    )
    if kind == Kind.INVOICE:
        return payload.get("Status") in _OVER
    return payload.get("ContactStatus") == "ARCHIVED"


def _never_again(ctx: Context, change: Planned, record: Record) -> None:
    PairDecision.objects.update_or_create(
        connection=ctx.connection,
        kind=change.kind,
        local_uid=record.uid,
        xero_id=change.xero_id,
        defaults={
            "answer": PairDecision.Answer.DIFFERENT,
            "user": ctx.run.started_by,
        },
    )


def _remove(ctx: Context, change: Planned) -> bool:
    record = _record(change)
    if record is None:
        return True
    if record.revision != change.revision:
        return False
    model: Any = LINK_MODELS[change.kind]
    model.objects.filter(connection=ctx.connection, record=record).delete()
    _REMOVE[change.kind](record, by=ctx.actor)
    return True


def _record(change: Planned) -> Contact | StockItem | None:
    found: Any = _MODELS[change.kind]._default_manager.filter(pk=change.local_id)
    record = found.first()
    return locked(record) if record is not None else None


def _undone(ctx: Context) -> SyncRun:
    undone = ctx.run.undoes
    if undone is None:
        raise ValueError("the run undoes no other")
    return undone
