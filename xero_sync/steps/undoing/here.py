"""Take back here: fields as they were, records that the run made, links that it tied."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from customers.models import Contact
from customers.services import change_contact, remove_contact
from fieldops.common.changes import locked
from stock.models import StockItem
from stock.services import change_item, remove_item
from xero_sync.models import ContactLink, ItemLink, PairDecision, SyncRun
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
# Where Xero says that a record has ended.
_ENDS: dict[str, tuple[str, tuple[str, ...]]] = {
    Kind.CONTACT: ("ContactStatus", ("ARCHIVED",)),
    Kind.INVOICE: ("Status", ("VOIDED", "DELETED")),
}


def undo_here(ctx: Context) -> None:
    """Fields first, then links, then what nothing ties any more."""
    for action, apply in (
        (Action.UPDATE, one_by_one(_put_back)),
        (Action.UNLINK, _unlink),
        (Action.DELETE, one_by_one(_remove)),
    ):
        ids = pending(ctx.run, Step.UNDONE_HERE, action=action)
        carry_out(ctx, ids, apply)


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


def _unlink(ctx: Context, changes: Sequence[Planned]) -> Collection[int]:
    """Once its partner has ended in Xero; one that was only linked loses the link. What
    the run made there is never taken for ours again. Gives those that stay."""
    stay: set[int] = set()
    for kind in {change.kind for change in changes}:
        those = {
            (one.local_id, one.xero_id): one for one in changes if one.kind == kind
        }
        made_there = {one.xero_id for one in those.values() if one.reason == MADE_BY_IT}
        ended = _ended_among(ctx, kind, made_there)
        going = []
        for link in _links_of(ctx, kind, those):
            if link.xero_id in made_there and link.xero_id not in ended:
                stay.add(those[link.record_id, link.xero_id].pk)
            else:
                going.append(link)
        drop_links(
            ctx, kind, going, [one for one in going if one.xero_id in made_there]
        )
    return stay


def drop_links(
    ctx: Context, kind: str, links: Sequence[Any], made_there: Sequence[Any]
) -> None:
    if kind in _MODELS:
        _never_again(ctx, kind, made_there)
    model: Any = LINK_MODELS[kind]
    model.objects.filter(pk__in=[link.pk for link in links]).delete()


def _links_of(
    ctx: Context, kind: str, pairs: Collection[tuple[int | None, str]]
) -> list[Any]:
    """Those that are still as they were planned to go."""
    model: Any = LINK_MODELS[kind]
    links = model.objects.select_for_update(of=("self",)).filter(
        connection=ctx.connection, record_id__in=[local_id for local_id, _ in pairs]
    )
    return [
        link
        for link in links.select_related("record")
        if (link.record_id, link.xero_id) in pairs
    ]


def _ended_among(ctx: Context, kind: str, xero_ids: Collection[str]) -> Collection[str]:
    if kind == Kind.ITEM:
        return gone_among(ctx.connection, kind, xero_ids)
    name, ends = _ENDS[kind]
    rows = mirror_rows(ctx.connection, kind, xero_ids)
    return {key for key, (payload, _) in rows.items() if payload.get(name) in ends}


def _never_again(
    ctx: Context, kind: str, links: Sequence[ContactLink | ItemLink]
) -> None:
    """Whatever was said of these pairs before."""
    pairs = {(link.record.uid, link.xero_id) for link in links}
    said = PairDecision.objects.filter(
        connection=ctx.connection, kind=kind, local_uid__in=[uid for uid, _ in pairs]
    )
    rows = said.values_list("pk", "local_uid", "xero_id")
    before = [pk for pk, uid, xero_id in rows if (uid, xero_id) in pairs]
    PairDecision.objects.filter(pk__in=before).delete()
    PairDecision.objects.bulk_create(
        PairDecision(
            connection=ctx.connection,
            kind=kind,
            local_uid=uid,
            xero_id=xero_id,
            answer=PairDecision.Answer.DIFFERENT,
            user=ctx.run.started_by,
        )
        for uid, xero_id in sorted(pairs)
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
