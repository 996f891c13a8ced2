"""Take back in Xero: fields as they were, invoices ended, contacts archived, items
deleted. By the same road as every other write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from fieldops.common.models import Record
from xero_sync.client.errors import XeroRefused
from xero_sync.mappers.contacts import (
    contact_from_wire,
    contact_to_wire,
    given_up_contact_to_wire,
)
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_number_to_wire, invoice_status_to_wire
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.models import InvoiceLink, PlannedChange
from xero_sync.outcomes.changes import FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft
from xero_sync.outcomes.kept_drafts import PRICES, draft_to_json
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.planner.merge import as_json
from xero_sync.steps.batches import send_changes
from xero_sync.steps.context import Context
from xero_sync.steps.push.contacts import CONTACTS
from xero_sync.steps.push.invoices import INVOICES
from xero_sync.steps.push.items import ITEMS
from xero_sync.steps.pushing import Instead, Prepared
from xero_sync.steps.undoing.waiting import waiting_for_invoices
from xero_sync.store.issues import raise_issue
from xero_sync.store.links import RECORD_MODELS
from xero_sync.store.mirror import mark_missing, mirror_rows
from xero_sync.store.plan import Planned, finish_by_id, pending, still_planned

_STATE = PlannedChange.State
_END = {Action.VOID: "VOIDED", Action.DELETE: "DELETED"}
_ENDS_IT = (Action.VOID, Action.DELETE, Action.ARCHIVE)

Payload = Mapping[str, Any]
PrepareOne = Callable[
    [Context, Planned, Record, Payload], tuple[dict[str, object], dict[str, Any]] | None
]


def undo_in_xero(ctx: Context) -> None:
    """Invoices first: Xero ends none of a contact that is archived, and changes none that
    has ended. Contacts go last."""
    step = Step.UNDONE_IN_XERO
    ids = pending(ctx.run, step, kind=Kind.INVOICE, action=Action.UPDATE)
    send_changes(ctx, _NUMBERS, ids, method="POST")
    for kind, action in (
        (Kind.INVOICE, Action.VOID),
        (Kind.INVOICE, Action.DELETE),
        (Kind.ITEM, Action.UPDATE),
        (Kind.CONTACT, Action.UPDATE),
        (Kind.CONTACT, Action.ARCHIVE),
    ):
        ids = pending(ctx.run, step, kind=kind, action=action)
        send_changes(ctx, _PUSHINGS[kind], ids, method="POST")
    _delete_items(ctx, pending(ctx.run, step, kind=Kind.ITEM, action=Action.DELETE))


def _preparing(
    kind: Kind, prepare_one: PrepareOne
) -> Callable[[Context, Sequence[Planned]], list[Prepared | Instead]]:
    def prepare(ctx: Context, changes: Sequence[Planned]) -> list[Prepared | Instead]:
        ids = [change.local_id for change in changes if change.local_id]
        records = RECORD_MODELS[kind]._default_manager.in_bulk(ids)
        rows = mirror_rows(ctx.connection, kind, [one.xero_id for one in changes])
        waiting = waiting_for_invoices(ctx.run, kind)
        prepared: list[Prepared | Instead] = []
        for change in changes:
            if change.action in _ENDS_IT and change.local_id in waiting:
                prepared.append(Instead(change, _STATE.HELD))
                continue
            record = records.get(change.local_id or 0)
            payload, _ = rows.get(change.xero_id, ({}, ""))
            said = prepare_one(ctx, change, record, payload) if record else None
            if record is None or said is None:
                prepared.append(Instead(change, _STATE.DROPPED))
                continue
            element, draft = said
            prepared.append(
                Prepared(change, change.xero_id, element, draft, record.revision)
            )
        return prepared

    return prepare


def _contact(
    ctx: Context, change: Planned, record: Record, payload: Payload
) -> tuple[dict[str, object], dict[str, Any]] | None:
    slot = ctx.settings.address_slot
    try:
        remote = contact_from_wire(payload, address_slot=slot)
    except Unreadable:
        return None
    if remote.is_archived:
        return None
    if change.action == Action.ARCHIVE:
        element = given_up_contact_to_wire(change.xero_id, str(record.uid), ctx.run.pk)
        return element, {}
    draft = _as_before(remote.draft, change.fields)
    if draft is None:
        return None
    names = {one.name for one in change.fields}
    element = contact_to_wire(
        draft, address_slot=slot, fields=names, xero_id=change.xero_id
    )
    return element, _sent(draft, names)


def _item(
    ctx: Context, change: Planned, record: Record, payload: Payload
) -> tuple[dict[str, object], dict[str, Any]] | None:
    try:
        remote = item_from_wire(payload)
    except Unreadable:
        return None
    draft = _as_before(remote.draft, change.fields)
    if draft is None:
        return None
    names = {one.name for one in change.fields}
    element = item_to_wire(
        draft,
        fields=names,
        xero_id=change.xero_id,
        tracked=remote.quantity_on_hand is not None,
    )
    return element, _sent(draft, names)


def _invoice(
    ctx: Context, change: Planned, record: Record, payload: Payload
) -> tuple[dict[str, object], dict[str, Any]] | None:
    return invoice_status_to_wire(change.xero_id, _END[Action(change.action)]), {}


def _prepare_numbers(
    ctx: Context, changes: Sequence[Planned]
) -> list[Prepared | Instead]:
    """What both sides agreed on stays as it is: the link goes when the invoice ends."""
    links = InvoiceLink.objects.filter(
        connection=ctx.connection, xero_id__in=[change.xero_id for change in changes]
    )
    rows = links.values_list("xero_id", "base", "record__revision")
    linked = {xero_id: (base, revision) for xero_id, base, revision in rows}
    prepared: list[Prepared | Instead] = []
    for change in changes:
        if change.xero_id not in linked:
            prepared.append(Instead(change, _STATE.DROPPED))
            continue
        number = str(change.fields[0].after)
        element = invoice_number_to_wire(change.xero_id, number)
        base, revision = linked[change.xero_id]
        sent = {**base, "number": number}
        prepared.append(Prepared(change, change.xero_id, element, sent, revision))
    return prepared


def _as_before(
    draft: ContactDraft | ItemDraft, fields: Iterable[FieldChange]
) -> Any | None:
    """Xero's record with these fields as they were; None when it says something else
    than when this was planned."""
    values: dict[str, Any] = {}
    for one in fields:
        if (as_json(getattr(draft, one.name)) or None) != (one.before or None):
            return None
        values[one.name] = _draft_value(one)
    return replace(draft, **values)


def _draft_value(one: FieldChange) -> Any:
    if one.name in PRICES:
        return None if one.after in ("", None) else Decimal(str(one.after))
    if one.name == "payment_days":
        return one.after
    return one.after or ""


def _sent(draft: ContactDraft | ItemDraft, names: Iterable[str]) -> dict[str, Any]:
    values = draft_to_json(draft)
    return {name: values.get(name) for name in names}


_PUSHINGS = {
    Kind.CONTACT: replace(CONTACTS, prepare=_preparing(Kind.CONTACT, _contact)),
    Kind.ITEM: replace(ITEMS, prepare=_preparing(Kind.ITEM, _item)),
    Kind.INVOICE: replace(INVOICES, prepare=_preparing(Kind.INVOICE, _invoice)),
}
_NUMBERS = replace(INVOICES, prepare=_prepare_numbers)


def _delete_items(ctx: Context, ids: Sequence[int]) -> None:
    """One by one, as Xero asks. To delete twice does no harm, so nothing is written down
    before: what is gone already is done."""
    waiting = waiting_for_invoices(ctx.run, Kind.ITEM) if ids else ()
    for change in still_planned(ids):
        if change.local_id in waiting:
            with ctx.commit() as now:
                steps = {change.pk: change.step}
                finish_by_id(ctx.run.pk, steps, _STATE.HELD, now=now)
            continue
        ctx.breathe()
        with ctx.commit():
            pass  # the lease is still ours
        refusal = ""
        try:
            ctx.api.delete_item(change.xero_id)
        except XeroRefused as refused:
            refusal = "; ".join(refused.messages) or "Xero refused it."
        with ctx.commit() as now:
            if refusal:
                _refused(ctx, change, refusal)
            else:
                mark_missing(ctx.connection, Kind.ITEM, change.xero_id)
            state = _STATE.FAILED if refusal else _STATE.DONE
            finish_by_id(ctx.run.pk, {change.pk: change.step}, state, now=now)


def _refused(ctx: Context, change: Planned, refusal: str) -> None:
    raise_issue(
        ctx.run,
        Problem(IssueCode.REFUSED, "", {"xero": refusal}),
        kind=Kind.ITEM,
        title=change.title,
        now=ctx.clock(),
        local_id=change.local_id,
        xero_id=change.xero_id,
        technical=refusal,
    )
