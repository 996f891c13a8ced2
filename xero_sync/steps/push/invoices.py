"""Invoices to Xero: new ones by PUT under our number; cancelled ones voided or deleted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from invoicing.models import Invoice
from invoicing.services.numbering import give_number
from xero_sync.client.answers import element_result
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import (
    invoice_from_wire,
    invoice_status_to_wire,
    invoice_to_wire,
)
from xero_sync.models import IntentMember, InvoiceLink, ItemLink, PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.outcomes.wire import updated_at
from xero_sync.steps.batches import Accepted, Instead, Pushing
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import invoice_content, invoice_draft
from xero_sync.store.intents import Prepared
from xero_sync.store.issues import raise_issue
from xero_sync.store.links import Agreed, put_links, xero_ids
from xero_sync.store.mirror import gone_ids

_STATE = PlannedChange.State
_END = {Action.VOID: "VOIDED", Action.DELETE: "DELETED"}


def _prepare(
    ctx: Context, changes: Sequence[PlannedChange]
) -> list[Prepared | Instead]:
    invoices = Invoice.objects.prefetch_related("lines").in_bulk(
        [change.local_id for change in changes]
    )
    linked = xero_ids(ctx.connection, Kind.INVOICE)
    customers = xero_ids(ctx.connection, Kind.CONTACT)
    codes = _item_codes(ctx)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        invoice = invoices.get(change.local_id or 0)
        if invoice is None:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action in _END:
            prepared.append(_ended(change, invoice))
        elif change.action == Action.CREATE and invoice.pk in linked:
            prepared.append(Instead(change, _STATE.DONE))
        elif invoice.revision != change.revision or invoice.is_cancelled:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif invoice.customer_id not in customers:
            prepared.append(Instead(change, _STATE.HELD))
        else:
            contact_id = customers[invoice.customer_id]
            prepared.append(_whole(ctx, change, invoice, contact_id, codes))
    return prepared


def _whole(
    ctx: Context,
    change: PlannedChange,
    invoice: Invoice,
    contact_id: str,
    codes: Mapping[int, str],
) -> Prepared:
    lines = list(invoice.lines.all())
    if not invoice.number:
        invoice = give_number(invoice, by=ctx.actor)
        # The number is ours: it must not look like somebody's edit at the next try.
        change.revision = invoice.revision
        change.save(update_fields=["revision"])
    draft = invoice_draft(
        invoice,
        lines,
        contact_id=contact_id,
        status="DRAFT" if invoice.is_draft else ctx.settings.arrival_status,
        item_codes=codes,
    )
    element = invoice_to_wire(draft)
    if change.xero_id:
        # Still a draft there: its lines are replaced by ours.
        element["InvoiceID"] = change.xero_id
    sent = {
        "total": f"{invoice.total:.2f}",
        "contact_id": contact_id,
        "content": invoice_content(invoice, lines),
        "as_draft": invoice.is_draft,
    }
    key = change.xero_id or invoice.number
    return Prepared(change, key, element, sent, invoice.revision)


def _ended(change: PlannedChange, invoice: Invoice) -> Prepared | Instead:
    if not invoice.is_cancelled:
        return Instead(change, _STATE.DROPPED)
    element = invoice_status_to_wire(change.xero_id, _END[Action(change.action)])
    return Prepared(change, change.xero_id, element, {}, invoice.revision)


def _item_codes(ctx: Context) -> dict[int, str]:
    """Only what Xero has: an item it refused or lost leaves the line without item code."""
    links = ItemLink.objects.filter(connection=ctx.connection).exclude(
        xero_id__in=gone_ids(ctx.connection, Kind.ITEM)
    )
    return {
        record_id: base.get("draft", {}).get("code", "")
        for record_id, base in links.values_list("record_id", "base")
    }


def _accept(ctx: Context, accepted: Sequence[Accepted]) -> None:
    known = dict(
        InvoiceLink.objects.filter(
            connection=ctx.connection,
            xero_id__in=[result.xero_id for _, result in accepted],
        ).values_list("xero_id", "base")
    )
    put_links(
        ctx.connection,
        Kind.INVOICE,
        [
            Agreed(
                member.change.local_id or 0,
                result.xero_id,
                member.draft or known.get(result.xero_id, {}),
                member.revision,
                updated_at(result.payload),
                str(result.payload.get("Status") or ""),
            )
            for member, result in accepted
        ],
        origin=InvoiceLink.Origin.CREATED_THERE,
    )
    for member, result in accepted:
        if member.change.action not in _END:
            _compare_totals(ctx, member, result)


def _compare_totals(ctx: Context, member: IntentMember, result: ElementResult) -> None:
    """What Xero computed must be what we did, to the penny; else people must know."""
    try:
        theirs = invoice_from_wire(result.payload).total
    except Unreadable:
        return
    ours = Decimal(str(member.draft["total"]))
    if theirs != ours:
        details = {"ours": f"{ours:.2f}", "theirs": f"{theirs:.2f}"}
        raise_issue(
            ctx.run,
            Problem(IssueCode.TOTALS_DIFFER, "total", details),
            kind=Kind.INVOICE,
            title=member.change.title,
            now=ctx.clock(),
            local_id=member.change.local_id,
            xero_id=result.xero_id,
        )


def _find(ctx: Context, keys: Sequence[str]) -> list[ElementResult]:
    """Bills may carry the same number: only sales invoices are ours."""
    found = ctx.api.invoices_by_number(keys)
    return [
        element_result(one, INVOICES.resource)
        for one in found
        if one.get("Type") == "ACCREC"
    ]


def _is_same(member: IntentMember, result: ElementResult) -> bool:
    """A number alone proves nothing: somebody may have keyed the invoice in by hand."""
    try:
        theirs = invoice_from_wire(result.payload)
    except Unreadable:
        return False
    return (
        theirs.contact_id == member.draft.get("contact_id")
        and f"{theirs.total:.2f}" == member.draft.get("total")
        and theirs.status not in ("DELETED", "VOIDED")
    )


def _explain(ctx: Context, change: PlannedChange, problem: Problem) -> Problem:
    if problem.field_name == "item":
        # Deleted over there since the last full list: the next run reads it again.
        ctx.connection.full_compare_on = None
        ctx.connection.save(update_fields=["full_compare_on"])
    if problem.code is IssueCode.INVOICE_NUMBER_IN_XERO and change.local_id:
        number = Invoice.objects.get(pk=change.local_id).number
        return Problem(
            problem.code, problem.field_name, problem.details | {"value": number}
        )
    return problem


INVOICES = Pushing(
    kind=Kind.INVOICE,
    resource="Invoices",
    prepare=_prepare,
    accept=_accept,
    find=_find,
    is_same=_is_same,
    explain=_explain,
)
